"""Which resources can carry a policy of their own, and the API that reads it.

Main source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html; the rows
for SageMaker rest on the pages they name, because
https://docs.aws.amazon.com/sagemaker/latest/dg/security_iam_service-with-iam.html still says that SageMaker has none.
A policy on a *containing* resource counts for what it contains: ``holder`` names the type that carries it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sagepass.catalog.actions import find_action


class PolicySource(StrEnum):
    """Where the policy of a resource comes from."""

    ATTACHED = "attached"
    """A document attached to the resource through the service's own API."""
    SHARED = "shared"
    """A resource share of AWS RAM; RAM writes the policy."""
    BOTH = "both"
    """Either way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourcePolicySupport:
    """One row: a resource type that can carry a policy.

    Attributes:
        service: the service prefix.
        resource_type: the type in the Service Authorization Reference whose requests the policy decides.
        holder: the type that carries the policy (``model-package-group`` for a ``model-package``).
        source: attached, shared through RAM, or both.
        read_with: the action (and API) that returns the policy; ``None`` where only RAM can tell.
        required: the request fails unless the policy itself allows it, even within one account
            (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html).
        link: the page that says so.
    """

    service: str
    resource_type: str
    holder: str
    source: PolicySource
    read_with: str | None
    required: bool
    link: str


_DOCS = "https://docs.aws.amazon.com/"
_IAM_TABLE = "IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html"
_RAM = "ram/latest/userguide/shareable.html"
_A, _S, _B = PolicySource.ATTACHED, PolicySource.SHARED, PolicySource.BOTH

_ROWS: tuple[tuple[str, str, str, PolicySource, str | None, str], ...] = (
    ("apigateway", "RestApi", "RestApi", _A, "apigateway:GET", "apigateway/latest/developerguide/apigateway-resource-policies.html"),
    ("backup", "backupVault", "backupVault", _A, "backup:GetBackupVaultAccessPolicy", "aws-backup/latest/devguide/create-a-vault-access-policy.html"),
    ("bedrock", "custom-model", "custom-model", _B, "bedrock:GetResourcePolicy", _RAM),
    ("codeartifact", "domain", "domain", _A, "codeartifact:GetDomainPermissionsPolicy", "codeartifact/latest/ug/domain-policies.html"),
    ("codeartifact", "repository", "repository", _A, "codeartifact:GetRepositoryPermissionsPolicy", "codeartifact/latest/ug/repo-policies.html"),
    ("codebuild", "project", "project", _B, "codebuild:GetResourcePolicy", "codebuild/latest/userguide/project-sharing.html"),
    ("dynamodb", "index", "table", _A, "dynamodb:GetResourcePolicy", "amazondynamodb/latest/developerguide/access-control-resource-based.html"),
    ("dynamodb", "stream", "stream", _A, "dynamodb:GetResourcePolicy", "amazondynamodb/latest/developerguide/access-control-resource-based.html"),
    ("dynamodb", "table", "table", _A, "dynamodb:GetResourcePolicy", "amazondynamodb/latest/developerguide/access-control-resource-based.html"),
    ("ecr", "repository", "repository", _A, "ecr:GetRepositoryPolicy", "AmazonECR/latest/userguide/repository-policies.html"),
    ("elasticfilesystem", "file-system", "file-system", _A, "elasticfilesystem:DescribeFileSystemPolicy", "efs/latest/ug/iam-access-control-nfs-efs.html"),
    ("es", "domain", "domain", _A, "es:DescribeDomainConfig", "opensearch-service/latest/developerguide/ac.html"),
    ("events", "event-bus", "event-bus", _A, "events:DescribeEventBus", "eventbridge/latest/userguide/eb-use-resource-based.html"),
    ("execute-api", "execute-api-general", "execute-api-general", _A, "apigateway:GET", "apigateway/latest/developerguide/apigateway-resource-policies.html"),
    ("glacier", "vault", "vault", _A, "glacier:GetVaultAccessPolicy", "amazonglacier/latest/dev/vault-access-policy.html"),
    ("glue", "catalog", "catalog", _B, "glue:GetResourcePolicy", "glue/latest/dg/security_iam_service-with-iam.html"),
    ("glue", "database", "catalog", _B, "glue:GetResourcePolicy", "glue/latest/dg/security_iam_service-with-iam.html"),
    ("glue", "table", "catalog", _B, "glue:GetResourcePolicy", "glue/latest/dg/security_iam_service-with-iam.html"),
    ("iam", "role", "role", _A, "iam:GetRole", "IAM/latest/UserGuide/id_roles.html"),
    ("iot", "cert", "cert", _A, "iot:ListAttachedPolicies", _IAM_TABLE),
    ("kafka", "cluster", "cluster", _A, "kafka:GetClusterPolicy", "msk/latest/developerguide/mvpc-cluster-owner-action-policy.html"),
    ("kinesis", "consumer", "consumer", _A, "kinesis:GetResourcePolicy", "streams/latest/dev/resource-based-policy-examples.html"),
    ("kinesis", "stream", "stream", _A, "kinesis:GetResourcePolicy", "streams/latest/dev/resource-based-policy-examples.html"),
    ("kms", "alias", "key", _A, "kms:GetKeyPolicy", "kms/latest/developerguide/key-policies.html"),
    ("kms", "key", "key", _A, "kms:GetKeyPolicy", "kms/latest/developerguide/key-policies.html"),
    ("lambda", "function", "function", _A, "lambda:GetPolicy", "lambda/latest/dg/access-control-resource-based.html"),
    ("lambda", "function alias", "function alias", _A, "lambda:GetPolicy", "lambda/latest/dg/access-control-resource-based.html"),
    ("lambda", "function version", "function version", _A, "lambda:GetPolicy", "lambda/latest/dg/access-control-resource-based.html"),
    ("lambda", "layerVersion", "layerVersion", _A, "lambda:GetLayerVersionPolicy", "lambda/latest/dg/permissions-layer-cross-account.html"),
    ("logs", "destination", "destination", _A, "logs:DescribeDestinations", "AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html"),
    ("logs", "log-group", "log-group", _A, "logs:DescribeResourcePolicies", "AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html"),
    ("logs", "log-stream", "log-group", _A, "logs:DescribeResourcePolicies", "AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html"),
    ("mediastore", "container", "container", _A, "mediastore:GetContainerPolicy", _IAM_TABLE),
    ("s3", "accessgrantsinstance", "accessgrantsinstance", _B, "s3:GetAccessGrantsInstanceResourcePolicy", "AmazonS3/latest/userguide/access-grants-cross-accounts.html"),
    ("s3", "accesspoint", "accesspoint", _A, "s3:GetAccessPointPolicy", "AmazonS3/latest/userguide/access-points-policies.html"),
    ("s3", "accesspointobject", "accesspoint", _A, "s3:GetAccessPointPolicy", "AmazonS3/latest/userguide/access-points-policies.html"),
    ("s3", "bucket", "bucket", _A, "s3:GetBucketPolicy", "AmazonS3/latest/userguide/bucket-policies.html"),
    ("s3", "multiregionaccesspoint", "multiregionaccesspoint", _A, "s3:GetMultiRegionAccessPointPolicy", "AmazonS3/latest/userguide/MultiRegionAccessPointPermissions.html"),
    ("s3", "object", "bucket", _A, "s3:GetBucketPolicy", "AmazonS3/latest/userguide/bucket-policies.html"),
    ("s3-outposts", "accesspoint", "accesspoint", _A, "s3-outposts:GetAccessPointPolicy", _IAM_TABLE),
    ("s3-outposts", "bucket", "bucket", _A, "s3-outposts:GetBucketPolicy", _IAM_TABLE),
    ("s3express", "bucket", "bucket", _A, "s3express:GetBucketPolicy", "AmazonS3/latest/userguide/s3-express-security-iam.html"),
    ("s3tables", "Table", "Table", _A, "s3tables:GetTablePolicy", "AmazonS3/latest/userguide/s3-tables-resource-based-policies.html"),
    ("s3tables", "TableBucket", "TableBucket", _A, "s3tables:GetTableBucketPolicy", "AmazonS3/latest/userguide/s3-tables-resource-based-policies.html"),
    ("s3vectors", "VectorBucket", "VectorBucket", _A, "s3vectors:GetVectorBucketPolicy", "AmazonS3/latest/userguide/s3-vectors-access-management.html"),
    ("sagemaker", "endpoint", "endpoint", _A, "sagemaker:GetEndpointPolicy", "sagemaker/latest/dg/inference-router-cross-account.html"),
    ("sagemaker", "feature-group", "feature-group", _S, "sagemaker:GetResourcePolicy", "sagemaker/latest/dg/feature-store-cross-account.html"),
    ("sagemaker", "hub", "hub", _S, "sagemaker:GetResourcePolicy", "sagemaker/latest/dg/jumpstart-curated-hubs-ram.html"),
    ("sagemaker", "hub-content", "hub", _S, "sagemaker:GetResourcePolicy", "sagemaker/latest/dg/jumpstart-curated-hubs-ram.html"),
    ("sagemaker", "lineage-group", "lineage-group", _B, "sagemaker:GetLineageGroupPolicy", "sagemaker/latest/dg/xaccount-lineage-tracking.html"),
    ("sagemaker", "action", "lineage-group", _B, "sagemaker:GetLineageGroupPolicy", "sagemaker/latest/dg/xaccount-lineage-tracking.html"),
    ("sagemaker", "artifact", "lineage-group", _B, "sagemaker:GetLineageGroupPolicy", "sagemaker/latest/dg/xaccount-lineage-tracking.html"),
    ("sagemaker", "context", "lineage-group", _B, "sagemaker:GetLineageGroupPolicy", "sagemaker/latest/dg/xaccount-lineage-tracking.html"),
    ("sagemaker", "experiment-trial-component", "lineage-group", _B, "sagemaker:GetLineageGroupPolicy", "sagemaker/latest/dg/xaccount-lineage-tracking.html"),
    ("sagemaker", "model-card", "model-card", _S, "sagemaker:GetResourcePolicy", "sagemaker/latest/dg/model-cards-xaccount.html"),
    ("sagemaker", "model-package", "model-package-group", _B, "sagemaker:GetModelPackageGroupPolicy", "sagemaker/latest/dg/model-registry-ram.html"),
    ("sagemaker", "model-package-group", "model-package-group", _B, "sagemaker:GetModelPackageGroupPolicy", "sagemaker/latest/dg/model-registry-ram.html"),
    ("sagemaker", "pipeline", "pipeline", _S, "sagemaker:GetResourcePolicy", "sagemaker/latest/dg/pipelines-xaccount.html"),
    ("sagemaker", "pipeline-execution", "pipeline", _S, "sagemaker:GetResourcePolicy", "sagemaker/latest/dg/pipelines-xaccount.html"),
    ("sagemaker", "sagemaker-catalog", "sagemaker-catalog", _S, "sagemaker:GetResourcePolicy", "sagemaker/latest/dg/feature-store-cross-account.html"),
    ("schemas", "registry", "registry", _A, "schemas:GetResourcePolicy", _IAM_TABLE),
    ("secretsmanager", "Secret", "Secret", _A, "secretsmanager:GetResourcePolicy", "secretsmanager/latest/userguide/auth-and-access_resource-policies.html"),
    ("serverlessrepo", "applications", "applications", _A, "serverlessrepo:GetApplicationPolicy", _IAM_TABLE),
    ("ses", "identity", "identity", _A, "ses:GetEmailIdentityPolicies", "ses/latest/dg/sending-authorization.html"),
    ("signer", "signing-profile", "signing-profile", _A, "signer:ListProfilePermissions", _IAM_TABLE),
    ("sns", "topic", "topic", _A, "sns:GetTopicAttributes", "sns/latest/dg/sns-access-policy-use-cases.html"),
    ("sqs", "queue", "queue", _A, "sqs:GetQueueAttributes", "AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-using-identity-based-policies.html"),
    ("ssm", "parameter", "parameter", _B, "ssm:GetResourcePolicies", "systems-manager/latest/userguide/parameter-store-shared-parameters.html"),
    ("ssm-contacts", "contact", "contact", _A, "ssm-contacts:GetContactPolicy", _IAM_TABLE),
    ("sts", "role", "role", _A, "iam:GetRole", "IAM/latest/UserGuide/id_roles.html"),
    ("vpc-lattice", "Service", "Service", _B, "vpc-lattice:GetAuthPolicy", "vpc-lattice/latest/ug/auth-policies.html"),
)  # fmt: skip

_REQUIRED = frozenset({("kms", "alias"), ("kms", "key"), ("iam", "role"), ("sts", "role")})
"""Key policies and role trust policies must allow explicitly."""

_SUPPORT: dict[tuple[str, str], ResourcePolicySupport] = {
    (service, kind.lower()): ResourcePolicySupport(
        service=service,
        resource_type=kind,
        holder=holder,
        source=source,
        read_with=read_with,
        required=(service, kind) in _REQUIRED,
        link=_DOCS + page,
    )
    for service, kind, holder, source, read_with, page in _ROWS
}


def resource_policy_support(service: str, resource_type: str | None = None) -> tuple[ResourcePolicySupport, ...]:
    """The rows for a service, or for one of its resource types; empty if no policy of a resource can matter.

    ``iam`` roles are listed for their trust policy, which decides requests to ``sts`` only.
    """
    if resource_type is not None:
        row = _SUPPORT.get((service.lower(), resource_type.lower()))
        return (row,) if row else ()
    return tuple(row for (prefix, _), row in _SUPPORT.items() if prefix == service.lower())


def resource_policy_can_matter(service: str, resource_type: str | None = None) -> bool:
    """Whether a request to this service (or type) may be decided by a policy of the resource.

    Of a service whose rows are in this table, the types without a row have none. Of any other service the answer is yes if
    it has an action that writes such policies: which of its types carry them is not in the table, and a policy that is
    overlooked could decide. No for ``iam`` actions, ``iam:PassRole`` included: a trust policy decides who may assume a
    role, not who may manage or pass it.
    """
    if service.lower() in _NO_POLICIES:
        return False
    if resource_policy_support(service):
        return bool(resource_policy_support(service, resource_type))
    return any(find_action(f"{service}:{name}") is not None for name in _WRITING_ACTIONS)


_NO_POLICIES = frozenset({"iam", "ec2"})
"""``ec2:PutResourcePolicy`` is a permission for AWS RAM, whose shares of subnets and the like are not policies to read."""

_WRITING_ACTIONS = (
    "PutResourcePolicy", "CreateResourcePolicy", "PutPolicy", "PutPermission", "SetRepositoryPolicy", "PutS3AccessPolicy",
)  # fmt: skip
