"""From an origin and a route to a place in a text: line, column and the exact characters to point at."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sagepass.source.embedded import decode_embedded
from sagepass.source.errors import SourceError
from sagepass.source.layout import dedented, indentation_at, laid_out, one_line, pretty
from sagepass.source.origin import Origin
from sagepass.source.read import read_text
from sagepass.source.route import Route, render_route
from sagepass.source.skim import Skim
from sagepass.source.syntax import Found, JsonTree, piece_of_string
from sagepass.source.text import SourceText, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something stands.

    Attributes:
        source: the text to show; for an encoded document the decoded one.
        span: the characters of the element.
        line: 1-based line of its first character.
        column: 1-based column of its first character.
        exact: false if the route leads to nothing and the span is that of the nearest element around it.
    """

    source: SourceText
    span: Span
    line: int
    column: int
    exact: bool = True


def locate(origin: Origin, route: Route, *, key: bool = False, within: tuple[int, int] | None = None) -> Place:
    """Find the element at ``route`` of the value that ``origin`` addresses.

    Args:
        origin: the address of the document.
        route: leads from that document to the element.
        key: point at the element's key instead of its value.
        within: a range of characters of the (decoded) string value; only these are pointed at.

    Returns:
        The place. Where the route leads to nothing it is the nearest element around it, and ``exact`` is false.

    Raises:
        SourceError: the file that the origin names can no longer be read.
    """
    if origin.yaml:
        return _in_yaml(_source(origin), route, key=key)
    source, base = _document(origin)
    tree = _tree(source.text[base.start : base.end])
    found, reached = tree.find(route)
    span = Span(base.start, base.end) if found is None else _span(tree, found, base.start, key=key, within=within)
    line, column = source.line_and_column(span.start)
    return Place(source=source, span=span, line=line, column=column, exact=found is not None and reached == route)


def _in_yaml(source: SourceText, route: Route, *, key: bool) -> Place:
    from sagepass.source.yaml_text import find_in_yaml  # noqa: PLC0415 - only YAML needs it

    span, exact = find_in_yaml(source.text, source.name, route, key=key)
    line, column = source.line_and_column(span.start)
    return Place(source=source, span=span, line=line, column=column, exact=exact)


def document_text(origin: Origin) -> SourceText:
    """The text of the document that ``origin`` addresses, decoded if it is encoded.

    A document inside a larger file is cut out of it, without its indentation there.

    Raises:
        SourceError: the file that the origin names can no longer be read.
    """
    source, base = _document(origin)
    if base == Span(0, len(source.text)):
        return source
    name = f"{source.name} {render_route(origin.route)}" if origin.route else source.name
    return SourceText(name, dedented(source.text[base.start : base.end], indentation_at(source.text, base.start)))


def _span(tree: JsonTree, found: Found, offset: int, *, key: bool, within: tuple[int, int] | None) -> Span:
    node = found.value
    if key and found.pair is not None:
        node = found.pair.child_by_field_name("key") or node
    span = tree.span(node)
    if within is not None and not key and node.type == "string":
        piece = piece_of_string(tree.slice(node), within)
        span = Span(span.start + piece.start, span.start + piece.end)
    return Span(offset + span.start, offset + span.end)


def _document(origin: Origin) -> tuple[SourceText, Span]:
    if origin.path is None and origin.text is None:
        return _of_value(origin)
    source = _source(origin)
    span = _skim(source).span(origin.route) if origin.route else Span(0, len(source.text))
    if span is None:
        raise SourceError(
            f"there is nothing at {render_route(origin.route)}",
            name=origin.name,
            remedy="the file has changed since it was read: run the command again",
        )
    if not origin.encoded:
        return source, span
    tree = JsonTree(source.text[span.start : span.end])
    return _decoded(origin, tree)


def _of_value(origin: Origin) -> tuple[SourceText, Span]:
    if origin.encoded and isinstance(origin.value, str):
        text = _laid_out_document(origin.value)
    else:
        text = pretty(origin.value)
    return SourceText(origin.name, text), Span(0, len(text))


def _decoded(origin: Origin, tree: JsonTree) -> tuple[SourceText, Span]:
    value = json.loads(tree.text)
    text = _laid_out_document(value) if isinstance(value, str) else pretty(value)
    name = f"{origin.name} {render_route(origin.route)} (decoded)"
    return SourceText(name, text), Span(0, len(text))


def _laid_out_document(encoded: str) -> str:
    text = decode_embedded(encoded).text
    return laid_out(text) if one_line(text) else text


def _source(origin: Origin) -> SourceText:
    if origin.path is None:
        return SourceText(origin.name, origin.text or "")
    state = origin.path.stat() if origin.path.exists() else None
    return _file(origin.path, origin.name, None if state is None else (state.st_mtime_ns, state.st_size))


@lru_cache(maxsize=4)
def _file(path: Path, name: str, _state: tuple[int, int] | None) -> SourceText:
    return SourceText(name, read_text(path, name=name))


@lru_cache(maxsize=4)
def _skim(source: SourceText) -> Skim:
    return Skim(source.text)


@lru_cache(maxsize=8)
def _tree(text: str) -> JsonTree:
    return JsonTree(text)
