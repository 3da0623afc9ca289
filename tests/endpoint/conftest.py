"""One endpoint for a module of tests, and clients for whoever calls it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

import boto3  # type: ignore[import-untyped]
import pytest
from botocore.config import Config  # type: ignore[import-untyped]
from botocore.exceptions import ClientError  # type: ignore[import-untyped]

from sagepass.endpoint.endpoint import Credentials, Endpoint, Setup

ACCOUNT = "123456789012"
Client: TypeAlias = Any
"""A client of boto3, one of its methods, or an answer: boto3 has no types."""
Value: TypeAlias = Any
"""Any parameter of a call."""
NO_RETRIES = Config(retries={"total_max_attempts": 1}, signature_version="v4")


def allow(*actions: str, resource: object = "*", **more: object) -> dict[str, object]:
    """A policy that allows actions."""
    return statement({"Effect": "Allow", "Action": list(actions), "Resource": resource, **more})


def statement(*statements: Mapping[str, object]) -> dict[str, object]:
    """A policy of these statements."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def deny(*actions: str, resource: object = "*", **more: object) -> dict[str, object]:
    """A statement that denies actions."""
    return {"Effect": "Deny", "Action": list(actions), "Resource": resource, **more}


class Aws:
    """What a test does with the endpoint: clients, users and roles, and the error of a call."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.root = endpoint.root_keys[ACCOUNT]

    def client(self, service: str, who: Credentials | None = None, region: str = "us-east-1") -> Client:
        """A client of these credentials; without any of the root user."""
        keys = (who or self.root).for_boto3
        config = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
        return boto3.client(service, endpoint_url=self.endpoint.url, region_name=region, config=config, **keys)

    def user(self, name: str, *policies: Mapping[str, object]) -> Credentials:
        """A new user with inline policies."""
        iam = self.client("iam")
        iam.create_user(UserName=name)
        for index, policy in enumerate(policies):
            iam.put_user_policy(UserName=name, PolicyName=f"p{index}", PolicyDocument=json.dumps(policy))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return Credentials(access_key_id=key["AccessKeyId"], secret=key["SecretAccessKey"])

    def role(self, name: str, trust: Mapping[str, object], *policies: Mapping[str, object], **more: Value) -> str:
        """A new role with inline policies; returns its ARN."""
        iam = self.client("iam")
        made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust), **more)
        for index, policy in enumerate(policies):
            iam.put_role_policy(RoleName=name, PolicyName=f"p{index}", PolicyDocument=json.dumps(policy))
        arn: str = made["Role"]["Arn"]
        return arn

    def assume(self, who: Credentials, arn: str, **more: Value) -> Credentials:
        """A session of a role."""
        got = self.client("sts", who).assume_role(RoleArn=arn, **{"RoleSessionName": "test", **more})["Credentials"]
        return Credentials(access_key_id=got["AccessKeyId"], secret=got["SecretAccessKey"], token=got["SessionToken"])


def trusting(principal: object, *actions: str, **condition: object) -> dict[str, object]:
    """A trust policy."""
    one: dict[str, object] = {"Effect": "Allow", "Principal": principal, "Action": list(actions or ("sts:AssumeRole",))}
    return statement({**one, "Condition": condition} if condition else one)


class Refused:
    """The error of a call: code, message and status."""

    def __init__(self, error: ClientError) -> None:
        self.code: str = error.response["Error"]["Code"]
        self.message: str = error.response["Error"]["Message"]
        self.status: int = error.response["ResponseMetadata"]["HTTPStatusCode"]


def refused(call: Client, **params: Value) -> Refused:
    """Make a call that has to fail, and return how it failed."""
    with pytest.raises(ClientError) as caught:
        call(**params)
    return Refused(caught.value)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    """A running endpoint without authorization ids in its messages."""
    from sagepass.endpoint.gate_options import Ids

    with Endpoint(Setup(ids=Ids.NONE)) as running:
        yield running


@pytest.fixture(scope="module")
def aws(endpoint: Endpoint) -> Aws:
    """Clients for it."""
    return Aws(endpoint)
