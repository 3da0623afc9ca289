"""YAML with the same bounds as JSON, and the place of every element: templates and requests that people write in YAML.

The text is read as a stream of events, so that nothing in it is ever constructed, no depth of nesting uses up the stack,
and every element keeps its characters. Plain scalars are resolved by the core schema of YAML 1.2: dates stay text, and so
do numbers with a leading zero (account ids).

Source: https://yaml.org/spec/1.2.2/. Needs the extra ``yaml``, which is imported only here and only when it is used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sagepass.source.errors import SourceError
from sagepass.source.json_text import MAX_DEPTH
from sagepass.source.route import Route
from sagepass.source.text import Span

MAX_YAML_SIZE = 2 * 1024 * 1024
"""Characters of the longest text that is read. CloudFormation's own limit is half of it
(https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html)."""
_MOST_NODES = 200_000
"""Elements with every alias counted at its full size: a few lines of aliases can stand for billions."""

_NULL = re.compile(r"(?:~|null|Null|NULL|)")
_BOOL = re.compile(r"(?:true|True|TRUE|false|False|FALSE)")
_INT = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,30})")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]{1,30}|(?:0|[1-9][0-9]{0,30})(?:\.[0-9]{0,30})?)(?:[eE][-+]?[0-9]{1,3})?")

TagReader = Callable[[str, object], object]
"""What an element with a tag of its own (``!Ref``) means: the tag without ``!``, the plain value, and back the value."""


@dataclass(slots=True)
class YamlNode:
    """One element: its value, its characters, and for containers the elements inside by key or index."""

    value: object
    span: Span
    inner: dict[str | int, YamlNode] = field(default_factory=dict)
    keys: dict[str | int, Span] = field(default_factory=dict)
    tagged: bool = False
    weight: int = 1


@dataclass(frozen=True, slots=True)
class ParsedYaml:
    """A YAML document. ``duplicates`` are the routes of keys that stand twice in one mapping; the last one counts."""

    value: object
    root: YamlNode
    duplicates: tuple[Route, ...]


def parse_yaml(text: str, name: str, *, tags: TagReader | None = None) -> ParsedYaml:
    """Parse one YAML document.

    Args:
        text: the document; of several documents in one text the first is read and the rest is an error.
        name: what people call it.
        tags: the meaning of tags; without it they are ignored.

    Raises:
        SourceError: the extra is missing, or the text is empty, no YAML, too large, too deep, or grows without bound when
            its aliases are followed.
    """
    if len(text) > MAX_YAML_SIZE:
        raise SourceError(
            f"the text has {len(text):,} characters, more than the limit of {MAX_YAML_SIZE:,} for YAML",
            name=name,
            remedy="give it as JSON, or only the part that the question is about",
        )
    reader = _Reader(name, tags)
    root = reader.read(_events(text, name))
    return ParsedYaml(root.value, root, tuple(reader.duplicates))


def find_in_yaml(text: str, name: str, route: Route, *, key: bool = False) -> tuple[Span, bool]:
    """The characters of the element at ``route``, or of the nearest one around it; the second value says which."""
    node = _parsed(text, name).root
    span = node.span
    for depth, step in enumerate(route):
        inner = node.inner.get(step)
        if inner is None and node.tagged and isinstance(step, str):
            continue  # ``!Ref X`` reads as {"Ref": "X"}: the tag is the key
        if inner is None:
            return span, False
        span = node.keys[step] if key and depth == len(route) - 1 and step in node.keys else inner.span
        node = inner
    return span, True


@lru_cache(maxsize=4)
def _parsed(text: str, name: str) -> ParsedYaml:
    return parse_yaml(text, name)


def _events(text: str, name: str) -> Iterable[Any]:
    """The events of the parser, each a small record; its errors in our words."""
    try:
        from ruamel.yaml import YAML  # noqa: PLC0415 - the extra is loaded only where YAML is read
        from ruamel.yaml.error import MarkedYAMLError, YAMLError  # noqa: PLC0415
    except ImportError as error:
        raise SourceError(
            "this is YAML, and reading it needs the extra [yaml]",
            name=name,
            remedy="pip install 'sagepass[yaml]', or give it as JSON",
        ) from error
    try:
        yield from YAML(typ="safe", pure=True).parse(text.removeprefix("\ufeff"))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (None, None) if mark is None else (mark.line + 1, mark.column + 1)
        problem = " ".join(str(error.problem or error.context or "it does not parse").split())
        raise SourceError(
            f"the YAML is broken here: {problem}", name=name, line=line, column=column, remedy="mend the syntax"
        ) from error
    except (YAMLError, ValueError) as error:
        problem = " ".join(str(error).split())[:200]
        raise SourceError(f"the YAML is broken: {problem}", name=name, remedy="mend the syntax") from error


@dataclass(slots=True)
class _Open:
    """A container whose end has not come yet."""

    node: YamlNode
    tag: str | None
    anchor: str | None
    key: str | None = None
    key_span: Span | None = None
    last_end: int = 0
    merged: list[YamlNode] = field(default_factory=list)


class _Reader:
    def __init__(self, name: str, tags: TagReader | None) -> None:
        self._name = name
        self._tags = tags
        self._open: list[_Open] = []
        self._anchors: dict[str, YamlNode | None] = {}
        self._nodes = 0
        self._documents = 0
        self._root: YamlNode | None = None
        self.duplicates: list[Route] = []

    def read(self, events: Iterable[Any]) -> YamlNode:
        for event in events:
            kind = type(event).__name__
            match kind:
                case "ScalarEvent":
                    node = YamlNode(_scalar(event), _span(event))
                    self._finish(node, _own_tag(event), event.anchor)
                case "MappingStartEvent" | "SequenceStartEvent":
                    self._start(event, {} if kind.startswith("Mapping") else [])
                case "MappingEndEvent" | "SequenceEndEvent":
                    self._end(event)
                case "AliasEvent":
                    self._alias(event)
                case "DocumentStartEvent":
                    self._document(event)
                case _:
                    pass
        if self._root is None:
            raise SourceError("the text is empty", name=self._name, remedy="give a request, a template or a plan")
        return self._root

    def _document(self, event: Any) -> None:  # noqa: ANN401 - events of an untyped stream
        self._documents += 1
        if self._documents > 1:
            raise self._error("a second document begins here", event, "give one document for each file")

    def _start(self, event: Any, value: object) -> None:  # noqa: ANN401 - as above
        if len(self._open) >= MAX_DEPTH:
            raise self._error(f"it nests more than {MAX_DEPTH} levels deep", event, "check that this is the right file")
        node = YamlNode(value, Span(event.start_mark.index, event.end_mark.index))
        if event.anchor:
            self._anchors[event.anchor] = None
        self._open.append(_Open(node, _own_tag(event), event.anchor))

    def _end(self, event: Any) -> None:  # noqa: ANN401 - as above
        closed = self._open.pop()
        in_flow = event.end_mark.index > event.start_mark.index
        end = event.end_mark.index if in_flow else closed.last_end
        closed.node.span = Span(closed.node.span.start, max(end, closed.node.span.start))
        for source in closed.merged:
            _merge(closed.node, source)
        self._finish(closed.node, closed.tag, closed.anchor)

    def _alias(self, event: Any) -> None:  # noqa: ANN401 - as above
        known = self._anchors.get(event.anchor)
        if known is None:
            what = "refers to itself" if event.anchor in self._anchors else "is not defined"
            raise self._error(f"the alias *{event.anchor} {what}", event, "write the value out")
        self._place(known, event)

    def _finish(self, node: YamlNode, tag: str | None, anchor: str | None) -> None:
        if tag is not None and self._tags is not None:
            node.value, node.tagged = self._tags(tag, node.value), True
        if anchor:
            self._anchors[anchor] = node
        self._place(node, None)

    def _place(self, node: YamlNode, event: Any) -> None:  # noqa: ANN401 - as above
        if not self._open:
            self._root = node
            return
        holder = self._open[-1]
        holder.last_end = max(holder.last_end, node.span.end if event is None else event.end_mark.index)
        if isinstance(holder.node.value, list):
            holder.node.inner[len(holder.node.value)] = node
            holder.node.value.append(node.value)
        elif holder.key is None:
            holder.key, holder.key_span = _key(node.value), node.span
            return
        else:
            self._member(holder, holder.key, node)
            holder.key = None
        holder.node.weight += node.weight
        self._nodes = max(self._nodes, holder.node.weight)
        if self._nodes > _MOST_NODES:
            raise SourceError(
                f"it stands for more than {_MOST_NODES:,} elements when its aliases are followed",
                name=self._name,
                line=None if event is None else event.start_mark.line + 1,
                remedy="write the values out, or give only the part that the question is about",
            )

    def _member(self, holder: _Open, key: str, node: YamlNode) -> None:
        if key == "<<" and isinstance(node.value, dict | list):
            holder.merged += [node] if isinstance(node.value, dict) else list(node.inner.values())
            return
        assert isinstance(holder.node.value, dict)
        if key in holder.node.value:
            route = tuple(one.key for one in self._open if one.key is not None)
            self.duplicates.append(route)
        holder.node.value[key] = node.value
        holder.node.inner[key] = node
        if holder.key_span is not None:
            holder.node.keys[key] = holder.key_span

    def _error(self, message: str, event: Any, remedy: str) -> SourceError:  # noqa: ANN401 - as above
        mark = event.start_mark
        return SourceError(message, name=self._name, line=mark.line + 1, column=mark.column + 1, remedy=remedy)


def _merge(node: YamlNode, source: YamlNode) -> None:
    """``<<: *other``: the members of another mapping, where this one has none of its own."""
    if not isinstance(node.value, dict) or not isinstance(source.value, dict):
        return
    for key, inner in source.inner.items():
        if key not in node.value:
            node.value[key] = inner.value
            node.inner[key] = inner


def _key(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else ("null" if value is None else str(value))


def _own_tag(event: Any) -> str | None:  # noqa: ANN401 - events of an untyped stream
    """The tag of an element without its ``!``, ``None`` for the tags of YAML itself."""
    tag = event.tag
    if tag is None:
        return None
    text = str(tag)
    return text[1:] if text.startswith("!") and not text.startswith("!!") and len(text) > 1 else None


def _span(event: Any) -> Span:  # noqa: ANN401 - as above
    """The characters of a scalar; a block scalar ends where its last line does."""
    start, end = event.start_mark.index, event.end_mark.index
    if event.style in ("|", ">"):
        end -= len(event.value) - len(event.value.rstrip("\n"))
    return Span(start, max(start, end))


def _scalar(event: Any) -> object:  # noqa: ANN401 - as above
    text: str = event.value
    if event.style or _own_tag(event):
        return text
    if _NULL.fullmatch(text):
        return None
    if _BOOL.fullmatch(text):
        return text.lower() == "true"
    if _INT.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
