"""S3: most operations need an action of another name, some need several, a version changes the action.

Main source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html. Further:
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html (keys),
https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html (``s3:ObjectCreationOperation``),
https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html (the caller needs the key as well). Of buckets
for S3 Express see :mod:`sagepass.calls.services.s3_express`.
"""

from __future__ import annotations

from sagepass.calls.call import Confidence, Unsettled, Values
from sagepass.calls.condition_values import Conditions
from sagepass.calls.resource_arns import Named
from sagepass.calls.services.kms import key_in, used_for_caller
from sagepass.calls.services.s3_names import (
    bucket,
    bucket_arn,
    copy_source,
    deleted_objects,
    deleted_versions,
    source_object,
    source_version,
    the_object,
)
from sagepass.calls.services.table import Asked, Row, ServiceTable, pass_role
from sagepass.catalog.condition_keys import keys_of_action

_GRANTS = "ACL|GrantFullControl|GrantRead|GrantReadACP|GrantWriteACP|GrantWrite"
_LOCK = "ObjectLockMode|ObjectLockRetainUntilDate"
_CREATES = {
    "putobject": "true", "copyobject": "true", "completemultipartupload": "true",
    "createmultipartupload": "false", "uploadpart": "false", "uploadpartcopy": "false",
}  # fmt: skip


def _on_bucket(action: str) -> tuple[Row, ...]:
    return (Row(action=action, on=("bucket",)),)


def _on_object(action: str, versioned: str = "") -> tuple[Row, ...]:
    """An action on the object; with a version in the request another one, where the service has one."""
    if not versioned:
        return (Row(action=action, on=("object",)),)
    return (
        Row(action=action, on=("object",), unless="VersionId"),
        Row(action=versioned, on=("object",), when="VersionId"),
    )


_SOURCE = (
    Row(action="GetObject", on=("source-object",), keys=False, each=True),
    Row(action="GetObjectVersion", on=("source-version",), keys=False, each=True),
)
_BYPASS = Row(action="BypassGovernanceRetention", on=("object",), when="BypassGovernanceRetention", keys=False)
_KEY_NOTE = "S3 uses the key with the caller's credentials"
_DATA_KEY = Row(action="kms:GenerateDataKey", on=("sse-key",), when="SSEKMSKeyId", keys=False, note=_KEY_NOTE)
_SSE_DECRYPT = Row(action="kms:Decrypt", on=("sse-key",), when="SSEKMSKeyId", keys=False, note=_KEY_NOTE)
_WRITES = (
    Row(action="PutObject", on=("object",)),
    Row(action="PutObjectAcl", on=("object",), when=_GRANTS),
    Row(action="PutObjectTagging", on=("object",), when="Tagging"),
    Row(action="PutObjectRetention", on=("object",), when=_LOCK),
    Row(action="PutObjectLegalHold", on=("object",), when="ObjectLockLegalHoldStatus"),
)
_COPIED_TAGS = "only if the source has tags, which are copied along"
_COPIES_TAGS = (
    Row(action="GetObjectTagging", on=("source-object",), unless="Tagging", keys=False, each=True,
        confidence=Confidence.POSSIBLE, note=_COPIED_TAGS),
    Row(action="PutObjectTagging", on=("object",), unless="Tagging", keys=False,
        confidence=Confidence.POSSIBLE, note=_COPIED_TAGS),
)  # fmt: skip

