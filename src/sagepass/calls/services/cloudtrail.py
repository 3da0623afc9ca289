"""CloudTrail: trails and event data stores by name or ARN, and the roles that a trail passes on.

Sources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudtrail.html and
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/send-cloudtrail-events-to-cloudwatch-logs.html (the role for logs)
"""

from __future__ import annotations

from sagepass.calls.call import Confidence
from sagepass.calls.services.table import Row, ServiceTable, pass_role

_LOGS_ROLE = pass_role("CloudWatchLogsRoleArn", "cloudtrail.amazonaws.com")
_BY_ARN = ("AddTags", "DeleteResourcePolicy", "GetResourcePolicy", "ListTags", "PutResourcePolicy", "RemoveTags")
"""Operations that name a resource of any type by its ARN."""

TABLE = ServiceTable(
    prefix="cloudtrail",
    resources={
        "trail": {"TrailName": "TrailName|Name|InsightSource"},
        "eventdatastore": {"EventDataStoreId": "EventDataStore|EventDataStores[]"},
        "channel": {"ChannelId": "Channel"},
        "dashboard": {"DashboardName": "DashboardId|Name"},
        "by-arn": {"": "ResourceId|ResourceArn|ResourceIdList[]"},
    },
    instead={
        **{name: (Row(action=name, on=("by-arn",)),) for name in _BY_ARN},
        "CreateEventDataStore": (
            Row(action="CreateEventDataStore", note="the id of the event data store does not exist before the call"),
        ),
    },
    beside={
        "CreateTrail": (
            Row(action="AddTags", on=("trail",), when="TagsList", confidence=Confidence.INFERRED),
            _LOGS_ROLE,
        ),
        "UpdateTrail": (_LOGS_ROLE,),
        # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-copy-trail-to-lake.html
        "StartImport": (pass_role("ImportSource.S3.S3BucketAccessRoleArn", "cloudtrail.amazonaws.com"),),
        "EnableFederation": (
            pass_role("FederationRoleArn", "cloudtrail.amazonaws.com", confidence=Confidence.INFERRED),
        ),
    },
)
