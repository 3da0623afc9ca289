"""``why`` tells what the same call will be denied next."""

from __future__ import annotations

import json

from tests.preflight import world

import sagepass
from sagepass.snapshot.build import SnapshotBuilder

USER = f"arn:aws:iam::{world.ACCOUNT}:user/mateojackson"
JOB = f"arn:aws:sagemaker:us-east-1:{world.ACCOUNT}:training-job/churn"
ROLE = f"arn:aws:iam::{world.ACCOUNT}:role/Exec"
EVENT = {
    "eventVersion": "1.08",
    "userIdentity": {"type": "IAMUser", "arn": USER, "accountId": world.ACCOUNT, "userName": "mateojackson"},
    "eventTime": "2026-11-24T09:00:00Z",
    "eventSource": "sagemaker.amazonaws.com",
    "eventName": "CreateTrainingJob",
    "awsRegion": "us-east-1",
    "errorCode": "AccessDeniedException",
    "errorMessage": (
        f"User: {USER} is not authorized to perform: sagemaker:CreateTrainingJob on resource: {JOB} because no "
        "identity-based policy allows the sagemaker:CreateTrainingJob action"
    ),
    "requestParameters": {
        "trainingJobName": "churn",
        "roleArn": ROLE,
        "outputDataConfig": {"s3OutputPath": "s3://out/models"},
        "tags": [{"key": "team", "value": "churn"}],
    },
}


def accounts() -> sagepass.Snapshot:
    """A user who may do nothing, a role that Lambda may assume and that may do nothing; the bucket is in the account."""
    builder = SnapshotBuilder().settings(no_organization=True, default_region="us-east-1")
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    builder.principal(USER).principal(ROLE, trust={"Version": "2012-10-17", "Statement": [trust]})
    builder.resource_policy("arn:aws:s3:::out", None, account=world.ACCOUNT)
    return builder.build()


def test_an_event_tells_the_whole_call() -> None:
    """The event carries the request: tags, the role, its trust and its work are all looked at; the denial itself is not repeated."""
    diagnosis = sagepass.diagnose(json.dumps(EVENT), accounts())
    told = [text.partition(" on ")[0] for text in diagnosis.next_denials]
    assert told[:3] == ["iam:PassRole", "sagemaker:AddTags", "sts:AssumeRole"]
    assert "s3:PutObject" in told
    assert "sagemaker:CreateTrainingJob" not in told


def test_the_operation_alone_tells_that_a_role_is_passed() -> None:
    """An error text names the operation only: that the caller may pass no role at all is certain, the rest is not said."""
    error = (
        "botocore.exceptions.ClientError: An error occurred (AccessDeniedException) when calling the CreateTrainingJob "
        f"operation: {EVENT['errorMessage']}"
    )
    diagnosis = sagepass.diagnose(error, accounts())
    (only,) = diagnosis.next_denials
    assert only.startswith(f"iam:PassRole on arn:aws:iam::{world.ACCOUNT}:role/* for user mateojackson")


def test_a_denied_pass_role_names_the_role() -> None:
    """Its trust is certain to be asked next, and the action itself was allowed or will be denied."""
    error = (
        "An error occurred (AccessDeniedException) when calling the CreateTrainingJob operation: "
        f"User: {USER} is not authorized to perform: iam:PassRole on resource: {ROLE} because no identity-based policy "
        "allows the iam:PassRole action"
    )
    diagnosis = sagepass.diagnose(error, accounts())
    assert any(text.startswith(f"sts:AssumeRole on {ROLE}") for text in diagnosis.next_denials)


def test_without_an_operation_nothing_is_predicted() -> None:
    """A bare sentence does not tell which call was made."""
    assert sagepass.diagnose(str(EVENT["errorMessage"]), accounts()).next_denials == ()


def test_a_cut_event_does_not_stop_the_diagnosis() -> None:
    """An event that is no JSON any more is answered from what can be read."""
    diagnosis = sagepass.diagnose(json.dumps(EVENT)[:-20], accounts())
    assert diagnosis.decision is not None
