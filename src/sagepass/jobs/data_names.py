"""S3 objects, buckets and ECR repositories as texts name them, as ARNs.

Sources: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-arn-format.html and
https://docs.aws.amazon.com/AmazonECR/latest/userguide/security_iam_service-with-iam.html
"""

from __future__ import annotations

import re
from typing import Final

from sagepass.calls.container_image import ecr_repository
from sagepass.denial.record import Denial, DenialKind

_ADDRESS: Final = re.compile(r"s3a?://(?P<bucket>[^/\s]+)(?:/(?P<key>\S*))?")
_BARE: Final = re.compile(r"(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(?P<key>\S*))?")
_OF_A_BUCKET: Final = frozenset({"s3:listbucket", "s3:getbucketlocation", "s3:createbucket"})
_REGISTRY: Final = re.compile(r"registry(?:\s+ID)?:?\s+(?P<account>\d{12})\b", re.IGNORECASE)


def data_arn(text: str, denial: Denial, partition: str, action: str) -> str | None:
    """The ARN of an ``s3://`` address, of ``bucket/key`` as SDKs write it, or of an image; ``None`` for other names."""
    whole = action.lower() in _OF_A_BUCKET
    bare = denial.kind is DenialKind.DATA_ACCESS and action.lower().startswith("s3:")
    found = _ADDRESS.fullmatch(text) or (_BARE.fullmatch(text) if bare else None)
    if found is not None:
        key = found["key"]
        return f"arn:{partition}:s3:::{found['bucket']}" + ("" if whole or not key else f"/{key}")
    repository = ecr_repository(text)
    return repository.arn(partition) if repository else None


def registry_of(denial: Denial) -> str | None:
    """The account of the registry that SageMaker names beside a repository: ``acme in registry ID: 123456789012``."""
    if denial.service != "ecr":
        return None
    found = _REGISTRY.search(denial.text)
    return found["account"] if found else None
