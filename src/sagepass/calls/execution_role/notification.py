"""Topics that the role publishes to, and functions that it invokes.

Sources: https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-create-endpoint-prerequisites.html and
https://docs.aws.amazon.com/sagemaker/latest/dg/sms-security-permission-execution-role.html
"""

from __future__ import annotations

from sagepass.calls.execution_role.role_task import RoleTask
from sagepass.calls.need import Block, Needs


def notifications_needed(task: RoleTask, needs: Needs) -> None:
    """``sns:Publish`` and ``lambda:InvokeFunction`` on what the request names."""
    for path in task.work.topics:
        for found in task.find(path):
            needs.add(task.need("sns:Publish", found.text or "*", block=Block.NOTIFICATION, because=found.route))
    for path in task.work.functions:
        for found in task.find(path):
            needs.add(task.need("lambda:InvokeFunction", found.text or "*", block=Block.FUNCTION, because=found.route))
