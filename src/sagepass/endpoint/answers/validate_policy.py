"""``accessanalyzer`` ValidatePolicy: the findings about a document, under AWS's issue codes and with its places.

Source: https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ValidatePolicy.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html. What is reported is what the
policy language of this project finds and the checks of :mod:`sagepass.endpoint.answers.policy_checks`; AWS has more of them.
"""

from __future__ import annotations

from collections.abc import Mapping

from sagepass.endpoint.answers.issue import Issue, IssueType, issue_of
from sagepass.endpoint.answers.members import Members
from sagepass.endpoint.answers.pages import BadTokenError, page_of
from sagepass.endpoint.answers.policy_checks import further_issues
from sagepass.endpoint.answers.policy_input import LONGEST, read_document
from sagepass.endpoint.answers.world import World
from sagepass.policy.kinds import PolicyType
from sagepass.source.errors import SourceError
from sagepass.source.json_text import parse_json
from sagepass.source.locate import locate
from sagepass.source.origin import Origin
from sagepass.source.route import Route
from sagepass.source.text import SourceText

_CODE = "ValidationException"
_PAGE, _LARGEST_PAGE = 100, 1000
_TRUST = "AWS::IAM::AssumeRolePolicyDocument"
_TYPES = {
    "IDENTITY_POLICY": PolicyType.IDENTITY_BASED_POLICY,
    "RESOURCE_POLICY": PolicyType.RESOURCE_BASED_POLICY,
    "SERVICE_CONTROL_POLICY": PolicyType.SERVICE_CONTROL_POLICY,
    "RESOURCE_CONTROL_POLICY": PolicyType.RESOURCE_CONTROL_POLICY,
}
_LOCALES = frozenset({"DE", "EN", "ES", "FR", "IT", "JA", "KO", "PT_BR", "ZH_CN", "ZH_TW"})
_REFERENCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html"


def validate_policy(params: Mapping[str, object], _: World) -> Mapping[str, object]:
    """Answer ValidatePolicy. Findings are in English, whatever the locale."""
    members = Members(params, _CODE)
    text, policy_type = members.required("policyDocument"), _policy_type(members)
    if (members.text("locale") or "EN") not in _LOCALES:
        raise members.refuse("there is no such locale")
    findings = _findings(text, policy_type)
    size = members.number("maxResults", default=_PAGE, most=_LARGEST_PAGE)
    request = members.without("nextToken", "maxResults")
    try:
        page = page_of(findings, size=size, token=members.text("nextToken"), request=request)
    except BadTokenError:
        raise members.refuse("nextToken was not issued for this request") from None
    answer: dict[str, object] = {"findings": list(page.items)}
    return answer | ({"nextToken": page.token} if page.token else {})


def _policy_type(members: Members) -> PolicyType:
    name, resource_type = members.required("policyType"), members.text("validatePolicyResourceType")
    found = _TYPES.get(name)
    if found is None:
        raise members.refuse(f"there is no policy type {name[:64]!r}")
    if resource_type is not None and found is not PolicyType.RESOURCE_BASED_POLICY:
        raise members.refuse("validatePolicyResourceType goes with policyType RESOURCE_POLICY only")
    return PolicyType.ROLE_TRUST_POLICY if resource_type == _TRUST else found


def _findings(text: str, policy_type: PolicyType) -> list[dict[str, object]]:
    name = "policyDocument"
    origin = Origin(name=name, text=text)
    try:
        document = read_document(text, name, policy_type)
        value = parse_json(text, name, max_size=LONGEST).value
    except SourceError as error:
        return [_syntax_error(text, error)]
    issues = [issue_of(finding, value) for finding in document.findings]
    issues += further_issues(document, value, policy_type)
    return [_finding(issue, origin) for issue in issues]


def _finding(issue: Issue, origin: Origin) -> dict[str, object]:
    place = locate(origin, issue.route, key=issue.at_key)
    return {
        "findingDetails": issue.details,
        "findingType": issue.type.value,
        "issueCode": issue.code,
        "learnMoreLink": _link(issue.type, issue.code),
        "locations": [
            {
                "path": _path(issue.route, at_key=issue.at_key),
                "span": _span(place.source, place.span.start, place.span.end),
            }
        ],
    }


def _link(kind: IssueType, code: str) -> str:
    section = {IssueType.WARNING: "general-warning", IssueType.SECURITY_WARNING: "security-warning"}
    name = code.lower().replace("_", "-")
    return f"{_REFERENCE}#access-analyzer-reference-policy-checks-{section.get(kind, kind.value.lower())}-{name}"


def _path(route: Route, *, at_key: bool) -> list[dict[str, object]]:
    """``value`` steps into a member, ``index`` into an array; ``key`` points at a member's name."""
    steps: list[dict[str, object]] = [{"index": step} if isinstance(step, int) else {"value": step} for step in route]
    if at_key and steps:
        steps[-1] = {"key": route[-1]}
    return steps


def _span(source: SourceText, start: int, end: int) -> dict[str, object]:
    return {"start": _position(source, start), "end": _position(source, end)}


def _position(source: SourceText, offset: int) -> dict[str, int]:
    """Lines count from 1, columns and offsets from 0."""
    line, column = source.line_and_column(offset)
    return {"line": line, "column": column - 1, "offset": offset}


def _syntax_error(text: str, error: SourceError) -> dict[str, object]:
    lines = text.split("\n")
    line = min(error.line or 1, len(lines))
    column = min((error.column or 1) - 1, len(lines[line - 1]))
    offset = sum(len(one) + 1 for one in lines[: line - 1]) + column
    place = {"line": line, "column": column, "offset": offset}
    return {
        "findingDetails": f"The document is no valid JSON at line {line}, column {column}: {error.message}.",
        "findingType": IssueType.ERROR.value,
        "issueCode": "JSON_SYNTAX_ERROR",
        "learnMoreLink": _link(IssueType.ERROR, "JSON_SYNTAX_ERROR"),
        "locations": [{"path": [], "span": {"start": place, "end": place}}],
    }
