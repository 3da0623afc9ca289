"""The tags of a resource, from the saved answers.

Source: https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sagepass.policy.arn import Arn
from sagepass.snapshot.answers import Answer, Answers
from sagepass.snapshot.authorization_details import read_tags

Tags = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Getter:
    """The command that lists a resource's tags, and how its answer spells them."""

    service: str
    operation: str
    field: str = "Tags"
    key: str = "Key"
    value: str = "Value"


_GETTERS = {
    "dynamodb": _Getter("dynamodb", "list-tags-of-resource"),
    "ecr": _Getter("ecr", "list-tags-for-resource", "tags"),
    "kms": _Getter("kms", "list-resource-tags", "Tags", "TagKey", "TagValue"),
    "lambda": _Getter("lambda", "list-tags"),
    "logs": _Getter("logs", "list-tags-for-resource", "tags"),
    "s3": _Getter("s3api", "get-bucket-tagging", "TagSet"),
    "sagemaker": _Getter("sagemaker", "list-tags"),
    "secretsmanager": _Getter("secretsmanager", "describe-secret"),
    "sns": _Getter("sns", "list-tags-for-resource"),
    "sqs": _Getter("sqs", "list-queue-tags"),
}


def resource_tags(answers: Answers, arn: Arn, account: str) -> Tags | None:
    """The tags of a resource; ``None`` if they were not collected."""
    if arn.service == "s3" and "/" in arn.resource:
        return None
    getter = _GETTERS.get(arn.service)
    answer = _find(answers, arn, account, getter) if getter else None
    if answer is not None and getter is not None:
        if answer.refusal is not None:
            return () if answer.refusal.code == "NoSuchTagSet" else None
        tags = _read(answer.field(getter.field), getter)
        if tags is not None:
            return tags
    return _from_tagging_api(answers, arn, account)


def _find(answers: Answers, arn: Arn, account: str, getter: _Getter) -> Answer | None:
    after_slash, after_colon = arn.resource.partition("/")[2], arn.resource.partition(":")[2]
    for name in (arn.resource, after_slash, after_colon, str(arn)):
        answer = answers.find(account, getter.service, getter.operation, name, arn.region) if name else None
        if answer is not None:
            return answer
    return None


def _read(value: object, getter: _Getter) -> Tags | None:
    if isinstance(value, Mapping):
        return tuple((str(key), str(content)) for key, content in value.items())
    return read_tags(value, getter.key, getter.value) if isinstance(value, list) else None


def _from_tagging_api(answers: Answers, arn: Arn, account: str) -> Tags | None:
    """``aws resourcegroupstaggingapi get-resources`` lists what is or was tagged; what it leaves out stays unknown."""
    for answer in answers.of(account, "resourcegroupstaggingapi", "get-resources"):
        for row in answer.rows("ResourceTagMappingList"):
            if row.get("ResourceARN") == str(arn):
                return read_tags(row.get("Tags"))
    return None
