"""Roles that could not be assumed or passed, in the services' own words.

SageMaker reports these as ``ValidationException``, not as a refusal; see
https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_roles.html
"""

from __future__ import annotations

import re
from functools import cache

from sagepass.denial.caller import caller_before
from sagepass.denial.draft import Draft
from sagepass.denial.operation import is_operation, is_service
from sagepass.denial.reason_clause import clause_after, nearby_clauses
from sagepass.denial.record import DenialKind, PrincipalType
from sagepass.denial.reference import Reference, token_at
from sagepass.policy.kinds import PolicyType

_ASSUME = "sts:AssumeRole"
_WHY_ASSUME = "a service that cannot assume a role was refused sts:AssumeRole"
_ROLE_ARN = r"arn:[\w-]{1,20}:iam:"


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    flags = re.IGNORECASE
    service = r"(?P<service>[A-Z][A-Za-z0-9 ]{1,40}?|[a-z0-9.-]{2,60}\.amazonaws\.com)"
    role = (
        r"(?:(?:the|your|its)\s+)?(?:(?:provided|given|specified|associated|execution|service|IAM|following|supplied)\s+){0,2}"
        r"(?:execution)?role(?:\s+ARN(?!:))?\b:?"
    )
    return {
        "invalid": re.compile(r"(?:execution\s+)?role\s+ARN\s+(?=(?:\S{1,400}\s+)?is\s+invalid)", flags),
        "not_authorized": re.compile(
            r"(?:(?:is\s+)?not\s+(?:authori[sz]ed|allowed|permitted|able)|(?:does\s+not|doesn't)\s+have\s+permissions?)\s+to\s+assume\s+"
            r"(?:(?:the\s+)?(?:(?:provided|given|specified|associated|execution|IAM|service)\s+){0,2}(?:linked\s+)?role\b:?)?",
            flags,
        ),
        "could_not": re.compile(
            rf"(?:(?<![\w/])(?:Amazon\s+|AWS\s+)?{service}\s+(?:(?:was|is)\s+)?)?\b"
            r"(?:could\s+not|couldn't|cannot|can't|can\s+not|unable\s+to|failed\s+to|not\s+able\s+to)\s+assume\s+"
            rf"(?:the\s+service[\s-]linked\s+role\b|{role})",
            flags,
        ),
        "announced": re.compile(
            rf"(?:current\s+credentials\s+)?could\s+not\s+be\s+used\s+to\s+assume\s+(?={_ROLE_ARN}|[\"'`]{_ROLE_ARN})"
            rf"|access\s+denied\s+while\s+assuming\s+{role}",
            flags,
        ),
        "passive": re.compile(
            r"(?:cannot|could\s+not|can't|can\s+not)\s+be\s+assumed(?:\s+by\s+(?:the\s+)?(?:service\s+)?(?:principal\s+)?[\"'`]?"
            r"(?P<service>[A-Za-z][\w.-]{1,60}?)(?=[\"'`.,;\s]*(?:$|[\s\"'`(<])))?",
            flags | re.MULTILINE,
        ),
        "neither": re.compile(
            r"principal\s+(?P<service>[a-z0-9.-]{2,60}\.amazonaws\.com),\s+nor\s+the\s+regional\s+one,?\s+(?:is|are)\s+"
            r"authorized\s+to\s+assume\s+the\s+provided\s+role",
            flags,
        ),
        "pass": re.compile(
            r"(?:is\s+)?not\s+(?:authori[sz]ed|allowed|permitted)\s+to\s+pass\s+(?:the\s+)?(?:(?:IAM|execution|service)\s+)?role\b:?"
            r"|cross-account\s+pass\s+role\s+is\s+not\s+allowed"
            r"|(?:does\s+not|doesn't|do\s+not)\s+have\s+permissions?\s+to\s+pass\s+(?:the\s+)?(?:IAM\s+)?role\b:?",
            flags,
        ),
        "allows": re.compile(
            r"allows?\s+(?:the\s+)?(?:service\s+)?principal\s+[\"'`]?(?P<service>[\w-]{2,60}(?:\.[\w-]{1,60}){0,5})[\"'`]?\s+to\s+assume",
            flags,
        ),
        "assumable": re.compile(
            r"(?:assumable\s+by|trust\s+relationship\s+(?:for|with))\s+(?:the\s+)?[\"'`](?P<service>[\w-]{2,60}(?:\.[\w-]{1,60}){1,5})[\"'`]",
            flags,
        ),
        "trust": re.compile(
            r"trust\s+relationship(?:\s+policy)?\s+allows?\s+the\s+action\s+[\"'`]?sts:AssumeRole[\"'`]?\s+for\s+the\s+"
            r"service\s+principal\s+[\"'`]?(?P<service>[\w-]{2,60}(?:\.[\w-]{1,60}){0,5})",
            flags,
        ),
        "role_arn": re.compile(rf"(?:role|Role)\b[^\x1e]{{0,40}}?(?P<arn>{_ROLE_ARN})"),
        "api": re.compile(
            r"`(?P<operation>[A-Z][A-Za-z]{4,60})`\s+(?:and\s+(?:got|gets|received)|returns?|returned|fail(?:s|ed))\b"
        ),
    }


def read_role_failures(text: str) -> list[Draft]:
    """Every failure to assume or pass a role that no ordinary denial sentence states."""
    lowered = text.lower()
    if not any(word in lowered for word in ("assum", "pass", "role arn")):
        return []
    patterns = _patterns()
    drafts: list[Draft] = []
    for name in ("invalid", "not_authorized", "could_not", "announced", "passive", "neither"):
        if name == "announced" and "assuming" not in lowered and "used" not in lowered:
            continue
        drafts.extend(_assume(text, name, match) for match in patterns[name].finditer(text))
    drafts.extend(_pass(text, match) for match in patterns["pass"].finditer(text))
    return sorted(drafts, key=lambda draft: draft.start)


