"""Service-linked roles that features of SageMaker need once per account.

AWS makes such a role with the permissions of whoever uses the feature first: ``iam:CreateServiceLinkedRole`` on the role,
which policies narrow with ``iam:AWSServiceName``. The role's permissions belong to the service. It trusts only that service's
own principal and cannot be edited, so that it never serves as an execution role.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html and the page of each row.
"""

from __future__ import annotations

from dataclasses import dataclass

_DG = "https://docs.aws.amazon.com/sagemaker/latest/dg/"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLinkedRole:
    """One role: its name, the service principal it trusts (``iam:AWSServiceName``), and what asks for it.

    ``operations`` are the API operations of SageMaker that need it; empty where a call of another service does
    (``feature`` says which).
    """

    name: str
    service: str
    operations: tuple[str, ...]
    feature: str
    source: str

    def arn(self, partition: str, account: str) -> str:
        """The role in an account."""
        return f"arn:{partition}:iam::{account}:role/aws-service-role/{self.service}/{self.name}"


SERVICE_LINKED_ROLES: tuple[ServiceLinkedRole, ...] = (
    ServiceLinkedRole(
        name="AWSServiceRoleForAmazonSageMakerNotebooks",
        service="sagemaker.amazonaws.com",
        operations=("CreateDomain",),
        feature="SageMaker domains and Studio",
        source=f"{_DG}security-iam-awsmanpol-notebooks.html",
    ),
    ServiceLinkedRole(
        name="AWSServiceRoleForSageMakerHyperPod",
        service="hyperpod.sagemaker.amazonaws.com",
        operations=("CreateCluster",),
        feature="HyperPod clusters",
        source=f"{_DG}sagemaker-hyperpod-slr.html",
    ),
    ServiceLinkedRole(
        name="AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint",
        service="sagemaker.application-autoscaling.amazonaws.com",
        operations=(),
        feature="automatic scaling of endpoints (application-autoscaling:RegisterScalableTarget)",
        source="https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-service-linked-roles.html",
    ),
)
"""The roles whose name and principal AWS documents. Those of AWS Batch service jobs, inference and reserved capacity are not:
AWS publishes their policies without saying which principal the roles trust."""


def service_linked_roles(operation: str) -> tuple[ServiceLinkedRole, ...]:
    """The service-linked roles that an operation of SageMaker needs."""
    return tuple(role for role in SERVICE_LINKED_ROLES if operation in role.operations)
