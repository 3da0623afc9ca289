"""The identity-based policies of the caller: its own and, for a user, those of its groups.

Root has everything by default; a role session has its role's policies; a federated user those of the user who called
GetFederationToken.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
"""

from __future__ import annotations

from sagepass.engine.checks.applied import Applied, takes_no_part
from sagepass.engine.inputs import Inputs
from sagepass.policy.caller import CallerKind
from sagepass.policy.kinds import CheckType


def applied_identity(inputs: Inputs) -> Applied:
    """The identity-based policies; none for callers without an account."""
    if not inputs.has_own_policies:
        return takes_no_part(CheckType.PRINCIPAL, "this kind of caller has no identity-based policies")
    root = inputs.caller.kind is CallerKind.ROOT
    return Applied(
        type=CheckType.PRINCIPAL,
        policies=inputs.identity.policies,
        missing=inputs.identity.missing,
        allows_anyway=root,
        note="the root user is allowed by default" if root else "",
    )
