"""Whole calls: the labelled cases, how much of the API is covered, and what happens at the edges."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sagepass.calls.call import Call, Confidence, Needed, ResourceState
from sagepass.calls.operation import authorizations_of
from sagepass.catalog.operations import (
    Operation,
    ResourceClass,
    find_operation,
    nearest_operations,
    operations,
)

CASES: list[dict[str, Any]] = [
    json.loads(line) for line in (Path(__file__).parent / "operation_cases.jsonl").read_text("utf-8").splitlines()
]
ACCOUNT = "111122223333"


def needs(
    operation: str, params: dict[str, Any], *, service: str = "sagemaker", possible: bool = False
) -> tuple[Needed, ...]:
    """The checks of one call in eu-west-1."""
    call = Call(service=service, operation=operation, params=params, caller_account=ACCOUNT, region="eu-west-1")
    return authorizations_of(call, possible=possible)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_labelled_operation(case: dict[str, Any]) -> None:
    """Exactly the authorizations of the label, in its order; a context that the label gives is the whole context."""
    operation = case["operation"]
    call = Call(
        service=operation["service"],
        operation=operation["name"],
        params=operation["params"],
        caller_account=case["account"],
        region="us-east-1",
    )
    found = authorizations_of(call)
    assert [(one.action, one.resource) for one in found] == [
        (expected["action"], expected["resource"]) for expected in case["authorizations"]
    ]
    for one, expected in zip(found, case["authorizations"], strict=True):
        if "context" in expected:
            assert {key: values[0] for key, values in one.context} == expected["context"]


def _typed() -> list[Operation]:
    """Operations of the prefix ``sagemaker`` that the reference lists with resource types."""
    outside = {ResourceClass.NO_RESOURCE, ResourceClass.NEWER}
    return [one for one in operations() if one.prefix == "sagemaker" and one.resource_class not in outside]


def _request(operation: Operation) -> dict[str, Any]:
    """A request with a value at each member that names a resource."""
    params: dict[str, Any] = {}
    for kind, rule in operation.resources:
        for variable, path in rule:
            value = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:{kind}/x" if not variable else "name"
            member, _, rest = path.split("|")[0].removesuffix("/*").partition("[]")
            if member.startswith("="):
                continue
            if rest:
                params.setdefault(member, [{}])[0][rest.removeprefix(".")] = value
            else:
                params[member] = [value] if path.endswith("[]") else value
    return params


def test_how_much_of_the_api_is_covered(capsys: pytest.CaptureFixture[str]) -> None:
    """Of the operations with typed resources at least 89 % give exact ARNs, and at least 99 % are handled."""
    classes = Counter(one.resource_class.value for one in operations() if one.prefix == "sagemaker")
    typed = _typed()
    resolved = [one for one in typed if one.resource_class is not ResourceClass.UNRESOLVED]
    exact = [
        one
        for one in resolved
        if one.resource_class in {ResourceClass.EXACT, ResourceClass.TYPE_FROM_ARN}
        and all(
            found.resource_state is ResourceState.EXACT
            for found in needs(one.name, _request(one), service=one.client)
            if found.action == f"sagemaker:{one.name}"
        )
    ]
    with capsys.disabled():
        print(f"\n{sum(classes.values())} operations: {dict(classes.most_common())}")
        print(f"typed {len(typed)}, exact {len(exact) / len(typed):.1%}, handled {len(resolved) / len(typed):.1%}")
    assert sum(classes.values()) == 457
    assert len(typed) == 341
    assert len(exact) / len(typed) >= 0.89
    assert len(resolved) / len(typed) >= 0.99


def test_geospatial_operations_are_covered_too() -> None:
    """Its 19 operations have their own prefix; every class of resources occurs as it does in the reference."""
    own = [one for one in operations() if one.prefix == "sagemaker-geospatial"]
    assert Counter(one.resource_class for one in own) == {
        ResourceClass.EXACT: 10,
        ResourceClass.NO_RESOURCE: 4,
        ResourceClass.TYPE_FROM_ARN: 3,
        ResourceClass.ID_MADE_BY_SERVICE: 2,
    }
    for one in own:
        first, *_ = needs(one.name, _request(one), service=one.client)
        assert first.action == f"sagemaker-geospatial:{one.name}"
        if one.resource_class is ResourceClass.EXACT:
            assert first.resource_state is ResourceState.EXACT


def test_every_operation_answers_even_an_empty_request() -> None:
    """No operation of any client fails on a request without members, and none is left without a check."""
    for one in operations():
        for found in needs(one.name, {}, service=one.client, possible=True):
            assert found.resource
            assert ":" in found.action


def test_an_unknown_operation_is_answered_and_said() -> None:
    """The action of the same name is assumed, its resource is unknown, and the note says both."""
    (found,) = needs("CreateTimeMachine", {"TimeMachineName": "t"})
    assert found.action == "sagemaker:CreateTimeMachine"
    assert found.resource_state is ResourceState.UNKNOWN
    assert found.confidence is Confidence.INFERRED
    assert "not in the catalog" in found.note
    (other,) = needs("GetCallerIdentity", {}, service="sts")
    assert (other.action, other.resource_state) == ("sts:GetCallerIdentity", ResourceState.NONE)


@pytest.mark.parametrize("spelling", ["create-training-job", "createtrainingjob", "CREATE_TRAINING_JOB"])
def test_operations_are_found_however_they_are_written(spelling: str) -> None:
    """The CLI writes dashes; logs write any case."""
    found = find_operation("sagemaker", spelling)
    assert found is not None
    assert found.name == "CreateTrainingJob"


def test_a_runtime_operation_is_found_under_the_name_people_use() -> None:
    """People say "sagemaker" for all of its clients."""
    found = find_operation("sagemaker", "InvokeEndpoint")
    assert found is not None
    assert found.client == "sagemaker-runtime"
    assert find_operation("s3", "GetObject") is None
    assert nearest_operations("CreateTraningJob")[0] == "CreateTrainingJob"


@pytest.mark.parametrize(
    ("operation", "can"),
    [
        ("DescribeTrainingJob", False),
        ("InvokeEndpoint", False),
        ("DescribeModelPackage", True),
        ("StartPipelineExecution", True),
        ("CreateTrainingJob", False),
    ],
)
def test_whether_another_account_can_be_addressed(operation: str, can: bool) -> None:
    """An API that takes a plain name always means the caller's own account."""
    found = find_operation("sagemaker", operation)
    assert found is not None
    assert found.can_address_other_account is can