_OBJECTS: dict[str, tuple[Row, ...]] = {
    "GetObject": _on_object("GetObject", "GetObjectVersion"),
    "HeadObject": _on_object("GetObject", "GetObjectVersion"),
    "SelectObjectContent": _on_object("GetObject"),
    "GetObjectAttributes": (
        *_on_object("GetObject", "GetObjectVersion"),
        *_on_object("GetObjectAttributes", "GetObjectVersionAttributes"),
    ),
    "GetObjectAcl": _on_object("GetObjectAcl", "GetObjectVersionAcl"),
    "GetObjectTagging": _on_object("GetObjectTagging", "GetObjectVersionTagging"),
    "GetObjectTorrent": _on_object("GetObjectTorrent"),
    "PutObject": (*_WRITES, _DATA_KEY),
    "PutObjectAcl": _on_object("PutObjectAcl", "PutObjectVersionAcl"),
    "PutObjectTagging": _on_object("PutObjectTagging", "PutObjectVersionTagging"),
    "PutObjectRetention": (*_on_object("PutObjectRetention"), _BYPASS),
    "DeleteObject": (*_on_object("DeleteObject", "DeleteObjectVersion"), _BYPASS),
    "DeleteObjectTagging": _on_object("DeleteObjectTagging", "DeleteObjectVersionTagging"),
    "DeleteObjects": (
        Row(action="DeleteObject", on=("deleted-objects",), each=True),
        Row(action="DeleteObjectVersion", on=("deleted-versions",), each=True),
        Row(action="BypassGovernanceRetention", on=("deleted-objects", "deleted-versions"), keys=False,
            when="BypassGovernanceRetention", each=True),
    ),
    "CopyObject": (*_SOURCE, *_WRITES, *_COPIES_TAGS, _DATA_KEY),
    "CreateMultipartUpload": (*_WRITES, _DATA_KEY, _SSE_DECRYPT),
    "UploadPart": _on_object("PutObject"),
    "UploadPartCopy": (*_SOURCE, Row(action="PutObject", on=("object",))),
    "CompleteMultipartUpload": _on_object("PutObject"),
    "ListParts": _on_object("ListMultipartUploadParts"),
    "WriteGetObjectResponse": (Row(action="s3-object-lambda:WriteGetObjectResponse"),),
}  # fmt: skip

