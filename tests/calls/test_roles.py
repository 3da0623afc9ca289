"""Passing roles: every request path, the service they are passed to, stored roles, and roles that cannot be passed."""

from __future__ import annotations

from typing import Any

import pytest

from sagepass.calls.call import Call, Confidence, Needed, ResourceState
from sagepass.calls.operation import authorizations_of
from sagepass.calls.stored_roles import stored_roles
from sagepass.catalog.operations import operations

ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/service-role/Exec"


def passed(
    operation: str, params: dict[str, Any], *, service: str = "sagemaker", possible: bool = False
) -> list[Needed]:
    """The PassRole checks of one call."""
    call = Call(service=service, operation=operation, params=params, caller_account=ACCOUNT, region="eu-west-1")
    return [one for one in authorizations_of(call, possible=possible) if one.action == "iam:PassRole"]


def at(path: str, value: str) -> dict[str, Any]:
    """A request with one value at a path."""
    head, _, rest = path.partition(".")
    inner: Any = at(rest, value) if rest else value
    return {head[:-2]: [inner]} if head.endswith("[]") else {head: inner}


PATHS = [(one.client, one.name, path) for one in operations() for path in one.role_paths]


def test_the_number_of_paths() -> None:
    """79 request paths in 52 operations pass a role; a new one in the models would show here."""
    assert len(PATHS) == 79
    assert len({(client, name) for client, name, _ in PATHS}) == 52


@pytest.mark.parametrize(("client", "operation", "path"), PATHS, ids=[f"{name}-{path}" for _, name, path in PATHS])
def test_a_role_at_any_path_is_passed(client: str, operation: str, path: str) -> None:
    """The role with its path is the resource, the field is the reason, and the service is a SageMaker one or named."""
    (found,) = passed(operation, at(path, ROLE), service=client, possible=True)
    assert found.resource == ROLE
    assert [step for step in found.because if isinstance(step, str)] == path.replace("[]", "").split(".")
    ((key, values),) = found.context
    assert key == "iam:PassedToService"
    assert values[0].endswith(".amazonaws.com")


@pytest.mark.parametrize(
    ("operation", "path", "first", "others"),
    [
        ("CreateTrainingJob", "RoleArn", "sagemaker.amazonaws.com", ()),
        ("CreateJob", "RoleArn", "job.sagemaker.amazonaws.com", ()),
        ("CreateCluster", "ClusterRole", "sagemaker.amazonaws.com", ("hyperpod.sagemaker.amazonaws.com",)),
        ("CreateCluster", "InstanceGroups[].ExecutionRole", "sagemaker.amazonaws.com", ()),
        (
            "CreateDeviceFleet", "RoleArn", "sagemaker.amazonaws.com",
            ("iot.amazonaws.com", "credentials.iot.amazonaws.com"),
        ),
        ("CreateProject", "TemplateProviders[].CfnTemplateProvider.RoleARN", "cloudformation.amazonaws.com", ("sagemaker.amazonaws.com",)),
        ("StartEarthObservationJob", "ExecutionRoleArn", "sagemaker-geospatial.amazonaws.com", ()),
    ],
)  # fmt: skip
def test_the_service_a_role_is_passed_to(operation: str, path: str, first: str, others: tuple[str, ...]) -> None:
    """One value where AWS documents it, all candidates where it does not."""
    client = "sagemaker-geospatial" if operation.startswith("StartEarth") else "sagemaker"
    (found,) = passed(operation, at(path, ROLE), service=client)
    assert found.context == (("iam:PassedToService", (first,)),)
    choices = [one.choices for one in found.unsettled if one.key == "iam:PassedToService"]
    assert choices == ([((first,), *((other,) for other in others))] if others else [])


