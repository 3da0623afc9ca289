"""STS: a role's trust policy must allow; some calls need no permission; root cannot assume a role.

Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html,
https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html,
https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html
"""

from __future__ import annotations

from sagepass.engine.inputs import Inputs
from sagepass.policy.arn import parse_arn
from sagepass.policy.caller import CallerKind
from sagepass.policy.kinds import CheckType

FREE = frozenset({"sts:getcalleridentity", "sts:getsessiontoken"})


def trust_policy_must_allow(inputs: Inputs) -> bool:
    """True for the calls whose resource is a role: AssumeRole*, TagSession, SetSourceIdentity, SetContext."""
    arn = parse_arn(inputs.resource)
    return arn is not None and arn.service == "iam" and arn.resource.startswith("role/")


def needs_no_permission(inputs: Inputs) -> str | None:
    """The reason why the call is always allowed: GetCallerIdentity and GetSessionToken, whatever a policy says."""
    if inputs.action.lower() in FREE and inputs.has_own_policies:
        return f"{inputs.action} needs no permission, and a policy cannot deny it"
    return None


def never(inputs: Inputs) -> tuple[CheckType, str] | None:
    """The reason why this STS request is refused whatever the policies say."""
    action = inputs.action.lower()
    if inputs.caller.kind is CallerKind.ROOT and action == "sts:assumerole":
        return CheckType.PRINCIPAL, "the root user cannot call AssumeRole; use an IAM user or a role"
    if inputs.caller.kind is CallerKind.FEDERATED_USER and action not in FREE:
        return CheckType.SESSION, "a session of GetFederationToken cannot call STS, except GetCallerIdentity"
    return None
