"""Which members of a request say what an execution role has to do: images, data, keys, network, notifications.

One :class:`~sagepass.catalog.role_work_record.RoleWork` is one piece of work that one role does.

Sources: https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html (what the role of each API needs) and the API
reference of each operation (which members there are).
"""

from __future__ import annotations

from sagepass.catalog.role_work_record import ROLES_PAGE, InputPath, OutputPath, RoleWork

_DG = "https://docs.aws.amazon.com/sagemaker/latest/dg/"


_RULES = ("DebugRuleConfigurations[]", "ProfilerRuleConfigurations[]")


def _training(*, part: str = "", below: str = "", source: str = "") -> RoleWork:
    """A training job; with ``part``, the definition of one inside a tuning job, which has no debugger and profiler."""
    key = "OutputDataConfig.KmsKeyId"
    alone = not part
    extras = ("DebugHookConfig", "TensorBoardOutputConfig", "ProfilerConfig", *_RULES) if alone else ()
    return RoleWork(
        part=part,
        images=(
            "AlgorithmSpecification.TrainingImage",
            *(f"{rule}.RuleEvaluatorImage" for rule in (_RULES if alone else ())),
        ),
        inputs=(InputPath("InputDataConfig[].DataSource.S3DataSource.S3Uri"),),
        outputs=(
            OutputPath("OutputDataConfig.S3OutputPath", key, below),
            *(OutputPath(f"{extra}.S3OutputPath", key) for extra in extras),
        ),
        both=("CheckpointConfig.S3Uri",),
        volume_keys=(
            "ResourceConfig.VolumeKmsKeyId",
            *(() if alone else ("HyperParameterTuningResourceConfig.VolumeKmsKeyId",)),
        ),
        network="VpcConfig",
        file_systems="InputDataConfig[].DataSource.FileSystemDataSource",
        log_group="/aws/sagemaker/TrainingJobs",
        source=source or f"{ROLES_PAGE}#sagemaker-roles-createtrainingjob-perms",
    )


_PROCESSING = RoleWork(
    images=("AppSpecification.ImageUri",),
    inputs=(InputPath("ProcessingInputs[].S3Input.S3Uri"),),
    outputs=(
        OutputPath("ProcessingOutputConfig.Outputs[].S3Output.S3Uri", "ProcessingOutputConfig.KmsKeyId"),
        OutputPath(
            "ProcessingInputs[].DatasetDefinition.AthenaDatasetDefinition.OutputS3Uri",
            "ProcessingInputs[].DatasetDefinition.AthenaDatasetDefinition.KmsKeyId",
        ),
        OutputPath(
            "ProcessingInputs[].DatasetDefinition.RedshiftDatasetDefinition.OutputS3Uri",
            "ProcessingInputs[].DatasetDefinition.RedshiftDatasetDefinition.KmsKeyId",
        ),
    ),
    volume_keys=("ProcessingResources.ClusterConfig.VolumeKmsKeyId",),
    network="NetworkConfig.VpcConfig",
    log_group="/aws/sagemaker/ProcessingJobs",
    source=f"{ROLES_PAGE}#sagemaker-roles-createprocessingjob-perms",
    unscoped_network=True,
)


def _model_data(container: str) -> tuple[InputPath, ...]:
    more = f"{container}.AdditionalModelDataSources[].S3DataSource"
    return (
        InputPath(f"{container}.ModelDataUrl", "=S3Object"),
        InputPath(f"{container}.ModelDataSource.S3DataSource.S3Uri"),
        InputPath(f"{container}.ModelDataSource.S3DataSource.ManifestS3Uri", "=S3Object"),
        InputPath(f"{more}.S3Uri"),
        InputPath(f"{more}.ManifestS3Uri", "=S3Object"),
    )


MODEL = RoleWork(
    role="ExecutionRoleArn",
    images=("PrimaryContainer.Image", "Containers[].Image"),
    inputs=(*_model_data("PrimaryContainer"), *_model_data("Containers[]")),
    network="VpcConfig",
    log_group="/aws/sagemaker/Endpoints/*",
    source=f"{ROLES_PAGE}#sagemaker-roles-createmodel-perms",
)
"""A model, as ``CreateModel`` takes it and ``DescribeModel`` returns it."""

_ASYNC = "AsyncInferenceConfig.OutputConfig"

