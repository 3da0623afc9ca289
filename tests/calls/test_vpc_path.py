"""Work in a VPC reaches S3 through the VPC's endpoint, whose policy has to allow it too."""

from __future__ import annotations

from collections.abc import Mapping

from sagepass.calls.call import Call
from sagepass.calls.need import CallNeed
from sagepass.calls.needs import whole_call
from sagepass.calls.surroundings import Surroundings
from sagepass.jobs.preflight.decide import decide_need
from sagepass.policy.kinds import CheckType, Effect
from sagepass.snapshot.build import SnapshotBuilder
from sagepass.snapshot.snapshot import Snapshot

ACCOUNT, REGION = "123456789012", "eu-west-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/Exec"
OPEN = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}
CLOSED = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::other/*"}],
}
PARAMS: dict[str, object] = {
    "ExecutionRoleArn": ROLE,
    "ModelName": "churn",
    "PrimaryContainer": {"ModelDataUrl": "s3://models/m.tar.gz"},
    "VpcConfig": {"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]},
}


def account(endpoints: Mapping[str, object] | None, *, subnets: bool = True) -> Snapshot:
    """A role that may do everything, a bucket, and endpoints for S3 in the VPC of the subnet: id to policy."""
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    builder = SnapshotBuilder().settings(no_organization=True, default_region=REGION)
    builder.principal(ROLE, inline={"all": everything}).resource_policy("arn:aws:s3:::models", None, account=ACCOUNT)
    if endpoints is not None:
        rows = [
            {
                "VpcEndpointId": name,
                "VpcId": "vpc-1",
                "ServiceName": f"com.amazonaws.{REGION}.s3",
                "PolicyDocument": policy,
            }
            for name, policy in endpoints.items()
        ]
        builder.answer(ACCOUNT, "ec2", "describe-vpc-endpoints", {"VpcEndpoints": rows}, region=REGION)
    if subnets:
        rows = [{"SubnetId": "subnet-1", "VpcId": "vpc-1"}]
        builder.answer(ACCOUNT, "ec2", "describe-subnets", {"Subnets": rows}, region=REGION)
    return builder.build()


def reading(snapshot: Snapshot, params: Mapping[str, object] = PARAMS) -> CallNeed:
    """The need to read the model's data."""
    call = Call(service="sagemaker", operation="CreateModel", params=params, caller_account=ACCOUNT, region=REGION)
    found = whole_call(call, ROLE, Surroundings(snapshot=snapshot)).found
    return next(need for need in found if need.needed.action == "s3:GetObject")


def test_the_policy_of_the_endpoint_decides_too() -> None:
    """The one endpoint of the VPC lets the bucket through, or does not; the check that stops it is named."""
    through = account({"vpce-1": OPEN})
    assert dict(reading(through).needed.context)["aws:SourceVpce"] == ("vpce-1",)
    assert decide_need(reading(through), through).effect is Effect.ALLOW
    stopped = account({"vpce-1": CLOSED})
    found = decide_need(reading(stopped), stopped)
    assert found.effect is Effect.IMPLICIT_DENY
    assert found.decision is not None
    assert found.decision.decided_by == (CheckType.VPC_ENDPOINT,)


def test_several_endpoints_have_to_agree() -> None:
    """Two endpoints for S3 in one VPC: which is taken is not known, so both count."""
    mixed = account({"vpce-1": OPEN, "vpce-2": CLOSED})
    found = decide_need(reading(mixed), mixed)
    assert found.effect is Effect.UNKNOWN
    assert "aws:SourceVpce" in found.reason
    both = account({"vpce-1": OPEN, "vpce-2": OPEN})
    assert decide_need(reading(both), both).effect is Effect.ALLOW


def test_an_unknown_vpc_is_said_with_the_command() -> None:
    """The subnet's VPC was not saved: if it matters, the command that saves it is named."""
    world = account({"vpce-1": CLOSED}, subnets=False)
    found = decide_need(reading(world), world)
    assert found.effect is Effect.UNKNOWN
    assert f"aws ec2 describe-subnets --region {REGION}" in found.reason
    harmless = account({"vpce-1": OPEN}, subnets=False)
    assert decide_need(reading(harmless), harmless).effect is Effect.ALLOW


def test_without_a_vpc_or_an_endpoint_there_is_no_such_policy() -> None:
    """No VPC in the request, or no endpoint for S3 in it: nothing is added, nothing is stopped."""
    world = account({"vpce-1": CLOSED})
    without = {name: value for name, value in PARAMS.items() if name != "VpcConfig"}
    assert decide_need(reading(world, without), world).effect is Effect.ALLOW
    none = account({})
    assert "aws:SourceVpce" in reading(none).needed.absent
    assert decide_need(reading(none), none).effect is Effect.ALLOW
    not_collected = account(None)
    assert reading(not_collected).needed.absent == ()
