"""The recorder: boto3's calls are caught, nothing is sent, and what the answers make up is told apart."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import boto3  # type: ignore[import-untyped] # boto3 ships no types
import botocore.exceptions  # type: ignore[import-untyped] # as above
import botocore.httpsession  # type: ignore[import-untyped] # as above
import pytest

import sagepass
from sagepass.aws.fake_answer import Answered, fake_answer
from sagepass.calls.operation import authorizations_of
from sagepass.calls.read import CallForm, read_calls
from sagepass.calls.request_paths import is_open

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/service-role/Exec"
TRAINING: dict[str, Any] = {
    "TrainingJobName": "churn",
    "RoleArn": ROLE,
    "AlgorithmSpecification": {"TrainingInputMode": "File", "TrainingImage": "i"},
    "OutputDataConfig": {"S3OutputPath": "s3://b/o"},
    "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30},
    "StoppingCondition": {"MaxRuntimeInSeconds": 60},
}


@pytest.fixture(autouse=True)
def without_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[list[str]]:
    """No credentials anywhere, and whatever would be sent after all is noted and refused."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    sent: list[str] = []

    def send(_session: object, request: Any) -> None:  # noqa: ANN401 - botocore's own request
        sent.append(request.url)
        raise botocore.exceptions.EndpointConnectionError(endpoint_url=request.url)

    monkeypatch.setattr(botocore.httpsession.URLLib3Session, "send", send)
    yield sent
    assert sent == []


@pytest.fixture
def old_client() -> Any:  # noqa: ANN401 - an untyped client
    """A client that was made before any recording."""
    return boto3.session.Session(
        aws_access_key_id="AKIAIOSFODNN7EXAMPLE", aws_secret_access_key="secret", region_name="eu-west-1"
    ).client("sagemaker")


def client(service: str = "sagemaker") -> Any:  # noqa: ANN401 - an untyped client
    """A client that finds no credentials."""
    return boto3.session.Session().client(service)


def test_a_call_is_recorded_and_answered(old_client: Any) -> None:  # noqa: ANN401 - as above
    """Clients made before and inside; the answer has the ARN that the call would make; the checks follow."""
    with sagepass.record(caller_account=ACCOUNT) as calls:
        answer = client().create_training_job(**TRAINING)
        old_client.stop_training_job(TrainingJobName="churn")
    assert answer["TrainingJobArn"] == f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:training-job/churn"
    found = calls.read()
    assert (found.form, found.findings) == (CallForm.RECORDING, ())
    assert [(one.label, one.call.region) for one in found.calls] == [
        ("CreateTrainingJob", "eu-west-1"), ("StopTrainingJob", "eu-west-1"),
    ]  # fmt: skip
    assert found.calls[0].call.params == TRAINING
    assert [need.action for need in authorizations_of(found.calls[0].call)] == [
        "sagemaker:CreateTrainingJob",
        "iam:PassRole",
    ]


def test_straight_line_code_goes_on() -> None:
    """Waiters end, lists end, states are good ones, streams can be read."""
    with sagepass.record(caller_account=ACCOUNT) as calls:
        sagemaker = client()
        sagemaker.create_training_job(**TRAINING)
        sagemaker.get_waiter("training_job_completed_or_stopped").wait(TrainingJobName="churn")
        described = sagemaker.describe_training_job(TrainingJobName="churn")
        assert described["TrainingJobStatus"] == "Completed"
        assert described["TrainingJobName"] == "churn"
        assert "FailureReason" not in described
        pages = list(sagemaker.get_paginator("list_models").paginate())
        assert [page["Models"] for page in pages] == [[]]
        assert client("sagemaker-runtime").invoke_endpoint(EndpointName="e", Body=b"x")["Body"].read() == b"{}"
        assert client("sts").get_caller_identity()["Account"] == ACCOUNT
    assert [one.operation for one in calls.calls] == [
        "CreateTrainingJob", "DescribeTrainingJob", "DescribeTrainingJob", "ListModels", "InvokeEndpoint", "GetCallerIdentity",
    ]  # fmt: skip


