"""Documents as text, and places in them."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters, ``start`` inclusive and ``end`` exclusive, counted from 0."""

    start: int
    end: int


@dataclass(frozen=True)
class SourceText:
    """One document and the name people know it by (a file path, ``<stdin>``, ``policy of role X``).

    ``outer`` is set when this text was decoded out of a string inside another document (an escaped or URL-encoded
    policy): the name of that document together with the route of the string is already part of ``name``.
    """

    name: str
    text: str

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        position = self.text.find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = self.text.find("\n", position + 1)
        return starts

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """The 1-based line and the 1-based column (in characters) of an offset."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a 1-based line, without its line break."""
        starts = self._line_starts
        end = starts[number] - 1 if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r")
