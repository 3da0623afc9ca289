"""What still has to happen once a change is made.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency,
https://docs.aws.amazon.com/singlesignon/latest/userguide/howtoprovision.html,
https://docs.aws.amazon.com/sagemaker/latest/dg/inference-router-cross-account.html
"""

from __future__ import annotations

from collections.abc import Iterable

from sagepass.policy.kinds import PolicyType
from sagepass.repair.fix import Edit, Owner

_PROPAGATION = "a change of IAM policies takes effect within seconds, at times a few minutes"
_RUNNING = (
    "running Studio apps, notebooks, jobs and pipelines need no restart: their sessions are checked against the changed "
    "policies; a failed job or pipeline step has to be started again"
)


def after_change(edits: Iterable[Edit]) -> tuple[str, ...]:
    """What to do or wait for after these edits, each said once."""
    found: list[str] = []
    for edit in edits:
        found += _after(edit)
    return tuple(dict.fromkeys(found))


def _after(edit: Edit) -> list[str]:
    if edit.owner is Owner.PERMISSION_SET:
        return ["provision the permission set again to the accounts it is assigned in", _PROPAGATION]
    match edit.policy_type:
        case PolicyType.SESSION_POLICY:
            return ["start a new session: the policy of a running session cannot be changed"]
        case PolicyType.IDENTITY_BASED_POLICY | PolicyType.PERMISSIONS_BOUNDARY:
            return [_PROPAGATION, _RUNNING]
        case PolicyType.ROLE_TRUST_POLICY:
            return [_PROPAGATION, "assume the role again: the trust policy is looked at when a session starts"]
        case PolicyType.SERVICE_CONTROL_POLICY | PolicyType.RESOURCE_CONTROL_POLICY:
            return ["a change of the organization's policies takes effect within minutes"]
        case PolicyType.VPC_ENDPOINT_POLICY:
            return ["a change of an endpoint policy takes a few minutes"]
        case PolicyType.RESOURCE_BASED_POLICY:
            if ":sagemaker:" in edit.change.holder and ":endpoint/" in edit.change.holder:
                return ["wait 30 seconds to 5 minutes for the endpoint policy"]
            return ["a change of the resource's policy takes effect within seconds, at times a few minutes"]
    return []
