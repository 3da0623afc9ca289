"""Which actions AWS lists for an API operation, where it is not the one action of the same name.

Source: the API operations table of
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html, transcribed. That table lists
what *can* be checked: whether it is depends on the request, see the field comments. It leaves out calls that SageMaker
makes with the caller's forwarded credentials.
"""

from __future__ import annotations

LISTED_WITH_ADD_TAGS = frozenset(
    [
        "CreateAIBenchmarkJob",
        "CreateAIRecommendationJob",
        "CreateAIWorkloadConfig",
        "CreateAction",
        "CreateAlgorithm",
        "CreateApp",
        "CreateAppImageConfig",
        "CreateArtifact",
        "CreateAutoMLJob",
        "CreateAutoMLJobV2",
        "CreateCluster",
        "CreateClusterSchedulerConfig",
        "CreateCodeRepository",
        "CreateCompilationJob",
        "CreateComputeQuota",
        "CreateContext",
        "CreateDataQualityJobDefinition",
        "CreateDomain",
        "CreateEndpoint",
        "CreateEndpointConfig",
        "CreateExperiment",
        "CreateFeatureGroup",
        "CreateFlowDefinition",
        "CreateHub",
        "CreateHubContentReference",
        "CreateHumanTaskUi",
        "CreateHyperParameterTuningJob",
        "CreateImage",
        "CreateInferenceComponent",
        "CreateInferenceExperiment",
        "CreateInferenceRecommendationsJob",
        "CreateJob",
        "CreateLabelingJob",
        "CreateMlflowApp",
        "CreateMlflowTrackingServer",
        "CreateModel",
        "CreateModelBiasJobDefinition",
        "CreateModelCard",
        "CreateModelExplainabilityJobDefinition",
        "CreateModelPackage",
        "CreateModelPackageGroup",
        "CreateModelQualityJobDefinition",
        "CreateMonitoringSchedule",
        "CreateNotebookInstance",
        "CreateNotebookInstanceLifecycleConfig",
        "CreateOptimizationJob",
        "CreatePipeline",
        "CreateProcessingJob",
        "CreateProject",
        "CreateSpace",
        "CreateStudioLifecycleConfig",
        "CreateTrainingJob",
        "CreateTrainingPlan",
        "CreateTransformJob",
        "CreateTrial",
        "CreateTrialComponent",
        "CreateUserProfile",
        "CreateWorkforce",
        "CreateWorkteam",
        "ImportHubContent",
        "UpdatePartnerApp",
        "UpdateProject",
    ]
)
"""Operations that authorize ``sagemaker:AddTags`` when the request has tags or tags are added on the way."""

LISTED_WITH_PASS_ROLE = frozenset(
    [
        "CreateAIBenchmarkJob",
        "CreateAIRecommendationJob",
        "CreateAlgorithm",
        "CreateAutoMLJob",
        "CreateAutoMLJobV2",
        "CreateCluster",
        "CreateCompilationJob",
        "CreateDataQualityJobDefinition",
        "CreateDomain",
        "CreateEndpointConfig",
        "CreateFeatureGroup",
        "CreateFlowDefinition",
        "CreateHyperParameterTuningJob",
        "CreateImage",
        "CreateInferenceExperiment",
        "CreateInferenceRecommendationsJob",
        "CreateJob",
        "CreateLabelingJob",
        "CreateMlflowApp",
        "CreateMlflowTrackingServer",
        "CreateModel",
        "CreateModelBiasJobDefinition",
        "CreateModelExplainabilityJobDefinition",
        "CreateModelPackage",
        "CreateModelQualityJobDefinition",
        "CreateMonitoringSchedule",
        "CreateNotebookInstance",
        "CreateOptimizationJob",
        "CreatePartnerApp",
        "CreatePipeline",
        "CreateProcessingJob",
        "CreateProject",
        "CreateTrainingJob",
        "CreateUserProfile",
        "ImportHubContent",
        "RenderUiTemplate",
        "UpdateCluster",
        "UpdateDomain",
        "UpdateImage",
        "UpdateMonitoringSchedule",
        "UpdateNotebookInstance",
        "UpdatePipeline",
        "UpdateUserProfile",
    ]
)
"""Operations that authorize ``iam:PassRole`` on the roles in the request (``ImportHubContent`` has no role member)."""

