"""Which file of this room speaks for a client. It is loaded when the client is first asked for."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from sagepass.calls.call import Call
from sagepass.calls.services.table import ServiceTable

_FILES = {
    "accessanalyzer": "access_analyzer",
    "cloudtrail": "cloudtrail",
    "ecr": "ecr",
    "iam": "iam",
    "iam-toolbox": "iam_toolbox",
    "kms": "kms",
    "logs": "logs",
    "organizations": "organizations",
    "ram": "ram",
    "s3": "s3",
    "s3control": "s3control",
    "sts": "sts",
}
_ALIASES = {"access-analyzer": "accessanalyzer", "s3api": "s3", "cloudwatch-logs": "logs"}
"""What people and the AWS CLI call some of them."""


PREFIXES = {
    "apigatewayv2": "apigateway",
    "bedrock-agent": "bedrock",
    "bedrock-agent-runtime": "bedrock",
    "bedrock-runtime": "bedrock",
    "dynamodbstreams": "dynamodb",
    "efs": "elasticfilesystem",
    "elb": "elasticloadbalancing",
    "elbv2": "elasticloadbalancing",
    "emr": "elasticmapreduce",
    "opensearch": "es",
    "resourcegroupstaggingapi": "tag",
    "sesv2": "ses",
    "sso-admin": "sso",
    "stepfunctions": "states",
    "timestream-query": "timestream",
    "timestream-write": "timestream",
}
"""Clients without a table whose name is not the prefix of their actions.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html"""


def table_for(call: Call) -> ServiceTable | None:
    """The table for a call, ``None`` if this room has none. Directory buckets of S3 have one of their own."""
    table = find_table(call.service)
    if table is not None and table.prefix == "s3":
        from sagepass.calls.services import s3_express  # noqa: PLC0415 - only calls to S3 need it

        return s3_express.TABLE if s3_express.names_directory_bucket(call) else table
    return table


@cache
def find_table(client: str) -> ServiceTable | None:
    """The table of a client as the SDKs name it (any case), ``None`` if this room has none."""
    name = client.lower()
    file = _FILES.get(_ALIASES.get(name, name))
    if file is None:
        return None
    table: ServiceTable = import_module(f"{__package__}.{file}").TABLE
    return table


def clients() -> tuple[str, ...]:
    """The clients that have a table, sorted."""
    return tuple(_FILES)
