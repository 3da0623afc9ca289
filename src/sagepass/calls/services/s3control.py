"""S3 Control: access points, batch jobs, Storage Lens, access grants, and the account's public access block.

Sources: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html (account, access point and
job operations), https://docs.aws.amazon.com/AmazonS3/latest/s3-outposts/S3OutpostsIAM.html (buckets, which this client has on
Outposts only) and https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
"""

from __future__ import annotations

from sagepass.calls.services.table import Row, ServiceTable, pass_role

_ACCOUNT = "AccountId"
_ON_OUTPOSTS = (
    "CreateBucket", "DeleteBucket", "DeleteBucketLifecycleConfiguration", "DeleteBucketPolicy", "DeleteBucketReplication",
    "DeleteBucketTagging", "GetBucket", "GetBucketLifecycleConfiguration", "GetBucketPolicy", "GetBucketReplication",
    "GetBucketTagging", "GetBucketVersioning", "PutBucketLifecycleConfiguration", "PutBucketPolicy",
    "PutBucketReplication", "PutBucketTagging", "PutBucketVersioning",
)  # fmt: skip
_OTHER_NAMES = {
    "DeleteBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "DeleteBucketReplication": "PutReplicationConfiguration",
    "DeleteBucketTagging": "PutBucketTagging",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "GetBucketReplication": "GetReplicationConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "PutBucketReplication": "PutReplicationConfiguration",
}

TABLE = ServiceTable(
    prefix="s3",
    resources={
        "accesspoint": {"Account": _ACCOUNT, "AccessPointName": "Name"},
        "objectlambdaaccesspoint": {"Account": _ACCOUNT, "AccessPointName": "Name"},
        "multiregionaccesspoint": {"Account": _ACCOUNT, "AccessPointAlias": "Name|Mrap|Details.Name"},
        "job": {"Account": _ACCOUNT, "JobId": "JobId"},
        "storagelensconfiguration": {"Account": _ACCOUNT, "ConfigId": "ConfigId"},
        "storagelensgroup": {"Account": _ACCOUNT, "Name": "Name|StorageLensGroup.Name"},
        "accessgrant": {"Account": _ACCOUNT, "Token": "AccessGrantId"},
        "accessgrantslocation": {"Account": _ACCOUNT, "Token": "AccessGrantsLocationId"},
        "accessgrantsinstance": {"Account": _ACCOUNT},
        "bucket": {"": "Bucket"},
        "tagged": {"": "ResourceArn"},
    },
    keys={
        "s3:RequestJobPriority": ("Priority",),
        "s3:AccessGrantScope": ("AccessGrantsLocationConfiguration.S3SubPrefix",),
        "s3:AccessGrantsLocationScope": ("LocationScope",),
    },
    instead={
        **{name: (Row(action=f"s3-outposts:{_OTHER_NAMES.get(name, name)}", on=("bucket",)),) for name in _ON_OUTPOSTS},
        "ListRegionalBuckets": (Row(action="s3-outposts:ListRegionalBuckets"),),
        "GetPublicAccessBlock": (Row(action="GetAccountPublicAccessBlock"),),
        "PutPublicAccessBlock": (Row(action="PutAccountPublicAccessBlock"),),
        "DeletePublicAccessBlock": (Row(action="PutAccountPublicAccessBlock"),),
        "ListAccessPointsForObjectLambda": (Row(action="ListAccessPointsForObjectLambda"),),
        "TagResource": (Row(action="TagResource", on=("tagged",)),),
        "UntagResource": (Row(action="UntagResource", on=("tagged",)),),
        "ListTagsForResource": (Row(action="ListTagsForResource", on=("tagged",)),),
    },
    beside={
        "PutBucketReplication": (pass_role("ReplicationConfiguration.Role", "s3-outposts.amazonaws.com"),),
        "CreateJob": (pass_role("RoleArn", "batchoperations.s3.amazonaws.com"),),
        "CreateAccessGrantsLocation": (pass_role("IAMRoleArn", "access-grants.s3.amazonaws.com"),),
        "UpdateAccessGrantsLocation": (pass_role("IAMRoleArn", "access-grants.s3.amazonaws.com"),),
    },
)
