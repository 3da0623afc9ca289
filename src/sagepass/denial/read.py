"""From any text to the denials in it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from sagepass.denial.authorization_details import read_answers
from sagepass.denial.cloudtrail import Event, call_resource, call_service, enrich, read_events
from sagepass.denial.console_banner import read_console_banners
from sagepass.denial.data_failure import read_data_failures
from sagepass.denial.draft import Draft
from sagepass.denial.error_code import is_denied
from sagepass.denial.error_frame import attach_frames, read_frames
from sagepass.denial.error_header import headers
from sagepass.denial.generic_denial import infer, read_generic_denials
from sagepass.denial.lake_formation import read_lake_formation
from sagepass.denial.normalise import RECORD, normalise
from sagepass.denial.other_errors import any_error, read_other_errors, reason_for
from sagepass.denial.permission_hint import read_permission_hints
from sagepass.denial.record import Denial, DenialKind, OtherError
from sagepass.denial.role_failure import read_role_failures
from sagepass.denial.service_refusal import read_service_refusals
from sagepass.denial.stack_sets import read_stack_sets
from sagepass.denial.surroundings import add_surroundings
from sagepass.denial.wording import read_sentences

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sagepass.denial.mapped_text import MappedText

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
        [
            *read_console_banners(text),
            *read_sentences(text),
            *read_role_failures(text),
            *read_lake_formation(text),
            *read_data_failures(text),
            *read_service_refusals(text),
            *read_stack_sets(text),
            *read_permission_hints(text),
        ]
    )
    strong = [draft for draft in settled if draft.settled]
    used = attach_frames(text, frames, strong)
    drafts = list(strong)
    drafts.extend(read_frames(text, [frame for frame in frames if id(frame) not in used], strong))
    drafts.extend(_from_events(events, drafts))
    hints = [draft for draft in settled if not draft.settled]
    free = _free(text, drafts)
    generic = [draft for start, end in free for draft in read_generic_denials(text, start, end)]
    drafts.extend(_alone([*hints, *generic], free, text))
    free = _free(text, drafts)
    drafts.extend(_alone([draft for start, end in free for draft in read_other_errors(text, start, end)], free, text))
    drafts.sort(key=lambda draft: draft.start)
    add_surroundings(text, drafts, events)
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
        if second.kind is DenialKind.NOT_A_DENIAL and second.reason is first.reason:
            first.end = max(first.end, min(second.end, first.end + 300))
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


def _denial(text: str, mapped: MappedText, draft: Draft) -> Denial:
    span = mapped.span(draft.start, draft.end)
    request = mapped.span(*draft.request) if draft.request else None
    return Denial(
        kind=draft.kind,
        text=text[span.start : span.end],
        span=span,
        request_parameters=text[request.start : request.end] if request else None,
        context=tuple(draft.context.items()),
        basis=tuple(draft.basis.items()),
        places=tuple((name, mapped.span(*place)) for name, place in draft.places.items() if place[0] < place[1]),
        **{name: getattr(draft, name) for name in _FIELDS},
    )