def _assume(text: str, form: str, match: re.Match[str]) -> Draft:
    draft = Draft(kind=DenialKind.ASSUME_ROLE, start=match.start(), end=match.end(), service="sts")
    if form == "not_authorized" and (caller := caller_before(text, match.start(), 0)):
        draft.set_principal(caller)
    if form == "passive":
        _role_before(text, draft, match.start())
    elif form != "neither":
        _role_after(text, draft, match.end())
    _service_principal(text, draft, match)
    if draft.principal is None and form == "not_authorized":
        set_service_by_name(text, draft)
    if draft.resource is None and _SENTENCE.search(text, draft.end, draft.end + 300):
        draft.settled = False
    if draft.action is None:
        draft.infer_action(_ASSUME, _WHY_ASSUME)
    _operation_in_prose(text, draft)
    return draft


def _role_after(text: str, draft: Draft, position: int) -> None:
    blank = re.compile(r"[\s:\[]{0,60}").match(text, position)
    start = blank.end() if blank else position
    if not re.compile(r"[\"'`\[]?(?:arn:|[\w.-]{{0,60}}:?role/|\.{{3}}|…)", re.IGNORECASE).match(text, start):
        return
    found = token_at(text, start)
    if found and found.value.strip(".… "):
        draft.set_resource(found)


def _role_before(text: str, draft: Draft, position: int) -> None:
    """The role of "the role … cannot be assumed": in the sentence, else in a line above that shows a role's ARN."""
    start = max(0, position - 700)
    last = None
    for match in _patterns()["role_arn"].finditer(text, start, position):
        last = match
    if last is None or (found := token_at(text, last.start("arn"))) is None or found.end > position:
        return
    inside = text[found.end : position].strip(" \t\r\n\"'`") == ""
    draft.resource = found.value
    draft.places["resource"] = (found.start, found.end)
    if inside:
        draft.cover(found.start, found.end)
    else:
        draft.basis["resource"] = "the role whose ARN the lines above the error show"


def _service_principal(text: str, draft: Draft, match: re.Match[str]) -> None:
    """The service that wanted the role, as far as the text names it."""
    patterns = _patterns()
    window_end = min(len(text), draft.end + 400)
    if trust := patterns["trust"].search(text, draft.end, window_end):
        draft.action, draft.service = _ASSUME, "sts"
        draft.policy_type = PolicyType.ROLE_TRUST_POLICY
        draft.places["policy_type"] = trust.span()
        _set_service(draft, trust)
    elif told := patterns["allows"].search(text, draft.end, window_end) or patterns["assumable"].search(
        text, draft.end, window_end
    ):
        _set_service(draft, told)
    elif draft.principal is None and match.groupdict().get("service"):
        _set_service(draft, match)


def set_assuming_service(text: str, draft: Draft) -> None:
    """The service of a refused ``sts:AssumeRole`` that only the advice after the sentence names."""
    told = _patterns()["assumable"].search(text, draft.end, min(len(text), draft.end + 200))
    if told is not None:
        _set_service(draft, told)


_SENTENCE = re.compile(r"not\s+authorized\s+to\s+perform:\s+sts:AssumeRole\b")
"""IAM's own sentence, which follows where a tool only announces the failure."""


def set_service_by_name(text: str, draft: Draft) -> None:
    """``CodeBuild is not authorized to perform: sts:AssumeRole``: a service that the sentence calls by its name."""
    start = max(0, draft.start - 60)
    match = re.search(r"(?:^|[:.!(\"'>]\s{0,3})(?P<service>[A-Z][A-Za-z]{2,30})\s{1,3}$", text[start : draft.start])
    if match and is_service(match["service"]):
        left = start + match.start("service")
        draft.set_principal(Reference(match["service"], left, left + len(match["service"])), PrincipalType.SERVICE)


def _set_service(draft: Draft, match: re.Match[str]) -> None:
    name = match["service"].rstrip(".")
    if name.lower().split()[-1] in {
        "client",
        "error",
        "user",
        "role",
        "we",
        "it",
        "this",
        "be",
        "was",
        "is",
        "exception",
        "and",
        "arn",
    }:
        return
    start = match.start("service")
    draft.set_principal(Reference(name, start, start + len(name)), PrincipalType.SERVICE)
    draft.cover(*match.span())


def _operation_in_prose(text: str, draft: Draft) -> None:
    """People who quote such a message often name the API just above it."""
    last = None
    for match in _patterns()["api"].finditer(text, max(0, draft.start - 300), draft.start):
        last = match
    if last and is_operation(last["operation"]):
        draft.operation = last["operation"]
        draft.places["operation"] = last.span("operation")
        draft.basis["operation"] = "the API that the sentence above the message names"


def _pass(text: str, match: re.Match[str]) -> Draft:
    draft = Draft(kind=DenialKind.PASS_ROLE, start=match.start(), end=match.end())
    if "cross" not in match.group().lower():
        if caller := caller_before(text, match.start(), 0):
            draft.set_principal(caller)
        _role_after(text, draft, match.end())
    if clause := clause_after(text, draft.end, nearby_clauses(text, draft.end)):
        draft.cover(clause.start, clause.end)
    draft.infer_action("iam:PassRole", "handing a role to a service needs iam:PassRole on that role")
    return draft
