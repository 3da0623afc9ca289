"""CloudWatch Logs: log groups are authorized with ``:log-stream:`` behind their name, except for tagging.

Policies name a group as ``log-group:NAME:*`` for all operations but those on tags, where it is ``log-group:NAME``
(https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html); the messages of denials show
what AWS compares: ``…:log-group:NAME:log-stream:``, for DescribeLogGroups without a name
(https://github.com/hashicorp/terraform-provider-aws/issues/8804). Further source:
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
"""

from __future__ import annotations

from collections.abc import Iterable

from sagepass.calls.call import Confidence, ResourceState
from sagepass.calls.request_paths import find_values
from sagepass.calls.resource_arns import Named
from sagepass.calls.services.table import Asked, Row, ServiceTable, pass_role

_GROUPS = ("logGroupName", "logGroupIdentifier", "logGroupNames[]", "logGroupIdentifiers[]", "resourceIdentifier")
_LOGS = "logs.amazonaws.com"


def _prefix(asked: Asked) -> str:
    call = asked.call
    return f"arn:{call.partition}:logs:{call.region or '*'}:{call.caller_account or '*'}:log-group:"


def _bare_groups(asked: Asked) -> Iterable[Named]:
    """Each group that the request names, as ``log-group:NAME``."""
    found = [one for member in _GROUPS for one in find_values(asked.call.params, member)]
    for one in found:
        text = (one.text or "*").removesuffix(":*")
        arn = text if text.startswith("arn:") else _prefix(asked) + text
        state = ResourceState.SET if "*" in arn else ResourceState.EXACT
        yield Named(arn=arn, kind="log-group", state=state, route=one.route)
    if not found:
        note = "the request does not name the log group"
        yield Named(arn=f"{_prefix(asked)}*", kind="log-group", state=ResourceState.SET, note=note)


def _groups(asked: Asked) -> Iterable[Named]:
    for group in _bare_groups(asked):
        arn = f"{group.arn}:log-stream:"
        yield Named(arn=arn, kind="log-group", state=group.state, route=group.route, note=group.note)


def _streams(asked: Asked) -> Iterable[Named]:
    names = find_values(asked.call.params, "logStreamName")
    for group in _bare_groups(asked):
        name = (names[0].text or "*") if names else "*"
        arn = f"{group.arn}:log-stream:{name}"
        state = ResourceState.SET if "*" in arn else ResourceState.EXACT
        yield Named(arn=arn, kind="log-stream", state=state, route=group.route, note=group.note)


def _no_name(asked: Asked) -> Iterable[Named]:
    arn = f"{_prefix(asked)}:log-stream:"
    yield Named(arn=arn, kind="log-group", state=ResourceState.SET if "*" in arn else ResourceState.EXACT)


def _subscribed_destination(asked: Asked) -> Iterable[Named]:
    """A destination of CloudWatch Logs; streams of other services are not authorized here.

    https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutSubscriptionFilter.html
    """
    for found in find_values(asked.call.params, "destinationArn"):
        if found.text and ":destination:" in found.text:
            yield Named(arn=found.text, kind="destination", state=ResourceState.EXACT, route=found.route)


_INFERRED = Confidence.INFERRED
_SCHEDULED_QUERY = (
    pass_role("executionRoleArn", _LOGS, confidence=_INFERRED),
    pass_role("destinationConfiguration.s3Configuration.roleArn", _LOGS, confidence=_INFERRED),
    pass_role("destinationConfiguration.lookupTableConfiguration.roleArn", _LOGS, confidence=_INFERRED),
)

TABLE = ServiceTable(
    prefix="logs",
    resources={
        "log-group": _groups,
        "log-group-of-tags": _bare_groups,
        "log-group-list": _no_name,
        "log-stream": _streams,
        "destination": {"DestinationName": "destinationName|destinationArn"},
        "delivery": {"DeliveryName": "id|resourceArn"},
        "delivery-source": {"DeliverySourceName": "deliverySourceName|name|resourceArn"},
        "delivery-destination": {
            "DeliveryDestinationName": "deliveryDestinationName|deliveryDestinationArn|name|resourceArn"
        },
        "anomaly-detector": {"": "anomalyDetectorArn|resourceArn"},
        "lookup-table": {"": "lookupTableArn|resourceArn"},
        "scheduled-query": {"ScheduledQueryId": "identifier|resourceArn"},
        "tagged": {"": "resourceArn"},
        "subscribed-destination": _subscribed_destination,
    },
    keys={
        "logs:LogGeneratingResourceArns": ("resourceArn",),
        "logs:DeliveryDestinationResourceArn": ("deliveryDestinationConfiguration.destinationResourceArn",),
        "logs:data_source_name": ("dataSourceName",),
        "logs:data_source_type": ("dataSourceType",),
    },
    instead={
        "DescribeLogGroups": (Row(action="DescribeLogGroups", on=("log-group-list",)),),
        "ListTagsLogGroup": (Row(action="ListTagsLogGroup", on=("log-group-of-tags",)),),
        "TagLogGroup": (Row(action="TagLogGroup", on=("log-group-of-tags",)),),
        "UntagLogGroup": (Row(action="UntagLogGroup", on=("log-group-of-tags",)),),
        "ListTagsForResource": (Row(action="ListTagsForResource", on=("tagged",)),),
        "TagResource": (Row(action="TagResource", on=("tagged",)),),
        "UntagResource": (Row(action="UntagResource", on=("tagged",)),),
        "PutSubscriptionFilter": (
            Row(action="PutSubscriptionFilter", on=("log-group",)),
            Row(action="PutSubscriptionFilter", on=("subscribed-destination",), each=True),
        ),
    },
    beside={
        # https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
        "CreateLogGroup": (
            Row(action="TagResource", on=("log-group-of-tags",), when="tags", note="logs:TagLogGroup does as well"),
        ),
        "PutSubscriptionFilter": (pass_role("roleArn", _LOGS),),
        "PutDestination": (pass_role("roleArn", _LOGS),),
        "CreateScheduledQuery": _SCHEDULED_QUERY,
        "UpdateScheduledQuery": _SCHEDULED_QUERY,
        "CreateImportTask": (pass_role("importRoleArn", _LOGS, confidence=_INFERRED),),
        "PutDeliveryDestination": (pass_role("roleArn", confidence=_INFERRED),),
        "PutIntegration": (
            pass_role("resourceConfig.openSearchResourceConfig.dataSourceRoleArn", confidence=_INFERRED),
        ),
    },
)
