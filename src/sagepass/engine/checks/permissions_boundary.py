"""The permissions boundary of a user or role: it grants nothing, and what it does not allow is denied.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
"""

from __future__ import annotations

from sagepass.engine.checks.applied import Applied, takes_no_part
from sagepass.engine.inputs import Inputs
from sagepass.policy.caller import CallerKind
from sagepass.policy.kinds import CheckType


def applied_boundary(inputs: Inputs) -> Applied:
    """The boundary; none for root, and no impact if there is none."""
    layer = inputs.boundary
    if not inputs.has_own_policies or inputs.caller.kind is CallerKind.ROOT:
        return takes_no_part(CheckType.PERMISSIONS_BOUNDARY, "this kind of caller has no permissions boundary")
    if not layer.exists and not layer.missing:
        return takes_no_part(CheckType.PERMISSIONS_BOUNDARY, "the caller has no permissions boundary")
    return Applied(type=CheckType.PERMISSIONS_BOUNDARY, policies=layer.policies, missing=layer.missing)