_BUCKETS: dict[str, tuple[Row, ...]] = {
    "CreateBucket": (
        *_on_bucket("CreateBucket"),
        Row(action="PutBucketAcl", on=("bucket",), when=_GRANTS),
        Row(action="PutBucketObjectLockConfiguration", on=("bucket",), when="ObjectLockEnabledForBucket"),
        Row(action="PutBucketVersioning", on=("bucket",), when="ObjectLockEnabledForBucket"),
        Row(action="PutBucketOwnershipControls", on=("bucket",), when="ObjectOwnership"),
        Row(action="TagResource", on=("bucket",), when="CreateBucketConfiguration.Tags[].Key"),
    ),
    "HeadBucket": _on_bucket("ListBucket"),
    "ListBuckets": (Row(action="ListAllMyBuckets"),),
    "ListDirectoryBuckets": (Row(action="s3express:ListAllMyDirectoryBuckets"),),
    "ListObjects": _on_bucket("ListBucket"),
    "ListObjectsV2": _on_bucket("ListBucket"),
    "ListObjectVersions": _on_bucket("ListBucketVersions"),
    "ListMultipartUploads": _on_bucket("ListBucketMultipartUploads"),
    "CreateBucketMetadataConfiguration": (
        *_on_bucket("CreateBucketMetadataTableConfiguration"),
        pass_role("MetadataConfiguration.AnnotationTableConfiguration.Role", confidence=Confidence.INFERRED),
    ),
    "UpdateBucketMetadataAnnotationTableConfiguration": (
        *_on_bucket("UpdateBucketMetadataAnnotationTableConfiguration"),
        pass_role("AnnotationTableConfiguration.Role", confidence=Confidence.INFERRED),
    ),
    "PutBucketNotification": (
        *_on_bucket("PutBucketNotification"),
        pass_role(
            "NotificationConfiguration.CloudFunctionConfiguration.InvocationRole", confidence=Confidence.INFERRED
        ),
    ),
    "GetBucketMetadataConfiguration": _on_bucket("GetBucketMetadataTableConfiguration"),
    "DeleteBucketMetadataConfiguration": _on_bucket("DeleteBucketMetadataTableConfiguration"),
    "DeleteBucketAnalyticsConfiguration": _on_bucket("PutAnalyticsConfiguration"),
    "DeleteBucketCors": _on_bucket("PutBucketCORS"),
    "DeleteBucketEncryption": _on_bucket("PutEncryptionConfiguration"),
    "DeleteBucketIntelligentTieringConfiguration": _on_bucket("PutIntelligentTieringConfiguration"),
    "DeleteBucketInventoryConfiguration": _on_bucket("PutInventoryConfiguration"),
    "DeleteBucketLifecycle": _on_bucket("PutLifecycleConfiguration"),
    "DeleteBucketMetricsConfiguration": _on_bucket("PutMetricsConfiguration"),
    "DeleteBucketOwnershipControls": _on_bucket("PutBucketOwnershipControls"),
    "DeleteBucketReplication": _on_bucket("PutReplicationConfiguration"),
    "DeleteBucketTagging": _on_bucket("PutBucketTagging"),
    "DeletePublicAccessBlock": _on_bucket("PutBucketPublicAccessBlock"),
    "GetBucketAccelerateConfiguration": _on_bucket("GetAccelerateConfiguration"),
    "GetBucketAnalyticsConfiguration": _on_bucket("GetAnalyticsConfiguration"),
    "GetBucketEncryption": _on_bucket("GetEncryptionConfiguration"),
    "GetBucketIntelligentTieringConfiguration": _on_bucket("GetIntelligentTieringConfiguration"),
    "GetBucketInventoryConfiguration": _on_bucket("GetInventoryConfiguration"),
    "GetBucketLifecycle": _on_bucket("GetLifecycleConfiguration"),
    "GetBucketLifecycleConfiguration": _on_bucket("GetLifecycleConfiguration"),
    "GetBucketMetricsConfiguration": _on_bucket("GetMetricsConfiguration"),
    "GetBucketNotificationConfiguration": _on_bucket("GetBucketNotification"),
    "GetBucketReplication": _on_bucket("GetReplicationConfiguration"),
    "GetObjectLockConfiguration": _on_bucket("GetBucketObjectLockConfiguration"),
    "GetPublicAccessBlock": _on_bucket("GetBucketPublicAccessBlock"),
    "ListBucketAnalyticsConfigurations": _on_bucket("GetAnalyticsConfiguration"),
    "ListBucketIntelligentTieringConfigurations": _on_bucket("GetIntelligentTieringConfiguration"),
    "ListBucketInventoryConfigurations": _on_bucket("GetInventoryConfiguration"),
    "ListBucketMetricsConfigurations": _on_bucket("GetMetricsConfiguration"),
    "PutBucketAccelerateConfiguration": _on_bucket("PutAccelerateConfiguration"),
    "PutBucketAnalyticsConfiguration": _on_bucket("PutAnalyticsConfiguration"),
    "PutBucketEncryption": _on_bucket("PutEncryptionConfiguration"),
    "PutBucketIntelligentTieringConfiguration": _on_bucket("PutIntelligentTieringConfiguration"),
    "PutBucketInventoryConfiguration": _on_bucket("PutInventoryConfiguration"),
    "PutBucketLifecycle": _on_bucket("PutLifecycleConfiguration"),
    "PutBucketLifecycleConfiguration": _on_bucket("PutLifecycleConfiguration"),
    "PutBucketMetricsConfiguration": _on_bucket("PutMetricsConfiguration"),
    "PutBucketNotificationConfiguration": _on_bucket("PutBucketNotification"),
    "PutBucketReplication": (
        *_on_bucket("PutReplicationConfiguration"),
        pass_role("ReplicationConfiguration.Role", "s3.amazonaws.com"),
    ),
    "PutObjectLockConfiguration": _on_bucket("PutBucketObjectLockConfiguration"),
    "PutPublicAccessBlock": _on_bucket("PutBucketPublicAccessBlock"),
}


def _conditions(asked: Asked, action: str, target: Named) -> Conditions:
    conditions = Conditions()
    operation = asked.call.operation.replace("-", "").lower()
    carried = keys_of_action(action) or frozenset()
    if action.startswith("kms:"):
        return _through_s3(asked)
    if "s3:dataaccesspointarn" in carried:
        _access_point(conditions, target)
    owner = asked.snapshot.resource_account(target.arn) if asked.snapshot else None
    if owner is not None and "s3:resourceaccount" in carried:
        conditions.context["s3:ResourceAccount"] = (owner,)
    if "s3:prefix" in carried and asked.call.params.get("Prefix") == "":
        conditions.context["s3:prefix"] = ("",)
    if action == "s3:PutObject" and operation in _CREATES:
        conditions.context["s3:ObjectCreationOperation"] = (_CREATES[operation],)
    source = copy_source(asked) if "s3:versionid" in carried and target.route == ("CopySource",) else None
    if source and source.version:
        conditions.context["s3:versionid"] = (source.version,)
    return conditions


