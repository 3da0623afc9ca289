"""Requests, skeletons and lists of calls."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.calls.read.reading import ACCOUNT, REGION, ROLE, findings, needs, read, text_at

from sagepass.calls.read import CallForm
from sagepass.calls.request_paths import is_open
from sagepass.catalog.operations import find_operation
from sagepass.source.locate import locate

TRAINING: dict[str, Any] = {
    "TrainingJobName": "churn",
    "RoleArn": ROLE,
    "AlgorithmSpecification": {"TrainingInputMode": "File", "TrainingImage": "i"},
    "OutputDataConfig": {"S3OutputPath": "s3://b/o"},
    "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30},
    "StoppingCondition": {"MaxRuntimeInSeconds": 60},
}
CHECKS = ["sagemaker:CreateTrainingJob sagemaker:training-job/churn", f"iam:PassRole {ROLE.removeprefix('arn:aws:')}"]


@pytest.mark.parametrize("name", ["CreateTrainingJob", "create-training-job", "createtrainingjob"])
def test_a_request_of_a_named_operation(name: str) -> None:
    """The operation in any spelling; the label is AWS's."""
    found = read(TRAINING, operation=name)
    assert (found.form, found.findings) == (CallForm.REQUEST, ())
    assert needs(found) == {"CreateTrainingJob": CHECKS}
    assert (found.calls[0].call.caller_account, found.calls[0].call.region) == (ACCOUNT, REGION)


def test_a_request_that_names_its_operation_and_a_list() -> None:
    """Service and Region of an entry win over those of the caller; the place of a parameter is inside the entry."""
    entry = {"service": "sagemaker", "operation": "create-training-job", "params": TRAINING}
    assert needs(read(entry)) == {"CreateTrainingJob": CHECKS}
    china = {"operation": "DescribeModel", "params": {"ModelName": "m"}, "region": "cn-north-1"}
    found = read([entry, china])
    assert [one.label for one in found.calls] == ["CreateTrainingJob", "DescribeModel"]
    assert (found.calls[1].call.region, found.calls[1].call.partition) == ("cn-north-1", "aws-cn")
    assert text_at(found.calls[0], ("RoleArn",)) == f'"{ROLE}"'
    assert text_at(found.calls[1], ("ModelName",)) == '"m"'


def test_a_file_in_yaml(tmp_path: Path) -> None:
    """YAML is read too, and places are lines of it."""
    path = tmp_path / "request.yaml"
    path.write_text(f"# a job\nModelName: m\nExecutionRoleArn: {ROLE}\nTags:\n  - Key: team\n    Value: ml\n")
    found = read(path, operation="CreateModel")
    assert [need.split()[0] for need in needs(found)["CreateModel"]] == [
        "sagemaker:CreateModel", "iam:PassRole", "sagemaker:AddTags",
    ]  # fmt: skip
    (call,) = found.calls
    place = locate(call.origin, call.place_of(("Tags", 0, "Value")))
    assert (place.line, place.exact) == (6, True)


def _skeleton(operation: str) -> dict[str, Any]:
    """What the AWS CLI prints for an operation."""
    command = [sys.executable, "-m", "awscli", "sagemaker", operation, "--generate-cli-skeleton"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={"AWS_DEFAULT_REGION": REGION})
    loaded: dict[str, Any] = json.loads(done.stdout)
    return loaded


def test_a_skeleton_of_the_aws_cli() -> None:
    """Filled in where it matters: what was left empty is not given, required or optional; nothing else is made up."""
    skeleton = _skeleton("create-model")
    skeleton["ModelName"] = "m"
    skeleton["ExecutionRoleArn"] = ROLE
    skeleton["PrimaryContainer"]["Image"] = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/x:1"
    found = read(skeleton, operation="create-model")
    assert found.form is CallForm.CLI_SKELETON
    assert needs(found) == {
        "CreateModel": ["sagemaker:CreateModel sagemaker:model/m", f"iam:PassRole {ROLE.removeprefix('arn:aws:')}"]
    }
    params = found.calls[0].call.params
    assert "VpcConfig" not in params
    assert "Containers" not in params
    assert "Tags" not in params


