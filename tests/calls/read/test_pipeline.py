"""The definition of a pipeline: the calls of its steps, their order, and references that lead nowhere."""

from __future__ import annotations

from typing import Any

import pytest
from tests.calls.read.reading import ACCOUNT, ROLE, findings, needs, read, text_at

from sagepass.calls.read import CallForm, ReadCalls
from sagepass.calls.read.pipeline_steps import JOB_STEPS, step_types
from sagepass.catalog.operations import find_operation

PASSED = f"iam:PassRole {ROLE.removeprefix('arn:aws:')}"
UNKNOWN_ROLE = f"iam:PassRole iam::{ACCOUNT}:role/*"


def pipeline(*steps: dict[str, Any], **more: Any) -> ReadCalls:  # noqa: ANN401 - any JSON
    """Read a pipeline with these steps."""
    return read({"Version": "2020-12-01", "Metadata": {}, "Steps": list(steps), **more})


def step(name: str, kind: str, arguments: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """One step."""
    return {"Name": name, "Type": kind, "Arguments": arguments or {}, **more}


@pytest.mark.parametrize(
    ("kind", "arguments", "expected"),
    [
        ("Training", {"RoleArn": ROLE}, {"step S": ["sagemaker:CreateTrainingJob sagemaker:training-job/*", PASSED], "step S: DescribeTrainingJob": ["sagemaker:DescribeTrainingJob sagemaker:training-job/*"]}),
        ("Training", {}, {"step S": ["sagemaker:CreateTrainingJob sagemaker:training-job/*", UNKNOWN_ROLE], "step S: DescribeTrainingJob": ["sagemaker:DescribeTrainingJob sagemaker:training-job/*"]}),
        ("NotebookJob", {"RoleArn": ROLE, "TrainingJobName": "nb"}, {"step S": ["sagemaker:CreateTrainingJob sagemaker:training-job/nb*", PASSED], "step S: DescribeTrainingJob": ["sagemaker:DescribeTrainingJob sagemaker:training-job/nb*"]}),
        ("Processing", {"RoleArn": ROLE}, {"step S": ["sagemaker:CreateProcessingJob sagemaker:processing-job/*", PASSED], "step S: DescribeProcessingJob": ["sagemaker:DescribeProcessingJob sagemaker:processing-job/*"]}),
        ("QualityCheck", {"RoleArn": ROLE}, {"step S": ["sagemaker:CreateProcessingJob sagemaker:processing-job/*", PASSED], "step S: DescribeProcessingJob": ["sagemaker:DescribeProcessingJob sagemaker:processing-job/*"]}),
        ("ClarifyCheck", {"RoleArn": ROLE}, {"step S": ["sagemaker:CreateProcessingJob sagemaker:processing-job/*", PASSED], "step S: DescribeProcessingJob": ["sagemaker:DescribeProcessingJob sagemaker:processing-job/*"]}),
        ("Transform", {"ModelName": {"Get": "Parameters.Model"}}, {"step S": ["sagemaker:CreateTransformJob sagemaker:transform-job/*"], "step S: DescribeTransformJob": ["sagemaker:DescribeTransformJob sagemaker:transform-job/*"]}),
        ("Tuning", {"TrainingJobDefinition": {"RoleArn": ROLE}}, {"step S": ["sagemaker:CreateHyperParameterTuningJob sagemaker:hyper-parameter-tuning-job/*", PASSED], "step S: DescribeHyperParameterTuningJob": ["sagemaker:DescribeHyperParameterTuningJob sagemaker:hyper-parameter-tuning-job/*"]}),
        ("AutoML", {"RoleArn": ROLE, "AutoMLJobConfig": {}}, {"step S": ["sagemaker:CreateAutoMLJob sagemaker:automl-job/*", PASSED], "step S: DescribeAutoMLJob": ["sagemaker:DescribeAutoMLJob sagemaker:automl-job/*"]}),
        ("AutoML", {"RoleArn": ROLE, "AutoMLJobInputDataConfig": []}, {"step S": ["sagemaker:CreateAutoMLJobV2 sagemaker:automl-job/*", PASSED], "step S: DescribeAutoMLJobV2": ["sagemaker:DescribeAutoMLJobV2 sagemaker:automl-job/*"]}),
        ("Model", {"ExecutionRoleArn": ROLE}, {"step S": ["sagemaker:CreateModel sagemaker:model/*", PASSED]}),
        ("RegisterModel", {"ModelPackageGroupName": "g"}, {"step S": ["sagemaker:CreateModelPackage sagemaker:model-package/g/*", "sagemaker:CreateModelPackage sagemaker:model-package-group/g"]}),
        ("EndpointConfig", {"EndpointConfigName": "c"}, {"step S": ["sagemaker:CreateEndpointConfig sagemaker:endpoint-config/c*"]}),
        ("Fail", {"ErrorMessage": "x"}, {}),
    ],
)  # fmt: skip
def test_what_a_step_needs(kind: str, arguments: dict[str, Any], expected: dict[str, list[str]]) -> None:
    """The operation behind the type, the look at how it gets on, and the role, which is the pipeline's by default."""
    found = pipeline(step("S", kind, arguments), Parameters=[{"Name": "Model", "Type": "String"}])
    assert found.form is CallForm.PIPELINE
    assert needs(found) == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"Type": "Lambda", "FunctionArn": f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:f"}, ["lambda:InvokeFunction lambda:function:f"]),
        ({"Type": "Callback", "SqsQueueUrl": "https://sqs.us-east-1.amazonaws.com/444455556666/q"}, ["sqs:SendMessage sqs:us-east-1:444455556666:q"]),
        ({"Type": "Callback", "SqsQueueUrl": {"Get": "Parameters.Model"}}, ["sqs:SendMessage sqs:*"]),
        ({"Type": "EMR", "Arguments": {"ClusterId": "j-1"}}, [f"elasticmapreduce:{name} elasticmapreduce:cluster/j-1" for name in ("AddJobFlowSteps", "DescribeStep", "ListSteps", "CancelSteps")]),
        (
            {"Type": "EMR", "Arguments": {"ClusterConfig": {"ServiceRole": ROLE, "JobFlowRole": "instance"}}},
            ["elasticmapreduce:RunJobFlow *", PASSED, f"iam:PassRole iam::{ACCOUNT}:role/*instance", "elasticmapreduce:DescribeCluster elasticmapreduce:cluster/*"],
        ),
        (
            {"Type": "EMRServerless", "Arguments": {"ApplicationId": "a", "ExecutionRoleArn": ROLE}},
            ["emr-serverless:StartJobRun emr-serverless:/applications/a", PASSED, "emr-serverless:GetJobRun emr-serverless:/applications/a/jobruns/*"],
        ),
    ],
)  # fmt: skip
def test_steps_that_work_through_another_service(more: dict[str, Any], expected: list[str]) -> None:
    """The pipeline's role makes these calls itself; that the other service's own work is not checked is said."""
    found = pipeline({"Name": "S", **more}, Parameters=[{"Name": "Model", "Type": "String"}])
    assert [need for call in needs(found).values() for need in call][: len(expected)] == expected
    assert findings(found) == [("CALL_STEP_ELSEWHERE", "Steps[0].Type")]


