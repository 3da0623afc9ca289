"""The three troubles, lived through: denied, explained, repaired, allowed, and denied again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.endpoint.conftest import ACCOUNT, Aws, allow, refused, trusting

from sagepass.endpoint.endpoint import Credentials, Endpoint, Setup

JOB = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:training-job/my-example-widget"
MATEO = f"arn:aws:iam::{ACCOUNT}:user/mateojackson"
SENTENCE = (
    f"User: {MATEO} is not authorized to perform: sagemaker:DescribeTrainingJob on resource: {JOB} because no "
    "identity-based policy allows the sagemaker:DescribeTrainingJob action"
)


@pytest.fixture(scope="module")
def aws() -> Iterator[Aws]:
    """An endpoint whose denials carry authorization ids, as AWS's do, with a training job and a user without policies."""
    with Endpoint(Setup()) as endpoint:
        aws = Aws(endpoint)
        role = aws.role("Exec", trusting({"Service": "sagemaker.amazonaws.com"}))
        aws.client("sagemaker").create_training_job(
            TrainingJobName="my-example-widget",
            AlgorithmSpecification={"TrainingImage": "image", "TrainingInputMode": "File"},
            RoleArn=role,
            OutputDataConfig={"S3OutputPath": "s3://bucket/output"},
            ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10},
            StoppingCondition={"MaxRuntimeInSeconds": 3600},
        )
        yield aws


@pytest.fixture(scope="module")
def mateo(aws: Aws) -> Credentials:
    """An access key of mateojackson."""
    return aws.user("mateojackson")


def run(aws: Aws, *words: str, who: Credentials | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command as a person would, with the environment of the endpoint."""
    keys = who or aws.root
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": "/nonexistent",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "AWS_ENDPOINT_URL": aws.endpoint.url,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": keys.access_key_id,
        "AWS_SECRET_ACCESS_KEY": keys.secret,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    return subprocess.run(words, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_boto3_is_denied_in_aws_own_words(aws: Aws, mateo: Credentials) -> None:
    """The code, the status and the sentence are AWS's, with the ARN, the reason and an authorization id."""
    denied = refused(aws.client("sagemaker", mateo).describe_training_job, TrainingJobName="my-example-widget")
    assert (denied.code, denied.status) == ("AccessDeniedException", 400)
    assert denied.message.startswith(SENTENCE)
    assert "GetRequestAuthorizationDetails API with the following authorization id: " in denied.message


def test_the_aws_cli_is_denied_explained_repaired_and_denied_again(aws: Aws, mateo: Credentials) -> None:
    """The whole way with the AWS CLI and ``sagepass why``: the fix that it proposes is the one that lets the call in."""
    program = str(Path(sys.executable).with_name("aws"))
    describe = ("sagemaker", "describe-training-job", "--training-job-name", "my-example-widget")

    denied = run(aws, program, *describe, who=mateo)
    assert denied.returncode != 0
    assert f"(AccessDeniedException) when calling the DescribeTrainingJob operation: {SENTENCE}" in denied.stderr
    ident = denied.stderr.rsplit(" ", 1)[1].strip()

    why = run(aws, sys.executable, "-m", "sagepass", "why", "--endpoint", aws.endpoint.url, ident, "--format", "json")
    assert why.returncode == 1, why.stderr
    (diagnosis,) = json.loads(why.stdout)["diagnoses"]
    assert diagnosis["verdict"] == "DENIED"
    assert "sagemaker:DescribeTrainingJob" in json.dumps(diagnosis["fixes"])

    document = json.dumps(allow("sagemaker:DescribeTrainingJob", resource=JOB))
    change = ("--user-name", "mateojackson", "--policy-name", "fix")
    assert run(aws, program, "iam", "put-user-policy", *change, "--policy-document", document).returncode == 0
    allowed = run(aws, program, *describe, who=mateo)
    assert allowed.returncode == 0, allowed.stderr
    assert json.loads(allowed.stdout)["TrainingJobArn"] == JOB

    assert run(aws, program, "iam", "delete-user-policy", *change).returncode == 0
    again = run(aws, program, *describe, who=mateo)
    assert SENTENCE in again.stderr


def test_a_denied_call_is_explained_with_the_state_as_it_is_now(aws: Aws, mateo: Credentials) -> None:
    """An id from before the repair says that the call is allowed by now."""
    refused(aws.client("sagemaker", mateo).list_models)
    ident = next(call.authorization_id for call in aws.endpoint.log.recent() if not call.allowed)
    iam = aws.client("iam")
    iam.put_user_policy(
        UserName="mateojackson", PolicyName="l", PolicyDocument=json.dumps(allow("sagemaker:ListModels"))
    )
    why = run(aws, sys.executable, "-m", "sagepass", "why", "--endpoint", aws.endpoint.url, ident)
    iam.delete_user_policy(UserName="mateojackson", PolicyName="l")
    assert why.returncode == 0, why.stdout + why.stderr


def test_passing_a_role_needs_its_own_permission(aws: Aws, mateo: Credentials) -> None:
    """Trouble 2: ``sagemaker:*`` alone does not create a job; with ``iam:PassRole`` to SageMaker it does."""
    iam = aws.client("iam")
    params = {
        "TrainingJobName": "passing",
        "AlgorithmSpecification": {"TrainingImage": "image", "TrainingInputMode": "File"},
        "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/Exec",
        "OutputDataConfig": {"S3OutputPath": "s3://bucket/output"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10},
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
    }
    iam.put_user_policy(UserName="mateojackson", PolicyName="sm", PolicyDocument=json.dumps(allow("sagemaker:*")))
    denied = refused(aws.client("sagemaker", mateo).create_training_job, **params)
    assert (
        f"is not authorized to perform: iam:PassRole on resource: arn:aws:iam::{ACCOUNT}:role/Exec because no"
        in denied.message
    )
    passing = allow("iam:PassRole", Condition={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}})
    iam.put_user_policy(UserName="mateojackson", PolicyName="pass", PolicyDocument=json.dumps(passing))
    assert aws.client("sagemaker", mateo).create_training_job(**params)["TrainingJobArn"].endswith("/passing")
    for name in ("sm", "pass"):
        iam.delete_user_policy(UserName="mateojackson", PolicyName=name)
