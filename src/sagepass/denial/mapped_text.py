"""Text that was cleaned for reading and still knows where each of its characters stood in the input."""

from __future__ import annotations

from array import array
from dataclasses import dataclass

from sagepass.source.text import Span


@dataclass(frozen=True, slots=True)
class MappedText:
    """A cleaned text and, for each of its characters, the offset in the input (plus one offset for its end).

    Attributes:
        text: the cleaned text.
        starts: offset in the input of each character's first input character.
        ends: offset in the input just past each character's last input character.
    """

    text: str
    starts: array[int]
    ends: array[int]

    def span(self, start: int, end: int) -> Span:
        """The range of the input that ``text[start:end]`` was read from."""
        if start >= end or not self.text:
            place = self.starts[start] if start < len(self.starts) else (self.ends[-1] if len(self.ends) else 0)
            return Span(place, place)
        return Span(self.starts[start], self.ends[end - 1])


class MappedTextBuilder:
    """Collects pieces of an input, kept or replaced, in order."""

    __slots__ = ("_ends", "_pieces", "_source", "_starts")

    def __init__(self, source: str) -> None:
        self._source = source
        self._pieces: list[str] = []
        self._starts: array[int] = array("Q")
        self._ends: array[int] = array("Q")

    def keep(self, start: int, end: int) -> None:
        """Take ``source[start:end]`` as it is."""
        if start < end:
            self._pieces.append(self._source[start:end])
            self._starts.extend(range(start, end))
            self._ends.extend(range(start + 1, end + 1))

    def put(self, text: str, start: int, end: int) -> None:
        """Take ``text`` for ``source[start:end]``; an empty ``text`` drops the piece."""
        if text:
            self._pieces.append(text)
            self._starts.extend([start] * len(text))
            self._ends.extend([end] * len(text))

    def build(self) -> MappedText:
        """The text as collected."""
        return MappedText("".join(self._pieces), self._starts, self._ends)

    def build_over(self, outer: MappedText) -> MappedText:
        """The text as collected from ``outer``'s text, mapped to where ``outer`` maps to."""
        starts, ends = outer.starts, outer.ends
        return MappedText(
            "".join(self._pieces),
            array("Q", [starts[at] for at in self._starts]),
            array("Q", [ends[at - 1] for at in self._ends]),
        )
