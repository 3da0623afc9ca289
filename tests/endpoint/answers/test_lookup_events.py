"""LookupEvents: management events of the account, filtered, in pages, and readable by our own reader."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.endpoint.answers.worlds import ACCOUNT, ADMIN, MATEO, NOW, SESSION, STRANGER, ask, recorded, world

from sagepass.denial import read_denials
from sagepass.endpoint.answers import ApiError
from sagepass.endpoint.recorded import Recorded

WIDGET = {"TrainingJobName": "my-example-widget"}
CALLS = (
    recorded("sagemaker", "DescribeTrainingJob", WIDGET, number=1, at=NOW - timedelta(minutes=5)),
    recorded("iam", "CreateUser", {"UserName": "new"}, caller=ADMIN, number=2, at=NOW - timedelta(minutes=4)),
    recorded("s3", "GetObject", {"Bucket": "lake", "Key": "k"}, number=3, at=NOW - timedelta(minutes=3)),
    recorded("sagemaker-runtime", "InvokeEndpoint", {"EndpointName": "e", "Body": b"x"}, number=4),
    recorded("s3", "CreateBucket", {"Bucket": "x"}, caller=SESSION, number=5),
    replace(recorded("iam", "ListUsers", {}, caller=ADMIN, number=6), account=STRANGER),
    replace(recorded("iam", "ListRoles", {}, caller=ADMIN, number=7), region="us-east-1"),
    replace(recorded("iam", "ListGroups", {}, caller=ADMIN, number=8), time=NOW - timedelta(days=91)),
)


def events(*calls: Recorded, **params: object) -> list[dict[str, Any]]:
    """The events of one page."""
    answer: dict[str, Any] = ask("cloudtrail", "LookupEvents", params, world(*(calls or CALLS)))
    return list(answer["Events"])


def attribute(key: str, value: str) -> dict[str, object]:
    """A look-up by one attribute."""
    return {"LookupAttributes": [{"AttributeKey": key, "AttributeValue": value}]}


def test_management_events_of_this_account_and_region_newest_first() -> None:
    """Data events (S3 objects, invocations), other accounts, other Regions and events older than 90 days are not there."""
    assert [one["EventName"] for one in events()] == ["CreateBucket", "CreateUser", "DescribeTrainingJob"]


def test_a_denied_call_has_its_error() -> None:
    """The event carries code and message; the reader finds caller, action and Region in it."""
    (one,) = events(**attribute("EventName", "DescribeTrainingJob"))
    event = json.loads(one["CloudTrailEvent"])
    assert (event["errorCode"], event["eventSource"]) == ("AccessDeniedException", "sagemaker.amazonaws.com")
    assert event["requestParameters"] == {"trainingJobName": "my-example-widget"}
    assert (event["readOnly"], event["managementEvent"], event["eventCategory"]) == (True, True, "Management")
    (denial,) = read_denials(json.dumps(event))
    assert (denial.principal, denial.action) == (MATEO, "sagemaker:DescribeTrainingJob")
    assert (denial.region, denial.operation) == ("eu-west-1", "DescribeTrainingJob")


def test_an_allowed_call_has_none() -> None:
    """No error members at all, as in AWS's records."""
    (one,) = events(**attribute("EventName", "CreateUser"))
    event = json.loads(one["CloudTrailEvent"])
    assert not {"errorCode", "errorMessage"} & set(event)
    assert event["readOnly"] is False


@pytest.mark.parametrize(
    ("key", "value", "names"),
    [
        ("EventName", "CreateUser", ["CreateUser"]),
        ("EventSource", "sagemaker.amazonaws.com", ["DescribeTrainingJob"]),
        ("ReadOnly", "true", ["DescribeTrainingJob"]),
        ("ReadOnly", "false", ["CreateBucket", "CreateUser"]),
        ("Username", "mateojackson", ["DescribeTrainingJob"]),
        ("Username", "job-1", ["CreateBucket"]),
        ("ResourceName", "my-example-widget", ["DescribeTrainingJob"]),
        (
            "ResourceName",
            f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:training-job/my-example-widget",
            ["DescribeTrainingJob"],
        ),
        ("ResourceType", "AWS::IAM::User", ["CreateUser"]),
        ("AccessKeyId", "AKIAIOSFODNN7EXAMPLE", ["CreateBucket", "CreateUser", "DescribeTrainingJob"]),
        ("AccessKeyId", "AKIAOTHER", []),
    ],
)
def test_look_up_by_one_attribute(key: str, value: str, names: list[str]) -> None:
    """Every attribute that AWS has for management events."""
    assert [one["EventName"] for one in events(**attribute(key, value))] == names


def test_look_up_by_event_id() -> None:
    """The id of an event stays the same."""
    (first, *_) = events()
    assert events(**attribute("EventId", first["EventId"])) == [first]


def test_a_range_of_time() -> None:
    """Both ends count."""
    assert [
        one["EventName"] for one in events(StartTime=NOW - timedelta(minutes=4), EndTime=NOW - timedelta(minutes=3))
    ] == ["CreateUser"]


def test_pages() -> None:
    """At most fifty at a time; every event once."""
    calls = tuple(recorded("iam", "ListUsers", {}, caller=ADMIN, number=number) for number in range(60))
    answer: dict[str, Any] = ask("cloudtrail", "LookupEvents", {}, world(*calls))
    assert len(answer["Events"]) == 50
    rest: dict[str, Any] = ask("cloudtrail", "LookupEvents", {"NextToken": answer["NextToken"]}, world(*calls))
    assert len({one["EventId"] for one in answer["Events"] + rest["Events"]}) == 60
    assert "NextToken" not in rest
    with pytest.raises(ApiError) as refused:
        ask("cloudtrail", "LookupEvents", {"NextToken": answer["NextToken"], "StartTime": NOW}, world(*calls))
    assert refused.value.code == "InvalidNextTokenException"


def test_insights_are_not_made_here() -> None:
    """The category has no events, which is not an error."""
    assert events(EventCategory="insight") == []


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"MaxResults": 51}, "InvalidMaxResultsException"),
        ({"StartTime": NOW, "EndTime": NOW - timedelta(hours=1)}, "InvalidTimeRangeException"),
        ({"EventCategory": "data"}, "InvalidEventCategoryException"),
        ({"NextToken": "bm9uZQ"}, "InvalidNextTokenException"),
        (attribute("Nothing", "x"), "InvalidLookupAttributesException"),
        ({"LookupAttributes": [{"AttributeKey": "ReadOnly", "AttributeValue": "true"}] * 2},
         "InvalidLookupAttributesException"),
    ],
)  # fmt: skip
def test_a_bad_request_has_cloudtrails_own_error(params: dict[str, object], code: str) -> None:
    """One code for each mistake."""
    with pytest.raises(ApiError) as refused:
        events(**params)
    assert refused.value.code == code
