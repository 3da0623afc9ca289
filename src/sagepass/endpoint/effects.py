"""Which calls may change who is allowed what, which have to outlive the process, and which only read."""

from __future__ import annotations

from enum import StrEnum

_READS = (
    "Get",
    "List",
    "Describe",
    "Head",
    "Batch",
    "Search",
    "Simulate",
    "Generate",
    "Lookup",
    "Decode",
    "Check",
    "Validate",
)
_READS_BY_NAME = frozenset(
    {"Decrypt", "Encrypt", "Sign", "Verify", "VerifyMac", "ReEncrypt", "Query", "InvokeEndpoint", "SelectObjectContent"}
)
_WRITES_BY_NAME = frozenset({"BatchDeleteImage", "GetFederationToken", "GetSessionToken", "GenerateCredentialReport"})
_STATEFUL = frozenset({"iam", "sts", "organizations", "kms", "ecr", "ram", "logs", "s3control"})
_RESOURCES_ALONE = frozenset({"ecr", "logs", "ram", "sagemaker"})
"""Services whose calls change no identity and no name: what they make, tag or give a policy is looked up by its ARN."""
_SAGEMAKER = (
    "PutModelPackageGroupPolicy",
    "DeleteModelPackageGroupPolicy",
    "PutEndpointPolicy",
    "DeleteEndpointPolicy",
)
_S3_OBJECTS = frozenset(
    {
        "AbortMultipartUpload",
        "CompleteMultipartUpload",
        "CopyObject",
        "CreateMultipartUpload",
        "CreateSession",
        "DeleteObject",
        "DeleteObjects",
        "DeleteObjectTagging",
        "PutObject",
        "PutObjectAcl",
        "PutObjectLegalHold",
        "PutObjectRetention",
        "PutObjectTagging",
        "RestoreObject",
        "UploadPart",
        "UploadPartCopy",
    }
)


def read_only(operation: str) -> bool:
    """Whether an operation only reads, as CloudTrail's ``readOnly`` says it."""
    if operation in _WRITES_BY_NAME and operation != "GenerateCredentialReport":
        return operation in {"GetFederationToken", "GetSessionToken"}
    return operation.startswith(_READS) or operation in _READS_BY_NAME


class Reread(StrEnum):
    """What has to be read again after a call."""

    NOTHING = "nothing"
    """Sessions are found by their keys, objects of S3 when they are asked for; neither is part of the state that is kept."""
    RESOURCES = "resources"
    """Policies and tags of resources."""
    EVERYTHING = "everything"
    """Identities, the organization, the names of buckets and the aliases of keys too."""


def what_to_reread(client: str, operation: str) -> Reread:
    """What the call may have changed of the state that decisions are made from."""
    if client == "sts" or read_only(operation):
        return Reread.NOTHING
    if client in _RESOURCES_ALONE:
        return Reread.RESOURCES
    return Reread.EVERYTHING if may_change_authorization(client, operation) else Reread.NOTHING


def may_change_authorization(client: str, operation: str) -> bool:
    """Whether the call may change identities, policies, grants, sessions or owners: it is made alone, and journalled."""
    if client == "sts":
        return operation.startswith("AssumeRole") or operation in _WRITES_BY_NAME
    if read_only(operation):
        return False
    if client == "s3":
        return operation not in _S3_OBJECTS
    if client == "sagemaker":
        return operation in _SAGEMAKER
    return client in _STATEFUL
