"""Finds where one value of a large JSON text lies, at the speed of the C decoder, without keeping the rest.

Only the levels on the way to the value are walked; everything beside it is decoded and forgotten.
"""

from __future__ import annotations

import json
import re

from sagepass.source.route import Route
from sagepass.source.text import Span

_SPACE = re.compile(r"[ \t\n\r]*")


class Skim:
    """The value positions of one JSON text, worked out on demand and remembered per container.

    The text has to be valid JSON (it was parsed before); what does not fit is answered with ``None``.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._decoder = json.JSONDecoder()
        self._members: dict[int, dict[str | int, int]] = {}

    def span(self, route: Route) -> Span | None:
        """The characters of the value at ``route``; ``None`` if there is no such value."""
        try:
            start = self._after_space(1 if self._text.startswith("\ufeff") else 0)
            for step in route:
                members = self._members.get(start)
                if members is None:
                    members = self._members[start] = self._read_members(start)
                if step not in members:
                    return None
                start = members[step]
            return Span(start, self._end(start))
        except (ValueError, StopIteration, RecursionError, IndexError):
            return None

    def _after_space(self, position: int) -> int:
        found = _SPACE.match(self._text, position)
        return found.end() if found else position

    def _end(self, start: int) -> int:
        return self._decoder.raw_decode(self._text, start)[1]

    def _read_members(self, start: int) -> dict[str | int, int]:
        opening = self._text[start]
        if opening == "{":
            return self._read_object(start + 1)
        return self._read_array(start + 1) if opening == "[" else {}

    def _read_object(self, position: int) -> dict[str | int, int]:
        members: dict[str | int, int] = {}
        position = self._after_space(position)
        while self._text[position] == '"':
            key, position = self._decoder.raw_decode(self._text, position)
            value = self._after_space(self._after_space(position) + 1)
            members[key] = value
            position = self._after_space(self._end(value))
            if self._text[position] != ",":
                break
            position = self._after_space(position + 1)
        return members

    def _read_array(self, position: int) -> dict[str | int, int]:
        members: dict[str | int, int] = {}
        position = self._after_space(position)
        while self._text[position] != "]":
            members[len(members)] = position
            position = self._after_space(self._end(position))
            if self._text[position] != ",":
                break
            position = self._after_space(position + 1)
        return members
