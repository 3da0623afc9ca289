"""Findings of the policy language under the issue codes of IAM Access Analyzer.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html; the code is the title
of the check in capitals. Which one it is follows from the finding's code and from what stands at its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sagepass.source.finding import Finding, Severity
from sagepass.source.route import Route


class IssueType(StrEnum):
    """How AWS sorts findings."""

    ERROR = "ERROR"
    SECURITY_WARNING = "SECURITY_WARNING"
    SUGGESTION = "SUGGESTION"
    WARNING = "WARNING"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One finding as ValidatePolicy reports it; ``at_key`` points at a member's name in place of its value."""

    type: IssueType
    code: str
    details: str
    route: Route
    at_key: bool = False


_PLAIN = {
    "POLICY_NOT_AN_OBJECT": "DATA_TYPE_MISMATCH",
    "POLICY_VERSION": "INVALID_VERSION",
    "POLICY_UNKNOWN_ELEMENT": "INVALID_POLICY_ELEMENT",
    "POLICY_DUPLICATE_KEY": "JSON_SYNTAX_ERROR",
    "POLICY_CONDITION_OPERATOR": "INVALID_CONDITION_OPERATOR",
    "POLICY_CONDITION_VALUE": "TYPE_MISMATCH",
    "POLICY_VARIABLE_PLACE": "VARIABLE_UNSUPPORTED_IN_ELEMENT",
}
_EMPTY = {
    "Action": "EMPTY_ARRAY_ACTION",
    "NotAction": "EMPTY_ARRAY_ACTION",
    "Resource": "EMPTY_ARRAY_RESOURCE",
    "NotResource": "EMPTY_ARRAY_RESOURCE",
}
_AT_KEY = frozenset({"POLICY_UNKNOWN_ELEMENT", "POLICY_DUPLICATE_KEY", "POLICY_CONDITION_OPERATOR"})


def issue_of(finding: Finding, document: object) -> Issue:
    """The issue behind a finding; ``document`` is the parsed policy."""
    value = _at(document, finding.route)
    code = _PLAIN.get(finding.code) or _by_place(finding, value)
    kind = IssueType.ERROR if finding.severity is Severity.ERROR else IssueType.WARNING
    if code.startswith("EMPTY_ARRAY"):
        kind = IssueType.SUGGESTION
    elif code == "ALLOW_WITH_NOT_PRINCIPAL":
        kind = IssueType.SECURITY_WARNING
    message = finding.message[:1].upper() + finding.message[1:]
    remedy = finding.remedy[:1].upper() + finding.remedy[1:]
    return Issue(
        type=kind,
        code=code,
        details=f"{message}. {remedy}.",
        route=finding.route,
        at_key=finding.code in _AT_KEY and bool(finding.route) and isinstance(finding.route[-1], str),
    )


def _by_place(finding: Finding, value: object) -> str:
    """Codes that stand for several of AWS's: what is at the place tells them apart."""
    last = next((step for step in reversed(finding.route) if isinstance(step, str)), "")
    match finding.code:
        case "POLICY_NO_STATEMENT":
            return "DATA_TYPE_MISMATCH" if finding.route else "MISSING_STATEMENT"
        case "POLICY_EFFECT":
            return "INVALID_EFFECT" if last == "Effect" else "MISSING_EFFECT"
        case "POLICY_ACTION_MISSING":
            return _combination(value, "Action", "MISSING_ACTION")
        case "POLICY_RESOURCE_MISSING" if last in {"Resource", "NotResource"}:
            return "INVALID_POLICY_ELEMENT"
        case "POLICY_RESOURCE_MISSING":
            return _combination(value, "Resource", "MISSING_RESOURCE")
        case "POLICY_ACTION_FORM" | "POLICY_RESOURCE_FORM" | "POLICY_CONDITION_FORM":
            return _by_form(finding, value, last)
        case "POLICY_PRINCIPAL":
            return _principal(finding, value, last)
        case _:
            return "INVALID_POLICY_ELEMENT"


def _combination(statement: object, name: str, missing: str) -> str:
    both = isinstance(statement, Mapping) and name in statement and f"Not{name}" in statement
    return "UNSUPPORTED_ELEMENT_COMBINATION" if both else missing


def _by_form(finding: Finding, value: object, last: str) -> str:
    if value == []:
        return _EMPTY.get(last, "EMPTY_ARRAY_CONDITION")
    if finding.code == "POLICY_CONDITION_FORM" or not isinstance(value, str):
        return "DATA_TYPE_MISMATCH"
    return "INVALID_ACTION" if finding.code == "POLICY_ACTION_FORM" else "INVALID_ARN_PREFIX"


def _principal(finding: Finding, value: object, last: str) -> str:
    """At the statement itself a principal is missing; at the element it does not belong there, or is malformed."""
    if last in {"Principal", "NotPrincipal"} and finding.route[-1] == last:
        if "no Principal element" in finding.message or "no NotPrincipal element" in finding.message:
            return "UNSUPPORTED_PRINCIPAL"
        return "ALLOW_WITH_NOT_PRINCIPAL" if last == "NotPrincipal" else "INVALID_PRINCIPAL_FORMAT"
    if isinstance(value, Mapping) and ("Principal" in value or "NotPrincipal" in value):
        return "UNSUPPORTED_ELEMENT_COMBINATION"
    if isinstance(value, Mapping) and "Effect" in value:
        return "MISSING_PRINCIPAL"
    if isinstance(value, str) and set(value) & set("*?"):
        return "UNSUPPORTED_WILDCARD_IN_PRINCIPAL"
    return "INVALID_PRINCIPAL_FORMAT"


def _at(value: object, route: Route) -> object:
    for step in route:
        value = _step(value, step)
    return value


def _step(value: object, step: str | int) -> object:
    if isinstance(value, Mapping):
        return value.get(step)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return None
