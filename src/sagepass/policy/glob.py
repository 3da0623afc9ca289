"""Patterns with ``*`` and ``?``: matching without backtracking blow-up, and comparing two patterns.

A pattern is a tuple of tokens, so that the characters ``*`` and ``?`` that come out of a policy variable, or are
written ``${*}``, stay ordinary characters.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import TypeAlias

from sagepass.policy.truth import Truth


class Wildcard(Enum):
    """The two wildcards."""

    RUN = "*"
    """Any number of characters."""
    ONE = "?"
    """Exactly one character."""


Token: TypeAlias = str | Wildcard
Pattern: TypeAlias = tuple[Token, ...]


@lru_cache(maxsize=65536)
def read_pattern(text: str) -> Pattern:
    """The tokens of a pattern without variables."""
    if "*" not in text and "?" not in text:
        return (text,) if text else ()
    tokens: list[Token] = []
    for piece in _PIECES.findall(text):
        wildcard = _WILDCARDS.get(piece)
        if wildcard is None:
            tokens.append(piece)
        elif not (wildcard is Wildcard.RUN and tokens and tokens[-1] is Wildcard.RUN):
            tokens.append(wildcard)
    return tuple(tokens)


_PIECES = re.compile(r"[*?]|[^*?]+")
_WILDCARDS = {wildcard.value: wildcard for wildcard in Wildcard}


def literal_text(pattern: Pattern) -> str | None:
    """The only text that a pattern without wildcards matches; ``None`` if it has some."""
    if any(isinstance(token, Wildcard) for token in pattern):
        return None
    return "".join(token for token in pattern if isinstance(token, str))


def matches(pattern: Pattern, text: str) -> bool:
    """Whether the whole text matches. At most ``len(pattern) * len(text)`` steps, whatever the pattern."""
    if len(pattern) == 1 and isinstance(pattern[0], str):
        return pattern[0] == text
    if len(pattern) == 2 and pattern[1] is Wildcard.RUN and isinstance(pattern[0], str):
        return text.startswith(pattern[0])
    segments = _segments(pattern)
    if len(segments) == 1:
        return _fits_at(segments[0], text, 0) == len(text)
    position = _fits_at(segments[0], text, 0)
    if position < 0:
        return False
    for segment in segments[1:-1]:
        position = _find(segment, text, position)
        if position < 0:
            return False
    start = len(text) - _length(segments[-1])
    return start >= position and _fits_at(segments[-1], text, start) == len(text)


@lru_cache(maxsize=65536)
def _segments(pattern: Pattern) -> tuple[Pattern, ...]:
    """The pieces between the runs; the first is anchored at the start, the last at the end."""
    pieces: list[list[Token]] = [[]]
    for token in pattern:
        if token is Wildcard.RUN:
            pieces.append([])
        else:
            pieces[-1].append(token)
    return tuple(tuple(piece) for piece in pieces)


def _length(segment: Pattern) -> int:
    return sum(len(token) if isinstance(token, str) else 1 for token in segment)


def _fits_at(segment: Pattern, text: str, position: int) -> int:
    """The position after the segment if it fits here, else -1."""
    for token in segment:
        if isinstance(token, str):
            if not text.startswith(token, position):
                return -1
            position += len(token)
        else:
            if position >= len(text):
                return -1
            position += 1
    return position


def _find(segment: Pattern, text: str, position: int) -> int:
    """The position after the leftmost place where the segment fits, else -1.

    Taking the leftmost place is enough: whatever follows a run can only gain from more room.
    """
    if not segment:
        return position
    if len(segment) == 1 and isinstance(segment[0], str):
        found = text.find(segment[0], position)
        return found + len(segment[0]) if found >= 0 else -1
    last = len(text) - _length(segment)
    for start in range(position, last + 1):
        end = _fits_at(segment, text, start)
        if end >= 0:
            return end
    return -1


def contains(pattern: Pattern, other: Pattern) -> bool:
    """Whether the pattern matches everything the other matches.

    Exact in the direction that counts: true is certain; false may also mean that it could not be shown.
    """
    places = _places(pattern)
    positions = places.with_runs(1)
    for token in _flatten(other):
        taking = 0 if token is Wildcard.RUN else places.taking(token)
        positions = places.with_runs(positions & places.runs | (positions & taking) << 1)
        if not positions:
            return False
    return bool(positions & places.end)


def overlaps(pattern: Pattern, other: Pattern) -> bool:
    """Whether some text matches both patterns (exact).

    The other pattern is followed token by token; each bit is a place of the first that some text can have reached.
    """
    places = _places(pattern)
    positions = places.with_runs(1)
    for token in _flatten(other):
        if token is Wildcard.RUN:  # it can stand for whatever the first pattern still needs
            lowest = positions & -positions
            positions = (places.end << 1) - lowest
            continue
        taking = places.end - 1 if token is Wildcard.ONE else places.taking(token)
        positions = places.with_runs(positions & places.runs | (positions & taking & ~places.runs) << 1)
        if not positions:
            return False
    return bool(positions & places.end)


@dataclass(frozen=True, slots=True)
class _Places:
    """The places of a pattern, one bit each: which take a character, which are runs, and the one behind the last."""

    by_character: Mapping[str, int]
    any_character: int
    runs: int
    end: int

    def taking(self, token: Token) -> int:
        """The places that take whatever a token of another pattern stands for, runs apart."""
        if token is Wildcard.ONE:
            return self.any_character
        return self.by_character.get(str(token), 0) | self.any_character

    def with_runs(self, positions: int) -> int:
        """A run may be empty: whoever stands before it stands behind it too."""
        while behind := (positions & self.runs) << 1 & ~positions:
            positions |= behind
        return positions


@lru_cache(maxsize=16384)
def _places(pattern: Pattern) -> _Places:
    by_character: dict[str, int] = {}
    any_character = runs = 0
    flat = _flatten(pattern)
    for place, token in enumerate(flat):
        if token is Wildcard.RUN:
            runs |= 1 << place
        elif token is Wildcard.ONE:
            any_character |= 1 << place
        else:
            by_character[str(token)] = by_character.get(str(token), 0) | 1 << place
    return _Places(by_character, any_character, runs, 1 << len(flat))


@lru_cache(maxsize=16384)
def _flatten(pattern: Pattern) -> tuple[Token, ...]:
    """The pattern with every literal cut into characters."""
    return tuple(piece for token in pattern for piece in (token if isinstance(token, str) else (token,)))


def matches_set(pattern: Pattern, other: Pattern) -> Truth:
    """Whether the pattern matches what another pattern stands for: all of it, none of it, or it depends."""
    text = literal_text(other)
    if text is not None:
        return Truth.of(matches(pattern, text))
    if contains(pattern, other):
        return Truth.TRUE
    return Truth.UNKNOWN if overlaps(pattern, other) else Truth.FALSE