CONDITION = {
    "Conditions": [
        {
            "Type": "LessThanOrEqualTo",
            "LeftValue": {"Std:JsonGet": {"PropertyFile": {"Get": "Steps.Eval.PropertyFiles.Report"}, "Path": "mse"}},
            "RightValue": 6.0,
        }
    ],
    "IfSteps": [step("Reg", "RegisterModel", {"ModelPackageGroupName": "g", "X": {"Get": "Steps.Train.Arn"}})],
    "ElseSteps": [step("Stop", "Fail")],
}
EVALUATION = {
    "RoleArn": ROLE,
    "ProcessingOutputConfig": {
        "Outputs": [
            {
                "OutputName": "m",
                "S3Output": {"S3Uri": "s3://bucket/eval/", "LocalPath": "/x", "S3UploadMode": "EndOfJob"},
            }
        ]
    },
}
FILES = [{"PropertyFileName": "Report", "OutputName": "m", "FilePath": "evaluation.json"}]


def test_order_branches_and_files() -> None:
    """Dependencies are stated or follow from references; a condition hands its own on; JsonGet reads from S3."""
    found = pipeline(
        step("Train", "Training", {"RoleArn": ROLE}),
        step("Eval", "Processing", EVALUATION, DependsOn=["Train"], PropertyFiles=FILES),
        step("Check", "Condition", CONDITION),
    )
    after = {one.label: one.after for one in found.calls}
    assert after["step Eval"] == ("step Train",)
    assert after["step Check: GetObject"] == ("step Eval",)
    assert after["step Reg"] == ("step Check: GetObject", "step Train")
    assert needs(found)["step Check: GetObject"] == ["s3:GetObject s3:::bucket/eval/evaluation.json"]
    unknown = pipeline(step("Eval", "Processing", {"RoleArn": ROLE}), step("Check", "Condition", CONDITION))
    assert needs(unknown)["step Check: GetObject"] == ["s3:GetObject s3:::*/*"]


