"""What kind of CloudTrail event a call is, and how CloudTrail names its service and its operation.

Sources: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html (data events and
their resource types), https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html (S3) and
https://docs.aws.amazon.com/sagemaker/latest/dg/logging-using-cloudtrail.html (SageMaker)
"""

from __future__ import annotations

from sagepass.calls.services.registry import find_table
from sagepass.catalog.operations import known_client

_S3_DATA = frozenset(
    name.lower()
    for name in (
        "AbortMultipartUpload", "CompleteMultipartUpload", "CopyObject", "CreateMultipartUpload", "DeleteObject",
        "DeleteObjects", "DeleteObjectTagging", "GetObject", "GetObjectAcl", "GetObjectAttributes", "GetObjectLegalHold",
        "GetObjectRetention", "GetObjectTagging", "GetObjectTorrent", "HeadObject", "ListObjects", "ListObjectsV2",
        "ListObjectVersions", "ListParts", "PutObject", "PutObjectAcl", "PutObjectLegalHold", "PutObjectRetention",
        "PutObjectTagging", "RestoreObject", "SelectObjectContent", "UploadPart", "UploadPartCopy",
    )
)  # fmt: skip
_DATA_CLIENTS = {
    "sagemaker-runtime": "AWS::SageMaker::Endpoint",
    "sagemaker-featurestore-runtime": "AWS::SageMaker::FeatureGroup",
    "sagemaker-metrics": "AWS::SageMaker::ExperimentTrialComponent",
}
_NAMES = {("s3", "ListObjectsV2"): "ListObjects"}


def data_event_type(client: str, operation: str) -> str | None:
    """The resource type of a data event; ``None`` for a management event."""
    if client == "s3" and operation.lower() in _S3_DATA:
        return "AWS::S3::Object"
    return _DATA_CLIENTS.get(client)


def event_source(client: str) -> str:
    """``sagemaker.amazonaws.com``; of the clients of one service it is the same."""
    table = find_table(client)
    prefix = table.prefix if table else "sagemaker" if known_client(client) else client
    return f"{prefix}.amazonaws.com"


def event_name(client: str, operation: str) -> str:
    """The operation as CloudTrail writes it."""
    return _NAMES.get((client, operation), operation)