def _access_point(conditions: Conditions, target: Named) -> None:
    """The access point that the request goes through.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html#access-points-condition-keys
    """
    if ":accesspoint/" not in target.arn:
        conditions.absent += ["s3:DataAccessPointArn", "s3:DataAccessPointAccount", "s3:AccessPointNetworkOrigin"]
        return
    conditions.context["s3:DataAccessPointArn"] = (target.arn.partition("/object/")[0],)
    conditions.context["s3:DataAccessPointAccount"] = (target.arn.split(":")[4],)


def _through_s3(asked: Asked) -> Conditions:
    """S3 calls KMS for the caller; the encryption context is the object's ARN, or the bucket's with a bucket key."""
    conditions = used_for_caller(asked, "s3")
    arns: list[Values] = [(one.arn,) for one in the_object(asked)]
    arns += [(bucket_arn(asked, str(asked.call.params.get("Bucket") or "*")),)]
    why = "a bucket key, which the bucket's own configuration turns on, makes it the bucket's ARN"
    conditions.unsettled.append(Unsettled(key="kms:EncryptionContext:aws:s3:arn", choices=tuple(arns), why=why))
    return conditions


TABLE = ServiceTable(
    prefix="s3",
    resources={
        "bucket": bucket,
        "accesspoint": lambda _: (),
        "object": the_object,
        "accesspointobject": lambda _: (),
        "source-object": source_object,
        "source-version": source_version,
        "deleted-objects": deleted_objects,
        "deleted-versions": deleted_versions,
        "sse-key": key_in("SSEKMSKeyId"),
    },
    keys={
        "s3:annotation-prefix": ("AnnotationPrefix",),
        "s3:delimiter": ("Delimiter",),
        "s3:if-match": ("IfMatch",),
        "s3:if-none-match": ("IfNoneMatch",),
        "s3:locationconstraint": ("CreateBucketConfiguration.LocationConstraint",),
        "s3:max-annotation-results": ("MaxAnnotationResults",),
        "s3:max-keys": ("MaxKeys",),
        "s3:object-lock-legal-hold": ("ObjectLockLegalHoldStatus", "LegalHold.Status"),
        "s3:object-lock-mode": ("ObjectLockMode", "Retention.Mode"),
        "s3:object-lock-retain-until-date": ("ObjectLockRetainUntilDate", "Retention.RetainUntilDate"),
        "s3:prefix": ("Prefix",),
        "s3:versionid": ("VersionId",),
        "s3:x-amz-acl": ("ACL",),
        "s3:x-amz-bucket-namespace": ("BucketNamespace",),
        "s3:x-amz-copy-source": ("CopySource",),
        "s3:x-amz-grant-full-control": ("GrantFullControl",),
        "s3:x-amz-grant-read": ("GrantRead",),
        "s3:x-amz-grant-read-acp": ("GrantReadACP",),
        "s3:x-amz-grant-write": ("GrantWrite",),
        "s3:x-amz-grant-write-acp": ("GrantWriteACP",),
        "s3:x-amz-metadata-directive": ("MetadataDirective",),
        "s3:x-amz-object-ownership": ("ObjectOwnership",),
        "s3:x-amz-server-side-encryption": ("ServerSideEncryption",),
        "s3:x-amz-server-side-encryption-aws-kms-key-id": ("SSEKMSKeyId",),
        "s3:x-amz-server-side-encryption-customer-algorithm": ("SSECustomerAlgorithm",),
        "s3:x-amz-storage-class": ("StorageClass",),
        "s3:x-amz-website-redirect-location": ("WebsiteRedirectLocation",),
    },
    instead={**_OBJECTS, **_BUCKETS},
    looked_up=(
        "s3:AccessPointNetworkOrigin", "s3:AccessPointTag/${TagKey}", "s3:BucketTag/${TagKey}", "s3:ExistingObjectTag/<key>",
        "s3:ResourceAccount", "s3:object-lock-remaining-retention-days",
    ),
    conditions=_conditions,
)  # fmt: skip