ENDPOINT_CONFIG = RoleWork(
    role="ExecutionRoleArn",
    inputs=(
        InputPath("ExplainerConfig.ClarifyExplainerConfig.ShapConfig.ShapBaselineConfig.ShapBaselineUri", "=S3Object"),
    ),
    outputs=(
        OutputPath("DataCaptureConfig.DestinationS3Uri", "DataCaptureConfig.KmsKeyId"),
        OutputPath(f"{_ASYNC}.S3OutputPath", f"{_ASYNC}.KmsKeyId"),
        OutputPath(f"{_ASYNC}.S3FailurePath", f"{_ASYNC}.KmsKeyId"),
        OutputPath(
            "ProductionVariants[].CoreDumpConfig.DestinationS3Uri", "ProductionVariants[].CoreDumpConfig.KmsKeyId"
        ),
        OutputPath(
            "ShadowProductionVariants[].CoreDumpConfig.DestinationS3Uri",
            "ShadowProductionVariants[].CoreDumpConfig.KmsKeyId",
        ),
    ),
    topics=(f"{_ASYNC}.NotificationConfig.SuccessTopic", f"{_ASYNC}.NotificationConfig.ErrorTopic"),
    network="VpcConfig",
    source=f"{_DG}model-monitor-data-capture-endpoint.html",
)
"""An endpoint configuration, as ``CreateEndpointConfig`` takes it and ``DescribeEndpointConfig`` returns it."""

TRANSFORM = RoleWork(
    role="",
    inputs=(InputPath("TransformInput.DataSource.S3DataSource.S3Uri"),),
    outputs=(
        OutputPath("TransformOutput.S3OutputPath", "TransformOutput.KmsKeyId"),
        OutputPath("DataCaptureConfig.DestinationS3Uri", "DataCaptureConfig.KmsKeyId"),
    ),
    volume_keys=("TransformResources.VolumeKmsKeyId",),
    log_group="/aws/sagemaker/TransformJobs",
    source="https://docs.aws.amazon.com/sagemaker/latest/dg/batch-transform.html",
)
"""A transform job; the role is the one that is stored in its model."""


def _automl(*, inputs: str, security: str, features: tuple[str, ...]) -> RoleWork:
    return RoleWork(
        inputs=(InputPath(inputs), *(InputPath(path, "=S3Object") for path in features)),
        outputs=(OutputPath("OutputDataConfig.S3OutputPath", "OutputDataConfig.KmsKeyId"),),
        volume_keys=(f"{security}.VolumeKmsKeyId",),
        network=f"{security}.VpcConfig",
        log_group="/aws/sagemaker/TrainingJobs",
        source=f"{ROLES_PAGE}#sagemaker-roles-autopilot-perms",
    )


def _monitoring(kind: str, *, part: str = "") -> RoleWork:
    """A job definition of Model Monitor: ``DataQuality``, ``ModelBias``, …, or ``Monitoring`` inside a schedule."""
    inside = kind == "Monitoring"
    output = "MonitoringOutputConfig" if inside else f"{kind}JobOutputConfig"
    baseline = "BaselineConfig" if inside else f"{kind}BaselineConfig"
    read = "MonitoringInputs[]" if inside else f"{kind}JobInput"
    resources = "MonitoringResources" if inside else "JobResources"
    scripts = {"ModelBias": ("ConfigUri",), "ModelExplainability": ("ConfigUri",)}.get(
        kind, ("RecordPreprocessorSourceUri", "PostAnalyticsProcessorSourceUri")
    )
    statistics = () if kind.startswith("Model") else (InputPath(f"{baseline}.StatisticsResource.S3Uri", "=S3Object"),)
    truth = (
        (InputPath(f"{read}.GroundTruthS3Input.S3Uri", "=S3Prefix"),) if kind in {"ModelBias", "ModelQuality"} else ()
    )
    return RoleWork(
        part=part,
        images=(f"{kind}AppSpecification.ImageUri",),
        inputs=(
            InputPath(f"{baseline}.ConstraintsResource.S3Uri", "=S3Object"),
            *statistics,
            InputPath(f"{read}.BatchTransformInput.DataCapturedDestinationS3Uri", "=S3Prefix"),
            *truth,
            *(InputPath(f"{kind}AppSpecification.{script}", "=S3Object") for script in scripts),
        ),
        outputs=(OutputPath(f"{output}.MonitoringOutputs[].S3Output.S3Uri", f"{output}.KmsKeyId"),),
        volume_keys=(f"{resources}.ClusterConfig.VolumeKmsKeyId",),
        network="NetworkConfig.VpcConfig",
        log_group="/aws/sagemaker/ProcessingJobs",
        source=f"{_DG}model-monitor-scheduling.html",
        unscoped_network=True,
    )


_LABELING_RESOURCES = "LabelingJobAlgorithmsConfig.LabelingJobResourceConfig"
_TUNING_PAGE = f"{ROLES_PAGE}#sagemaker-roles-createhyperparametertiningjob-perms"
_SCHEDULED = "MonitoringScheduleConfig.MonitoringJobDefinition"

