"""CloudTrail log files on disk: complete, with data events, without secrets."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.endpoint.answers.worlds import ACCOUNT, ADMIN, EXEC, MATEO, NOW, SESSION, recorded

from sagepass.denial import read_denials
from sagepass.endpoint.answers.cloudtrail_event import cloudtrail_event
from sagepass.endpoint.answers.trail import Trail

INVOKE = recorded("sagemaker-runtime", "InvokeEndpoint", {"EndpointName": "e", "Body": b"secret"}, caller=SESSION)
DESCRIBE = recorded("sagemaker", "DescribeTrainingJob", {"TrainingJobName": "my-example-widget"}, number=2)


def records(path: Path) -> list[dict[str, Any]]:
    """The events of a log file."""
    return list(json.loads(path.read_text(encoding="utf-8"))["Records"])


def test_files_are_where_cloudtrail_puts_them_and_complete_after_every_event(tmp_path: Path) -> None:
    """Folders by account, Region and day; one file for five minutes."""
    trail = Trail(tmp_path)
    for number in range(3):
        path = trail.write(replace(DESCRIBE, request_id=f"req-{number}"))
        assert len(records(path)) == number + 1
    assert path.parent == tmp_path / "AWSLogs" / ACCOUNT / "CloudTrail" / "eu-west-1" / "2026" / "11" / "24"
    assert path.name.startswith(f"{ACCOUNT}_CloudTrail_eu-west-1_20261124T2035Z_")
    later = trail.write(replace(DESCRIBE, time=NOW + timedelta(minutes=6)))
    assert later != path
    assert len(records(later)) == 1


def test_data_events_are_in_it(tmp_path: Path) -> None:
    """An invocation names its endpoint, a read its object; both say that they are data events."""
    trail = Trail(tmp_path)
    trail.write(INVOKE)
    path = trail.write(recorded("s3", "ListObjectsV2", {"Bucket": "lake"}, number=3))
    invoked, listed = records(path)
    assert (invoked["eventCategory"], invoked["managementEvent"]) == ("Data", False)
    endpoint = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:endpoint/e"
    assert invoked["resources"] == [{"type": "AWS::SageMaker::Endpoint", "ARN": endpoint, "accountId": ACCOUNT}]
    assert listed["eventName"] == "ListObjects"
    assert listed["resources"] == [{"type": "AWS::S3::Object", "ARN": "arn:aws:s3:::lake"}]


def test_our_reader_finds_the_denials_of_a_file(tmp_path: Path) -> None:
    """A whole log file can be given to ``sagepass read``."""
    trail = Trail(tmp_path)
    trail.write(DESCRIBE)
    path = trail.write(recorded("iam", "ListUsers", {}, caller=ADMIN, number=4))
    (denial,) = read_denials(path.read_text(encoding="utf-8"))
    assert (denial.principal, denial.action) == (MATEO, "sagemaker:DescribeTrainingJob")


def test_who_called_is_told_as_cloudtrail_tells_it() -> None:
    """A user by name, a session with its role."""
    user = cloudtrail_event(DESCRIBE)["userIdentity"]
    assert user == {
        "type": "IAMUser",
        "principalId": "AIDAMATEOJACKSONEXAMPLE",
        "arn": MATEO,
        "accountId": ACCOUNT,
        "accessKeyId": "AKIAIOSFODNN7EXAMPLE",
        "userName": "mateojackson",
    }
    session = cloudtrail_event(INVOKE)["userIdentity"]
    assert isinstance(session, dict)
    assert (session["type"], session["principalId"]) == ("AssumedRole", "AROAEXECEXAMPLE000000:job-1")
    issuer = session["sessionContext"]["sessionIssuer"]
    assert (issuer["arn"], issuer["principalId"], issuer["userName"]) == (EXEC, "AROAEXECEXAMPLE000000", "Exec")


@pytest.mark.parametrize(
    ("caller", "expected"),
    [
        ("*", {"type": "AWSAccount", "principalId": "", "accountId": "anonymous"}),
        ("sagemaker.amazonaws.com", {"type": "AWSService", "invokedBy": "sagemaker.amazonaws.com"}),
    ],
)
def test_callers_without_an_account(caller: str, expected: dict[str, str]) -> None:
    """Anonymous callers and services."""
    assert cloudtrail_event(replace(DESCRIBE, caller=caller))["userIdentity"] == expected


def test_root_is_told_as_root() -> None:
    """Root has the account as its id."""
    identity = cloudtrail_event(replace(DESCRIBE, caller=f"arn:aws:iam::{ACCOUNT}:root"))["userIdentity"]
    assert isinstance(identity, dict)
    assert (identity["type"], identity["principalId"]) == ("Root", ACCOUNT)


def test_secrets_and_bodies_are_not_written() -> None:
    """Passwords, tokens, environments, key material and every body are hidden, at any depth."""
    params: dict[str, object] = {
        "UserName": "u",
        "Password": "hunter2",
        "Nested": {"SecretAccessKey": "hunter2", "Environment": {"TOKEN": "hunter2"}},
        "Body": b"hunter2",
        "Stream": object(),
        "When": NOW,
        "List": [{"SessionToken": "hunter2"}, b"hunter2"],
    }
    event = cloudtrail_event(replace(DESCRIBE, params=params))
    assert "hunter2" not in json.dumps(event)
    shown = event["requestParameters"]
    assert isinstance(shown, dict)
    assert (shown["userName"], shown["when"]) == ("u", "2026-11-24T20:37:05Z")
    assert shown["password"] == "HIDDEN_DUE_TO_SECURITY_REASONS"


def test_large_requests_are_left_out() -> None:
    """AWS cuts ``requestParameters`` at 100 KB and says so."""
    event = cloudtrail_event(replace(DESCRIBE, params={"Name": "x" * 200_000}))
    assert event["requestParameters"] == {"omitted": True}


def test_a_strange_account_or_region_does_not_leave_the_directory(tmp_path: Path) -> None:
    """Names become path pieces only if they look like one."""
    path = Trail(tmp_path).write(replace(DESCRIBE, account="../../etc", region="a/b"))
    assert path.is_relative_to(tmp_path)
    assert ".." not in path.parts


def test_several_threads_write_one_complete_file(tmp_path: Path) -> None:
    """No event is lost and the file stays JSON."""
    trail = Trail(tmp_path)

    def write(start: int) -> None:
        for number in range(start, start + 25):
            trail.write(replace(DESCRIBE, request_id=f"req-{number}"))

    threads = [threading.Thread(target=write, args=(start,)) for start in (0, 25, 50, 75)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (path,) = list(tmp_path.rglob("*.json"))
    assert len({one["requestID"] for one in records(path)}) == 100
