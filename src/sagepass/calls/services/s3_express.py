"""Directory buckets of S3 Express One Zone: a session on the bucket in place of actions on objects.

Sources: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-security-iam.html (actions),
https://docs.aws.amazon.com/AmazonS3/latest/userguide/directory-bucket-naming-rules.html (names end in ``--ZONE--x-s3``) and
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3express.html
"""

from __future__ import annotations

from collections.abc import Iterable

from sagepass.calls.call import Call, ResourceState
from sagepass.calls.request_paths import find_values
from sagepass.calls.resource_arns import Named
from sagepass.calls.services.table import Asked, Row, ServiceTable

_SUFFIX = "--x-s3"
_SESSION = (Row(action="CreateSession", on=("bucket",)),)


def names_directory_bucket(call: Call) -> bool:
    """Whether a call to S3 is about a directory bucket."""
    return any(found.text is not None and found.text.endswith(_SUFFIX) for found in find_values(call.params, "Bucket"))


def _bucket(asked: Asked) -> Iterable[Named]:
    call = asked.call
    for found in find_values(call.params, "Bucket"):
        prefix = f"arn:{call.partition}:s3express:{call.region or '*'}:{call.caller_account or '*'}:bucket/"
        arn = prefix + (found.text or "*")
        yield Named(
            arn=arn, kind="bucket", state=ResourceState.SET if "*" in arn else ResourceState.EXACT, route=found.route
        )


TABLE = ServiceTable(
    prefix="s3express",
    resources={"bucket": _bucket},
    keys={"s3express:SessionMode": ("SessionMode",), "s3express:LocationName": ("CreateBucketConfiguration.Location.Name",)},
    instead={
        **dict.fromkeys(
            (
                "AbortMultipartUpload", "CompleteMultipartUpload", "CopyObject", "CreateMultipartUpload", "CreateSession",
                "DeleteObject", "DeleteObjects", "GetObject", "GetObjectAttributes", "HeadBucket", "HeadObject",
                "ListMultipartUploads", "ListObjectsV2", "ListParts", "PutObject", "RenameObject", "UploadPart",
                "UploadPartCopy",
            ),
            _SESSION,
        ),
        "GetBucketEncryption": (Row(action="GetEncryptionConfiguration", on=("bucket",)),),
        "PutBucketEncryption": (Row(action="PutEncryptionConfiguration", on=("bucket",)),),
        "DeleteBucketEncryption": (Row(action="PutEncryptionConfiguration", on=("bucket",)),),
        "GetBucketLifecycleConfiguration": (Row(action="GetLifecycleConfiguration", on=("bucket",)),),
        "PutBucketLifecycleConfiguration": (Row(action="PutLifecycleConfiguration", on=("bucket",)),),
        "DeleteBucketLifecycle": (Row(action="PutLifecycleConfiguration", on=("bucket",)),),
    },
)  # fmt: skip