def test_what_an_answer_made_up_is_not_known() -> None:
    """An id that comes back in a later call becomes a reference; a name that the program chose stays."""
    with sagepass.record() as calls:
        sagemaker = client()
        domain = sagemaker.create_domain(
            DomainName="d", AuthMode="IAM", VpcId="v", SubnetIds=["s"], DefaultUserSettings={"ExecutionRole": ROLE}
        )
        sagemaker.create_user_profile(DomainId=domain["DomainId"], UserProfileName="u")
        role = client("iam").get_role(RoleName="Exec")["Role"]["Arn"]
        arn = sagemaker.create_model(ModelName="m", ExecutionRoleArn=role)["ModelArn"]
        sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "model", "Value": f"from {domain['DomainArn']}"}])
    profile, model, tags = (calls.calls[at].params for at in (1, 3, 4))
    assert profile == {"DomainId": {"Ref": "the answer of CreateDomain"}, "UserProfileName": "u"}
    assert model["ModelName"] == "m"
    assert is_open(model["ExecutionRoleArn"])
    assert is_open(tags["ResourceArn"])
    (need, passing) = authorizations_of(calls.read().calls[3].call)
    assert (need.action, passing.resource) == ("sagemaker:CreateModel", "arn:aws:iam::*:role/*")


def test_a_recording_can_be_saved(tmp_path: Path) -> None:
    """The file is read like any other document, with places in it."""
    with sagepass.record() as calls:
        client().create_model(ModelName="m", ExecutionRoleArn="AmazonSageMaker-ExecutionRole")
        client("s3").put_object(Bucket="b", Key="k", Body=b"\x00")
        client("stepfunctions").list_state_machines()
    path = tmp_path / "calls.json"
    calls.save(path)
    found = read_calls(path, name="calls.json")
    assert [(one.call.service, one.label) for one in found.calls] == [
        ("sagemaker", "CreateModel"), ("s3", "PutObject"), ("states", "ListStateMachines"),
    ]  # fmt: skip
    assert [one.code for one in found.findings] == ["CALL_ROLE_NOT_ARN"]
    assert [one.call for one in found.calls] == [one.call for one in calls.read().calls]


def test_a_request_that_boto3_refuses_is_not_recorded() -> None:
    """Validation happens as always: the program sees the same error."""
    with sagepass.record() as calls, pytest.raises(botocore.exceptions.ParamValidationError):
        client().create_model(ModelNmae="m")
    assert len(calls) == 0


def test_afterwards_everything_is_as_before(old_client: Any, without_credentials: list[str]) -> None:  # noqa: ANN401 - as above
    """Clients work again, with their own credentials or with those found now; an exception inside changes nothing."""
    with suppress(ZeroDivisionError), sagepass.record():
        new_client = client()
        new_client.list_models()
        _ = 1 / 0
    with pytest.raises(botocore.exceptions.NoCredentialsError):
        new_client.list_models()
    with pytest.raises(botocore.exceptions.EndpointConnectionError):
        old_client.list_models()
    assert without_credentials
    without_credentials.clear()


def test_credentials_are_found_when_they_are_needed(
    monkeypatch: pytest.MonkeyPatch, without_credentials: list[str]
) -> None:
    """A client made inside looks its credentials up at its first real call."""
    with sagepass.record():
        made_inside = client()
        made_inside.list_models()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    with pytest.raises(botocore.exceptions.EndpointConnectionError):
        made_inside.list_models()
    without_credentials.clear()


def test_nothing_else_is_sent_either(without_credentials: list[str]) -> None:
    """Not even a request that botocore makes by itself."""
    with sagepass.record(), pytest.raises(botocore.exceptions.EndpointConnectionError):
        botocore.httpsession.URLLib3Session().send(type("Request", (), {"url": "http://169.254.169.254/"})())
    assert without_credentials == []


