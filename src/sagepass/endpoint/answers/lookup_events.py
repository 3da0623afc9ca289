"""``cloudtrail`` LookupEvents: the management events of the caller's account in one Region, newest first.

Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html. Data events are not among them,
as with AWS; the log files of :mod:`sagepass.endpoint.answers.trail` have both.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

from sagepass.catalog.resources import type_of_arn
from sagepass.endpoint.answers.cloudtrail_event import cloudtrail_event, event_id
from sagepass.endpoint.answers.event_kind import data_event_type, event_name, event_source
from sagepass.endpoint.answers.event_user import user_name
from sagepass.endpoint.answers.members import Members
from sagepass.endpoint.answers.pages import BadTokenError, page_of
from sagepass.endpoint.answers.world import Answer, ApiError, World
from sagepass.endpoint.recorded import Recorded

_DEFAULT, _MOST = 50, 50
_KEPT = timedelta(days=90)
_SERVICES = {"sagemaker": "SageMaker", "iam": "IAM", "s3": "S3", "kms": "KMS", "ecr": "ECR", "ram": "RAM", "sts": "STS", "logs": "Logs"}  # fmt: skip


def lookup_events(params: Mapping[str, object], world: World) -> Mapping[str, object]:
    """Answer LookupEvents."""
    members = Members(params, "InvalidParameterException")
    matches = _attribute(members)
    start, end = members.moment("StartTime"), members.moment("EndTime")
    if start and end and start > end:
        raise ApiError("InvalidTimeRangeException", "StartTime is after EndTime")
    category = members.text("EventCategory")
    if category not in {None, "insight"}:
        raise ApiError("InvalidEventCategoryException", "EventCategory can only be insight")
    events = [] if category else [one for one in _management_events(world, start, end) if matches(one)]
    try:
        page = page_of(
            events,
            size=_size(members),
            token=members.text("NextToken"),
            request=members.without("NextToken", "MaxResults"),
        )
    except BadTokenError:
        raise ApiError("InvalidNextTokenException", "NextToken was not issued for this request") from None
    answer: dict[str, object] = {"Events": [_event(one) for one in page.items]}
    return answer | ({"NextToken": page.token} if page.token else {})


def _size(members: Members) -> int:
    try:
        return members.number("MaxResults", default=_DEFAULT, most=_MOST)
    except ApiError as error:
        raise ApiError("InvalidMaxResultsException", error.message) from None


def _management_events(world: World, start: datetime | None, end: datetime | None) -> Iterator[Recorded]:
    for one in world.recent():
        mine = one.account == world.account and one.region == world.region and world.now - one.time <= _KEPT
        in_range = (start is None or one.time >= start) and (end is None or one.time <= end)
        if mine and in_range and data_event_type(one.client, one.operation) is None:
            yield one


def _attribute(members: Members) -> Callable[[Recorded], bool]:
    """The one attribute of the request as a test; without one every event passes."""
    given = members.objects("LookupAttributes")
    if len(given) > 1:
        raise ApiError("InvalidLookupAttributesException", "only one attribute can be looked up at a time")
    if not given:
        return lambda _: True
    key, value = given[0].required("AttributeKey"), given[0].required("AttributeValue")
    read = _ATTRIBUTES.get(key)
    if read is None or len(value) > 2000:
        raise ApiError("InvalidLookupAttributesException", f"events cannot be looked up by {key[:64]!r}")
    return lambda one: value in read(one)


def _read_only(one: Recorded) -> str:
    return "true" if one.read_only else "false"


def _names(one: Recorded) -> tuple[str, ...]:
    return tuple(name for resource in _resources(one) for name in (resource["ResourceName"], resource["arn"]))


_ATTRIBUTES: dict[str, Callable[[Recorded], tuple[str, ...]]] = {
    "EventId": lambda one: (event_id(one),),
    "EventName": lambda one: (event_name(one.client, one.operation),),
    "ReadOnly": lambda one: (_read_only(one),),
    "Username": lambda one: (user_name(one),),
    "ResourceType": lambda one: tuple(resource["ResourceType"] for resource in _resources(one)),
    "ResourceName": _names,
    "EventSource": lambda one: (event_source(one.client),),
    "AccessKeyId": lambda one: (one.access_key_id,) if one.access_key_id else (),
}


def _event(one: Recorded) -> dict[str, object]:
    event: dict[str, object] = {
        "EventId": event_id(one),
        "EventName": event_name(one.client, one.operation),
        "ReadOnly": _read_only(one),
        "EventTime": one.time,
        "EventSource": event_source(one.client),
        "Username": user_name(one),
        "Resources": [
            {"ResourceType": resource["ResourceType"], "ResourceName": resource["ResourceName"]}
            for resource in _resources(one)
        ],
        "CloudTrailEvent": json.dumps(cloudtrail_event(one), separators=(",", ":"), ensure_ascii=False),
    }
    return event | ({"AccessKeyId": one.access_key_id} if one.access_key_id else {})


def _resources(one: Recorded) -> list[dict[str, str]]:
    """The resources that the call names, as ``AWS::SageMaker::TrainingJob`` and the name in the ARN."""
    found = []
    for arn in dict.fromkeys(needed.resource for needed in one.needed if needed.resource.startswith("arn:")):
        kind = type_of_arn(arn)
        if kind is not None and "*" not in arn:
            spelled = "".join(part[:1].upper() + part[1:] for part in kind.name.split("-"))
            service = _SERVICES.get(kind.service, kind.service.capitalize())
            name = arn.split(":", 5)[5].partition("/")[2] or arn.split(":", 5)[5]
            found.append({"ResourceType": f"AWS::{service}::{spelled}", "ResourceName": name, "arn": arn})
    return found


ANSWERS: dict[str, Answer] = {"LookupEvents": lookup_events}
