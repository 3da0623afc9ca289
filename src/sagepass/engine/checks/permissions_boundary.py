"""The permissions boundary of a user or role: it grants nothing, and what it does not allow is denied.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
"""

from __future__ import annotations

from sagepass.engine.checks.facts import Facts, gather_facts, not_applicable
from sagepass.engine.inputs import Inputs
from sagepass.policy.caller import CallerKind
from sagepass.policy.kinds import CheckType


def boundary_facts(inputs: Inputs) -> Facts:
    """What the boundary says; no impact if there is none, or for root."""
    layer = inputs.boundary
    if not inputs.has_own_policies or inputs.caller.kind is CallerKind.ROOT:
        return not_applicable(CheckType.PERMISSIONS_BOUNDARY, "this kind of caller has no permissions boundary")
    if not layer.exists and not layer.missing:
        return not_applicable(CheckType.PERMISSIONS_BOUNDARY, "the caller has no permissions boundary")
    return gather_facts(
        CheckType.PERMISSIONS_BOUNDARY,
        layer.policies,
        inputs.match_request,
        exists=True,
        missing=layer.missing,
    )
