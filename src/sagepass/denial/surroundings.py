"""What stands around a denial: its event, a frame after it, an encoded message, an id, a code, a Region."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from sagepass.denial.cloudtrail import call_resource, enrich
from sagepass.denial.error_code import is_denied, other_error
from sagepass.denial.error_header import suffixes
from sagepass.denial.generic_denial import authorization_id, encoded_message, infer
from sagepass.denial.record import DenialKind

if TYPE_CHECKING:
    from sagepass.denial.cloudtrail import Event
    from sagepass.denial.draft import Draft
    from sagepass.denial.error_header import ErrorHeader


def add_surroundings(text: str, drafts: list[Draft], events: list[Event]) -> None:
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
            if inner[at].end > place and _is_near(inner[at], place):
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
        _key_behind(draft)
        _code_before(text, draft)
        _region(text, draft, limit)


def _is_near(event: Event, place: int) -> bool:
    """An event without braces of its own has no bounds; its fields speak of what is near them only."""
    if event.parent is not None:
        return True
    found = event.value("errormessage", "errorcode", "eventname")
    return found is not None and abs(found.start - place) < _UNBOUNDED


_UNBOUNDED: Final = 6000


def _take_tail(draft: Draft, tail: ErrorHeader) -> None:
    draft.error_code = draft.error_code or tail.code
    if draft.service is None and tail.service:
        draft.service = tail.service
        draft.basis["service"] = "the service that answered, as the text's (Service: …) says"
        if draft.action is None and draft.action_inferred is None:
            infer(draft, tail.service)


_READS_AND_WRITES: Final = {
    "GetObject": "kms:Decrypt", "HeadObject": "kms:Decrypt", "GetParameter": "kms:Decrypt", "GetParameters": "kms:Decrypt",
    "GetParametersByPath": "kms:Decrypt", "GetSecretValue": "kms:Decrypt", "PutObject": "kms:GenerateDataKey",
}  # fmt: skip
"""What S3, Systems Manager and Secrets Manager ask of the key behind a call
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html)."""


def _key_behind(draft: Draft) -> None:
    """A key that was refused to the call of another service, without KMS's own sentence."""
    if draft.service != "kms" or draft.action is not None or draft.action_inferred is not None:
        return
    action = _READS_AND_WRITES.get(draft.operation or "")
    if action is not None:
        draft.infer_action(action, f"{draft.operation} on encrypted data needs it on the key")


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
