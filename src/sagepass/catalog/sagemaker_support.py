"""Which features of IAM SageMaker supports, as data with sources, and what each of its resource types supports.

The overview page of AWS
(https://docs.aws.amazon.com/sagemaker/latest/dg/security_iam_service-with-iam.html) is behind the service in places. Where
another page of AWS says more, that page is the source here, and ``aws_overview`` keeps what the overview says.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sagepass.catalog.actions import service_actions
from sagepass.catalog.operation_actions import CREATED_TYPES
from sagepass.catalog.operations import Operation, operations
from sagepass.catalog.resource_policies import ResourcePolicySupport, resource_policy_support
from sagepass.catalog.resources import ResourceType, resource_type, resource_types

_DOCS = "https://docs.aws.amazon.com/"
_OVERVIEW = _DOCS + "sagemaker/latest/dg/security_iam_service-with-iam.html"
_REFERENCE = _DOCS + "service-authorization/latest/reference/list_amazonsagemaker.html"
_EXAMPLES = _DOCS + "sagemaker/latest/dg/security_iam_id-based-policy-examples.html"
_GUIDE = _DOCS + "IAM/latest/UserGuide/"


class Support(StrEnum):
    """How far a feature is supported; ``partial`` is AWS's own word for "by some resources or actions"."""

    YES = "yes"
    PARTIAL = "partial"
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One feature of IAM.

    Attributes:
        id: a stable name for machines.
        name: AWS's name of the feature.
        support: how far SageMaker supports it.
        text: what that means.
        links: the pages that say so.
        aws_overview: what AWS's overview page says, where other pages of AWS say otherwise.
    """

    id: str
    name: str
    support: Support
    text: str
    links: tuple[str, ...]
    aws_overview: Support | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLinkedRole:
    """A service-linked role of a SageMaker feature; ``role`` and ``principal`` are ``None`` where no page names them."""

    feature: str
    role: str | None
    principal: str | None
    policy: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeSupport:
    """What one resource type supports.

    Attributes:
        type: the type, with its ARN template.
        policy: the policy of the resource, ``None`` if it cannot have one.
        resource_tags: whether conditions on the tags of an existing resource can match.
        request_tags: whether the operation that makes it takes tags.
        created_by: the operations that make it.
        role_paths: the members of those operations that hold roles, as ``Operation.Member``.
        actions: how many actions can be allowed on it.
        condition_keys: condition keys of SageMaker's own that these actions carry with it, tag keys left out.
        named_by_arn: operations that take its ARN, and so can address one of another account.
    """

    type: ResourceType
    policy: ResourcePolicySupport | None
    resource_tags: bool
    request_tags: bool
    created_by: tuple[str, ...]
    role_paths: tuple[str, ...]
    actions: int
    condition_keys: tuple[str, ...]
    named_by_arn: tuple[str, ...]


SERVICE_LINKED_ROLES = (
    ServiceLinkedRole(
        feature="Studio domains and notebooks",
        role="AWSServiceRoleForAmazonSageMakerNotebooks",
        principal="sagemaker.amazonaws.com",
        policy="AmazonSageMakerNotebooksServiceRolePolicy",
        link=_DOCS + "sagemaker/latest/dg/security-iam-awsmanpol-notebooks.html",
    ),
    ServiceLinkedRole(
        feature="HyperPod clusters",
        role="AWSServiceRoleForSageMakerHyperPod",
        principal="hyperpod.sagemaker.amazonaws.com",
        policy="AmazonSageMakerHyperPodServiceRolePolicy",
        link=_DOCS + "sagemaker/latest/dg/sagemaker-hyperpod-prerequisites-iam.html",
    ),
    ServiceLinkedRole(
        feature="auto scaling of endpoints",
        role="AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint",
        principal="sagemaker.application-autoscaling.amazonaws.com",
        policy="AWSApplicationAutoscalingSageMakerEndpointPolicy",
        link=_DOCS + "autoscaling/application/userguide/application-auto-scaling-service-linked-roles.html",
    ),
    ServiceLinkedRole(
        feature="training jobs through AWS Batch",
        role=None,
        principal=None,
        policy="AWSBatchServiceRolePolicyForSageMaker",
        link=_DOCS + "aws-managed-policy/latest/reference/AWSBatchServiceRolePolicyForSageMaker.html",
    ),
    ServiceLinkedRole(
        feature="core features",
        role=None,
        principal=None,
        policy="AmazonSageMakerCoreServiceRolePolicy",
        link=_DOCS + "aws-managed-policy/latest/reference/AmazonSageMakerCoreServiceRolePolicy.html",
    ),
    ServiceLinkedRole(
        feature="inference",
        role=None,
        principal=None,
        policy="AmazonSageMakerInferenceServiceRolePolicy",
        link=_DOCS + "aws-managed-policy/latest/reference/AmazonSageMakerInferenceServiceRolePolicy.html",
    ),
    ServiceLinkedRole(
        feature="capacity reservations",
        role=None,
        principal=None,
        policy="AmazonSageMakerCapacityReservationServiceRolePolicy",
        link=_DOCS + "aws-managed-policy/latest/reference/AmazonSageMakerCapacityReservationServiceRolePolicy.html",
    ),
)
"""Where role and principal are missing, AWS publishes the policy of the role, but no page that names the role."""


def features() -> tuple[Feature, ...]:
    """The features in the order of AWS's overview; figures are counted in the tables."""
    actions = service_actions("sagemaker")
    without = sum(not action.resource_types for action in actions)
    untagged = [kind.name for kind in resource_types("sagemaker") if not _has_tag_key(kind)]
    carrying = [operation for operation in operations() if operation.role_paths]
    holders = dict.fromkeys(row.holder for row in resource_policy_support("sagemaker"))
    return (
        Feature(
            id="identity-based-policies",
            name="identity-based policies",
            support=Support.YES,
            text="Every request of a principal of the account is decided by them first of all.",
            links=(_OVERVIEW,),
        ),
        Feature(
            id="resource-based-policies",
            name="resource-based policies",
            support=Support.PARTIAL,
            text=(
                f"These types can carry one, or be shared through AWS RAM, which writes one: {', '.join(holders)}. All other "
                "resources can be reached from another account only through a role in the account that owns them."
            ),
            links=tuple(dict.fromkeys(row.link for row in resource_policy_support("sagemaker"))),
            aws_overview=Support.NO,
        ),
        Feature(
            id="actions",
            name="policy actions",
            support=Support.YES,
            text=(
                f"{len(actions)} actions under the prefix sagemaker, runtimes included; sagemaker-geospatial and "
                "sagemaker-mlflow have their own prefixes."
            ),
            links=(_REFERENCE,),
        ),
        Feature(
            id="resources",
            name="policy resources",
            support=Support.PARTIAL,
            text=(
                f"{len(resource_types('sagemaker'))} resource types have ARNs. {without} actions take none, most of them List "
                'actions: for these only "Resource": "*" has an effect.'
            ),
            links=(_REFERENCE,),
        ),
        Feature(
            id="condition-keys",
            name="policy condition keys",
            support=Support.YES,
            text="Keys of SageMaker's own for network, instances, keys, roles of notebooks and more, beside the global keys.",
            links=(_REFERENCE, _EXAMPLES),
        ),
        Feature(
            id="acls",
            name="access control lists (ACLs)",
            support=Support.NO,
            text="No SageMaker resource has one. Objects in S3 that jobs read and write can have ACLs of S3.",
            links=(_GUIDE + "access_policies.html#policies_acl",),
        ),
        Feature(
            id="abac",
            name="attribute-based access control (ABAC, tags in policies)",
            support=Support.PARTIAL,
            text=(
                "Tags of the request (aws:RequestTag, aws:TagKeys) and of the resource (aws:ResourceTag and "
                f"sagemaker:ResourceTag, both filled). No tag condition matches on {', '.join(untagged)}; List actions, Search "
                "and a create call see no tags of a resource. Setting tags on the way needs sagemaker:AddTags."
            ),
            links=(_EXAMPLES, _REFERENCE),
        ),
        Feature(
            id="temporary-credentials",
            name="temporary credentials",
            support=Support.YES,
            text="Federation, roles and roles across accounts work as everywhere. Studio and jobs always use them.",
            links=(_OVERVIEW,),
        ),
        Feature(
            id="forward-access-sessions",
            name="forward access sessions (principal permissions)",
            support=Support.YES,
            text=(
                "Some calls to other services are made with the caller's own permissions, for example to EC2, EFS and KMS when "
                "a notebook instance or a domain is created. The caller then needs those actions as well."
            ),
            links=(_GUIDE + "access_forward_access_sessions.html", _DOCS + "sagemaker/latest/dg/api-permissions-reference.html"),
        ),
        Feature(
            id="service-roles",
            name="service roles (execution roles)",
            support=Support.YES,
            text=(
                f"{sum(len(one.role_paths) for one in carrying)} request members in {len(carrying)} operations pass a role, "
                "which needs iam:PassRole, and a trust policy that names the right service principal."
            ),
            links=(_DOCS + "sagemaker/latest/dg/sagemaker-roles.html", _GUIDE + "id_roles_use_passrole.html"),
        ),
        Feature(
            id="service-linked-roles",
            name="service-linked roles",
            support=Support.PARTIAL,
            text=(
                "Some features use one. It is made once for each account, with iam:CreateServiceLinkedRole, and cannot serve as "
                "an execution role."
            ),
            links=tuple(dict.fromkeys(one.link for one in SERVICE_LINKED_ROLES if one.role)),
        ),
    )  # fmt: skip


