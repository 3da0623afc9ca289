"""``iam-toolbox``: AWS's own record of a denied request, written from the decision that the endpoint made.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied-authorization-id.html and botocore's
service model of ``iam-toolbox``. :mod:`sagepass.denial.authorization_details` reads the same form. A record knows four
effects: what the decision left open, the endpoint refused, so it is written as an implicit deny.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sagepass.endpoint.answers.evaluated_policies import EvaluatedPolicies
from sagepass.endpoint.answers.members import Members
from sagepass.endpoint.answers.pages import BadTokenError, page_of
from sagepass.endpoint.answers.recorded_context import request_contexts
from sagepass.endpoint.answers.world import Answer, ApiError, World
from sagepass.endpoint.recorded import Recorded
from sagepass.engine.decision import Check, Evaluation, StatementRef
from sagepass.policy.kinds import CheckType, Effect
from sagepass.policy.statement import StatementEffect

_CODE = "ValidationException"
_LONGEST_ID = 256
_PAGE = 100
_OWN = frozenset({CheckType.PRINCIPAL})
"""Checks that every user or role has, even if none of their policies matched."""


def get_request_authorization_details(params: Mapping[str, object], world: World) -> Mapping[str, object]:
    """Answer GetRequestAuthorizationDetails."""
    members = Members(params, _CODE)
    recorded = _find(members, world)
    policies = EvaluatedPolicies(recorded, world)
    shared, own = request_contexts(recorded, world)
    pairs = [
        (evaluation, context)
        for decision, context in zip(recorded.decisions, own, strict=True)
        for evaluation in decision.evaluations
    ]
    try:
        page = page_of(pairs, size=_PAGE, token=members.text("nextToken"), request=members.without("nextToken"))
    except BadTokenError:
        raise members.refuse("nextToken was not issued for this authorization id") from None
    answer: dict[str, object] = {
        "requestContext": shared,
        "evaluations": [_evaluation(evaluation, context, policies, world) for evaluation, context in page.items],
        "policies": policies.listed(),
    }
    return answer | ({"nextToken": page.token} if page.token else {})


def get_request_authorization_policy(params: Mapping[str, object], world: World) -> Mapping[str, object]:
    """Answer GetRequestAuthorizationPolicy: the document as it was when the request was decided."""
    members = Members(params, _CODE)
    recorded = _find(members, world)
    document = EvaluatedPolicies(recorded, world).document(members.required("policyUri"))
    if document is None:
        raise ApiError("ResourceNotFoundException", "no policy of this URI was evaluated for this request", 404)
    return {"policyDocument": document}


def _find(members: Members, world: World) -> Recorded:
    """The denied call behind an id, for a caller of the same account or organization, in the Region of the denial."""
    ident = members.required("authorizationId")
    if len(ident) > _LONGEST_ID or not (ident.isascii() and ident.isalnum() and ident.lower() == ident):
        raise members.refuse("an authorization id has digits and lower-case letters only")
    recorded = world.recorded(ident)
    if recorded is None or recorded.allowed or recorded.region != world.region or not _may_see(recorded, world):
        raise ApiError(
            "ResourceNotFoundException",
            "there are no authorization details of this id here: check the id, the Region of the denial, and that the "
            "account or the organization is that of the denied caller",
            404,
        )
    return recorded


def _may_see(recorded: Recorded, world: World) -> bool:
    if recorded.account == world.account:
        return True
    organization = world.snapshot.organization_id(recorded.account)
    return organization is not None and organization == world.snapshot.organization_id(world.account)


def _evaluation(
    evaluation: Evaluation, context: Mapping[str, object], policies: EvaluatedPolicies, world: World
) -> dict[str, object]:
    open_effect = Effect.IMPLICIT_DENY if evaluation.effect is Effect.UNKNOWN else Effect.NO_IMPACT
    settled = [_settled(check, open_effect) for check in evaluation.checks]
    checks = [check for check in settled if _appears(check)]
    matched = [ref for check in checks for ref in check.matched]
    return {
        "action": evaluation.action,
        "resource": "" if evaluation.resource == "*" else evaluation.resource,
        "context": context,
        "evaluatedEffect": _effect(evaluation.effect),
        "matchedPolicies": _matched(matched, policies),
        "checks": [_check(check, policies, world) for check in checks],
    }


def _settled(check: Check, open_effect: Effect) -> Check:
    """An open check denies only where nothing else does."""
    return replace(check, effect=open_effect) if check.effect is Effect.UNKNOWN else check


def _appears(check: Check) -> bool:
    return bool(check.policies) or check.type in _OWN or check.blocks


def _effect(effect: Effect) -> str:
    return Effect.IMPLICIT_DENY.value if effect is Effect.UNKNOWN else effect.value


def _check(check: Check, policies: EvaluatedPolicies, world: World) -> dict[str, object]:
    record: dict[str, object] = {
        "checkType": check.type.value,
        "evaluatedEffect": check.effect.value,
        "relevantPolicyTypes": [policies.type_of_check(check.type)],
        "matchedPolicies": _matched(check.matched, policies),
    }
    if check.target is not None:
        record["targetArn"] = policies.target_arn(check.target, world)
    return record


def _matched(
    refs: list[StatementRef] | tuple[StatementRef, ...], policies: EvaluatedPolicies
) -> list[dict[str, object]]:
    """The statements that matched, by policy."""
    by_uri: dict[str, list[dict[str, str]]] = {}
    for ref in refs:
        statements = by_uri.setdefault(policies.uri(ref.policy), [])
        sid = ref.statement.sid or f"Statement{ref.statement.index + 1}"
        denies = ref.statement.effect is StatementEffect.DENY
        entry = {"sid": sid, "evaluatedEffect": "DENY" if denies else "ALLOW"}
        if entry not in statements:
            statements.append(entry)
    return [{"uri": uri, "matchedStatements": statements} for uri, statements in by_uri.items()]


ANSWERS: dict[str, Answer] = {
    "GetRequestAuthorizationDetails": get_request_authorization_details,
    "GetRequestAuthorizationPolicy": get_request_authorization_policy,
}
