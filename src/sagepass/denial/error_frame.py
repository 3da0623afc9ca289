"""Which frame belongs to which message, and the errors of which only the frame says something."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Final

from sagepass.denial.draft import Draft
from sagepass.denial.error_code import is_denied
from sagepass.denial.error_header import suffixes
from sagepass.denial.generic_denial import DATA_SERVICES, from_header
from sagepass.denial.other_errors import misnamed, reason_for
from sagepass.denial.record import DenialKind, OtherError

if TYPE_CHECKING:
    from sagepass.denial.error_header import ErrorHeader

_HEADER_REACH: Final = 700
_NESTED: Final = 80
"""A frame this near before another one is the outer frame of the same error."""


def attach_frames(text: str, frames: list[ErrorHeader], drafts: list[Draft]) -> set[int]:
    """Give each draft the frame before it; returns the frames used."""
    used: set[int] = set()
    starts = [frame.start for frame in frames]
    places = sorted(draft.start for draft in drafts)
    for draft in sorted(drafts, key=lambda item: item.start):
        index = bisect_right(starts, draft.start + 1) - 1
        inner = next((frame for frame in frames[index + 1 : index + 2] if frame.start < draft.end), None)
        if inner is not None:
            index += 1
        if index < 0:
            continue
        frame = frames[index]
        gap = text[frame.end : max(frame.end, draft.start)]
        if len(gap) > _HEADER_REACH or re.search(r"\n[ \t]*\n|\x1e", gap):
            continue
        if bisect_left(places, frame.end) < bisect_left(places, draft.start):
            continue
        used.add(id(frame))
        _take_frame(draft, frame)
        if (
            index
            and "\n" not in text[frames[index - 1].end : frame.start]
            and frame.start - frames[index - 1].end < _NESTED
        ):
            _take_frame(draft, frames[index - 1])
            used.add(id(frames[index - 1]))
    return used


def _take_frame(draft: Draft, frame: ErrorHeader) -> None:
    draft.cover(frame.start, frame.start)
    if draft.operation is None and frame.operation:
        draft.operation = frame.operation
        if frame.operation_place:
            draft.places["operation"] = frame.operation_place
    if draft.error_code is None and frame.code:
        draft.error_code = frame.code
        if frame.code_place:
            draft.places["error_code"] = frame.code_place


def read_frames(text: str, frames: list[ErrorHeader], strong: list[Draft]) -> list[Draft]:
    """Frames whose message names no cause: a refusal by its code, or another error."""
    drafts = []
    for frame in frames:
        if not frame.whole and not re.compile(
            r"[\s:,]{0,4}(?:You\s+are\s+not|Access\s?Denied|403)", re.IGNORECASE
        ).match(text, frame.end):
            continue
        if any(other.start <= frame.start < other.end for other in strong):
            continue
        draft = _alone(text, frame)
        if draft is None:
            continue
        if frame.operation_place:
            draft.places["operation"] = frame.operation_place
        if frame.code_place:
            draft.places["error_code"] = frame.code_place
        drafts.append(draft)
    return drafts


def _alone(text: str, frame: ErrorHeader) -> Draft | None:
    """What a frame says whose message names no cause; ``None`` for a frame that is not one of an error."""
    message, end = _message(text, frame.end)
    denied = (
        is_denied(frame.code)
        if frame.code
        else bool(re.search(r"access\s?denied|not\s+authorized|forbidden|StatusCode:\s403", message, re.IGNORECASE))
    )
    if denied and (reason := misnamed(message)):
        return _other(frame, reason, end)
    if not denied and (behind := _refused_behind(frame, message, end)):
        return behind
    if denied or not frame.whole:
        return _refused(text, frame, end)
    if reason := reason_for(frame.code, message):
        return _other(frame, reason, end)
    return _other(frame, OtherError.OTHER, end) if frame.code else None


def _refused(text: str, frame: ErrorHeader, end: int) -> Draft:
    draft = from_header(text, frame, end)
    if not frame.whole and frame.operation and draft.service:
        draft.action, draft.action_inferred = draft.action_inferred, None
        draft.basis.pop("action_inferred", None)
    return draft


def _refused_behind(frame: ErrorHeader, message: str, end: int) -> Draft | None:
    """A refusal that another service gave to the one that was called: ``… Access Denied (Service: Amazon S3; …)``."""
    inner = next((tail for tail in suffixes(message) if tail.code and is_denied(tail.code)), None)
    if inner is None or inner.service is None:
        return None
    kind = DenialKind.DATA_ACCESS if inner.service in DATA_SERVICES else DenialKind.IAM_DENIAL
    draft = Draft(kind=kind, start=frame.start, end=end, settled=False, service=inner.service)
    draft.error_code, draft.operation = frame.code, frame.operation
    draft.basis["service"] = "the service that answered, as the text's (Service: …) says"
    return draft


def _other(frame: ErrorHeader, reason: OtherError, end: int) -> Draft:
    return Draft(
        kind=DenialKind.NOT_A_DENIAL,
        start=frame.start,
        end=end,
        settled=False,
        reason=reason,
        error_code=frame.code,
        operation=frame.operation,
    )


def _message(text: str, position: int) -> tuple[str, int]:
    """The message after a frame: to the end of its paragraph or log record."""
    stop = re.compile(r"\n[ \t]*\n|\x1e|\n(?=Traceback|\s+at\s|An error occurred)").search(
        text, position, position + 600
    )
    end = stop.start() if stop else min(len(text), position + 600)
    return text[position:end], max(position, end)