def type_support(name: str) -> TypeSupport | None:
    """What a resource type of SageMaker supports, by its name in the Service Authorization Reference, any case."""
    kind = resource_type("sagemaker", name)
    if kind is None:
        return None
    makers = _makers(kind.name)
    rows = resource_policy_support("sagemaker", kind.name)
    uses = [
        (action, use)
        for action in service_actions("sagemaker")
        for use in action.resource_types
        if use.type == kind.name
    ]
    keys = {key for action, use in uses for key in (*action.condition_keys, *use.condition_keys)}
    return TypeSupport(
        type=kind,
        policy=rows[0] if rows else None,
        resource_tags=_has_tag_key(kind),
        request_tags=any(maker.has_tags for maker in makers),
        created_by=tuple(maker.name for maker in makers),
        role_paths=tuple(f"{maker.name}.{path}" for maker in makers for path in maker.role_paths),
        actions=len(uses),
        condition_keys=tuple(sorted(key for key in keys if key.startswith("sagemaker:") and "ResourceTag" not in key)),
        named_by_arn=tuple(sorted(one.name for one in operations() if _takes_arn(one, kind.name))),
    )


def _has_tag_key(kind: ResourceType) -> bool:
    return any("ResourceTag/" in key for key in kind.condition_keys)


def _makers(kind: str) -> list[Operation]:
    spelled = kind.replace("-", "")
    return [
        one
        for one in operations()
        if CREATED_TYPES.get(one.name) == kind
        or (one.name.startswith("Create") and one.name.removeprefix("Create").removesuffix("V2").lower() == spelled)
    ]


def _takes_arn(operation: Operation, kind: str) -> bool:
    """Whether a member that accepts an ARN is one that this type's rule reads."""
    rule = dict(operation.resources).get(kind)
    if rule is None:
        return False
    members = {choice.partition(".")[0].rstrip("[]") for _, path in rule for choice in path.split("|")}
    return bool(members & set(operation.arn_members))
