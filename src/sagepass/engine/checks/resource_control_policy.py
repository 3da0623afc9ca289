"""The resource control policies over the resource's account.

They apply to supported services only, to any caller (root and outsiders included), but not to service-linked roles, not to
resources of the management account, not to ``kms:RetireGrant`` and not to AWS managed KMS keys. ``RCPFullAWSAccess`` is
always attached, and customer-made ones are Deny only.
Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
"""

from __future__ import annotations

from sagepass.catalog.rcp import supports_rcp
from sagepass.engine.checks.applied import Applied, takes_no_part
from sagepass.engine.inputs import Inputs
from sagepass.policy.kinds import CheckType

_TYPE = CheckType.RESOURCE_CONTROL_POLICY


def applied_resource_control(inputs: Inputs) -> tuple[Applied, ...]:
    """The policies of each level of the organization, or one entry that says why the check has no impact."""
    layer = inputs.resource_control
    exempt = _exempt(inputs)
    if exempt is not None:
        return (takes_no_part(_TYPE, exempt),)
    if not layer.levels and not layer.missing:
        return (takes_no_part(_TYPE, "no resource control policy is attached over the resource's account"),)
    levels = tuple(
        Applied(type=_TYPE, policies=level.policies, missing=level.missing, target=level.target, ignore_allow=True)
        for level in layer.levels
    )
    return (*levels, Applied(type=_TYPE, missing=layer.missing)) if layer.missing else levels


def _exempt(inputs: Inputs) -> str | None:
    if not supports_rcp(inputs.service):
        return f"{inputs.service} is not on the list of services that support resource control policies"
    if inputs.caller.is_service_linked_role:
        return "resource control policies do not restrict service-linked roles"
    if inputs.action.lower() == "kms:retiregrant":
        return "resource control policies do not restrict kms:RetireGrant"
    if inputs.service == "kms" and ":alias/aws/" in inputs.resource:
        return "resource control policies do not restrict AWS managed KMS keys"
    return inputs.resource_control.exempt
