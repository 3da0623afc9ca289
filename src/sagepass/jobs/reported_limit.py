"""A message that names a kind of policy which has to allow as well (a boundary, a session policy), where the saved ones leave it open.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from __future__ import annotations

from sagepass.denial.record import Denial
from sagepass.engine.decision import Decision
from sagepass.jobs.causes import POLICY_NAMES
from sagepass.policy.kinds import Effect, PolicyType

_LIMITS = frozenset(
    {
        PolicyType.PERMISSIONS_BOUNDARY,
        PolicyType.SESSION_POLICY,
        PolicyType.SERVICE_CONTROL_POLICY,
        PolicyType.RESOURCE_CONTROL_POLICY,
        PolicyType.VPC_ENDPOINT_POLICY,
    }
)


def reported_limit(denial: Denial, decision: Decision) -> str | None:
    """What the message says, and what that turns on by the saved policies; ``None`` where they settle it."""
    kind = denial.policy_type
    if kind is None or kind not in _LIMITS or denial.effect is Effect.EXPLICIT_DENY:
        return None
    check = next((one for one in decision.checks if one.type is kind.check and one.effect is Effect.UNKNOWN), None)
    if check is None or decision.effect is not Effect.UNKNOWN:
        return None
    return f"no {POLICY_NAMES[kind]} allows it, as the message says; by what was supplied: {check.reason}"
