"""CloudTrail events in any dress: whole, cut, as Python, in a list, as a string inside LookupEvents output.

The fields are those of
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html. Events are
found by their keys and by the nesting of braces alone, so that cut and hand-wrapped ones are read too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final

from sagepass.denial.operation import service_prefix
from sagepass.denial.principal import account_of, principal_type
from sagepass.denial.record import PrincipalType
from sagepass.denial.reference import Reference

if TYPE_CHECKING:
    from sagepass.denial.draft import Draft

_TYPES: Final = {
    "IAMUser": PrincipalType.USER,
    "AssumedRole": PrincipalType.ASSUMED_ROLE,
    "Role": PrincipalType.ROLE,
    "Root": PrincipalType.ROOT,
    "FederatedUser": PrincipalType.FEDERATED_USER,
    "AWSService": PrincipalType.SERVICE,
}
_REGION: Final = re.compile(r"[a-z]{2}(?:-[a-z]{2,12}){1,3}-\d")
_CONTEXT: Final = (
    ("sourceipaddress", "aws:SourceIp"),
    ("vpcendpointid", "aws:SourceVpce"),
    ("useragent", "aws:UserAgent"),
    ("awsregion", "aws:RequestedRegion"),
    ("eventtime", "aws:CurrentTime"),
    ("useridentity.principalid", "aws:userid"),
    ("useridentity.sessioncontext.attributes.mfaauthenticated", "aws:MultiFactorAuthPresent"),
    ("useridentity.sessioncontext.sourceidentity", "aws:SourceIdentity"),
    ("requestparameters.externalid", "sts:ExternalId"),
    ("requestparameters.rolesessionname", "sts:RoleSessionName"),
    ("requestparameters.sourceidentity", "sts:SourceIdentity"),
)


@dataclass(slots=True)
class Event:
    """One object between braces; the keys of ``fields`` are in lower case, those of inner objects with a dotted path."""

    start: int
    end: int
    name: str
    parent: Event | None
    fields: dict[str, Reference] = field(default_factory=dict)
    request: tuple[int, int] | None = None
    """Where the object ``requestParameters`` stands, if it is there and whole."""

    def value(self, *keys: str) -> Reference | None:
        """The first of the given fields that has a value."""
        return next((self.fields[key] for key in keys if key in self.fields), None)

    @property
    def is_call(self) -> bool:
        """Whether this looks like the record of an API call."""
        return bool({"eventname", "eventsource", "eventversion", "useridentity.arn"} & self.fields.keys())

    @property
    def error_code(self) -> Reference | None:
        """The error code of the call."""
        return self.value("errorcode")


@cache
def _walk() -> re.Pattern[str]:
    value = r"(?:\"(?P<double>(?!\s*[{\[])[^\"]{0,4000})|'(?P<single>(?!\s*[{\[\"])[^']{0,4000})|(?P<bare>[\w.:/@+-]{1,200}))?"
    return re.compile(
        r"(?P<brace>[{}])|[\"'](?P<key>[A-Za-z][\w.]{0,80})[\"']\s{0,20}:\s{0,200}(?P<list>\[\s{0,200})?" + value
    )


def read_events(text: str) -> list[Event]:
    """The records of API calls in ``text``, in order; those without an error too."""
    root = Event(0, len(text), "", None)
    current, depth, last_key = root, 0, ""
    found = [root]
    for match in _walk().finditer(text):
        brace = match["brace"]
        if brace == "{":
            depth += 1
            if depth <= _DEPTH:
                current = Event(match.start(), len(text), last_key, current)
                found.append(current)
            last_key = ""
        elif brace == "}":
            if depth and depth <= _DEPTH and current.parent is not None:
                current.end = match.end()
                if current.name == "requestparameters":
                    current.parent.request = (current.start, current.end)
                current = current.parent
            depth = max(0, depth - 1)
            last_key = ""
        else:
            last_key = match["key"].lower()
            _store(current, last_key, match)
    return [event for event in found if event.is_call]


_DEPTH: Final = 24
"""Deeper objects are no part of an event's own record."""


def _store(event: Event, key: str, match: re.Match[str]) -> None:
    group = next((name for name in ("double", "single", "bare") if match[name]), None)
    if group is None or (group == "bare" and match[group] in {"None", "null"}):
        return
    found = Reference(match[group], *match.span(group))
    event.fields.setdefault(key, found)
    path, owner = key, event
    while owner.parent is not None and owner.name and path.count(".") < 4:
        path, owner = f"{owner.name}.{path}", owner.parent
        owner.fields.setdefault(path, found)


def enrich(draft: Draft, event: Event) -> None:
    """Add to a denial what the event around it says of the call."""
    if draft.operation is None and (name := event.value("eventname")):
        draft.operation = name.value
        draft.places["operation"] = (name.start, name.end)
    if draft.error_code is None and (code := event.error_code):
        draft.error_code = code.value
        draft.places["error_code"] = (code.start, code.end)
    region = event.value("awsregion")
    if region and _REGION.fullmatch(region.value):
        draft.region = region.value
        draft.places["region"] = (region.start, region.end)
    if draft.request is None and event.request is not None:
        draft.request = event.request
    role = event.value("requestparameters.rolearn")
    if draft.resource is None and role and (draft.operation or "").startswith("AssumeRole"):
        draft.set_resource(role)
    if draft.principal is None:
        _identity(draft, event)
    if draft.context == {}:
        draft.context = _context(event)


def _identity(draft: Draft, event: Event) -> None:
    arn = event.value("useridentity.arn")
    kind = event.value("useridentity.type")
    invoked_by = event.value("useridentity.invokedby")
    name = event.value("useridentity.username", "username")
    known = _TYPES.get(kind.value) if kind else None
    if arn:
        _take(draft, arn, known or principal_type(arn.value))
        draft.account = account_of(arn.value)
        draft.basis["principal"] = "userIdentity.arn of the event"
    elif known is PrincipalType.SERVICE and invoked_by:
        _take(draft, invoked_by, known)
        draft.basis["principal"] = "userIdentity.invokedBy of the event"
    elif name:
        _take(draft, name, known or (PrincipalType.USER if "@" not in name.value else None))
        draft.basis["principal"] = "the user name that the event gives; it names no ARN"


def _take(draft: Draft, found: Reference, kind: PrincipalType | None) -> None:
    draft.principal, draft.principal_type = found.value, kind
    draft.places["principal"] = (found.start, found.end)


def _context(event: Event) -> dict[str, tuple[str, ...]]:
    """Condition keys of the request that the event records."""
    context: dict[str, tuple[str, ...]] = {}
    for path, key in _CONTEXT:
        if (found := event.value(path)) and found.value:
            if key == "aws:SourceIp" and not re.fullmatch(r"[\d.]{7,15}|[0-9a-fA-F:]{3,39}", found.value):
                continue
            context[key] = (found.value,)
    invoked_by = event.value("useridentity.invokedby")
    if invoked_by and invoked_by.value.endswith(".amazonaws.com"):
        context["aws:ViaAWSService"] = ("true",)
    if (
        (kind := event.value("useridentity.type"))
        and kind.value == "IAMUser"
        and (name := event.value("useridentity.username"))
    ):
        context["aws:username"] = (name.value,)
    return context


def call_service(event: Event) -> str | None:
    """The IAM prefix of the service that was called."""
    source = event.value("eventsource")
    return service_prefix(source.value) if source else None


def call_resource(event: Event) -> Reference | None:
    """The resource that an event lists, where its message names none."""
    return event.value("resources.arn", "resources")
