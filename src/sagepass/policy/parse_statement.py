"""Reads one statement.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sagepass.policy.conditions.operator import nearest_operator, parse_operator
from sagepass.policy.conditions.values import value_fits
from sagepass.policy.kinds import PolicyType
from sagepass.policy.parse_principal import parse_principal
from sagepass.policy.problems import Problems
from sagepass.policy.statement import Condition, Element, PrincipalEntry, Statement, StatementEffect
from sagepass.source.finding import Severity
from sagepass.source.route import Route

_ELEMENTS = frozenset(
    {
        "Sid",
        "Effect",
        "Principal",
        "NotPrincipal",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
    }
)
_NO_RESOURCE_ELEMENT = frozenset({PolicyType.ROLE_TRUST_POLICY, PolicyType.RESOURCE_BASED_POLICY})
"""Trust policies have no Resource; some resource-based policies (ECR) leave it out and mean the resource itself."""


def parse_statement(value: object, index: int, route: Route, policy_type: PolicyType, problems: Problems) -> Statement:
    """Read one statement; what does not fit becomes a finding and a defect of the statement, never an exception."""
    before = len(problems.found)
    raw: Mapping[str, object] = value if isinstance(value, dict) else {}
    if not isinstance(value, dict):
        problems.error("POLICY_NO_STATEMENT", route, "this statement is not a JSON object", "write it as an object")
    problems.duplicate_keys(value, route)
    problems.unknown_elements(raw, route, _ELEMENTS)
    effect = _effect(raw, route, problems)
    actions, not_action = _actions(raw, route, problems)
    resources, not_resource = _resources(raw, route, policy_type, problems)
    principals, not_principal = _principals(raw, route, effect, policy_type, problems)
    conditions = tuple(_conditions(raw, route, problems))
    sid = raw.get("Sid")
    found = problems.found[before:]
    return Statement(
        index=index,
        route=route,
        sid=sid if isinstance(sid, str) else None,
        effect=effect,
        actions=actions,
        not_action=not_action,
        resources=resources,
        not_resource=not_resource,
        principals=principals,
        not_principal=not_principal,
        conditions=conditions,
        defects=tuple(finding for finding in found if finding.severity is Severity.ERROR),
    )


def _effect(raw: Mapping[str, object], route: Route, problems: Problems) -> StatementEffect:
    effect = raw.get("Effect")
    if effect == "Allow":
        return StatementEffect.ALLOW
    if effect != "Deny":
        place = (*route, "Effect") if "Effect" in raw else route
        problems.error("POLICY_EFFECT", place, f"Effect is {effect!r}", "write Allow or Deny (case sensitive)")
    return StatementEffect.DENY


def _actions(raw: Mapping[str, object], route: Route, problems: Problems) -> tuple[tuple[Element, ...], bool]:
    if ("Action" in raw) == ("NotAction" in raw):
        problems.error(
            "POLICY_ACTION_MISSING",
            route,
            "the statement has neither Action nor NotAction"
            if "Action" not in raw
            else "Action and NotAction together",
            "give it exactly one of them",
        )
    name = "NotAction" if "NotAction" in raw and "Action" not in raw else "Action"
    elements = _strings(raw, name, route, "POLICY_ACTION_FORM", problems)
    for element in elements:
        if not action_is_well_formed(element.value):
            problems.error(
                "POLICY_ACTION_FORM",
                element.route,
                f"{element.value!r} is not an action",
                "write * or service:Name, with wildcards in the name only",
            )
    return elements, name == "NotAction"


def action_is_well_formed(action: str) -> bool:
    """Whether an entry of Action has a form that AWS accepts: ``*``, ``*:*`` or ``service:Pattern``."""
    if action in {"*", "*:*"}:
        return True
    service, colon, name = action.partition(":")
    return bool(colon and service and name) and not set(service) & set("*?") and ":" not in name


def _resources(
    raw: Mapping[str, object], route: Route, policy_type: PolicyType, problems: Problems
) -> tuple[tuple[Element, ...] | None, bool]:
    has, has_not = "Resource" in raw, "NotResource" in raw
    if has and has_not:
        problems.error("POLICY_RESOURCE_MISSING", route, "Resource and NotResource together", "keep one of them")
    if not has and not has_not:
        if policy_type not in _NO_RESOURCE_ELEMENT:
            problems.error("POLICY_RESOURCE_MISSING", route, "the statement has no Resource", "add one, or *")
        return None, False
    if policy_type is PolicyType.ROLE_TRUST_POLICY:
        problems.error(
            "POLICY_RESOURCE_MISSING",
            (*route, "Resource" if has else "NotResource"),
            "a role trust policy has no Resource element",
            "remove it: the role is the resource",
        )
    name = "Resource" if has else "NotResource"
    elements = _strings(raw, name, route, "POLICY_RESOURCE_FORM", problems)
    for element in elements:
        _check_resource(element, problems)
    return elements, name == "NotResource"


def _check_resource(element: Element, problems: Problems) -> None:
    value = element.value
    if value == "*":
        return
    if not value.startswith(("arn:", "*", "?")):
        problems.error(
            "POLICY_RESOURCE_FORM",
            element.route,
            f"{value!r} is neither * nor an ARN",
            "write the full ARN, for example arn:aws:sagemaker:*:*:training-job/NAME",
        )
    head = ":".join(value.split(":", 5)[:5])
    if "${" in head:
        problems.warning(
            "POLICY_VARIABLE_PLACE",
            element.route,
            "a policy variable stands before the fifth colon of the ARN",
            "variables work in the resource part only; write the account and Region out",
        )


def _principals(
    raw: Mapping[str, object], route: Route, effect: StatementEffect, policy_type: PolicyType, problems: Problems
) -> tuple[tuple[PrincipalEntry, ...] | None, bool]:
    names = [name for name in ("Principal", "NotPrincipal") if name in raw]
    takes_principal = policy_type in _TAKES_PRINCIPAL
    if not names:
        if takes_principal:
            problems.error("POLICY_PRINCIPAL", route, "the statement has no Principal", "say who it is for")
            return (), False
        return None, False
    name = names[0]
    if len(names) > 1:
        problems.error("POLICY_PRINCIPAL", route, "Principal and NotPrincipal together", "keep one of them")
    if not takes_principal:
        problems.error(
            "POLICY_PRINCIPAL",
            (*route, name),
            f"a policy of type {policy_type} has no {name} element",
            "remove it: such a policy is about whoever it is attached to",
        )
    if name == "NotPrincipal" and effect is StatementEffect.ALLOW:
        problems.error(
            "POLICY_PRINCIPAL", (*route, name), "NotPrincipal goes with Deny only", "name the principals to allow"
        )
    return parse_principal(raw[name], (*route, name), problems), name == "NotPrincipal"


_TAKES_PRINCIPAL = frozenset(
    {
        PolicyType.RESOURCE_BASED_POLICY,
        PolicyType.ROLE_TRUST_POLICY,
        PolicyType.RESOURCE_CONTROL_POLICY,
        PolicyType.VPC_ENDPOINT_POLICY,
    }
)


def _conditions(raw: Mapping[str, object], route: Route, problems: Problems) -> Iterator[Condition]:
    block = raw.get("Condition")
    if block is None and "Condition" not in raw:
        return
    place: Route = (*route, "Condition")
    if not isinstance(block, dict):
        problems.error(
            "POLICY_CONDITION_FORM", place, "Condition is not a JSON object", "write {operator: {key: value}}"
        )
        return
    problems.duplicate_keys(block, place)
    for name, keys in block.items():
        yield from _operator_conditions(name, keys, (*place, name), problems)


def _operator_conditions(name: str, keys: object, route: Route, problems: Problems) -> Iterator[Condition]:
    operator = parse_operator(name)
    if operator is None:
        problems.error(
            "POLICY_CONDITION_OPERATOR",
            route,
            f"{name!r} is not a condition operator",
            f"did you mean {near}?" if (near := nearest_operator(name)) else "use an operator of IAM's list",
        )
        return
    if not isinstance(keys, dict):
        problems.error("POLICY_CONDITION_FORM", route, f"{name} holds no JSON object", "write {key: value or values}")
        return
    problems.duplicate_keys(keys, route)
    for key in keys:
        values = _strings(keys, key, route, "POLICY_CONDITION_FORM", problems)
        for element in values:
            if not value_fits(operator.base, element.value):
                problems.error(
                    "POLICY_CONDITION_VALUE",
                    element.route,
                    f"{element.value!r} is no value for {operator}",
                    "correct the value or the operator",
                )
        yield Condition(operator=operator, key=key, values=values, route=(*route, key))


def _strings(raw: Mapping[str, object], name: str, route: Route, code: str, problems: Problems) -> tuple[Element, ...]:
    """The strings of a member that may be one value or a list; numbers and booleans become text."""
    if name not in raw:
        return ()
    value = raw[name]
    place: Route = (*route, name)
    items = [(place, value)] if not isinstance(value, list) else [((*place, i), v) for i, v in enumerate(value)]
    if not items:
        problems.error(code, place, f"{name} is an empty list", "give at least one value, or remove the element")
    elements: list[Element] = []
    for item_route, item in items:
        text = _scalar(item)
        if text is None:
            problems.error(code, item_route, f"{name} holds a value that is no string", "write a string")
        else:
            elements.append(Element(text, item_route))
    return tuple(elements)


def _scalar(value: object) -> str | None:
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case _:
            return None
