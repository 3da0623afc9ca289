"""What a service adds to the general evaluation, chosen by the action."""

from __future__ import annotations

from dataclasses import dataclass

from sagepass.engine.inputs import Inputs
from sagepass.engine.services import iam, kms, s3, sagemaker, sts
from sagepass.policy.kinds import CheckType


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRules:
    """The exceptions that apply to one request.

    Attributes:
        resource_must_allow: the resource's policy must allow, an identity-based policy alone is never enough (KMS key
            policies, role trust policies).
        resource_policy_counts: false where the resource's policy is not consulted for this action.
        why_no_resource_policy: the reason for that.
        needs_no_permission: the call is always allowed.
        never: a check that always refuses the call, with the reason.
        assumption: what the rules take for granted.
    """

    resource_must_allow: bool = False
    resource_policy_counts: bool = True
    why_no_resource_policy: str = ""
    needs_no_permission: str | None = None
    never: tuple[CheckType, str] | None = None
    assumption: str | None = None


def has_rules(action: str) -> bool:
    """Whether the rules of an action, given in lower case, can say more than whether the policy of the resource counts."""
    return action.partition(":")[0] in {"iam", "kms", "sts"} or action in s3.OF_THE_OWNER


def rules_for(inputs: Inputs) -> ServiceRules:
    """The rules of the action's service."""
    match inputs.service:
        case "kms":
            return ServiceRules(resource_must_allow=kms.key_policy_must_allow(inputs), never=kms.never(inputs))
        case "sts":
            return ServiceRules(
                resource_must_allow=sts.trust_policy_must_allow(inputs),
                resource_policy_counts=sts.trust_policy_must_allow(inputs),
                why_no_resource_policy="this STS call has no resource with a policy",
                needs_no_permission=sts.needs_no_permission(inputs),
                never=sts.never(inputs),
            )
        case "iam":
            return ServiceRules(
                resource_policy_counts=False,
                why_no_resource_policy="a trust policy decides who may assume a role, not who may manage or pass it",
                never=iam.never(inputs),
            )
        case "s3":
            return ServiceRules(never=s3.never(inputs))
        case "sagemaker":
            assumption = sagemaker.not_there_yet(inputs)
            return ServiceRules(
                resource_policy_counts=assumption is None,
                why_no_resource_policy=sagemaker.NO_POLICY_YET,
                assumption=assumption,
            )
        case _:
            return ServiceRules()
