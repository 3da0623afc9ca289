"""A name that differs from the one in a policy by a slip of the keyboard: a letter left out, doubled, wrong or swapped.

Names that differ in a number or in a letter that stands alone are names of different things (``job-1`` and ``job-2``, ``lot-a``
and ``lot-b``), and are never called similar.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_LONGEST = 256
"""Characters that are compared; the longest name of SageMaker has 256."""
_SHORTEST, _LONG = 5, 10
"""Characters of names that may hold one slip, and two."""
_FAR = 3
_MARKS = re.compile(r"[0-9]+|(?<![A-Za-z])[A-Za-z](?![A-Za-z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """What may have been meant, and the range of characters in the policy's text in which the two differ."""

    meant: str
    piece: tuple[int, int]


def similar_name(pattern: str, name: str) -> Similar | None:
    """The name in the spelling of a pattern, which may end in ``*``; ``None`` where they differ by more than a slip.

    Args:
        pattern: of the policy, without what certainly fits.
        name: of the request.
    """
    head, star, tail = pattern.partition("*")
    if tail or "?" in head or not _SHORTEST <= len(head) <= _LONGEST or len(name) > 4 * _LONGEST:
        return None
    most = 2 if len(head) >= _LONG else 1
    lengths = range(len(head) - most, len(head) + most + 1) if star else (len(name),)
    cuts = sorted((length for length in lengths if 0 < length <= len(name)), key=lambda length: abs(length - len(head)))
    best: tuple[int, int] | None = None
    for length in cuts:
        found = _slips(head, name[:length], most)
        if 0 < found <= most and (best is None or found < best[0]):
            best = (found, length)
    if best is None:
        return None
    written = name[: best[1]]
    if _MARKS.findall(head) != _MARKS.findall(written):
        return None
    return Similar(meant=head + name[best[1] :], piece=_differing(head, written))


def _slips(one: str, other: str, most: int) -> int:
    """Letters left out, put in, replaced, or swapped with their neighbour, counted up to ``most``; more are ``_FAR``.

    Only a band of the usual table is filled in, so that the time grows with the length and not with its square.
    """
    if abs(len(one) - len(other)) > most:
        return _FAR
    before: dict[int, int] = {}
    row = {place: place for place in range(most + 1)}
    for number, letter in enumerate(one, start=1):
        earlier, before, row = before, row, {}
        for place in range(max(0, number - most), min(len(other), number + most) + 1):
            if place == 0:
                row[0] = number
                continue
            same = letter == other[place - 1]
            ways = [before.get(place - 1, _FAR) + (not same), before.get(place, _FAR) + 1, row.get(place - 1, _FAR) + 1]
            if number > 1 and place > 1 and letter == other[place - 2] and one[number - 2] == other[place - 1]:
                ways.append(earlier.get(place - 2, _FAR) + 1)
            row[place] = min(ways)
    return min(row.get(len(other), _FAR), _FAR)


def _differing(one: str, other: str) -> tuple[int, int]:
    """The range of characters of the first in which the two differ; at least one."""
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    end = 0
    while end < min(len(one), len(other)) - start and one[-1 - end] == other[-1 - end]:
        end += 1
    last = len(one) - end
    return (start, last) if last > start else (max(0, start - 1), max(1, start))  # a letter too many: the one before it
