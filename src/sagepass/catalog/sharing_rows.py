"""The rows of :mod:`sagepass.catalog.sharing`: one per SageMaker resource type that has more than a role.

The actions of a managed permission are those that the page of its row lists. Where the page lists none, the row says so.
"""

from __future__ import annotations

from types import MappingProxyType

from sagepass.catalog.sharing import PolicyApi, RamPermission, Sharing

_GUIDE = "https://docs.aws.amazon.com/sagemaker/latest/dg/"
_API = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/"


def _actions(names: str) -> tuple[str, ...]:
    return tuple(f"sagemaker:{name}" for name in names.split())


_PIPELINE_READ = _actions(
    "DescribePipeline DescribePipelineDefinitionForExecution DescribePipelineExecution ListPipelineExecutions "
    "ListPipelineExecutionSteps ListPipelineParametersForExecution Search"
)
_FEATURES_READ = _actions("DescribeFeatureGroup DescribeFeatureMetadata BatchGetRecord GetRecord")
_FEATURES_WRITE = _actions("PutRecord DeleteRecord")
_HUB_READ = _actions("DescribeHub DescribeHubContent ListHubContents ListHubContentVersions")
_CARD = _actions("DescribeModelCard ListModelCardVersions UpdateModelCard")
_LINEAGE = _actions(
    "DescribeAction DescribeArtifact DescribeContext DescribeTrialComponent AddAssociation DeleteAssociation QueryLineage"
)
_PACKAGES = MappingProxyType(
    {"model-package-group": "model-package-group/{name}", "model-package": "model-package/{name}/*"}
)
_LINEAGE_FAMILY = MappingProxyType({"lineage-group": "lineage-group/{name}"})
_UNLISTED = "AWS's pages do not list its actions; aws ram get-permission prints them"

_MODEL_PACKAGE_GROUP = Sharing(
    resource_type="model-package-group",
    policy=PolicyApi(
        put="PutModelPackageGroupPolicy", get="GetModelPackageGroupPolicy", delete="DeleteModelPackageGroupPolicy"
    ),
    ram_type="sagemaker:ModelPackageGroup",
    permissions=(
        RamPermission(name="AWSRAMPermissionSageMakerModelPackageGroupAllowDeploy", actions=None, note=_UNLISTED),
        RamPermission(name="AWSRAMPermissionSageMakerModelPackageGroupAllowRegister", actions=None, note=_UNLISTED),
    ),
    family=_PACKAGES,
    named_on=MappingProxyType(
        {
            "sagemaker:CreateModel": ("model-package",),
            "sagemaker:ListModelPackages": ("model-package-group", "model-package"),
        }
    ),
    actions=_actions("DescribeModelPackageGroup ListModelPackages DescribeModelPackage CreateModel"),
    role_actions=_actions("DescribeModelPackageGroup ListModelPackages DescribeModelPackage"),
    beside=(
        "the ECR repository of the inference image: a repository policy (pull)",
        "the S3 bucket of the model artifacts: a bucket policy (s3:GetObject)",
        (
            "the customer managed KMS key of the artifacts, or of the versions themselves: the key policy, and kms:Decrypt on the "
            "other side; the default key aws/s3 cannot be shared"
        ),
    ),
    open=(
        "which actions the two managed permissions of RAM hold is not listed on AWS's pages",
        "which calls to KMS a version with a SecurityConfig makes is not listed; kms:Decrypt is written for callers as well",
        "whether the policy of a group may name everyone (*) narrowed by aws:PrincipalOrgID is shown by no example of AWS",
        "ListModelPackages is named on the versions in AWS's example; both ARNs are written",
    ),
    notes=(
        "a group and its versions have different ARNs: a policy needs statements on model-package-group/NAME and on model-package/NAME/*",
        "a policy that names a role, or allows Action *, cannot be promoted to a RAM share: it works and is not discoverable",
    ),
    sources=(
        _GUIDE + "model-registry-deploy.html",
        _GUIDE + "model-registry-ram.html",
        _GUIDE + "model-registry-ram-promote.html",
        _API + "API_PutModelPackageGroupPolicy.html",
    ),
)

