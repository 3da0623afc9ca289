"""The reason at the end of AWS's sentence: which type of policy, explicit or implicit, which policy.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from sagepass.denial import action_name
from sagepass.denial.action_name import ActionName
from sagepass.denial.reference import token_at
from sagepass.policy.kinds import Effect, PolicyType

_TYPES: Final = (
    ("resource control", PolicyType.RESOURCE_CONTROL_POLICY),
    ("rcp", PolicyType.RESOURCE_CONTROL_POLICY),
    ("service control", PolicyType.SERVICE_CONTROL_POLICY),
    ("scp", PolicyType.SERVICE_CONTROL_POLICY),
    ("vpc endpoint", PolicyType.VPC_ENDPOINT_POLICY),
    ("trust", PolicyType.ROLE_TRUST_POLICY),
    ("resource", PolicyType.RESOURCE_BASED_POLICY),
    ("identity", PolicyType.IDENTITY_BASED_POLICY),
    ("boundary", PolicyType.PERMISSIONS_BOUNDARY),
    ("session", PolicyType.SESSION_POLICY),
)
_TYPE: Final = (
    r"(?P<type>identity[\s-]{1,40}based|resource[\s-]{1,40}based|(?:service|resource)[\s-]{1,40}control|VPC[\s-]{1,40}endpoint"
    r"|sessions?|permissions?[\s-]{1,40}boundary|role\s{1,40}trust|trust|SCP|RCP)(?:\s+(?:polic(?:y|ies)))?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonClause:
    """One reason, as read."""

    start: int
    end: int
    policy_type: PolicyType | None = None
    effect: Effect | None = None
    policy_arn: str | None = None
    action: ActionName | None = None
    note: str | None = None
    places: dict[str, tuple[int, int]] = field(default_factory=dict)


@cache
def _pattern(*, active: bool) -> re.Pattern[str]:
    """Every form of a reason; ``active``: also ``a … policy explicitly denies the action``, as the console puts it."""
    implicit = (
        rf"(?P<implicit>(?:because\s+)?\b(?:no|there\s+is\s+no)\s+{_TYPE}\s+(?:allows?|grants?|permits?)"
        rf"(?:\s+(?:the\s+)?[\"'`]?(?:{action_name.PATTERN})[\"'`]?(?:\s+action)?|\s+it\b|\s+access\b)?)"
    )
    explicit = (
        r"(?P<explicit>(?:with|because\s+of|due\s+to|by)\s+an?\s+explicit\s+deny(?:\s+in\s+(?:an?|the)\s+"
        + _TYPE.replace("?P<type>", "?P<type2>")
        + r"(?P<via>\s+transitively\s+through\s+an?\s+[\w -]{3,40}policy)?)?)"
    )
    three_way = (
        r"(?P<three>because\s+the\s+resource\s+does\s+not\s+exist\s+in\s+this\s+Region,\s+no\s+resource-\s{0,40}based\s+policies"
        r"\s+allow\s+access,\s+or\s+a\s+resource-\s{0,40}based\s+policy\s+explicitly\s+denies\s+access)"
    )
    denies = (
        r"(?P<denies>\ban?\s+"
        + _TYPE.replace("?P<type>", "?P<type3>")
        + r"\s+explicitly\s+den(?:ies|ied)\s+(?:the\s+)?\w{2,40})"
    )
    public = r"(?P<public>because\s+public\s+[\w ]{3,40}\s+(?:is|are)\s+(?:prevented|blocked)\s+by\s+the\s+BlockPublic\w+\s+setting[\w ]{0,60})"
    named = r"(?P<named>Policy:\s*(?P<policy>[\w+=,.@-]{1,128})\s*\(explicit\s+deny\))"
    return re.compile(
        "|".join([three_way, public, implicit, explicit, *([denies] if active else []), named]), re.IGNORECASE
    )


def _is_active(text: str) -> bool:
    return "explicitly" in text.lower()


def clauses(text: str) -> list[ReasonClause]:
    """Every reason in ``text``, in order."""
    return [_clause(text, match) for match in _pattern(active=_is_active(text)).finditer(text)]


def nearby_clauses(text: str, position: int) -> list[ReasonClause]:
    """The reasons that begin soon after ``position``."""
    return [_clause(text, match) for match in _pattern(active=False).finditer(text, position, position + 900)]


def clause_after(text: str, position: int, known: list[ReasonClause]) -> ReasonClause | None:
    """The reason that belongs to a sentence read as far as ``position``."""
    index = bisect_left(known, position, key=lambda clause: clause.start)
    if index == len(known):
        return None
    clause = known[index]
    gap = text[position : clause.start]
    if len(gap) > _REACH or _FOREIGN.search(gap):
        return None
    return clause


_REACH: Final = 400
_FOREIGN: Final = re.compile(r"not\s+authorized|\bUser\s*:|An\s+error\s+occurred|\n[ \t]*\n", re.IGNORECASE)


def _clause(text: str, match: re.Match[str]) -> ReasonClause:
    start, end = match.span()
    if match["three"]:
        note = "the text gives three causes; two of them lie in a resource-based policy, the third is that the resource does not exist"
        return ReasonClause(start=start, end=end, policy_type=PolicyType.RESOURCE_BASED_POLICY, note=note)
    if match["public"]:
        return ReasonClause(start=start, end=end)
    if match["named"]:
        return ReasonClause(start=start, end=end, effect=Effect.EXPLICIT_DENY)
    if match["implicit"]:
        action = action_name.from_match(match) if match["prefix"] else None
        places = {"policy_type": match.span("type"), "effect": (start, end)}
        kind = _policy_type(match["type"])
        return ReasonClause(
            start=start, end=end, policy_type=kind, effect=Effect.IMPLICIT_DENY, action=action, places=places
        )
    if match.groupdict().get("denies"):
        places = {"policy_type": match.span("type3"), "effect": (start, end)}
        kind = _policy_type(match["type3"])
        return ReasonClause(start=start, end=end, policy_type=kind, effect=Effect.EXPLICIT_DENY, places=places)
    return _explicit(text, match)


def _explicit(text: str, match: re.Match[str]) -> ReasonClause:
    start, end = match.span()
    places = {"effect": (start, end)}
    if not match["type2"]:
        return ReasonClause(start=start, end=end, effect=Effect.EXPLICIT_DENY, places=places)
    places["policy_type"] = match.span("type2")
    note = "the first type named; the text adds that another one passed the refusal on" if match["via"] else None
    policy = None
    colon = re.compile(r"\s*:\s*(?=[\"'`]?(?:arn:|\.{3}|…|\[))").match(text, end)
    if colon and (found := token_at(text, colon.end())):
        policy, end = found.value, found.end
        places["policy_arn"] = (found.start, found.end)
    kind = _policy_type(match["type2"])
    return ReasonClause(
        start=start, end=end, policy_type=kind, effect=Effect.EXPLICIT_DENY, policy_arn=policy, note=note, places=places
    )


def _policy_type(words: str) -> PolicyType:
    lowered = re.sub(r"[\s-]+", " ", words.lower())
    return next(kind for marker, kind in _TYPES if marker in lowered)
