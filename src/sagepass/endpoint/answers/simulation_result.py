"""The evaluations of one action, in the form of AWS's ``EvaluationResult``.

Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html and
https://docs.aws.amazon.com/IAM/latest/APIReference/API_Statement.html: one result an action, with the most restrictive
decision on top. The type of a statement's policy is ``IAM Policy`` or ``Resource Policy`` in what AWS returns, whatever the
list of values on that page says; lines and columns count from 1, and the end is the place behind the last character.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import assert_never

from sagepass.catalog.resources import resource_types_of, types_of_arn
from sagepass.endpoint.answers.simulation import Evaluated
from sagepass.engine.decision import Check, StatementRef
from sagepass.policy.kinds import CheckType, Effect, PolicyType
from sagepass.source.locate import locate

_TYPES = {CheckType.PRINCIPAL: "IAM Policy", CheckType.RESOURCE: "Resource Policy"}
_STRICTEST = ("explicitDeny", "implicitDeny", "allowed")


def result_of(action: str, evaluated: Sequence[Evaluated]) -> dict[str, object]:
    """One ``EvaluationResult``; the evaluations are those of all resources of the request, in its order."""
    decisions = [_decision(one) for one in evaluated]
    every = evaluated[0].resource == "*" and len(evaluated) == 1
    result: dict[str, object] = {
        "EvalActionName": action,
        "EvalResourceName": "*" if every else _template(action, evaluated[0].resource),
        "EvalDecision": _strictest(decisions),
        "MatchedStatements": _union(_matched(one) for one in evaluated),
        "MissingContextValues": list(dict.fromkeys(key for one in evaluated for key in one.missing)),
    }
    if any(one.has_organization for one in evaluated):
        allowed = all(_passes(one, CheckType.SERVICE_CONTROL_POLICY) for one in evaluated)
        result["OrganizationsDecisionDetail"] = {"AllowedByOrganizations": allowed}
    if any(one.has_boundary for one in evaluated):
        result["PermissionsBoundaryDecisionDetail"] = _boundary_detail(evaluated)
    details = [_details(one) for one in evaluated]
    if not every or evaluated[0].cross_account:
        result["EvalDecisionDetails"] = {
            name: _strictest([detail[name] for detail in details if name in detail])
            for name in dict.fromkeys(name for detail in details for name in detail)
        }
    if not every:
        result["ResourceSpecificResults"] = [_on_resource(one) for one in evaluated]
    return result


def _on_resource(one: Evaluated) -> dict[str, object]:
    result: dict[str, object] = {
        "EvalResourceName": one.resource,
        "EvalResourceDecision": _decision(one),
        "MatchedStatements": _matched(one),
        "MissingContextValues": list(one.missing),
    }
    if one.cross_account:
        result["EvalDecisionDetails"] = _details(one)
    if one.has_boundary:
        result["PermissionsBoundaryDecisionDetail"] = _boundary_detail([one])
    return result


def _decision(one: Evaluated) -> str:
    return _word(one.decision.effect)


def _word(effect: Effect) -> str:
    match effect:
        case Effect.ALLOW:
            return "allowed"
        case Effect.EXPLICIT_DENY:
            return "explicitDeny"
        case Effect.IMPLICIT_DENY | Effect.UNKNOWN | Effect.NO_IMPACT:
            return "implicitDeny"
    assert_never(effect)


def _strictest(decisions: Iterable[str]) -> str:
    found = set(decisions)
    return next(decision for decision in _STRICTEST if decision in found)


def _checks(one: Evaluated, *kinds: CheckType) -> tuple[Check, ...]:
    return tuple(check for check in one.decision.checks if check.type in kinds)


def _passes(one: Evaluated, kind: CheckType) -> bool:
    return not any(check.blocks or check.effect is Effect.UNKNOWN for check in _checks(one, kind))


def _boundary_detail(evaluated: Sequence[Evaluated]) -> dict[str, object]:
    """True only if the boundary has an Allow that matches and no Deny that does."""
    checks = [check for one in evaluated for check in _checks(one, CheckType.PERMISSIONS_BOUNDARY)]
    return {"AllowedByPermissionsBoundary": all(check.effect is Effect.ALLOW for check in checks)}


def _details(one: Evaluated) -> dict[str, str]:
    """How each policy type contributes, where two accounts are involved."""
    if not one.cross_account:
        return {}
    return {_TYPES[check.type]: _word(check.effect) for check in _checks(one, *_TYPES)}


def _matched(one: Evaluated) -> list[dict[str, object]]:
    """The statements of identity-based and resource-based policies that decide: the denying ones, or else the allowing."""
    if one.decision.effect not in {Effect.EXPLICIT_DENY, Effect.ALLOW}:
        return []
    checks = [check for check in _checks(one, *_TYPES) if check.effect is one.decision.effect]
    return [_statement(ref) for check in checks for ref in check.matched]


def _statement(ref: StatementRef) -> dict[str, object]:
    is_resource = ref.policy.type in {PolicyType.RESOURCE_BASED_POLICY, PolicyType.ROLE_TRUST_POLICY}
    place = locate(ref.policy.document.origin, ref.statement.route)
    line, column = place.source.line_and_column(place.span.end)
    return {
        "SourcePolicyId": ref.policy.name,
        "SourcePolicyType": _TYPES[CheckType.RESOURCE if is_resource else CheckType.PRINCIPAL],
        "StartPosition": {"Line": place.line, "Column": place.column},
        "EndPosition": {"Line": line, "Column": column},
    }


def _union(lists: Iterable[list[dict[str, object]]]) -> list[dict[str, object]]:
    union: list[dict[str, object]] = []
    for one in lists:
        union += [statement for statement in one if statement not in union]
    return union


def _template(action: str, resource: str) -> str:
    """The ARN template of the resource's type, ``*`` where the action takes none."""
    kinds = resource_types_of(action)
    own = {kind.name for kind in types_of_arn(resource)}
    chosen = next((kind for kind in kinds if kind.name in own), kinds[0] if kinds else None)
    return chosen.arn_templates[0] if chosen and chosen.arn_templates else "*"
