"""Texts of any size: read in overlapping windows, in linear time and bounded memory."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Final

from sagepass.denial.other_errors import ERROR_WORDS
from sagepass.denial.read import distinct, identity, read_whole
from sagepass.source.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sagepass.denial.record import Denial

_CORE: Final = 128 * 1024
"""Characters that a window answers for."""
_MARGIN: Final = 24 * 1024
"""Characters that a window sees on either side; longer than any one error message or common event."""
_REMEMBERED: Final = 20_000
"""Denials kept in mind to report each once."""


@cache
def _trigger() -> re.Pattern[str]:
    return re.compile(ERROR_WORDS + r"|assume|explicit|permission|throttl|credential|exceeded|not\s+found|signature", re.IGNORECASE)


def read_denials(text: str) -> list[Denial]:
    """Read every denial in a text.

    Args:
        text: anything people paste or log: console text, SDK and CLI errors, stack traces, CloudTrail events, failure
            reasons, deployment logs, an authorization-details answer; wrapped, escaped, quoted or masked.

    Returns:
        Each denial once, refusals first, in the order of the text. An error that is not a permission problem has the
        kind ``not_a_denial`` and a ``reason``. An empty list means that the text shows no error at all.
    """
    if len(text) <= _CORE:
        return read_whole(text)
    return distinct(_windows([text])) or read_whole(text[:_CORE])


def iter_denials(lines: Iterable[str]) -> Iterator[Denial]:
    """Read a log of any size while it comes in.

    Args:
        lines: lines with or without their line breaks, or any other pieces of the text in order. A piece without a
            line break at its end is taken as a whole line.

    Yields:
        Each denial once, soon after the end of its message was read; places count from the first character. Errors of
        no known kind are left out. Memory stays bounded by the longest line.
    """
    seen: OrderedDict[tuple[object, ...], None] = OrderedDict()
    for denial in _windows(line if line.endswith("\n") else line + "\n" for line in lines):
        same = identity(denial)
        if same in seen:
            seen.move_to_end(same)
            continue
        seen[same] = None
        if len(seen) > _REMEMBERED:
            seen.popitem(last=False)
        yield denial


def _windows(pieces: Iterable[str]) -> Iterator[Denial]:
    """Cut the pieces into windows; a denial is reported by the window whose core its first character lies in."""
    waiting: list[str] = []
    size, offset, core = 0, 0, 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if offset + size < core + _CORE + _MARGIN:
            continue
        text = "".join(waiting)
        while offset + size >= core + _CORE + _MARGIN:
            yield from _window(text, offset, core, core + _CORE)
            core += _CORE
        keep = max(0, core - _MARGIN - offset)
        waiting, size, offset = [text[keep:]], size - keep, offset + keep
    yield from _window("".join(waiting), offset, core, offset + size + 1)


def _window(text: str, offset: int, core: int, end: int) -> Iterator[Denial]:
    low, high = core - offset, min(len(text), end - offset + _MARGIN)
    first = _trigger().search(text, max(0, low), high)
    if first is None:
        return
    left = max(0, low - _MARGIN, first.start() - _MARGIN)
    for denial in read_whole(text[left:high], guess=False):
        start = denial.span.start + left + offset
        if core <= start < end:
            yield _moved(denial, left + offset)


def _moved(denial: Denial, by: int) -> Denial:
    if not by:
        return denial
    places = tuple((name, Span(place.start + by, place.end + by)) for name, place in denial.places)
    return replace(denial, span=Span(denial.span.start + by, denial.span.end + by), places=places)
