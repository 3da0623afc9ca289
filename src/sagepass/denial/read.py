"""From any text to the denials in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from sagepass.denial.authorization_details import read_answers
from sagepass.denial.cloudtrail import Event, call_resource, call_service, enrich, read_events
from sagepass.denial.data_failure import read_data_failures
from sagepass.denial.draft import Draft
from sagepass.denial.error_code import is_denied, other_error
from sagepass.denial.error_header import ErrorHeader, headers, suffixes
from sagepass.denial.generic_denial import authorization_id, encoded_message, from_header, infer, read_generic_denials
from sagepass.denial.normalise import RECORD, normalise
from sagepass.denial.other_errors import any_error, read_other_errors, reason_for
from sagepass.denial.permission_hint import read_permission_hints
from sagepass.denial.record import Denial, DenialKind, OtherError
from sagepass.denial.role_failure import read_role_failures
from sagepass.denial.wording import read_sentences

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sagepass.denial.mapped_text import MappedText

_HEADER_REACH: Final = 700
_NESTED: Final = 80
"""A frame this near before another one is the outer frame of the same error."""
_NEIGHBOUR: Final = 900
"""A code or a general phrase this near to a sentence that names the cause belongs to the same error."""
_FIELDS: Final = (
    "principal", "principal_type", "account", "action", "action_inferred", "resource", "policy_type", "effect", "operation",
    "service", "policy_arn", "authorization_id", "encoded_message", "reason", "region", "error_code",
)  # fmt: skip


def read_whole(text: str, *, guess: bool = True) -> list[Denial]:
    """Read a text of moderate size (``stream`` cuts larger ones into windows).

    Args:
        text: anything.
        guess: report a text that shows an error of no known kind as ``not_a_denial`` with the reason ``other``.
    """
    if answers := read_answers(text):
        return answers
    mapped = normalise(text)
    drafts = _drafts(mapped.text)
    if not drafts and guess and (sign := any_error(mapped.text)):
        drafts = [sign]
    return distinct(_denial(text, mapped, draft) for draft in drafts)


def distinct(denials: Iterable[Denial]) -> list[Denial]:
    """Each denial once (the first place counts); refusals before errors that are none."""
    kept: dict[tuple[object, ...], Denial] = {}
    for denial in denials:
        same = identity(denial)
        earlier = kept.get(same)
        if earlier is None:
            kept[same] = denial
        elif _told(denial) > _told(earlier):
            kept[same] = replace(denial, text=earlier.text, span=earlier.span) if denial.places == () else denial
    return sorted(kept.values(), key=lambda denial: (denial.kind is DenialKind.NOT_A_DENIAL, denial.span.start))


def identity(denial: Denial) -> tuple[object, ...]:
    """What makes two reports of a denial the same one."""
    if denial.kind is DenialKind.NOT_A_DENIAL:
        return (denial.kind, denial.reason, denial.operation)
    action = (denial.action or denial.action_inferred or "").lower()
    return (denial.kind, denial.principal, action, denial.resource, denial.policy_type, denial.effect, denial.service)


def _told(denial: Denial) -> int:
    return sum(getattr(denial, name) is not None for name in _FIELDS)


def _drafts(text: str) -> list[Draft]:
    frames = headers(text)
    events = [event for event in read_events(text) if event.error_code or event.value("errormessage")]
    settled = _without_overlap(
        [*read_sentences(text), *read_role_failures(text), *read_data_failures(text), *read_permission_hints(text)]
    )
    strong = [draft for draft in settled if draft.settled]
    used = _attach_headers(text, frames, strong)
    drafts = list(strong)
    drafts.extend(_from_frames(text, [frame for frame in frames if id(frame) not in used], strong))
    drafts.extend(_from_events(events, drafts))
    hints = [draft for draft in settled if not draft.settled]
    free = _free(text, drafts)
    generic = [draft for start, end in free for draft in read_generic_denials(text, start, end)]
    drafts.extend(_alone([*hints, *generic], free, text))
    free = _free(text, drafts)
    drafts.extend(_alone([draft for start, end in free for draft in read_other_errors(text, start, end)], free, text))
    drafts.sort(key=lambda draft: draft.start)
    _surroundings(text, drafts, events)
    return drafts


def _without_overlap(drafts: list[Draft]) -> list[Draft]:
    """One draft for each stretch of text; the earlier kind in the list counts, an ordinary sentence first."""
    kept: list[Draft] = []
    for draft in drafts:
        clash = next((other for other in kept if draft.start < other.end and other.start < draft.end), None)
        if clash is None:
            kept.append(draft)
        elif not clash.settled and draft.settled:
            kept[kept.index(clash)] = draft
        elif clash.kind is draft.kind:
            _complete(clash, draft)
    return kept


def _complete(draft: Draft, other: Draft) -> None:
    """Two readings of one sentence: the second gives caller and resource where the first has none."""
    if draft.principal is None and other.principal:
        draft.principal, draft.principal_type, draft.account = other.principal, other.principal_type, other.account
    if draft.resource is None and other.resource:
        draft.resource = other.resource
    draft.places = other.places | draft.places
    draft.cover(other.start, other.end)


def _attach_headers(text: str, frames: list[ErrorHeader], drafts: list[Draft]) -> set[int]:
    """Give each draft the frame before it; returns the frames used."""
    used: set[int] = set()
    starts = [frame.start for frame in frames]
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
        if any(other is not draft and frame.end <= other.start < draft.start for other in drafts):
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


def _from_frames(text: str, frames: list[ErrorHeader], strong: list[Draft]) -> list[Draft]:
    """Frames whose message names no cause: a refusal by its code, or another error."""
    drafts = []
    for frame in frames:
        if not frame.whole and not re.compile(
            r"[\s:,]{0,4}(?:You\s+are\s+not|Access\s?Denied|403)", re.IGNORECASE
        ).match(text, frame.end):
            continue
        if any(other.start <= frame.start < other.end for other in strong):
            continue
        message, end = _message(text, frame.end)
        denied = (
            is_denied(frame.code)
            if frame.code
            else bool(re.search(r"access\s?denied|not\s+authorized|forbidden|StatusCode:\s403", message, re.IGNORECASE))
        )
        if denied or not frame.whole:
            draft = from_header(text, frame, end)
            if not frame.whole and frame.operation and draft.service:
                draft.action, draft.action_inferred = draft.action_inferred, None
                draft.basis.pop("action_inferred", None)
        elif reason := reason_for(frame.code, message):
            draft = _other(frame, reason, end)
        elif frame.code:
            draft = _other(frame, OtherError.OTHER, end)
        else:
            continue
        if frame.operation_place:
            draft.places["operation"] = frame.operation_place
        if frame.code_place:
            draft.places["error_code"] = frame.code_place
        drafts.append(draft)
    return drafts


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


def _from_events(events: list[Event], drafts: list[Draft]) -> list[Draft]:
    """Events whose message no sentence explains."""
    found = []
    for event in events:
        code = event.error_code
        if code is None or any(event.start <= draft.start < event.end for draft in drafts):
            continue
        message = event.value("errormessage")
        start, end = min(code.start, event.start if event.parent else code.start), code.end
        if is_denied(code.value):
            draft = Draft(kind=DenialKind.IAM_DENIAL, start=start, end=end, settled=False, error_code=code.value)
            enrich(draft, event)
            infer(draft, call_service(event))
            if resource := call_resource(event):
                draft.set_resource(resource)
        else:
            reason = reason_for(code.value, message.value if message else "") or OtherError.OTHER
            draft = Draft(
                kind=DenialKind.NOT_A_DENIAL, start=start, end=end, settled=False, reason=reason, error_code=code.value
            )
            if name := event.value("eventname"):
                draft.operation = name.value
        found.append(draft)
    return found


def _free(text: str, drafts: list[Draft]) -> list[tuple[int, int]]:
    """The stretches of text that do not belong to any of the drafts: another log record, or some way off."""
    free, position = [], 0
    for draft in sorted(drafts, key=lambda item: item.start):
        low = max(draft.start - _NEIGHBOUR, text.rfind(RECORD, 0, draft.start), 0)
        if low > position:
            free.append((position, low))
        after = text.find(RECORD, draft.end, draft.end + _NEIGHBOUR)
        position = max(position, after if after >= 0 else draft.end + _NEIGHBOUR)
    return [*free, (position, len(text))] if position < len(text) else free


def _alone(candidates: list[Draft], free: list[tuple[int, int]], text: str) -> list[Draft]:
    """Candidates in free stretches, each with the other signs of the same error folded in."""
    kept: list[Draft] = []
    starts = [start for start, _ in free]
    for draft in sorted(candidates, key=lambda item: item.start):
        index = bisect_right(starts, draft.start) - 1
        if index < 0 or draft.end > free[index][1]:
            continue
        last = kept[-1] if kept else None
        if last is None or draft.start > last.end + _NEIGHBOUR or RECORD in text[last.end : draft.start]:
            kept.append(draft)
        else:
            _fold(last, draft)
    return kept


def _fold(first: Draft, second: Draft) -> None:
    """Two signs of one error: the first counts, the second fills what it leaves open."""
    if first.kind is DenialKind.NOT_A_DENIAL:
        if first.error_code is None and second.error_code:
            first.error_code = second.error_code
        return
    if first.service is None and second.service:
        first.service = second.service
        first.kind = second.kind
        first.basis |= second.basis
    if first.principal is None and second.principal:
        first.principal, first.principal_type, first.account = second.principal, second.principal_type, second.account
        first.places["principal"] = second.places["principal"]
    first.error_code = first.error_code or second.error_code
    first.end = max(first.end, min(second.end, first.end + 300))


def _surroundings(text: str, drafts: list[Draft], events: list[Event]) -> None:
    """What stands around each draft: its event, a frame after it, an encoded message, an id, a Region."""
    tails = suffixes(text)
    tail_starts = [tail.start for tail in tails]
    inner = sorted(events, key=lambda event: event.start)
    event_starts = [event.start for event in inner]
    for index, draft in enumerate(drafts):
        limit = drafts[index + 1].start if index + 1 < len(drafts) else len(text)
        if draft.kind is DenialKind.NOT_A_DENIAL:
            continue
        place = draft.places.get("action", (draft.start, draft.start))[0]
        for at in range(bisect_right(event_starts, place) - 1, -1, -1)[:8]:
            if inner[at].end > place:
                enrich(draft, inner[at])
                if draft.resource is None and draft.action is None and (found := call_resource(inner[at])):
                    draft.set_resource(found)
                break
        position = bisect_right(tail_starts, draft.start)
        if position < len(tails) and tails[position].start < min(limit, draft.end + 700):
            _take_tail(draft, tails[position])
        end = min(limit, draft.end + 1200)
        if blob := encoded_message(
            text, draft.start, max(end, min(len(text), draft.end + 12000)) if limit == len(text) else end
        ):
            draft.encoded_message, draft.places["encoded_message"] = blob
        if ident := authorization_id(text, draft.start, end):
            draft.authorization_id, draft.places["authorization_id"] = ident
        _code_before(text, draft)
        _region(text, draft, limit)


def _take_tail(draft: Draft, tail: ErrorHeader) -> None:
    draft.error_code = draft.error_code or tail.code
    if draft.service is None and tail.service:
        draft.service = tail.service
        draft.basis["service"] = "the service that answered, as the text's (Service: …) says"
        if draft.action is None and draft.action_inferred is None:
            infer(draft, tail.service)


_CODE_BEFORE: Final = re.compile(r"(?<![\w.])([A-Z]\w{2,60}(?:Exception|Denied|Operation|Error))\b[^\n]{0,60}$")


def _code_before(text: str, draft: Draft) -> None:
    if draft.error_code is not None:
        return
    match = _CODE_BEFORE.search(text[max(0, draft.start - 160) : draft.start])
    if match and (is_denied(match[1]) or other_error(match[1])):
        draft.error_code = match[1]
        offset = max(0, draft.start - 160)
        draft.places["error_code"] = (offset + match.start(1), offset + match.end(1))


_REGION_NAME: Final = r"(?:us|eu|ap|sa|ca|me|af|il|mx|cn)(?:-gov|-isob?)?-(?:north|south|east|west|central|northeast|northwest|southeast|southwest)-\d"
_REGION_HINT: Final = re.compile(
    rf"(?:\.|--region[ =]|region[\"'`]?\s?[:=(]\s?[\"'`]?)(?P<region>{_REGION_NAME})\b", re.IGNORECASE
)


def _region(text: str, draft: Draft, limit: int) -> None:
    """The Region: of the event, of the resource's ARN, of an address or option nearby."""
    if draft.region is not None:
        return
    resource = draft.resource or ""
    if match := re.match(rf"arn:[\w-]+:[\w-]+:({_REGION_NAME}):|\d{{12}}\.dkr\.ecr\.({_REGION_NAME})\.", resource):
        draft.region = match[1] or match[2]
        draft.basis["region"] = "the Region in the name of the resource"
        return
    if match := _REGION_HINT.search(text, max(0, draft.start - 400), min(limit, draft.end + 200)):
        draft.region = match["region"].lower()
        draft.places["region"] = match.span("region")


def _denial(text: str, mapped: MappedText, draft: Draft) -> Denial:
    span = mapped.span(draft.start, draft.end)
    return Denial(
        kind=draft.kind,
        text=text[span.start : span.end],
        span=span,
        context=tuple(draft.context.items()),
        basis=tuple(draft.basis.items()),
        places=tuple((name, mapped.span(*place)) for name, place in draft.places.items() if place[0] < place[1]),
        **{name: getattr(draft, name) for name in _FIELDS},
    )
