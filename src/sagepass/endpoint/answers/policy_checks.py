"""Checks of ValidatePolicy that need AWS's tables or look at a whole statement, each named after AWS's own.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html, the section of the
check that stands in the code of the issue.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from sagepass.catalog.actions import expand_action_pattern, find_action, known_service, nearest_actions
from sagepass.catalog.condition_keys import condition_key
from sagepass.endpoint.answers.issue import Issue, IssueType
from sagepass.policy.conditions.operator import BaseOperator, Quantifier
from sagepass.policy.document import Document
from sagepass.policy.kinds import PolicyType
from sagepass.policy.match_action import action_matches
from sagepass.policy.parse_statement import action_is_well_formed
from sagepass.policy.statement import Condition, Element, Statement, StatementEffect

_MOST = 1000
"""Findings of one document beyond this are cut off."""
_IAM_FORMS = frozenset({PolicyType.IDENTITY_BASED_POLICY, PolicyType.SERVICE_CONTROL_POLICY})
_EXACT = frozenset({BaseOperator.STRING_EQUALS, BaseOperator.STRING_NOT_EQUALS})


def further_issues(document: Document, value: object, policy_type: PolicyType) -> list[Issue]:
    """The issues of a document that its grammar does not show, in the order of the statements."""
    issues = list(_of_document(value))
    sids: dict[str, int] = {}
    for statement in document.statements:
        issues += [issue for check in _CHECKS for issue in check(statement)]
        issues += _sid(statement, sids, policy_type)
        if policy_type is PolicyType.RESOURCE_CONTROL_POLICY and _allows(statement):
            details = (
                "A resource control policy of your own may only deny: RCPFullAWSAccess allows, and is always attached."
            )
            issues.append(_issue(IssueType.ERROR, "RCP_SYNTAX_ERROR_ALLOW", details, statement, "Effect"))
    return issues[:_MOST]


def _of_document(value: object) -> Iterator[Issue]:
    if isinstance(value, Mapping) and "Version" not in value:
        details = 'There is no Version, so policy variables are literal text. Add "Version": "2012-10-17".'
        yield Issue(type=IssueType.WARNING, code="MISSING_VERSION", details=details, route=())


def _issue(kind: IssueType, code: str, details: str, statement: Statement, element: str = "") -> Issue:
    route = (*statement.route, element) if element else statement.route
    return Issue(type=kind, code=code, details=details, route=route)


def _allows(statement: Statement) -> bool:
    return statement.effect is StatementEffect.ALLOW


# actions


def _actions(statement: Statement) -> Iterator[Issue]:
    for element in statement.actions:
        if element.value in {"*", "*:*"} or not action_is_well_formed(element.value):
            continue
        service, _, name = element.value.partition(":")
        if not known_service(service):
            code, details = (
                "INVALID_SERVICE_IN_ACTION",
                f"No AWS service has the prefix {service}.",
            )
        elif not set(name) & set("*?") and find_action(element.value) is None:
            code, details = "INVALID_ACTION", f"AWS defines no action {element.value}."
        elif not expand_action_pattern(element.value):
            code, details = "INVALID_ACTION", f"AWS defines no action that {element.value} matches."
        else:
            continue
        near = nearest_actions(element.value, 1)
        hint = f" Did you mean {near[0]}?" if near else ""
        yield Issue(type=IssueType.ERROR, code=code, details=details + hint, route=element.route)


def _redundant_actions(statement: Statement) -> Iterator[Issue]:
    yield from _redundant(statement.actions, "REDUNDANT_ACTION", action_matches)


def _redundant(elements: tuple[Element, ...], code: str, covers: Callable[[str, str], bool]) -> Iterator[Issue]:
    """An entry that another one of the same list covers; of two equal ones the second."""
    for index, element in enumerate(elements[:200]):
        wider = next(
            (
                other
                for place, other in enumerate(elements[:200])
                if place != index
                and (other.value.lower() != element.value.lower() or place < index)
                and covers(other.value, element.value)
            ),
            None,
        )
        if wider is not None:
            details = f"{wider.value} in the same list covers {element.value} already."
            yield Issue(type=IssueType.SUGGESTION, code=code, details=details, route=element.route)


# passing roles, making service-linked roles


def _pass_role(statement: Statement) -> Iterator[Issue]:
    entry = _granted(statement, "iam:PassRole")
    if entry is None or statement.conditions or not _everywhere(statement):
        return
    star = "*" in entry.value
    code = "PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE" if star else "PASS_ROLE_WITH_STAR_IN_RESOURCE"
    details = "Every role of the account can be passed to every service. Name the roles, or add iam:PassedToService."
    yield Issue(type=IssueType.SECURITY_WARNING, code=code, details=details, route=entry.route)


def _service_linked_role(statement: Statement) -> Iterator[Issue]:
    entry = _granted(statement, "iam:CreateServiceLinkedRole")
    if entry is None or statement.conditions or not _everywhere(statement):
        return
    code = "CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE" if "*" in entry.value else "CREATE_SLR_WITH_STAR_IN_RESOURCE"
    details = "Any service can be given its role. Name the roles, or add iam:AWSServiceName."
    yield Issue(type=IssueType.WARNING, code=code, details=details, route=entry.route)


def _granted(statement: Statement, action: str) -> Element | None:
    if not _allows(statement) or statement.not_action:
        return None
    return next((element for element in statement.actions if action_matches(element.value, action)), None)


def _everywhere(statement: Statement) -> bool:
    return not statement.not_resource and any(element.value == "*" for element in statement.resources or ())


# conditions


def _condition_keys(statement: Statement) -> Iterator[Issue]:
    for condition in statement.conditions:
        prefix, colon, name = condition.key.partition(":")
        if not colon or not name:
            details = "A condition key is written service:name, as in aws:SourceIp."
            yield _about(condition, IssueType.ERROR, "INVALID_CONDITION_KEY_FORMAT", details)
        elif condition_key(condition.key) is None and prefix.lower() == "aws":
            details = f"AWS defines no global condition key {condition.key}."
            yield _about(condition, IssueType.ERROR, "INVALID_GLOBAL_CONDITION_KEY", details)
        elif condition_key(condition.key) is None and known_service(prefix):
            details = f"The service {prefix} defines no condition key {condition.key}."
            yield _about(condition, IssueType.ERROR, "INVALID_SERVICE_CONDITION_KEY", details)


def _condition_operators(statement: Statement) -> Iterator[Issue]:
    for condition in statement.conditions:
        known, quantifier = condition_key(condition.key), condition.operator.quantifier
        if _needs_quantifier(condition):
            details = (
                f"{condition.key} can hold several values: put ForAllValues: or ForAnyValue: in front of the operator."
            )
            yield _about(condition, IssueType.ERROR, "MISSING_QUALIFIER", details)
        elif (
            known is not None
            and not known.multivalued
            and quantifier is Quantifier.FOR_ALL_VALUES
            and _allows(statement)
        ):
            details = f"ForAllValues is true when {condition.key} is absent, and the key never has more than one value: leave it out."
            yield _about(condition, IssueType.SECURITY_WARNING, "FORALLVALUES_WITH_SINGLE_VALUED_KEY", details)
        if condition.operator.base in _EXACT:
            for element in condition.values:
                if set(element.value) & set("*?") and "${" not in element.value:
                    details = "This operator compares * and ? as they are; StringLike and StringNotLike take them as wildcards."
                    yield Issue(
                        type=IssueType.WARNING,
                        code="WILDCARD_WITHOUT_LIKE_OPERATOR",
                        details=details,
                        route=element.route,
                    )


def _needs_quantifier(condition: Condition) -> bool:
    known, operator = condition_key(condition.key), condition.operator
    several = known is not None and known.multivalued
    return several and operator.quantifier is Quantifier.NONE and operator.base is not BaseOperator.NULL


def _about(condition: Condition, kind: IssueType, code: str, details: str) -> Issue:
    return Issue(type=kind, code=code, details=details, route=condition.route, at_key=True)


# whole statements


def _not_principal(statement: Statement) -> Iterator[Issue]:
    if not statement.defects and _allows(statement) and statement.not_principal:
        details = "Everyone but the named principals is allowed, strangers included. Name the principals to allow."
        yield _issue(IssueType.SECURITY_WARNING, "ALLOW_WITH_NOT_PRINCIPAL", details, statement, "NotPrincipal")


def _sid(statement: Statement, seen: dict[str, int], policy_type: PolicyType) -> Iterator[Issue]:
    sid = statement.sid
    if sid is None:
        return
    if sid == "":
        details = "The Sid is empty: leave it out or give it a value."
        yield _issue(IssueType.SUGGESTION, "EMPTY_SID_VALUE", details, statement, "Sid")
    elif policy_type in _IAM_FORMS and not (sid.isascii() and sid.isalnum()):
        details = "In a policy of this type a Sid has letters and digits only."
        yield _issue(IssueType.ERROR, "UNSUPPORTED_SID", details, statement, "Sid")
    if sid in seen:
        required = policy_type in _IAM_FORMS
        code = "UNIQUE_SIDS_REQUIRED" if required else "UNIQUE_SIDS_RECOMMENDED"
        details = f"The Sid {sid} stands in statement {seen[sid] + 1} too. Statement ids must be unique in a policy."
        yield _issue(IssueType.ERROR if required else IssueType.WARNING, code, details, statement, "Sid")
    seen.setdefault(sid, statement.index)


_CHECKS: tuple[Callable[[Statement], Iterator[Issue]], ...] = (
    _actions, _redundant_actions, _pass_role, _service_linked_role, _condition_keys, _condition_operators, _not_principal,
)  # fmt: skip
