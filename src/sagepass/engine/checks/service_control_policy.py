"""The service control policies over the caller's account.

Every level from the root to the account must allow, policies of one level add up, a Deny on any level counts. They do not
touch the management account, service-linked roles, or callers without an account.
Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html,
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
"""

from __future__ import annotations

from sagepass.engine.checks.applied import Applied, takes_no_part
from sagepass.engine.inputs import Inputs
from sagepass.policy.kinds import CheckType

_TYPE = CheckType.SERVICE_CONTROL_POLICY


def applied_service_control(inputs: Inputs) -> tuple[Applied, ...]:
    """The policies of each level of the organization, or one entry that says why the check has no impact."""
    layer = inputs.service_control
    if not inputs.has_own_policies:
        return (takes_no_part(_TYPE, "service control policies apply to users and roles of member accounts only"),)
    if inputs.caller.is_service_linked_role:
        return (takes_no_part(_TYPE, "service control policies do not restrict service-linked roles"),)
    if layer.exempt is not None:
        return (takes_no_part(_TYPE, layer.exempt),)
    if not layer.levels and not layer.missing:
        return (takes_no_part(_TYPE, "no service control policy limits the caller's account"),)
    levels = tuple(
        Applied(type=_TYPE, policies=level.policies, missing=level.missing, target=level.target)
        for level in layer.levels
    )
    return (*levels, Applied(type=_TYPE, missing=layer.missing)) if layer.missing else levels
