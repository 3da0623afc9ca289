"""A refused decision as AWS words it."""

from __future__ import annotations

from sagepass.calls.call import Needed
from sagepass.denial.wording_write import write_message
from sagepass.endpoint.identity import Identity
from sagepass.engine.decision import Check, Decision
from sagepass.policy.arn import parse_arn
from sagepass.policy.kinds import CheckType, Effect, PolicyType

_TYPES = {
    CheckType.RESOURCE_CONTROL_POLICY: PolicyType.RESOURCE_CONTROL_POLICY,
    CheckType.SERVICE_CONTROL_POLICY: PolicyType.SERVICE_CONTROL_POLICY,
    CheckType.VPC_ENDPOINT: PolicyType.VPC_ENDPOINT_POLICY,
    CheckType.PRINCIPAL: PolicyType.IDENTITY_BASED_POLICY,
    CheckType.PERMISSIONS_BOUNDARY: PolicyType.PERMISSIONS_BOUNDARY,
    CheckType.SESSION: PolicyType.SESSION_POLICY,
}


def denial_message(
    needed: Needed, decision: Decision, identity: Identity, *, authorization_id: str | None, region: str
) -> str:
    """AWS's sentence, with the type of policy, and for an explicit deny the policy's ARN if it has one.

    What could not be determined is refused without a reason: AWS has no words for it.
    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
    """
    check = deciding_check(decision)
    return write_message(
        action=needed.action,
        principal="anonymous" if identity.anonymous else identity.arn,
        resource=None if needed.resource == "*" and identity.anonymous else needed.resource,
        policy_type=_policy_type(check, needed) if check else None,
        effect=decision.effect if check else None,
        policy_arn=_policy_arn(check) if check else None,
        authorization_id=authorization_id,
        region=region,
    )


def deciding_check(decision: Decision) -> Check | None:
    """The check that AWS would name: an explicit deny first, then the first that lacks an allow."""
    if decision.effect is Effect.UNKNOWN:
        return None
    for effect in (Effect.EXPLICIT_DENY, Effect.IMPLICIT_DENY):
        for check in decision.checks:
            if check.effect is effect and check.type in decision.decided_by:
                return check
    return None


def _policy_type(check: Check, needed: Needed) -> PolicyType:
    if check.type is not CheckType.RESOURCE:
        return _TYPES[check.type]
    arn = parse_arn(needed.resource)
    is_role = arn is not None and arn.service == "iam" and arn.resource.startswith("role/")
    return PolicyType.ROLE_TRUST_POLICY if is_role else PolicyType.RESOURCE_BASED_POLICY


def _policy_arn(check: Check) -> str | None:
    if check.effect is not Effect.EXPLICIT_DENY or not check.matched:
        return None
    arn = check.matched[0].policy.arn
    return arn if arn is not None and arn.startswith("arn:") else None


def reason(decision: Decision) -> str:
    """One line for a log: why it was refused."""
    check = deciding_check(decision)
    if check is not None:
        return check.reason
    open_points = "; ".join(one.text for one in decision.residual[:3])
    return f"cannot be determined: {open_points}" if open_points else "cannot be determined"