def test_what_is_only_possible_is_left_out_unless_asked_for() -> None:
    """AWS lists actions that a request does not tell; they are marked, not mixed in."""
    params = {"JobCategory": "AgentRFT", "JobName": "j"}
    assert len(needs("CreateJob", params)) == 1
    asked = needs("CreateJob", params, possible=True)
    assert {one.action for one in asked if one.confidence is Confidence.POSSIBLE} == {
        "sagemaker:ImportHubContent",
        "sagemaker:UpdateHubContent",
    }


def test_without_region_or_account_the_resource_is_a_set() -> None:
    """What is not known is not guessed."""
    (found,) = authorizations_of(Call(service="sagemaker", operation="DescribeModel", params={"ModelName": "m"}))
    assert (found.resource, found.resource_state) == ("arn:aws:sagemaker:*:*:model/m", ResourceState.SET)


def test_a_name_that_a_template_fills_in_later_is_open() -> None:
    """References of CloudFormation and of pipelines stand for names that are not known yet."""
    (found,) = needs("DescribeModel", {"ModelName": {"Ref": "Model"}})
    assert found.resource == f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:model/*"
    assert "not known before the call" in found.note


def test_hub_models_bring_checks_on_hub_and_content() -> None:
    """Without the version, which policies do not name."""
    content = "arn:aws:sagemaker:eu-west-1:aws:hub-content/SageMakerPublicHub/Model/c/1.0.0"
    source = {"S3DataSource": {"HubAccessConfig": {"HubContentArn": content}}}
    found = needs("CreateModel", {"ModelName": "m", "PrimaryContainer": {"ModelDataSource": source}})
    assert [(one.action, one.resource.rpartition(":")[2]) for one in found] == [
        ("sagemaker:CreateModel", "model/m"),
        ("sagemaker:DeployHubModel", "hub-content/SageMakerPublicHub/Model/c"),
        ("sagemaker:DeployHubModel", "hub/SageMakerPublicHub"),
    ]
    assert found[1].because[-1] == "HubContentArn"


def test_a_training_plan_is_a_second_resource() -> None:
    """It is checked when the request names it."""
    plan = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:training-plan/p"
    found = needs("CreateTrainingJob", {"TrainingJobName": "t", "ResourceConfig": {"TrainingPlanArn": plan}})
    assert [one.resource.rpartition(":")[2] for one in found] == ["training-job/t", "training-plan/p"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)
members = st.sampled_from(
    [
        "TrainingJobName",
        "RoleArn",
        "Tags",
        "VpcConfig",
        "InputDataConfig",
        "ResourceConfig",
        "InstanceGroups",
        "ModelName",
    ]
)


@given(
    operation=st.sampled_from([one.name for one in operations()]),
    params=st.dictionaries(members, json_values, max_size=5),
)
def test_no_request_breaks_it(operation: str, params: dict[str, Any]) -> None:
    """Whatever stands in a request, every check has an action and a resource."""
    for found in needs(operation, params, possible=True):
        assert found.action
        assert found.resource


def test_an_arn_where_the_api_takes_a_name() -> None:
    """A user of another account who passes an ARN to such an API is told that it takes a name."""
    (found,) = needs(
        "DescribeTrainingJob", {"TrainingJobName": "arn:aws:sagemaker:eu-west-1:444455556666:training-job/t"}
    )
    assert "takes a name" in found.note
    (fine,) = needs(
        "DescribeModelPackage", {"ModelPackageName": "arn:aws:sagemaker:eu-west-1:444455556666:model-package/g/1"}
    )
    assert fine.note == ""


def test_an_unknown_operation_of_a_runtime_client_has_the_prefix_sagemaker() -> None:
    """The client's name is not the prefix of its actions."""
    (found,) = needs("InvokeTwice", {}, service="sagemaker-runtime")
    assert found.action == "sagemaker:InvokeTwice"


@pytest.mark.parametrize("operation", ["ImportHubContent", "StartNotebookInstance"])
def test_a_role_that_is_not_in_the_request_is_a_possible_check(operation: str) -> None:
    """AWS lists PassRole, the request names no role."""
    asked = needs(operation, {}, possible=True)
    assert [one.confidence for one in asked if one.action == "iam:PassRole"] == [Confidence.POSSIBLE]
