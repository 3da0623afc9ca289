"""Calls of SageMaker that a job makes with its role's credentials.

An AutoML job trains, deploys and removes candidates by itself, so that its role needs what a caller of those operations needs,
and has to pass itself on.

Source: https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html#sagemaker-roles-autopilot-perms
"""

from __future__ import annotations

from sagepass.calls.execution_role.role_task import RoleTask
from sagepass.calls.need import Block, Needs

_AUTOML = {
    "model": ("CreateModel", "DeleteModel", "DescribeModel"),
    "endpoint-config": ("CreateEndpointConfig", "DeleteEndpointConfig", "DescribeEndpointConfig"),
    "endpoint": ("CreateEndpoint", "DeleteEndpoint", "DescribeEndpoint", "InvokeEndpoint"),
}
_NOTE = "an AutoML job names these after itself; the names are not known before the call"


def child_calls_needed(task: RoleTask, needs: Needs) -> None:
    """What an AutoML job's role needs to deploy its candidates, and to pass itself to SageMaker."""
    call = task.call
    if call.operation not in {"CreateAutoMLJob", "CreateAutoMLJobV2"}:
        return
    start = f"arn:{call.partition}:sagemaker:{call.region or '*'}:{call.caller_account or '*'}"
    because = task.route((task.work.role,))
    for kind, names in _AUTOML.items():
        for name in names:
            needs.add(
                task.need(
                    f"sagemaker:{name}", f"{start}:{kind}/*", block=Block.CHILD_CALLS, because=because, note=_NOTE
                )
            )
    needs.add(
        task.need(
            "iam:PassRole",
            task.role,
            block=Block.CHILD_CALLS,
            because=because,
            context={"iam:PassedToService": ("sagemaker.amazonaws.com",)},
            note="the job passes its own role on to what it makes",
        )
    )
