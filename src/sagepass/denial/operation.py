"""From an API operation to its service and to the IAM action that guards it.

Most operations need the action of the same name; the exceptions lie in :mod:`sagepass.calls.services`, and for a few services
here, by https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html.
Which service has an operation comes from ``operations.txt`` (botocore's service models).
"""

from __future__ import annotations

import re
from functools import cache
from pkgutil import get_data
from typing import Final

_ACTIONS: Final = {
    "lambda": {"Invoke": "InvokeFunction", "InvokeAsync": "InvokeFunction", "InvokeWithResponseStream": "InvokeFunction"},
    "bedrock": {"Converse": "InvokeModel", "ConverseStream": "InvokeModelWithResponseStream"},
}  # fmt: skip
"""Of services whose operations have no table in :mod:`sagepass.calls.services`."""
_SERVICE_NAMES: Final = {
    "securitytokenservice": "sts", "stepfunctions": "states", "sfn": "states", "identitymanagement": "iam",
    "simplesystemsmanagement": "ssm", "systemsmanager": "ssm", "simplenotificationservice": "sns", "simplequeueservice": "sqs",
    "cloudwatchlogs": "logs", "cloudwatch": "cloudwatch", "dynamodbv2": "dynamodb", "elasticcomputecloud": "ec2",
    "keymanagementservice": "kms", "elasticcontainerregistry": "ecr", "elasticfilesystem": "elasticfilesystem", "efs": "elasticfilesystem",
    "eventbridge": "events", "cloudwatchevents": "events", "sagemakerruntime": "sagemaker", "bedrockruntime": "bedrock",
    "elasticmapreduce": "elasticmapreduce", "emr": "elasticmapreduce", "monitoring": "cloudwatch", "email": "ses",
    "sagemakerfeaturestoreruntime": "sagemaker", "sagemakermetrics": "sagemaker", "simplestorageservice": "s3",
    "sagemakerinternal": "sagemaker", "lambdainternal": "lambda", "tagging": "tag",
}  # fmt: skip


@cache
def _services() -> dict[str, str]:
    """Operation to service prefix; the services of the table's ``full`` line win over others, in its order."""
    table: dict[str, str] = {}
    first: list[str] = []
    rows: dict[str, list[str]] = {}
    for line in (get_data(__package__, "operations.txt") or b"").decode("ascii").splitlines():
        if line.startswith("# full:"):
            first = line.split()[2:]
        elif not line.startswith("#"):
            prefix, *names = line.split(" ")
            rows[prefix] = names
    for prefix in [*(name for name in rows if name not in first), *reversed(first)]:
        table.update(dict.fromkeys(rows[prefix], prefix))
    return table


@cache
def _prefixes() -> frozenset[str]:
    return frozenset(_services().values())


def service_of(operation: str) -> str | None:
    """The IAM prefix of the service that has this operation, or ``None`` where several have it or none is known."""
    return _services().get(_without_version(operation))


def is_operation(name: str) -> bool:
    """Whether some AWS service has an operation of this name."""
    return name in _services()


def is_service(name: str) -> bool:
    """Whether some AWS service with operations is called so: ``CodeBuild``, ``SageMaker``."""
    return service_prefix(name) in _prefixes()


def action_for(operation: str, service: str | None = None) -> str | None:
    """The one IAM action that guards an operation, or ``None`` where that is not one action or not known."""
    name = _without_version(operation)
    prefix = service or service_of(name)
    if prefix is None:
        return None
    if prefix in _ACTIONS:
        return f"{prefix}:{_ACTIONS[prefix].get(name, name)}"
    from sagepass.calls.services.one_action import one_action  # noqa: PLC0415 - few texts name an operation alone

    return one_action(prefix, name)


def _without_version(operation: str) -> str:
    """CloudTrail adds the API's date to some names (``ListFunctions20150331``, ``GetFunction20150331v2``)."""
    return re.sub(r"20\d{6}(?:v\d)?$", "", operation)


def service_prefix(name: str) -> str | None:
    """The IAM prefix for a service as SDKs and CloudTrail write it: ``AmazonSageMaker``, ``AWSStepFunctions``, ``Ec2``."""
    plain = re.sub(r"\.amazonaws\.com(?:\.cn)?$", "", name.strip().lower())
    plain = re.sub(r"^(?:amazon|aws)[ .]*|[\s_-]|(?:client)$", "", plain)
    if not re.fullmatch(r"[a-z0-9.]{2,40}", plain):
        return None
    return _SERVICE_NAMES.get(plain, plain.removesuffix("internal"))
