"""Edits of JSON documents that change nothing else: not a space, not the order, not the spelling of a number.

An edit is applied to a parsed value (to evaluate it) and to a text (to show and save it), with the same result.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from difflib import unified_diff as diff_lines
from typing import assert_never

from sagepass.source.edit_text import TextEditor
from sagepass.source.edits import (
    AppendToArray,
    AppendToListOrString,
    Edit,
    EditError,
    InsertMember,
    RemoveElement,
    ReplaceValue,
)
from sagepass.source.locate import document_text
from sagepass.source.origin import Origin
from sagepass.source.route import Route, render_route

__all__ = [
    "AppendToArray",
    "AppendToListOrString",
    "Edit",
    "EditError",
    "InsertMember",
    "RemoveElement",
    "ReplaceValue",
    "apply_to_text",
    "apply_to_value",
    "unified_diff",
]


def apply_to_value(value: object, edits: Sequence[Edit]) -> object:
    """A copy of a parsed document with the edits made, one after the other.

    Raises:
        EditError: an edit does not fit the document.
    """
    changed = copy.deepcopy(value)
    for edit in edits:
        changed = _edited(changed, edit)
    return changed


def apply_to_text(text: str, edits: Sequence[Edit]) -> str:
    """The text of a document with the edits made; indentation and line breaks follow their surroundings.

    Parsed, the result is what :func:`apply_to_value` makes of the parsed text.

    Raises:
        EditError: an edit does not fit the document.
    """
    for edit in edits:
        text = TextEditor(text).apply(edit)
    return text


def unified_diff(origin: Origin, edits: Sequence[Edit], *, context: int = 3) -> str:
    """The edits as a unified diff of the document that ``origin`` addresses, cut out of the file around it.

    Raises:
        EditError: an edit does not fit the document.
        SourceError: the file that the origin names can no longer be read.
    """
    source = document_text(origin)
    before = source.text
    after = apply_to_text(before, edits)
    lines = diff_lines(
        before.splitlines(),
        after.splitlines(),
        fromfile=f"a/{source.name}",
        tofile=f"b/{source.name}",
        lineterm="",
        n=context,
    )
    return "\n".join(lines)


def _edited(value: object, edit: Edit) -> object:
    match edit:
        case ReplaceValue():
            return _replaced(value, edit.route, copy.deepcopy(edit.value))
        case AppendToArray():
            _array_at(value, edit.route).append(copy.deepcopy(edit.value))
            return value
        case AppendToListOrString():
            present = _at(value, edit.route)
            if isinstance(present, list):
                present.append(copy.deepcopy(edit.value))
                return value
            return _replaced(value, edit.route, [present, copy.deepcopy(edit.value)])
        case InsertMember():
            _object_at(value, edit.route)[edit.key] = copy.deepcopy(edit.value)
            return value
        case RemoveElement():
            return _without(value, edit.route)
    assert_never(edit)


def _replaced(value: object, route: Route, new: object) -> object:
    if not route:
        return new
    _at(value, route)
    parent, step = _at(value, route[:-1]), route[-1]
    if isinstance(parent, dict | list):
        parent[step] = new  # type: ignore[index]  # the step fits: _at has followed it
    return value


def _without(value: object, route: Route) -> object:
    if not route:
        raise EditError("the document itself cannot be removed")
    _at(value, route)
    parent, step = _at(value, route[:-1]), route[-1]
    if isinstance(parent, dict | list):
        del parent[step]  # type: ignore[arg-type]  # the step fits: _at has followed it
    return value


def _at(value: object, route: Route) -> object:
    for step in route:
        in_object = isinstance(value, dict) and isinstance(step, str) and step in value
        in_array = isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value)
        if not in_object and not in_array:
            raise EditError(f"the document has nothing at {render_route(route)}")
        value = value[step]  # type: ignore[index]  # checked just above
    return value


def _array_at(value: object, route: Route) -> list[object]:
    found = _at(value, route)
    if not isinstance(found, list):
        raise EditError(f"{render_route(route)} is not a list")
    return found


def _object_at(value: object, route: Route) -> dict[str, object]:
    found = _at(value, route)
    if not isinstance(found, dict):
        raise EditError(f"{render_route(route)} is not an object")
    return found
