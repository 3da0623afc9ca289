"""Logs: what the role writes to Amazon CloudWatch Logs.

A job without these permissions runs, and nobody sees what it prints. AWS's examples give them on everything; the log groups
are those of https://docs.aws.amazon.com/sagemaker/latest/dg/logging-cloudwatch.html, and the form of the resource, with ``:*``
after the group's name, is that of
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
"""

from __future__ import annotations

from sagepass.calls.execution_role.role_task import RoleTask
from sagepass.calls.need import Block, Necessity, Needs
from sagepass.policy.arn import account_of

_ACTIONS = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents")


def logs_needed(task: RoleTask, needs: Needs) -> None:
    """Four actions on the log group of this kind of work."""
    if not task.work.log_group:
        return
    call = task.call
    account = account_of(task.role) or call.caller_account or "*"
    group = f"arn:{call.partition}:logs:{call.region or '*'}:{account}:log-group:{task.work.log_group}"
    resource = group if group.endswith("*") else f"{group}:*"
    for action in _ACTIONS:
        needs.add(task.need(action, resource, block=Block.LOGS, because=task.route(()), necessity=Necessity.USUAL))
