"""Which calls may change who is allowed what, and which only read."""

from __future__ import annotations

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


def may_change_authorization(client: str, operation: str) -> bool:
    """Whether the call may change identities, policies, grants, sessions, tags or owners that decisions read."""
    if client == "sts":
        return operation.startswith("AssumeRole") or operation in _WRITES_BY_NAME
    if read_only(operation):
        return False
    if client == "s3":
        return operation not in _S3_OBJECTS
    if client == "sagemaker":
        return operation in _SAGEMAKER
    return client in _STATEFUL
