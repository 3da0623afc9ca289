"""Texts of any size: read in overlapping windows, in linear time and bounded memory."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

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


_SIGNS: Final = (
    "error", "exception", "fail", "denied", "refused", "forbidden", "undefined", "unable to", "cannot", "can't", "could not",
    "couldn't", "invalid", "authoriz", "authoris", "permitted", "not allowed", "timed out", "timeout", "expired", "rejected", "assume",
    "explicit", "permission", "throttl", "credential", "exceeded", "not found", "signature", "no such host", "does not exist",
    "evaluatedeffect", "explicitdeny", "is required", "limit", "pass role", "allows the",
)  # fmt: skip
"""Every text that tells of an error holds one of these."""
_NEAR: Final = 1600
"""Characters around a sign that may belong to the same message."""
_WIDE: Final = {
    "eventversion": 6000, "eventname": 6000, "useridentity": 6000, "errorcode": 6000, "evaluatedeffect": _MARGIN, "explicitdeny": _MARGIN,
}  # fmt: skip
"""Signs of records whose parts lie further apart."""


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
    low, high = max(0, core - offset - _MARGIN), min(len(text), end - offset + _MARGIN)
    for left, right in _islands(text[low:high]):
        shift = low + offset
        if left + shift >= end or right + shift <= core:
            continue
        for denial in read_whole(text[low + left : low + right], guess=False):
            if core <= denial.span.start + left + shift < end:
                yield _moved(denial, left + shift)


def _islands(text: str) -> Iterator[tuple[int, int]]:
    """The stretches of a window that may tell of an error, in order, with what may belong to it on either side."""
    lowered = text.lower()
    left = right = -1
    for low, high in sorted(_reaches(lowered)):
        if low > right:
            if right >= 0:
                yield _whole_lines(text, max(0, left), min(len(text), right))
            left = low
        right = max(right, high)
    if right >= 0:
        yield _whole_lines(text, max(0, left), min(len(text), right))


def _reaches(lowered: str) -> Iterator[tuple[int, int]]:
    for sign, reach in [*((sign, _NEAR) for sign in _SIGNS), *_WIDE.items()]:
        at = lowered.find(sign)
        while at >= 0:
            yield at - reach, at + reach
            at = lowered.find(sign, at + 200)


def _whole_lines(text: str, left: int, right: int) -> tuple[int, int]:
    """Narrow a stretch to whole lines, so that no word is taken for another by being cut."""
    start = text.find("\n", left, left + _NEAR // 2) if left else -1
    end = text.rfind("\n", right - _NEAR // 2, right) if right < len(text) else -1
    return (start + 1 if start >= 0 else left), (end if end >= 0 else right)


def _moved(denial: Denial, by: int) -> Denial:
    if not by:
        return denial
    places = tuple((name, Span(place.start + by, place.end + by)) for name, place in denial.places)
    return replace(denial, span=Span(denial.span.start + by, denial.span.end + by), places=places)