def test_an_untouched_skeleton_names_what_is_required() -> None:
    """A required role that is empty is one that is not known, so that passing it is still asked for."""
    found = read(_skeleton("create-training-job"), operation="create-training-job")
    assert needs(found)["CreateTrainingJob"] == [
        "sagemaker:CreateTrainingJob sagemaker:training-job/*", f"iam:PassRole iam::{ACCOUNT}:role/*",
    ]  # fmt: skip
    assert ("CALL_PLACEHOLDER", "RoleArn") in findings(found)
    assert is_open(found.calls[0].call.params["RoleArn"])


@pytest.mark.parametrize("text", ["<role-arn>", "REPLACE_ME", "YOUR_ROLE", "[REQUIRED] The role", "XXXX"])
def test_placeholders_in_requests(text: str) -> None:
    """Text that only holds a value's place is not taken for the value."""
    found = read({**TRAINING, "RoleArn": text}, operation="CreateTrainingJob")
    assert needs(found)["CreateTrainingJob"][1] == f"iam:PassRole iam::{ACCOUNT}:role/*"
    assert findings(found) == [("CALL_PLACEHOLDER", "RoleArn")]


def test_an_empty_tag_value_is_a_value() -> None:
    """Tags may have empty values, and that makes no skeleton of a request."""
    found = read({"ModelName": "m", "Tags": [{"Key": "team", "Value": ""}]}, operation="CreateModel")
    assert (found.form, found.findings) == (CallForm.REQUEST, ())
    assert found.calls[0].call.params["Tags"] == [{"Key": "team", "Value": ""}]


def test_a_request_that_brings_a_pipeline() -> None:
    """The steps follow the call that creates the pipeline, made by the pipeline's role, at places inside the string."""
    definition = {"Version": "2020-12-01", "Steps": [{"Name": "M", "Type": "Model", "Arguments": {}}]}
    request = {
        "PipelineName": "p",
        "RoleArn": ROLE,
        "PipelineDefinition": json.dumps(definition),
    }
    found = read(request, operation="CreatePipeline")
    assert list(needs(found)) == ["CreatePipeline", "step M"]
    create, step = found.calls
    assert (create.made_by, step.made_by, step.after) == (None, ROLE, ("CreatePipeline",))
    place = locate(step.origin, step.route)
    assert place.source.text[place.span.start : place.span.end] == "{}"
    broken = read({**request, "PipelineDefinition": '{"Steps": ['}, operation="CreatePipeline")
    assert list(needs(broken)) == ["CreatePipeline"]
    assert findings(broken) == [("CALL_SYNTAX", "PipelineDefinition")]
    stored = read(
        {**request, "PipelineDefinition": None, "PipelineDefinitionS3Location": {"Bucket": "b", "ObjectKey": "k"}},
        operation="CreatePipeline",
    )
    assert findings(stored) == [("CALL_UNRESOLVED", "PipelineDefinitionS3Location")]


def test_the_skeleton_of_every_operation_that_makes_something() -> None:
    """As the AWS CLI makes it: nothing in it is of a wrong type or unknown, and it is answered."""
    import botocore.session  # type: ignore[import-untyped] # botocore ships no types
    from botocore.utils import ArgumentGenerator  # type: ignore[import-untyped] # as above

    model = botocore.session.get_session().get_service_model("sagemaker")
    known = [name for name in model.operation_names if name.startswith("Create") and find_operation("sagemaker", name)]
    assert len(known) > 70
    for name in known:
        skeleton = ArgumentGenerator().generate_skeleton(model.operation_model(name).input_shape)
        found = read(json.dumps(skeleton, default=str), operation=name)
        assert {one.code for one in found.findings} <= {"CALL_PLACEHOLDER"}, name
        assert needs(found)[name]
