"""The layout of JSON text: laying out one-line documents, and writing values in the style of their surroundings."""

from __future__ import annotations

import json
import re
from functools import cache

_UNIT = "  "


def pretty(value: object, *, unit: str = _UNIT) -> str:
    """A JSON value as text, one element a line."""
    return as_json(value, indent=unit)


def as_json(value: object, *, indent: str | None = None) -> str:
    """A value as JSON text; characters that no file can hold (lone surrogates) stay escaped."""
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    if text.isascii() or not re.search("[\ud800-\udfff]", text):
        return text
    return json.dumps(value, indent=indent)


def laid_out(text: str, *, unit: str = _UNIT) -> str:
    """Break a JSON text into lines; nothing but white space between tokens changes.

    Doubled keys, escapes and the spelling of numbers stay, which a round through a parser would lose.
    """
    pieces: list[str] = []
    depth = 0
    marks = _tokens().findall(text)
    for index, mark in enumerate(marks):
        following = marks[index + 1] if index + 1 < len(marks) else ""
        if mark in "[{":
            pieces.append(mark)
            if following not in ("]", "}"):
                depth += 1
                pieces.append("\n" + unit * depth)
        elif mark in "]}":
            if index and marks[index - 1] not in ("[", "{"):
                depth = max(depth - 1, 0)
                pieces.append("\n" + unit * depth)
            pieces.append(mark)
        elif mark == ",":
            pieces.append(",\n" + unit * depth)
        else:
            pieces.append(": " if mark == ":" else mark)
    return "".join(pieces)


def one_line(text: str) -> bool:
    """Whether a document stands on one line."""
    return "\n" not in text.strip()


def indent_unit(text: str) -> str:
    """The indentation that a document uses per level; two spaces if it has none."""
    found = re.search(r"[\[{][ \t]*\r?\n([ \t]+)", text)
    if not found:
        return _UNIT
    line_start = text.rfind("\n", 0, found.start()) + 1
    outer = re.match(r"[ \t]*", text[line_start : found.start()])
    unit = found.group(1).removeprefix(outer.group() if outer else "")
    return unit or _UNIT


def indentation_at(text: str, offset: int) -> str:
    """The white space at the start of the line that holds ``offset``."""
    start = text.rfind("\n", 0, offset) + 1
    found = re.match(r"[ \t]*", text[start:offset])
    return found.group() if found else ""


def written(value: object, *, indentation: str, unit: str, inline: bool, newline: str = "\n") -> str:
    """A value as it is written into a document, its first line without indentation."""
    if inline or not isinstance(value, dict | list) or not value:
        return as_json(value)
    lines = as_json(value, indent=unit).split("\n")
    return (newline + indentation).join(lines)


def dedented(piece: str, indentation: str) -> str:
    """Take the indentation of its first line off a piece that was cut out of a larger document."""
    first, *rest = piece.split("\n")
    return "\n".join([first, *(line.removeprefix(indentation) for line in rest)])


@cache
def _tokens() -> re.Pattern[str]:
    return re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[\]{},:]|[^\s\[\]{},:"]+', re.DOTALL)
