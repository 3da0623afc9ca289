"""Services that say which permission is missing, each in its own words, without IAM's sentence."""

from __future__ import annotations

import re
from functools import cache

from sagepass.denial import action_name
from sagepass.denial.caller import caller_before
from sagepass.denial.draft import Draft
from sagepass.denial.operation import service_prefix
from sagepass.denial.record import DenialKind
from sagepass.denial.reference import Reference, token_at


@cache
def _named() -> re.Pattern[str]:
    """An action beside the word permission."""
    quoted = r"[\"'`]{0,2}" + action_name.PATTERN + r"[\"'`]{0,2}"
    return re.compile(
        r"(?:has|have|having|had|need|needs|requires?|lacks?|missing|without|grant|add|check\s+if\s+you\s+have)\s+(?:the\s+|an?\s+|any\s+)?"
        rf"(?:permissions?\s+(?:for|to\s+(?:perform|call|execute|use))\s+(?:the\s+)?{quoted}|{quoted.replace('?P<', '?P<b_').replace('(?P=', '(?P=b_')}\s+permissions?\b)",
        re.IGNORECASE,
    )


@cache
def _forms() -> dict[str, re.Pattern[str]]:
    flags = re.IGNORECASE
    return {
        "call": re.compile(
            r"(?:does\s+not|doesn't|do\s+not|don't)\s+have\s+permissions?\s+to\s+(?:call|perform)\s+(?P<operation>[A-Z][A-Za-z0-9]{3,60})\s+on\s+(?:the\s+)?(?P<service>[A-Z][\w]{1,40})\b"
        ),
        "invoke": re.compile(
            r"the\s+role\s+(?P<at>[\"'`]?(?=arn:|<|\.))(?P<rest>\S{1,400})\s+has\s+permissions?\s+to\s+invoke\s+it",
            flags,
        ),
        "lambda": re.compile(r"Lambda\s+function\s+(?=arn:)", flags),
        "execution_role": re.compile(r"execution\s?role\s+\[(?P<role>[^\]\s]{3,300})\]", flags),
        "template": re.compile(
            r"not\s+authorized\s+to\s+use\s+(?:the\s+)?launch\s+template:?\s*(?P<id>lt-\w{3,40})", flags
        ),
        "other_verb": re.compile(
            r"(?:is|are)\s+not\s+authorized\s+to\s+(?!perform|assume|pass|use|call|execute|this|the\b)(?:create|access|invoke|describe|list|delete|update|start|stop|read|write|view|register|modify)\s+"
            r"(?P<what>(?!this\b|the\b|requested)[\w-]{3,40})",
            flags,
        ),
    }


def read_permission_hints(text: str) -> list[Draft]:
    """Every sentence that names a missing permission in a service's own words."""
    lowered = text.lower()
    if "permission" not in lowered and "authori" not in lowered:
        return []
    drafts = [draft for match in _named().finditer(text) if (draft := _named_draft(text, match))]
    forms = _forms()
    for match in forms["call"].finditer(text):
        draft = Draft(kind=DenialKind.IAM_DENIAL, start=match.start(), end=match.end(), operation=match["operation"])
        draft.places["operation"] = match.span("operation")
        prefix = service_prefix(match["service"]) or match["service"].lower()
        draft.infer_action(f"{prefix}:{match['operation']}", "the text names the operation and its service")
        drafts.append(draft)
    drafts.extend(_invoke(text, match) for match in forms["invoke"].finditer(text))
    for match in forms["template"].finditer(text):
        draft = Draft(
            kind=DenialKind.IAM_DENIAL, start=match.start(), end=match.end(), service="ec2", resource=match["id"]
        )
        draft.places["resource"] = match.span("id")
        drafts.append(draft)
    for match in forms["other_verb"].finditer(text):
        drafts.append(draft := Draft(kind=DenialKind.IAM_DENIAL, start=match.start(), end=match.end(), settled=False))
        if caller := caller_before(text, match.start(), 0) or _quoted_name(text, match.start()):
            draft.set_principal(caller)
    return sorted(drafts, key=lambda draft: draft.start)


def _quoted_name(text: str, position: int) -> Reference | None:
    """The end of a role's quoted ARN, where only that end was copied."""
    match = re.compile(r"(?P<name>[\w+=.@-]{3,64})'\s+$").search(text[max(0, position - 80) : position])
    if not match or "role" not in match["name"].lower():
        return None
    start = max(0, position - 80) + match.start("name")
    return Reference(match["name"], start, start + len(match["name"]))


def _named_draft(text: str, match: re.Match[str]) -> Draft | None:
    groups = {"prefix": "b_prefix", "double": "b_double", "name": "b_name"} if match["prefix"] is None else None
    first = match.start("b_prefix") if groups else match.start("prefix")
    again = re.compile(action_name.PATTERN).match(text, first)
    named = action_name.from_match(again) if again else None
    if named is None or named.service in {"arn", "s3n"}:
        return None
    draft = Draft(kind=_kind(named.action), start=match.start(), end=match.end())
    draft.set_action(named)
    role = None
    for found in _forms()["execution_role"].finditer(text, max(0, match.start() - 500), match.start()):
        role = found
    if role and (caller := token_at(text, role.start("role"))):
        draft.set_principal(caller)
    return draft


def _kind(action: str | None) -> DenialKind:
    lowered = (action or "").lower()
    if lowered == "iam:passrole":
        return DenialKind.PASS_ROLE
    return DenialKind.ASSUME_ROLE if lowered.startswith("sts:assumerole") else DenialKind.IAM_DENIAL


def _invoke(text: str, match: re.Match[str]) -> Draft:
    draft = Draft(kind=DenialKind.IAM_DENIAL, start=match.start(), end=match.end())
    if caller := token_at(text, match.end("at")):
        draft.set_principal(caller)
    start = max(0, match.start() - 500)
    if (function := _forms()["lambda"].search(text, start, match.start())) and (
        found := token_at(text, function.end())
    ):
        draft.set_resource(found)
    draft.infer_action("lambda:InvokeFunction", "the role must be able to invoke the function")
    return draft
