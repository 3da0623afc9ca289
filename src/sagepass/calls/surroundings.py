"""What a request leaves untold and the surroundings tell: stored resources, keys of buckets, earlier calls of the same file.

Sources: saved Describe answers (:meth:`sagepass.snapshot.snapshot.Snapshot.describe`),
https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketEncryption.html and
https://docs.aws.amazon.com/kms/latest/APIReference/API_ListAliases.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sagepass.calls.call import Call
from sagepass.calls.kms_keys import is_alias, key_arn
from sagepass.calls.resource_arns import arn_of
from sagepass.policy.arn import parse_arn
from sagepass.snapshot.snapshot import Snapshot

_MADE = {
    "CreateModel": ("model", "ModelName"),
    "CreateEndpointConfig": ("endpoint-config", "EndpointConfigName"),
    "CreateEndpoint": ("endpoint", "EndpointName"),
    "CreatePipeline": ("pipeline", "PipelineName"),
}
"""Calls whose request has the members of the description of what they make."""


class BucketKey(StrEnum):
    """How a bucket encrypts objects for which nothing is said."""

    NONE = "with a key of S3 or an AWS managed key"
    """SSE-S3, or ``aws/s3``: nobody needs a permission on a key."""
    CUSTOMER = "with a customer managed key"
    UNKNOWN = "not known"


@dataclass(frozen=True, kw_only=True, eq=False)
class Surroundings:
    """The snapshot, and the resources that earlier calls of the same document make, by ARN."""

    snapshot: Snapshot
    made: Mapping[str, Mapping[str, object]] = field(default_factory=dict)

    def after(self, calls: Iterable[Call]) -> Surroundings:
        """The surroundings once these calls have gone through."""
        made = dict(self.made)
        for call in calls:
            kind, name = _MADE.get(call.operation, ("", ""))
            value = call.params.get(name)
            if kind and isinstance(value, str):
                made[arn_of(call, kind, **{name: value})] = call.params
        return Surroundings(snapshot=self.snapshot, made=made)

    def describe(self, arn: str) -> Mapping[str, object] | None:
        """The description of a stored resource; ``None`` if nothing is known of it."""
        return self.made.get(arn) or self.snapshot.describe(arn)

    def source_identities(self, call: Call) -> tuple[bool, ...]:
        """For each saved domain of the Region: whether its sessions carry the name of the user profile as source identity.

        https://docs.aws.amazon.com/sagemaker/latest/dg/monitor-user-access-how-to.html
        """
        answers = self.snapshot.answers().of(call.caller_account or "", "sagemaker", "describe-domain")
        domains = [answer.value for answer in answers if answer.region in {"", "global", call.region}]
        settings = [domain.get("DomainSettings") for domain in domains if isinstance(domain, dict)]
        return tuple(
            isinstance(one, Mapping) and one.get("ExecutionRoleIdentityConfig") == "USER_PROFILE_NAME"
            for one in settings
        )

    def bucket_key(self, bucket: str) -> tuple[BucketKey, str]:
        """How a bucket encrypts by default, and the identifier of its customer managed key.

        Since 2023 S3 encrypts every object; a bucket for which nothing was set uses keys of S3
        (https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-bucket-encryption.html).
        """
        answers = self.snapshot.answers()
        for account in answers.accounts:
            answer = answers.find(account, "s3api", "get-bucket-encryption", bucket)
            if answer is None:
                continue
            if answer.refusal is not None:
                unset = answer.refusal.code == "ServerSideEncryptionConfigurationNotFoundError"
                return (BucketKey.NONE if unset else BucketKey.UNKNOWN), ""
            return _default_key(answer.field("ServerSideEncryptionConfiguration"))
        return BucketKey.UNKNOWN, ""

    def bucket_key_command(self, bucket: str) -> str:
        """The command that saves how a bucket encrypts."""
        arn = f"arn:aws:s3:::{bucket}"
        account = self.snapshot.resource_account(arn) or "<account>"
        path = f"accounts/{account}/global/s3api/get-bucket-encryption/{bucket}.json"
        return f"aws s3api get-bucket-encryption --bucket {bucket} > {path} 2>&1"

    def key(self, identifier: str, call: Call) -> tuple[str | None, str]:
        """The ARN of a key given in any of the four forms, and the command that finds out where it is not known."""
        known = key_arn(identifier, partition=call.partition, region=call.region, account=call.caller_account)
        if known is not None:
            return known, ""
        region, account = call.region or "<region>", call.caller_account or "<account>"
        command = f"aws kms list-aliases --region {region} > accounts/{account}/{region}/kms/list-aliases.json"
        if not is_alias(identifier):
            return None, f"aws kms describe-key --key-id {identifier} --region {region}"
        alias = (
            identifier
            if identifier.startswith("arn:")
            else f"arn:{call.partition}:kms:{call.region or '*'}:{call.caller_account or '*'}:{identifier}"
        )
        holder = self.snapshot.resource_holder(alias)
        return (holder, "") if ":key/" in holder else (None, command)


def is_aws_managed_alias(identifier: str) -> bool:
    """Whether this is an AWS managed key (``alias/aws/s3``): everybody of the account may use it through its service.

    https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-cmk
    """
    return is_alias(identifier) and identifier.split(":", 5)[-1].startswith("alias/aws/")


def _default_key(configuration: object) -> tuple[BucketKey, str]:
    rules = configuration.get("Rules") if isinstance(configuration, Mapping) else None
    if not isinstance(rules, list):
        return BucketKey.UNKNOWN, ""
    for rule in rules:
        default = rule.get("ApplyServerSideEncryptionByDefault") if isinstance(rule, Mapping) else None
        if not isinstance(default, Mapping) or not str(default.get("SSEAlgorithm", "")).startswith("aws:kms"):
            continue
        identifier = default.get("KMSMasterKeyID")
        if isinstance(identifier, str) and identifier and not is_aws_managed_alias(identifier):
            return BucketKey.CUSTOMER, identifier
    return BucketKey.NONE, ""


def region_of(arn: str) -> str | None:
    """The Region that an ARN names."""
    parts = parse_arn(arn)
    return parts.region or None if parts else None
