"""The causes of a denial: the blocking checks of a decision, or what the text alone says."""

from __future__ import annotations

from sagepass.denial.record import Denial
from sagepass.engine.decision import Check, Decision
from sagepass.jobs.diagnosis import Cause
from sagepass.policy.kinds import CheckType, Effect, PolicyType

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
    return tuple(_cause(check) for check in blocking)


def _cause(check: Check) -> Cause:
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
    return Cause(check=check, headline=check.reason, statement=statement, near=near, notes=tuple(notes))


def reported_cause(denial: Denial) -> Cause:
    """The cause as the text names it."""
    what = denial.action or denial.action_inferred or "the request"
    name = POLICY_NAMES.get(denial.policy_type) if denial.policy_type else None
    if denial.effect is Effect.EXPLICIT_DENY:
        where = f"a {name}" if name else "a policy that the message does not name"
        arn = f" ({denial.policy_arn})" if denial.policy_arn else ""
        return Cause(check=None, headline=f"{where}{arn} explicitly denies {what}")
    if name:
        return Cause(check=None, headline=f"no {name} allows {what}")
    return Cause(check=None, headline=f"{what} was refused; the message does not say by which kind of policy")


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
    request = decision.request
    cross = request.resource_account is not None and f":{request.resource_account}:" not in request.principal
    if cross:
        sentence += "; between accounts messages often name the other side"
    return sentence
