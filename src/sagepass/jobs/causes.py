"""The causes of a denial: the blocking checks of a decision, or what the text alone says."""

from __future__ import annotations

from sagepass.denial.record import Denial
from sagepass.engine.decision import Check, Decision, Difference, NearMiss, StatementRef
from sagepass.jobs.diagnosis import Cause
from sagepass.jobs.sts_notes import delegation_note, key_notes, not_satisfied, not_satisfied_sentence, principal_note
from sagepass.policy.kinds import CheckType, Effect, PolicyType
from sagepass.policy.match_statement import Part
from sagepass.policy.statement import StatementEffect
from sagepass.source.article import with_article

POLICY_NAMES = {
    PolicyType.RESOURCE_CONTROL_POLICY: "resource control policy",
    PolicyType.SERVICE_CONTROL_POLICY: "service control policy",
    PolicyType.VPC_ENDPOINT_POLICY: "VPC endpoint policy",
    PolicyType.RESOURCE_BASED_POLICY: "resource-based policy",
    PolicyType.ROLE_TRUST_POLICY: "role trust policy",
    PolicyType.IDENTITY_BASED_POLICY: "identity-based policy",
    PolicyType.PERMISSIONS_BOUNDARY: "permissions boundary",
    PolicyType.SESSION_POLICY: "session policy",
}


def causes_of(decision: Decision) -> tuple[Cause, ...]:
    """One cause per blocking check: explicit denies first, then in AWS's order."""
    blocking = sorted(decision.blocking, key=lambda check: check.effect is not Effect.EXPLICIT_DENY)
    return tuple(_cause(check, decision) for check in blocking)


def _cause(check: Check, decision: Decision) -> Cause:
    near = check.nearest[0] if check.nearest else None
    statement = check.matched[0] if check.effect is Effect.EXPLICIT_DENY and check.matched else None
    notes: list[str] = []
    if near is not None and near.others:
        notes.append(
            f"that statement also misses the request in {near.others} other way{'s' if near.others > 1 else ''}"
        )
    if statement is not None and len(check.matched) > 1:
        notes.append(
            f"{len(check.matched) - 1} more statement{'s' if len(check.matched) > 2 else ''} of this kind deny it"
        )
    delegated = delegation_note(decision, check)
    if delegated is not None:
        notes.append(delegated)
    named = principal_note(near, decision) if near is not None else None
    if named is not None:
        notes.append(named)
    if near is not None and near.key is not None:
        notes += key_notes((near.key,))
    return Cause(check=check, headline=check.reason, statement=statement, near=near, notes=tuple(notes))


def unmet_cause(decision: Decision) -> Cause | None:
    """The condition that a denied request to a role did not meet, where nothing else can have stopped it."""
    residual = not_satisfied(decision)
    if not residual:
        return None
    first = residual[0]
    denying = first.statement is not None and first.statement.statement.effect is StatementEffect.DENY
    check = next(check for check in decision.checks if check.type is first.check and check.effect is Effect.UNKNOWN)
    keys = tuple(dict.fromkeys(key for item in residual for key in item.keys))
    return Cause(
        check=check,
        headline=not_satisfied_sentence(residual),
        statement=first.statement if denying else None,
        near=None if denying or first.statement is None else _unmet(first.statement, first.keys),
        notes=tuple(key_notes(keys)),
    )


def _unmet(ref: StatementRef, keys: tuple[str, ...]) -> NearMiss | None:
    """The condition of an Allow that the request did not meet, whatever it carried."""
    wanted = {key.lower() for key in keys}
    for condition in ref.statement.conditions:
        if condition.key.lower() in wanted:
            values = tuple(element.value for element in condition.values)
            return NearMiss(
                statement=ref,
                part=Part.CONDITION,
                difference=Difference.KEY_UNKNOWN,
                route=condition.values[0].route if len(values) == 1 else condition.route,
                expected=values,
                key=condition.key,
                operator=str(condition.operator),
                sentence=f"it asks for {condition.key} {condition.operator} {' or '.join(values)}, and the request had none or another",
            )
    return None


def reported_cause(denial: Denial) -> Cause:
    """The cause as the text names it."""
    what = denial.action or denial.action_inferred or "the request"
    name = POLICY_NAMES.get(denial.policy_type) if denial.policy_type else None
    if denial.effect is Effect.EXPLICIT_DENY:
        where = with_article(name) if name else "a policy that the message does not name"
        arn = f" ({denial.policy_arn})" if denial.policy_arn else ""
        return Cause(check=None, headline=f"{where}{arn} explicitly denies {what}")
    if name:
        return Cause(check=None, headline=f"no {name} allows {what}")
    on = f" on {denial.resource}" if denial.resource else ""
    return Cause(check=None, headline=f"{what}{on} was refused; the message does not say by which kind of policy")


def contradictions(denial: Denial, decision: Decision) -> tuple[str, ...]:
    """Where the snapshot and the message disagree."""
    found: list[str] = []
    blocked = {check.type for check in decision.blocking}
    open_checks = {check.type for check in decision.checks if check.effect is Effect.UNKNOWN}
    if decision.effect is Effect.ALLOW:
        found.append(
            "the snapshot allows this request: a policy was changed since, the change has not spread yet, or the request "
            "differed from what the text shows"
        )
    elif denial.policy_type is not None and denial.policy_type.check not in blocked | open_checks:
        found.append(_misattributed(denial.policy_type, blocked, decision))
    if denial.effect is Effect.EXPLICIT_DENY and decision.effect is Effect.IMPLICIT_DENY and not open_checks:
        found.append("the message tells of an explicit deny, and no Deny statement of the snapshot matches the request")
    return tuple(found)


def _misattributed(named: PolicyType, blocked: set[CheckType], decision: Decision) -> str:
    others = ", ".join(kind for kind in CheckType if kind in blocked) or "none"
    sentence = (
        f"the message names the {POLICY_NAMES[named]}, and by the snapshot that is not what stops it (it is: {others})"
    )
    if _crosses(decision):
        sentence += "; between two accounts a message tells one side's reason only, and often of the side that allows it already"
    return sentence


def _crosses(decision: Decision) -> bool:
    request = decision.request
    return request.resource_account is not None and f":{request.resource_account}:" not in request.principal