ROWS: dict[str, Sharing] = {
    row.resource_type: row
    for row in (
        _MODEL_PACKAGE_GROUP,
        Sharing(
            resource_type="model-package",
            notes=("the policy of its model-package-group decides: share the group",),
            actions=_actions("DescribeModelPackage"),
            sources=(_GUIDE + "model-registry-deploy.html",),
        ),
        Sharing(
            resource_type="endpoint",
            policy=PolicyApi(put="PutEndpointPolicy", get="GetEndpointPolicy", delete="DeleteEndpointPolicy"),
            family=MappingProxyType({"endpoint": "endpoint/{name}"}),
            actions=_actions("InvokeEndpoint DescribeEndpoint"),
            role_actions=_actions("InvokeEndpoint"),
            beside=(
                "an inference router of the other account, which sends the caller's own credentials: the caller needs both sides",
            ),
            open=(
                "AWS describes the policy for calls through an inference router (sagemaker:SourceInferenceRouterArn); whether it also opens direct calls is not stated",
            ),
            notes=(
                "sagemaker:DescribeEndpoint lets the router's owner see the status of the endpoint",
                "the policy takes effect after 30 seconds to 5 minutes, and goes with the endpoint when that is deleted",
                "InvokeEndpoint takes a name and looks in the caller's own account: for direct calls assume a role of the owner",
            ),
            sources=(
                _GUIDE + "inference-router-cross-account.html",
                _GUIDE + "inference-router-security.html",
                _API + "API_PutEndpointPolicy.html",
            ),
        ),
        Sharing(
            resource_type="pipeline",
            ram_type="sagemaker:Pipeline",
            permissions=(
                RamPermission(
                    name="AWSRAMDefaultPermissionSageMakerPipeline",
                    actions=_PIPELINE_READ,
                    note="read-only; the default",
                ),
                RamPermission(
                    name="AWSRAMPermissionSageMakerPipelineAllowExecution",
                    actions=(
                        *_PIPELINE_READ,
                        *_actions("StartPipelineExecution StopPipelineExecution RetryPipelineExecution"),
                    ),
                    note="executions run in, and are paid by, the owner's account",
                ),
            ),
            family=MappingProxyType(
                {"pipeline": "pipeline/{name}", "pipeline-execution": "pipeline/{name}/execution/*"}
            ),
            actions=_PIPELINE_READ,
            role_actions=_PIPELINE_READ[:-1],
            notes=("all executions are shared with the pipeline", "the APIs take the ARN of the pipeline"),
            sources=(_GUIDE + "build-and-manage-xaccount.html",),
        ),
        Sharing(
            resource_type="feature-group",
            ram_type="sagemaker:FeatureGroup",
            permissions=(
                RamPermission(name="AWSRAMPermissionSageMakerFeatureGroupReadOnly", actions=_FEATURES_READ),
                RamPermission(
                    name="AWSRAMPermissionSagemakerFeatureGroupReadWrite", actions=(*_FEATURES_READ, *_FEATURES_WRITE)
                ),
                RamPermission(
                    name="AWSRAMPermissionSagemakerFeatureGroupAdmin",
                    actions=(*_FEATURES_READ, *_FEATURES_WRITE, *_actions("UpdateFeatureGroup UpdateFeatureMetadata")),
                ),
            ),
            family=MappingProxyType({"feature-group": "feature-group/{name}"}),
            actions=_FEATURES_READ,
            beside=(
                "a customer managed key of the online store: the key policy, and kms:Decrypt on the other side",
                "the offline store is data in S3 and a table of the Glue data catalog: those are shared on their own",
            ),
            sources=(_GUIDE + "feature-store-cross-account.html", _GUIDE + "feature-store-cross-account-access.html"),
        ),
        Sharing(
            resource_type="sagemaker-catalog",
            ram_type="sagemaker:SagemakerCatalog",
            permissions=(
                RamPermission(
                    name="AWSRAMPermissionSageMakerCatalogResourceSearch",
                    actions=None,
                    note="lets the names and descriptions of all feature groups of the account and Region be found",
                ),
            ),
            actions=_actions("Search"),
            notes=("it gives discoverability only, all or nothing; the records need a share of each feature group",),
            sources=(_GUIDE + "feature-store-cross-account.html",),
        ),
        Sharing(
            resource_type="hub",
            ram_type="sagemaker:Hub",
            permissions=(
                RamPermission(name="AWSRAMPermissionSageMakerHubRead", actions=_HUB_READ),
                RamPermission(
                    name="AWSRAMPermissionSageMakerHubReadAndUse", actions=(*_HUB_READ, *_actions("DeployHubModel"))
                ),
                RamPermission(
                    name="AWSRAMPermissionSageMakerHubFullAccessPolicy",
                    actions=None,
                    note="reads, adds and removes content, and deploys; " + _UNLISTED,
                ),
            ),
            family=MappingProxyType({"hub": "hub/{name}", "hub-content": "hub-content/{name}/*/*"}),
            actions=_HUB_READ,
            open=(
                "AWS's page writes the names of the permissions with a blank (SageMaker AIHub…), which no name can hold",
            ),
            sources=(_GUIDE + "jumpstart-curated-hubs-ram.html",),
        ),
        Sharing(
            resource_type="model-card",
            ram_type="sagemaker:ModelCard",
            permissions=(
                RamPermission(name="AWSRAMPermissionSageMakerModelCards", actions=_CARD),
                RamPermission(
                    name="AWSRAMPermissionSageMakerModelCardsAllowExport",
                    actions=(*_CARD, *_actions("CreateModelCardExportJob DescribeModelCardExportJob")),
                    note="the export jobs belong to the owner's account, whoever makes them",
                ),
            ),
            family=MappingProxyType(
                {"model-card": "model-card/{name}", "model-card-export-job": "model-card/{name}/export-job/*"}
            ),
            actions=_actions("DescribeModelCard ListModelCardVersions"),
            beside=(
                "a customer managed key of the card: the key policy, and kms:Decrypt and kms:GenerateDataKey on the other side",
            ),
            sources=(_GUIDE + "model-cards-xaccount.html",),
        ),
        Sharing(
            resource_type="lineage-group",
            ram_type="sagemaker:LineageGroup",
            permissions=(
                RamPermission(
                    name=None,
                    actions=_LINEAGE,
                    note="SageMaker accepts only this one set of actions",
                ),
            ),
            family=_LINEAGE_FAMILY,
            entities=MappingProxyType(
                {kind: f"{kind}/*" for kind in ("action", "artifact", "context", "experiment-trial-component")}
            ),
            named_on=MappingProxyType(dict.fromkeys(_LINEAGE, ("lineage-group",))),
            actions=_LINEAGE,
            open=(
                "the name of the managed permission is not on AWS's page",
                "the policy names the lineage group, and the reference lists the actions on the entities in it",
            ),
            notes=(
                "an account has one group, sagemaker-default-lineage-group, and shares all of it or none",
                "GetLineageGroupPolicy reads the policy; the permissions that write it are used by RAM alone",
            ),
            sources=(_GUIDE + "xaccount-lineage-tracking.html", _API + "API_GetLineageGroupPolicy.html"),
        ),
        Sharing(
            resource_type="partner-app",
            ram_type="sagemaker:PartnerApp",
            permissions=(),
            family=MappingProxyType({"partner-app": "partner-app/{name}"}),
            actions=_actions("DescribePartnerApp CallPartnerAppApi"),
            open=("the names and actions of its managed permissions are not among the pages that were read",),
            sources=(_GUIDE + "partner-app-resource-sharing-ram.html",),
        ),
    )
}
