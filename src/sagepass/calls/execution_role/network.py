"""The VPC: what the role needs to put network interfaces into the subnets of a request.

For processing jobs AWS's page asks for these permissions on everything, without conditions. Elsewhere they may be narrowed to
the subnets and security groups of the request.

Sources: https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html and the resource types of
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
"""

from __future__ import annotations

from sagepass.calls.execution_role.role_task import RoleTask
from sagepass.calls.need import Block, Needs
from sagepass.calls.request_paths import Found
from sagepass.policy.arn import account_of

_DESCRIBE = (
    "ec2:DescribeDhcpOptions",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
)
_ON_INTERFACES = (
    "ec2:CreateNetworkInterfacePermission",
    "ec2:DeleteNetworkInterface",
    "ec2:DeleteNetworkInterfacePermission",
)


def network_needed(task: RoleTask, needs: Needs) -> None:
    """Nine actions, if the request names a VPC."""
    where = task.work.network
    subnets = list(task.find(f"{where}.Subnets[]")) if where else []
    groups = list(task.find(f"{where}.SecurityGroupIds[]")) if where else []
    if not subnets and not groups:
        return
    because = task.route(tuple(where.split(".")))
    for action, resource in _pairs(task, subnets, groups):
        needs.add(task.need(action, resource, block=Block.NETWORK, because=because))


def _pairs(task: RoleTask, subnets: list[Found], groups: list[Found]) -> list[tuple[str, str]]:
    call = task.call
    account = account_of(task.role) or call.caller_account or "*"
    start = f"arn:{call.partition}:ec2:{call.region or '*'}:{account}"
    if task.work.unscoped_network:
        created = ["*"]
        interfaces = "*"
    else:
        interfaces = f"{start}:network-interface/*"
        named = [f"{start}:subnet/{found.text or '*'}" for found in subnets]
        named += [f"{start}:security-group/{found.text or '*'}" for found in groups]
        created = [interfaces, *named]
    pairs = [("ec2:CreateNetworkInterface", resource) for resource in created]
    pairs += [(action, interfaces) for action in _ON_INTERFACES]
    return pairs + [(action, "*") for action in _DESCRIBE]