OWN_ACTIONS = {
    "BatchWriteRecord": ("BatchWriteRecord", "PutRecord"),
    "InvokeEndpointWithResponseStream": ("InvokeEndpoint",),
    "UpdateRecord": ("PutRecord",),
}
"""Operations whose own action is another one, or more than one, on the same resource."""

POSSIBLE_ACTIONS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "CompleteRollout": (("CallWithBearerToken", "", "only with a bearer token"),),
    "CreateCluster": (("UpdateClusterSoftware", "cluster", "listed by AWS; when it is checked is not documented"),),
    "CreateJob": (
        ("ImportHubContent", "hub-content", "if the job's configuration brings hub content"),
        ("UpdateHubContent", "hub-content", "if the job's configuration brings hub content"),
    ),
    "InvokeEndpointWithResponseStream": (
        ("CallWithBearerToken", "", "only with a bearer token"),
        ("InvokeEndpointWithResponseStream", "endpoint", "an action of this name exists beside InvokeEndpoint"),
    ),
    "Sample": (("CallWithBearerToken", "", "only with a bearer token"),),
    "SampleWithResponseStream": (("CallWithBearerToken", "", "only with a bearer token"),),
    "UpdateCluster": (
        ("BatchAddClusterNodes", "cluster", "if the update adds nodes"),
        ("BatchDeleteClusterNodes", "cluster", "if the update removes nodes"),
        ("UpdateClusterSoftware", "cluster", "listed by AWS; when it is checked is not documented"),
    ),
    "UpdateReward": (("CallWithBearerToken", "", "only with a bearer token"),),
}
"""Operation to (action, resource type, when): listed by AWS, but the request does not tell whether it is checked."""

POSSIBLE_PASS_ROLE = {
    "ImportHubContent": "AWS's operations table lists iam:PassRole here, although the request names no role",
    "StartNotebookInstance": "an older AWS page asks for iam:PassRole on the instance's stored role",
}
"""Operations that may check ``iam:PassRole`` on a role that is not in the request.

The second row: https://docs.aws.amazon.com/sagemaker/latest/dg/api-permissions-reference.html"""

CREATED_TYPES = {
    "CreateHubContentReference": "hub-content",
    "CreateTrial": "experiment-trial",
    "ImportHubContent": "hub-content",
    "RegisterDevices": "device",
}
"""The type of what an operation makes (and tags), where the operation's name does not spell it."""

AUTOMATIC_TAG_KEYS: dict[str, tuple[str, ...]] = {
    "studio": ("sagemaker:domain-arn", "sagemaker:user-profile-arn"),
    "studio-space": ("sagemaker:domain-arn", "sagemaker:space-arn"),
    "step-functions": ("MANAGED_BY_AWS",),
    "cloudformation": (
        "aws:cloudformation:stack-name",
        "aws:cloudformation:stack-id",
        "aws:cloudformation:logical-id",
    ),
    "service-catalog": ("aws:servicecatalog:productArn", "aws:servicecatalog:provisioningPrincipal"),
}
"""Where a call comes from to the tags that are added on the way, so that ``AddTags`` is checked without ``Tags``.

Sources: https://docs.aws.amazon.com/sagemaker/latest/dg/notebooks-run-and-manage-metadata.html,
https://docs.aws.amazon.com/step-functions/latest/dg/sagemaker-iam.html,
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html and
https://docs.aws.amazon.com/servicecatalog/latest/adminguide/autotags.html"""
