"""The way to Amazon S3 of work that runs in a VPC: through the endpoint for S3, whose policy has to allow it too.

A job with a VPC reaches its data through the network interfaces in its subnets, and so through the VPC's endpoint for S3, if
there is one. The request to S3 then carries ``aws:SourceVpce`` and ``aws:SourceVpc``. Logs, metrics and images do not go there.

Sources: https://docs.aws.amazon.com/sagemaker/latest/dg/train-vpc.html and
https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sagepass.calls.call import Unsettled, Values
from sagepass.calls.execution_role.role_task import RoleTask
from sagepass.calls.need import Block, CallNeed, Necessity
from sagepass.policy.arn import account_of
from sagepass.snapshot.vpc_endpoints import VpcEndpoint
from sagepass.source.route import Route

_ENDPOINT, _VPC = "aws:SourceVpce", "aws:SourceVpc"


@dataclass(frozen=True, slots=True, kw_only=True)
class VpcPath:
    """What the request to S3 carries of the way it takes; see :class:`sagepass.calls.call.Needed` for the members."""

    context: dict[str, Values] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    unsettled: tuple[Unsettled, ...] = ()


def s3_need(
    task: RoleTask,
    action: str,
    resource: str,
    *,
    block: Block,
    because: Route,
    necessity: Necessity = Necessity.REQUIRED,
    prefix: str | None = None,
    note: str = "",
) -> CallNeed:
    """One authorization of the role at S3, with what the way there adds to the request; ``prefix`` is what is listed."""
    way = path_to_s3(task)
    return task.need(
        action,
        resource,
        block=block,
        because=because,
        necessity=necessity,
        context={**({} if prefix is None else {"s3:prefix": (prefix,)}), **way.context},
        absent=way.absent,
        unsettled=way.unsettled,
        note=note,
    )


def path_to_s3(task: RoleTask) -> VpcPath:
    """The way of one piece of work; nothing is said where the endpoints of the account were not collected."""
    where = task.work.network
    subnets = [found.text for found in task.find(f"{where}.Subnets[]")] if where else []
    account = account_of(task.role) or task.call.caller_account or ""
    if not subnets or not _collected(task, account):
        return VpcPath()
    endpoints = list(_endpoints(task, account))
    vpcs = {_vpc_of(task, account, subnet) for subnet in subnets}
    if None in vpcs:
        return _one_of(endpoints, or_none=True, why=_why(task, account)) if endpoints else _no_endpoint()
    own = [endpoint for endpoint in endpoints if endpoint.vpc_id in vpcs]
    if not own:
        return _no_endpoint()
    if len(own) == 1:
        return VpcPath(context={_ENDPOINT: (own[0].endpoint_id,), _VPC: (own[0].vpc_id,)})
    return _one_of(own, or_none=False, why="the VPC has several endpoints for S3; its routes decide which one is taken")


def _no_endpoint() -> VpcPath:
    return VpcPath(absent=(_ENDPOINT, _VPC))


def _one_of(endpoints: list[VpcEndpoint], *, or_none: bool, why: str) -> VpcPath:
    ids: list[Values | None] = [(endpoint.endpoint_id,) for endpoint in endpoints]
    choices = (*ids, None) if or_none else tuple(ids)
    return VpcPath(
        unsettled=(
            Unsettled(key=_ENDPOINT, choices=choices, why=why),
            Unsettled(key=_VPC, choices=(), why=why),
        )
    )


def _why(task: RoleTask, account: str) -> str:
    region = task.call.region or "<region>"
    command = f"aws ec2 describe-subnets --region {region} > accounts/{account}/{region}/ec2/describe-subnets.json"
    return f"the VPC of the subnets is not known, and so neither its endpoint for S3; supply it with {command}"


def _in_region(task: RoleTask, region: str) -> bool:
    return region in {"", "global", task.call.region}


def _collected(task: RoleTask, account: str) -> bool:
    answers = task.surroundings.snapshot.answers().of(account, "ec2", "describe-vpc-endpoints")
    return any(_in_region(task, answer.region) for answer in answers)


def _endpoints(task: RoleTask, account: str) -> Iterator[VpcEndpoint]:
    for endpoint in task.surroundings.snapshot.vpc_endpoints(account):
        if endpoint.service_name.endswith(".s3") and _in_region(task, endpoint.region):
            yield endpoint


def _vpc_of(task: RoleTask, account: str, subnet: str | None) -> str | None:
    for answer in task.surroundings.snapshot.answers().of(account, "ec2", "describe-subnets"):
        for row in answer.rows("Subnets") if _in_region(task, answer.region) else ():
            vpc = row.get("VpcId")
            if row.get("SubnetId") == subnet and isinstance(vpc, str):
                return vpc
    return None