def test_threads(old_client: Any) -> None:  # noqa: ANN401 - as above
    """Many threads with one client lose no call; a thread with a recording of its own keeps its calls to itself."""

    def work(number: int) -> None:
        for step in range(10):
            old_client.delete_model(ModelName=f"m-{number}-{step}")

    def apart() -> None:
        with sagepass.record() as own:
            old_client.delete_model(ModelName="apart")
        assert [one.params for one in own.calls] == [{"ModelName": "apart"}]

    with sagepass.record() as calls:
        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        threads.append(threading.Thread(target=apart))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    names = {one.params["ModelName"] for one in calls.calls}
    assert len(calls) == len(names) == 80
    assert "apart" not in names


def test_a_thread_keeps_to_its_own_recording(old_client: Any) -> None:  # noqa: ANN401 - as above
    """Also while another thread has begun one later."""
    begun, done = threading.Event(), threading.Event()

    def other() -> None:
        with sagepass.record() as own:
            begun.set()
            done.wait(timeout=10)
        assert len(own) == 0

    thread = threading.Thread(target=other)
    with sagepass.record() as calls:
        thread.start()
        assert begun.wait(timeout=10)
        old_client.list_models()
        done.set()
        thread.join()
    assert [one.operation for one in calls.calls] == ["ListModels"]


def test_what_a_program_left_empty_is_empty() -> None:
    """An empty text of a program is a value, and no placeholder of a skeleton."""
    with sagepass.record() as calls:
        client().create_model(ModelName="m", PrimaryContainer={"Image": "i", "Environment": {"A": "", "B": "<x>"}})
    found = calls.read()
    assert found.findings == ()
    assert found.calls[0].call.params["PrimaryContainer"] == {"Image": "i", "Environment": {"A": "", "B": "<x>"}}


def test_one_recording_inside_another() -> None:
    """The inner one takes the calls; afterwards the outer one does again."""
    with sagepass.record() as outer:
        client().list_models()
        with sagepass.record() as inner:
            client().list_endpoints()
        client().list_apps()
    assert [one.operation for one in outer.calls] == ["ListModels", "ListApps"]
    assert [one.operation for one in inner.calls] == ["ListEndpoints"]


def test_every_operation_has_an_answer() -> None:
    """Of all SageMaker clients: the members that AWS always returns are there, and no list goes on."""
    import botocore.session  # type: ignore[import-untyped] # as above

    session = botocore.session.get_session()
    count = 0
    for service in ("sagemaker", "sagemaker-runtime", "sagemaker-featurestore-runtime", "sagemaker-geospatial"):
        model = session.get_service_model(service)
        for name in model.operation_names:
            output = model.operation_model(name).output_shape
            answered = Answered(
                number=1, service=service, operation=name, params={}, region="eu-west-1", account=None, partition="aws"
            )
            answer = fake_answer(answered, output)
            assert set(output.required_members if output else ()) <= answer.keys() | {"NextToken"}, name
            assert "NextToken" not in answer
            count += 1
    assert count > 450


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the extra and the command that installs it."""
    monkeypatch.setitem(sys.modules, "botocore", None)
    for name in [one for one in sys.modules if one.startswith(("botocore.", "sagepass.aws.botocore_hook"))]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(ImportError, match=r"extra \[aws\]; pip install 'sagepass\[aws\]'"), sagepass.record():
        pass


def test_the_documented_program_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The example of docs/calls.md, as it stands there."""
    page = (Path(__file__).parents[2] / "docs" / "calls.md").read_text(encoding="utf-8")
    program = page.partition("```python\n")[2].partition("```")[0]
    monkeypatch.chdir(tmp_path)
    exec(compile(program, "docs/calls.md", "exec"), {})
    found = read_calls(tmp_path / "calls.json", name="calls.json")
    assert [one.label for one in found.calls] == ["CreateModel"]
