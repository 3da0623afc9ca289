"""Makes one edit in the text of a JSON document, in the style of its surroundings."""

from __future__ import annotations

from typing import assert_never

from sagepass.source.edits import (
    AppendToArray,
    AppendToListOrString,
    Edit,
    EditError,
    InsertMember,
    RemoveElement,
    ReplaceValue,
)
from sagepass.source.layout import as_json, indent_unit, indentation_at, written
from sagepass.source.route import Route, render_route
from sagepass.source.syntax import Found, JsonTree
from sagepass.source.text import Span

_WIDTH = 100
"""A list longer than this is written one element a line."""


class TextEditor:
    """Makes one edit in one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tree = JsonTree(text)
        self._unit = indent_unit(text)
        self._newline = "\r\n" if "\r\n" in text else "\n"

    def apply(self, edit: Edit) -> str:
        """The text after the edit.

        Raises:
            EditError: the edit does not fit the document.
        """
        match edit:
            case ReplaceValue():
                return self._replace(self._find(edit.route), edit.value)
            case AppendToArray():
                return self._append(self._container(edit.route, "array", "a list"), None, edit.value)
            case AppendToListOrString():
                return self._append_to_list_or_string(edit)
            case InsertMember():
                return self._insert_member(edit)
            case RemoveElement():
                return self._remove(edit.route)
        assert_never(edit)

    def _find(self, route: Route) -> Found:
        found, reached = self._tree.find(route)
        if found is None or reached != route:
            raise EditError(f"the document has nothing at {render_route(route)}")
        return found

    def _container(self, route: Route, kind: str, words: str) -> Found:
        found = self._find(route)
        if found.value.type != kind:
            raise EditError(f"{render_route(route)} is not {words}")
        return found

    def _put(self, span: Span, text: str) -> str:
        return self._text[: span.start] + text + self._text[span.end :]

    def _written(self, value: object, indentation: str, *, inline: bool) -> str:
        return written(value, indentation=indentation, unit=self._unit, inline=inline, newline=self._newline)

    def _replace(self, found: Found, value: object) -> str:
        span = self._tree.span(found.value)
        inline = "\n" not in self._text or (
            isinstance(value, list)
            and all(not isinstance(item, dict | list) for item in value)
            and self._short(span, value)
        )
        return self._put(span, self._written(value, indentation_at(self._text, span.start), inline=inline))

    def _short(self, span: Span, value: object) -> bool:
        before = span.start - (self._text.rfind("\n", 0, span.start) + 1)
        return before + len(as_json(value)) <= _WIDTH

    def _append_to_list_or_string(self, edit: AppendToListOrString) -> str:
        found = self._find(edit.route)
        if found.value.type == "array":
            return self._append(found, None, edit.value)
        span = self._tree.span(found.value)
        present = self._text[span.start : span.end]
        added = self._written(edit.value, "", inline=True)
        if "\n" not in self._text or ("\n" not in present and self._short(span, [present, edit.value])):
            return self._put(span, f"[{present}, {added}]")
        indentation = indentation_at(self._text, span.start)
        inner = self._newline + indentation + self._unit
        added = self._written(edit.value, indentation + self._unit, inline=False)
        return self._put(span, f"[{inner}{present},{inner}{added}{self._newline}{indentation}]")

    def _insert_member(self, edit: InsertMember) -> str:
        found = self._container(edit.route, "object", "an object")
        present, reached = self._tree.find((*edit.route, edit.key))
        if present is not None and len(reached) == len(edit.route) + 1:
            return self._replace(present, edit.value)
        return self._append(found, edit.key, edit.value)

    def _append(self, container: Found, key: str | None, value: object) -> str:
        span = self._tree.span(container.value)
        members = self._tree.members(container.value)
        prefix = "" if key is None else f"{as_json(key)}: "
        if not members:
            return self._fill(span, prefix, value)
        last = self._outer(members[-1])
        first = self._outer(members[0])
        if "\n" in self._text[span.start : first.start]:
            indentation = indentation_at(self._text, last.start)
            lead = "," + self._newline + indentation
            added = self._written(value, indentation, inline=False)
        else:
            lead, added = ", ", self._written(value, "", inline=True)
        return self._put(Span(last.end, last.end), lead + prefix + added)

    def _fill(self, span: Span, prefix: str, value: object) -> str:
        opening, closing = self._text[span.start], self._text[span.end - 1]
        if "\n" not in self._text or (not prefix and not isinstance(value, dict | list)):
            return self._put(span, opening + prefix + self._written(value, "", inline=True) + closing)
        indentation = indentation_at(self._text, span.start)
        inner = indentation + self._unit
        added = self._written(value, inner, inline=False)
        return self._put(span, opening + self._newline + inner + prefix + added + self._newline + indentation + closing)

    def _remove(self, route: Route) -> str:
        if not route:
            raise EditError("the document itself cannot be removed")
        self._find(route)
        parent = self._find(route[:-1])
        members = self._tree.members(parent.value)
        step = route[-1]
        doomed = [
            index
            for index, member in enumerate(members)
            if (index == step if isinstance(step, int) else self._tree.key(member) == step)
        ]
        text = self._text
        spans = [self._outer(member) for member in members]
        if len(doomed) == len(members):
            whole = self._tree.span(parent.value)
            return self._put(Span(whole.start + 1, whole.end - 1), "")
        for span in reversed(_removals(spans, doomed)):
            text = text[: span.start] + text[span.end :]
        return text

    def _outer(self, member: Found) -> Span:
        return self._tree.span(member.pair or member.value)


def _removals(spans: list[Span], doomed: list[int]) -> list[Span]:
    """What to cut, so that the commas between the remaining members stay right."""
    kept = [index for index in range(len(spans)) if index not in doomed]
    cuts: list[Span] = []
    for index in doomed:
        if index > kept[-1]:
            continue
        cuts.append(Span(spans[index].start, spans[index + 1].start))
    if doomed[-1] > kept[-1]:
        cuts.append(Span(spans[kept[-1]].end, spans[-1].end))
    return cuts