_WORK: dict[str, tuple[RoleWork, ...]] = {
    "CreateTrainingJob": (_training(below="TrainingJobName"),),
    "CreateHyperParameterTuningJob": (
        _training(part="TrainingJobDefinition", source=_TUNING_PAGE),
        _training(part="TrainingJobDefinitions[]", source=_TUNING_PAGE),
    ),
    "CreateProcessingJob": (_PROCESSING,),
    "CreateTransformJob": (TRANSFORM,),
    "CreateModel": (MODEL,),
    "CreateEndpointConfig": (ENDPOINT_CONFIG,),
    "CreateAutoMLJob": (
        _automl(
            inputs="InputDataConfig[].DataSource.S3DataSource.S3Uri",
            security="AutoMLJobConfig.SecurityConfig",
            features=("AutoMLJobConfig.CandidateGenerationConfig.FeatureSpecificationS3Uri",),
        ),
    ),
    "CreateAutoMLJobV2": (
        _automl(
            inputs="AutoMLJobInputDataConfig[].DataSource.S3DataSource.S3Uri",
            security="SecurityConfig",
            features=(
                "AutoMLProblemTypeConfig.TabularJobConfig.FeatureSpecificationS3Uri",
                "AutoMLProblemTypeConfig.TimeSeriesForecastingJobConfig.FeatureSpecificationS3Uri",
            ),
        ),
    ),
    "CreateCompilationJob": (
        RoleWork(
            inputs=(InputPath("InputConfig.S3Uri", "=S3Object"),),
            outputs=(OutputPath("OutputConfig.S3OutputLocation", "OutputConfig.KmsKeyId"),),
            network="VpcConfig",
            log_group="/aws/sagemaker/CompilationJobs",
            source=f"{_DG}neo-job-compilation.html",
        ),
    ),
    "CreateEdgePackagingJob": (
        RoleWork(
            outputs=(OutputPath("OutputConfig.S3OutputLocation", "OutputConfig.KmsKeyId"),),
            source=f"{_DG}edge-packaging-job.html",
        ),
    ),
    "CreateLabelingJob": (
        RoleWork(
            inputs=(
                InputPath("InputConfig.DataSource.S3DataSource.ManifestS3Uri", "=ManifestFile"),
                InputPath("LabelCategoryConfigS3Uri", "=S3Object"),
                InputPath("HumanTaskConfig.UiConfig.UiTemplateS3Uri", "=S3Object"),
            ),
            outputs=(OutputPath("OutputConfig.S3OutputPath", "OutputConfig.KmsKeyId"),),
            volume_keys=(f"{_LABELING_RESOURCES}.VolumeKmsKeyId",),
            network=f"{_LABELING_RESOURCES}.VpcConfig",
            topics=("OutputConfig.SnsTopicArn",),
            functions=(
                "HumanTaskConfig.PreHumanTaskLambdaArn",
                "HumanTaskConfig.AnnotationConsolidationConfig.AnnotationConsolidationLambdaArn",
            ),
            log_group="/aws/sagemaker/LabelingJobs",
            source=f"{_DG}sms-security-permission-execution-role.html",
        ),
    ),
    "CreateFlowDefinition": (
        RoleWork(
            outputs=(OutputPath("OutputConfig.S3OutputPath", "OutputConfig.KmsKeyId"),),
            source=f"{_DG}a2i-permissions-security.html",
        ),
    ),
    "CreateFeatureGroup": (
        RoleWork(
            outputs=(
                OutputPath("OfflineStoreConfig.S3StorageConfig.S3Uri", "OfflineStoreConfig.S3StorageConfig.KmsKeyId"),
            ),
            source=f"{_DG}feature-store-adding-policies.html",
        ),
    ),
    "CreateDataQualityJobDefinition": (_monitoring("DataQuality"),),
    "CreateModelQualityJobDefinition": (_monitoring("ModelQuality"),),
    "CreateModelBiasJobDefinition": (_monitoring("ModelBias"),),
    "CreateModelExplainabilityJobDefinition": (_monitoring("ModelExplainability"),),
    "CreateMonitoringSchedule": (_monitoring("Monitoring", part=_SCHEDULED),),
    "UpdateMonitoringSchedule": (_monitoring("Monitoring", part=_SCHEDULED),),
    "CreateOptimizationJob": (
        RoleWork(
            images=(
                "OptimizationConfigs[].ModelQuantizationConfig.Image",
                "OptimizationConfigs[].ModelCompilationConfig.Image",
                "OptimizationConfigs[].ModelShardingConfig.Image",
            ),
            inputs=(InputPath("ModelSource.S3.S3Uri", "=S3Prefix"),),
            outputs=(OutputPath("OutputConfig.S3OutputLocation", "OutputConfig.KmsKeyId"),),
            network="VpcConfig",
            log_group="/aws/sagemaker/OptimizationJobs",
            source=f"{_DG}model-optimize.html",
        ),
    ),
    "CreateMlflowTrackingServer": (
        RoleWork(inputs=(), both=("ArtifactStoreUri",), source=f"{_DG}mlflow-create-tracking-server-iam.html"),
    ),
    "CreateMlflowApp": (
        RoleWork(inputs=(), both=("ArtifactStoreUri",), source=f"{_DG}mlflow-create-tracking-server-iam.html"),
    ),
}


def role_work(operation: str) -> tuple[RoleWork, ...]:
    """The work that roles do for an operation; empty if the tables hold none."""
    return _WORK.get(operation, ())


def operations_with_work() -> tuple[str, ...]:
    """The operations that the table covers."""
    return tuple(_WORK)