def test_places_lead_into_the_arguments() -> None:
    """Also in a branch of a condition."""
    found = pipeline(
        step("Check", "Condition", {"Conditions": [], "IfSteps": [step("T", "Training", {"RoleArn": ROLE})]})
    )
    assert text_at(found.calls[0], ("RoleArn",)) == f'"{ROLE}"'


@pytest.mark.parametrize(
    ("steps", "code", "place", "remedy"),
    [
        ([step("S", "Trainign")], "CALL_UNKNOWN_STEP", "Steps[0].Type", "Training"),
        (
            [step("S", "Fail", DependsOn=["Trian"]), step("Train", "Fail")],
            "CALL_UNKNOWN_REFERENCE",
            "Steps[0].DependsOn[0]",
            "Train",
        ),
        (
            [step("S", "Training", {"RoleArn": {"Get": "Parameters.Rloe"}})],
            "CALL_UNKNOWN_REFERENCE",
            "Steps[0].Arguments.RoleArn.Get",
            "Role",
        ),
        (
            [step("S", "Model", {"ModelNmae": "x"})],
            "CALL_UNKNOWN_PARAMETER",
            "Steps[0].Arguments.ModelNmae",
            "ModelName",
        ),
        ([step("S", "Training", {"RoleArn": "Exec"})], "CALL_ROLE_NOT_ARN", "Steps[0].Arguments.RoleArn", "get-role"),
        ([{"Name": "S"}], "CALL_MALFORMED", "Steps[0]", "in full"),
        (["S"], "CALL_MALFORMED", "Steps[0]", "in full"),
        ([], "CALL_NOTHING_FOUND", "Steps", "add"),
    ],
)
def test_what_is_wrong_with_a_pipeline(steps: list[Any], code: str, place: str, remedy: str) -> None:
    """At its place, with what may have been meant."""
    found = pipeline(*steps, Parameters=[{"Name": "Role", "Type": "String"}])
    assert (code, place) in findings(found)
    assert any(remedy in one.remedy for one in found.findings if one.code == code)


def test_every_type_of_step_stands_for_an_operation() -> None:
    """The operation exists, its name and role members too, and so does the one that describes it."""
    assert set(JOB_STEPS) < set(step_types())
    for job in JOB_STEPS.values():
        operation = find_operation("sagemaker", job.operation)
        assert operation is not None
        assert not job.role_member or job.role_member in operation.role_paths
        if job.describe:
            assert find_operation("sagemaker", job.operation.replace("Create", "Describe")) is not None
