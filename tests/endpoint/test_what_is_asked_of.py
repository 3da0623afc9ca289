"""What the gate asks of: ``*`` for a list, the policy of a name that is taken, an AWS managed policy as one of the account."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError  # type: ignore[import-untyped]
from tests.endpoint.conftest import ACCOUNT, Aws, Client, allow, deny, statement

PLACE = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:"
LISTS = ("list_models", "list_domains", "list_endpoints")


def refused(call: Client, **parameters: object) -> bool:
    """Whether a call is refused for want of a permission; any other error is one."""
    try:
        call(**parameters)
    except ClientError as error:
        if not error.response["Error"]["Code"].startswith("AccessDenied"):
            raise
        return True
    return False


@pytest.mark.parametrize(
    ("name", "resource", "is_refused"),
    [("on-arn", {"Resource": f"{PLACE}*"}, True), ("on-star", {"Resource": "*"}, False), ("on-others", {"NotResource": f"{PLACE}model/*"}, False)],
)  # fmt: skip
def test_lists_are_asked_of_star(aws: Aws, name: str, resource: dict[str, str], *, is_refused: bool) -> None:
    """An Allow on ARNs lets nobody list, one that covers ``*`` does."""
    who = aws.user(name, statement({"Effect": "Allow", "Action": "sagemaker:List*", **resource}))
    client = aws.client("sagemaker", who)
    assert {refused(getattr(client, call)) for call in LISTS} == {is_refused}


def test_the_policy_of_a_name_that_is_taken_counts(aws: Aws) -> None:
    """What a call makes has no policy yet; of a name that is taken the policy denies, also what lies in it."""
    client = aws.client("sagemaker", aws.user("packer", allow("sagemaker:*")))
    assert not refused(client.create_model_package_group, ModelPackageGroupName="fresh")

    root = aws.client("sagemaker")
    root.create_model_package_group(ModelPackageGroupName="kept")
    group = f"{PLACE}model-package-group/kept"
    policy = statement(
        {**deny("sagemaker:*", resource=group), "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:user/packer"}}
    )
    root.put_model_package_group_policy(ModelPackageGroupName="kept", ResourcePolicy=json.dumps(policy))
    assert refused(client.create_model_package_group, ModelPackageGroupName="kept")
    assert refused(client.describe_model_package_group, ModelPackageGroupName="kept")
    assert refused(client.create_model_package, ModelPackageGroupName="kept")


def test_an_endpoint_is_made_once(aws: Aws) -> None:
    """CreateEndpoint on a new name passes without anybody having said that it has no policy."""
    root = aws.client("sagemaker")
    role = f"arn:aws:iam::{ACCOUNT}:role/x"
    root.create_model(ModelName="m", PrimaryContainer={"Image": "image"}, ExecutionRoleArn=role)
    variant = {"VariantName": "v", "ModelName": "m", "InitialInstanceCount": 1, "InstanceType": "ml.m5.large"}
    root.create_endpoint_config(EndpointConfigName="c", ProductionVariants=[variant])
    maker = aws.client("sagemaker", aws.user("maker", allow("sagemaker:CreateEndpoint")))
    assert not refused(maker.create_endpoint, EndpointName="new", EndpointConfigName="c")
    reader = aws.client("sagemaker", aws.user("no-maker", allow("sagemaker:DescribeEndpoint")))
    assert refused(reader.create_endpoint, EndpointName="other", EndpointConfigName="c")


def test_policies_of_aws_are_read_by_a_policy_of_the_account(aws: Aws) -> None:
    """An AWS managed policy is in no other account: who may read policies may read it, and nobody else."""
    arn = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
    assert not refused(aws.client("iam", aws.user("policies", allow("iam:GetPolicy"))).get_policy, PolicyArn=arn)
    assert refused(aws.client("iam", aws.user("no-policies", allow("iam:GetRole"))).get_policy, PolicyArn=arn)
