"""Which operation a pipeline step stands for, and which calls the steps make that work through other services.

Sources: https://docs.aws.amazon.com/sagemaker/latest/dg/build-and-manage-steps-types.html and the AWS managed policy
AmazonSageMakerPipelinesIntegrations
(https://docs.aws.amazon.com/sagemaker/latest/dg/security-iam-awsmanpol-pipelines.html), which holds what Lambda, callback and
EMR steps need.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from sagepass.calls.request_paths import not_known
from sagepass.source.route import Route


@dataclass(frozen=True, slots=True, kw_only=True)
class JobStep:
    """A step whose arguments are a request to SageMaker.

    Attributes:
        operation: the operation that the pipeline calls.
        name_member: the member for the name, which the execution makes; empty if it has none.
        role_member: the member for a role that is the pipeline's own unless it is given; empty if there is none.
        describe: whether the pipeline also describes what it made, to see it end.
    """

    operation: str
    name_member: str
    role_member: str = ""
    describe: bool = True

    def operation_for(self, arguments: Mapping[str, object]) -> tuple[str, str]:
        """Operation and name member for these arguments: AutoML steps exist in two versions."""
        if self.operation == "CreateAutoMLJob" and "AutoMLJobInputDataConfig" in arguments:
            return "CreateAutoMLJobV2", self.name_member
        return self.operation, self.name_member


_TRAINING = JobStep(operation="CreateTrainingJob", name_member="TrainingJobName", role_member="RoleArn")
_PROCESSING = JobStep(operation="CreateProcessingJob", name_member="ProcessingJobName", role_member="RoleArn")
_MODEL = JobStep(operation="CreateModel", name_member="ModelName", describe=False)

JOB_STEPS: dict[str, JobStep] = {
    "AutoML": JobStep(operation="CreateAutoMLJob", name_member="AutoMLJobName", role_member="RoleArn"),
    "ClarifyCheck": _PROCESSING,
    "CreateModel": _MODEL,
    "Endpoint": JobStep(operation="CreateEndpoint", name_member="EndpointName"),
    "EndpointConfig": JobStep(operation="CreateEndpointConfig", name_member="EndpointConfigName", describe=False),
    "InferenceComponent": JobStep(operation="CreateInferenceComponent", name_member="InferenceComponentName"),
    "Model": _MODEL,
    "NotebookJob": _TRAINING,
    "Processing": _PROCESSING,
    "QualityCheck": _PROCESSING,
    "RegisterModel": JobStep(operation="CreateModelPackage", name_member="", describe=False),
    "Training": _TRAINING,
    "Transform": JobStep(operation="CreateTransformJob", name_member="TransformJobName"),
    "Tuning": JobStep(operation="CreateHyperParameterTuningJob", name_member="HyperParameterTuningJobName"),
}

ElsewhereCall: TypeAlias = tuple[str, str, dict[str, object], Route]
"""Prefix of the service, action, parameters (the one that names the resource first), and the route from the step to it."""

_ELSEWHERE = frozenset({"Callback", "EMR", "EMRServerless", "Lambda"})
_EMR_RULES = (
    "SageMakerPipelineExecutionEMRStepStatusUpdateRule",
    "SageMakerPipelineExecutionEMRClusterStatusUpdateRule",
)


def step_types() -> list[str]:
    """All types of steps that are known."""
    return sorted({*JOB_STEPS, *_ELSEWHERE, "Condition", "Fail"})


def is_elsewhere(kind: str) -> bool:
    """Whether steps of a type work through another service than SageMaker."""
    return kind in _ELSEWHERE


def elsewhere_calls(step: Mapping[str, object]) -> list[ElsewhereCall]:
    """The calls to other services that a step makes with the pipeline's role, the one that starts the work first."""
    given = step.get("Arguments")
    arguments = given if isinstance(given, Mapping) else {}
    match step.get("Type"):
        case "Lambda":
            function = step.get("FunctionArn", not_known("the function"))
            return [("lambda", "InvokeFunction", {"FunctionName": function}, ("FunctionArn",))]
        case "Callback":
            queue = step.get("SqsQueueUrl", not_known("the queue"))
            return [("sqs", "SendMessage", {"QueueUrl": queue}, ("SqsQueueUrl",))]
        case "EMR":
            return _emr(arguments)
        case "EMRServerless":
            return _emr_serverless(arguments)
        case _:
            return []


def _emr(arguments: Mapping[str, object]) -> list[ElsewhereCall]:
    """A step on a running cluster, or on one that the pipeline starts and ends."""
    cluster = arguments.get("ClusterId", not_known("the id of the cluster that the step starts"))
    own = arguments.get("ClusterConfig")
    place: Route = ("Arguments", "ClusterId") if "ClusterId" in arguments else ("Arguments", "ClusterConfig")
    target: dict[str, object] = {"ClusterId": cluster}
    started: list[ElsewhereCall] = []
    if "ClusterId" not in arguments:
        params = dict(own) if isinstance(own, Mapping) else {}
        started = [
            ("elasticmapreduce", "RunJobFlow", {"Name": not_known("the cluster"), **params}, place),
            ("elasticmapreduce", "DescribeCluster", target, place),
            ("elasticmapreduce", "TerminateJobFlows", target, place),
        ]
    on_cluster: list[ElsewhereCall] = [
        ("elasticmapreduce", action, target, place)
        for action in ("AddJobFlowSteps", "DescribeStep", "ListSteps", "CancelSteps")
    ]
    rule = _EMR_RULES[1] if started else _EMR_RULES[0]
    watched: list[ElsewhereCall] = [
        ("events", action, {"Rule": rule}, ("Type",)) for action in ("DescribeRule", "PutRule", "PutTargets")
    ]
    return [*started, *on_cluster, *watched]


def _emr_serverless(arguments: Mapping[str, object]) -> list[ElsewhereCall]:
    application = arguments.get("ApplicationId", not_known("the id of the application that the step creates"))
    role = arguments.get("ExecutionRoleArn", not_known("the role of the job"))
    place: Route = ("Arguments", "ApplicationId" if "ApplicationId" in arguments else "ApplicationConfig")
    target: dict[str, object] = {"ApplicationId": application}
    calls: list[ElsewhereCall] = []
    if "ApplicationId" not in arguments:
        calls.append(("emr-serverless", "CreateApplication", {}, place))
    calls.append(("emr-serverless", "StartJobRun", {**target, "ExecutionRoleArn": role}, place))
    return [*calls, *((("emr-serverless", name, target, place)) for name in ("GetJobRun", "CancelJobRun"))]