@pytest.mark.parametrize(
    ("operation", "path", "confidence"),
    [
        ("CreateTrainingJob", "RoleArn", Confidence.DOCUMENTED),
        ("StartPipelineExecution", "RoleArn", Confidence.INFERRED),
        ("CreateTrainingSession", "RoleArn", Confidence.INFERRED),
        (
            "CreateProcessingJob", "ProcessingInputs[].DatasetDefinition.RedshiftDatasetDefinition.ClusterRoleArn",
            Confidence.POSSIBLE,
        ),
    ],
)  # fmt: skip
def test_how_sure_it_is_that_a_role_is_passed(operation: str, path: str, confidence: Confidence) -> None:
    """AWS's table, the request alone, or doubt."""
    (found,) = passed(operation, at(path, ROLE), possible=True)
    assert found.confidence is confidence


@pytest.mark.parametrize(
    ("role", "resource", "says"),
    [
        ("Exec", f"arn:aws:iam::{ACCOUNT}:role/*Exec", "a role name"),
        ("arn:aws:iam::444455556666:role/Exec", "arn:aws:iam::444455556666:role/Exec", "cannot be passed"),
        (
            f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/sagemaker.amazonaws.com/X",
            f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/sagemaker.amazonaws.com/X",
            "service-linked",
        ),
        (f"arn:aws:iam::{ACCOUNT}:user/x", f"arn:aws:iam::{ACCOUNT}:user/x", "not the ARN of a role"),
    ],
)
def test_roles_that_will_not_do(role: str, resource: str, says: str) -> None:
    """A name, another account's role, a service-linked role, no role at all: the note says which."""
    (found,) = passed("CreateTrainingJob", {"TrainingJobName": "t", "RoleArn": role})
    assert found.resource == resource
    assert says in found.note


def test_a_role_that_is_known_later_is_any_role_of_the_account() -> None:
    """A template may bring any."""
    (found,) = passed("CreateTrainingJob", {"TrainingJobName": "t", "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]}})
    assert (found.resource, found.resource_state) == (f"arn:aws:iam::{ACCOUNT}:role/*", ResourceState.SET)


def test_the_resource_the_role_is_attached_to_is_a_possible_key() -> None:
    """``iam:AssociatedResourceArn`` may hold the new resource, or be absent."""
    (found,) = passed("CreateTrainingJob", {"TrainingJobName": "t", "RoleArn": ROLE})
    (unsettled,) = found.unsettled
    assert unsettled.key == "iam:AssociatedResourceArn"
    assert unsettled.choices == ((f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:training-job/t",), None)


@pytest.mark.parametrize(
    ("operation", "params", "holder", "look_up"),
    [
        ("CreateTransformJob", {"ModelName": "m"}, "model/m", "DescribeModel"),
        ("CreateEndpoint", {"EndpointConfigName": "c"}, "endpoint-config/c", "DescribeEndpointConfig"),
        ("StartNotebookInstance", {"NotebookInstanceName": "n"}, "notebook-instance/n", "DescribeNotebookInstance"),
        ("StartPipelineExecution", {"PipelineName": "p"}, "pipeline/p", "DescribePipeline"),
        (
            "RetryPipelineExecution",
            {"PipelineExecutionArn": f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:pipeline/p/execution/x"},
            "pipeline/p",
            "DescribePipeline",
        ),
    ],
)
def test_operations_that_use_a_stored_role(operation: str, params: dict[str, Any], holder: str, look_up: str) -> None:
    """They pass none; the role is found in the resource they name."""
    assert passed(operation, params) == []
    call = Call(service="sagemaker", operation=operation, params=params, caller_account=ACCOUNT, region="eu-west-1")
    (found,) = stored_roles(call)
    assert found.holder == f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:{holder}"
    assert found.look_up == look_up


def test_a_call_with_its_own_role_uses_no_stored_one() -> None:
    """StartPipelineExecution with RoleArn, and calls that run nothing."""
    own = Call(service="sagemaker", operation="StartPipelineExecution", params={"PipelineName": "p", "RoleArn": ROLE})
    assert stored_roles(own) == ()
    assert stored_roles(Call(service="sagemaker", operation="ListModels")) == ()
    assert stored_roles(Call(service="s3", operation="GetObject")) == ()
