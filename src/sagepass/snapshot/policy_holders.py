"""Which resource carries the policy that decides requests to a resource, and which AWS CLI command reads it.

Sources: the catalog's table of resource-based policies and the AWS CLI reference
(https://docs.aws.amazon.com/cli/latest/reference/).
"""

from __future__ import annotations

from dataclasses import dataclass

from sagepass.catalog.resource_policies import PolicySource, resource_policy_support
from sagepass.catalog.resources import type_of_arn
from sagepass.catalog.services import service_name
from sagepass.policy.arn import Arn

DEFAULT_LINEAGE_GROUP = "sagemaker-default-lineage-group"
"""The one lineage group that an account has per Region (https://docs.aws.amazon.com/sagemaker/latest/dg/xaccount-lineage-tracking.html)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Getter:
    """One AWS CLI command that returns a resource's policy.

    Attributes:
        service: as the AWS CLI spells it.
        operation: as the AWS CLI spells it.
        arguments: of the command, with ``{name}``, ``{arn}``, ``{account}``, ``{region}``.
        fields: where the document lies in the answer, one member inside the other.
    """

    service: str
    operation: str
    arguments: str
    fields: tuple[str, ...] = ("Policy",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """The resource that carries the policy.

    Attributes:
        arn: of the holder; the account may be empty for a bucket.
        name: as the command takes it and as the file is called.
        getter: the command; ``None`` where only AWS RAM or nothing in the AWS CLI can tell.
        shared: AWS RAM can give it a policy as well.
    """

    arn: Arn
    name: str
    getter: Getter | None
    shared: bool = False


_ATTACHED: dict[tuple[str, str], Getter] = {
    ("s3", "bucket"): Getter(service="s3api", operation="get-bucket-policy", arguments="--bucket {name}"),
    ("s3express", "bucket"): Getter(service="s3api", operation="get-bucket-policy", arguments="--bucket {name}"),
    ("s3", "accesspoint"): Getter(
        service="s3control", operation="get-access-point-policy", arguments="--account-id {account} --name {name}"
    ),
    ("kms", "key"): Getter(
        service="kms", operation="get-key-policy", arguments="--key-id {name} --policy-name default --region {region}"
    ),
    ("ecr", "repository"): Getter(
        service="ecr",
        operation="get-repository-policy",
        arguments="--repository-name {name} --region {region}",
        fields=("policyText",),
    ),
    ("sagemaker", "model-package-group"): Getter(
        service="sagemaker",
        operation="get-model-package-group-policy",
        arguments="--model-package-group-name {name} --region {region}",
        fields=("ResourcePolicy",),
    ),
    ("sagemaker", "lineage-group"): Getter(
        service="sagemaker",
        operation="get-lineage-group-policy",
        arguments="--lineage-group-name {name} --region {region}",
        fields=("ResourcePolicy",),
    ),
    ("sagemaker", "endpoint"): Getter(
        service="sagemaker",
        operation="get-endpoint-policy",
        arguments="--endpoint-name {name} --region {region}",
        fields=("ResourcePolicy",),
    ),
    ("secretsmanager", "secret"): Getter(
        service="secretsmanager",
        operation="get-resource-policy",
        arguments="--secret-id {arn} --region {region}",
        fields=("ResourcePolicy",),
    ),
    ("sqs", "queue"): Getter(
        service="sqs",
        operation="get-queue-attributes",
        arguments="--queue-url https://sqs.{region}.amazonaws.com/{account}/{name} --attribute-names Policy QueueArn",
        fields=("Attributes", "Policy"),
    ),
    ("sns", "topic"): Getter(
        service="sns",
        operation="get-topic-attributes",
        arguments="--topic-arn {arn} --region {region}",
        fields=("Attributes", "Policy"),
    ),
    ("lambda", "function"): Getter(
        service="lambda", operation="get-policy", arguments="--function-name {name} --region {region}"
    ),
    ("dynamodb", "table"): Getter(
        service="dynamodb", operation="get-resource-policy", arguments="--resource-arn {arn} --region {region}"
    ),
    ("kinesis", "stream"): Getter(
        service="kinesis", operation="get-resource-policy", arguments="--resource-arn {arn} --region {region}"
    ),
    ("elasticfilesystem", "file-system"): Getter(
        service="efs", operation="describe-file-system-policy", arguments="--file-system-id {name} --region {region}"
    ),
    ("events", "event-bus"): Getter(
        service="events", operation="describe-event-bus", arguments="--name {name} --region {region}"
    ),
    ("es", "domain"): Getter(
        service="opensearch",
        operation="describe-domain",
        arguments="--domain-name {name} --region {region}",
        fields=("DomainStatus", "AccessPolicies"),
    ),
    ("glue", "catalog"): Getter(
        service="glue",
        operation="get-resource-policy",
        arguments="--region {region}",
        fields=("PolicyInJson",),
    ),
    ("logs", "log-group"): Getter(
        service="logs", operation="describe-resource-policies", arguments="--region {region}", fields=()
    ),
}
_REGION_WIDE = frozenset({("glue", "catalog"), ("logs", "log-group")})
"""One answer holds for all resources of the account in the Region."""


def carries_no_policy(arn: Arn) -> bool:
    """Whether AWS defines no resource-based policy for this resource."""
    kind = type_of_arn(str(arn))
    if kind is not None:
        return not resource_policy_support(kind.service, kind.name)
    known = service_name(arn.service) is not None
    return known and not resource_policy_support(arn.service)


def find_holder(arn: Arn) -> Holder | None:
    """The resource whose policy decides; ``None`` where the table names none or the ARN has an odd form."""
    kind = type_of_arn(str(arn))
    rows = resource_policy_support(kind.service, kind.name) if kind else ()
    if not rows:
        return None
    row = rows[0]
    key = (row.service, _spelling(row.holder))
    getter = _ATTACHED.get(key) if row.source is not PolicySource.SHARED else None
    shared = row.source is not PolicySource.ATTACHED and row.service == "sagemaker"
    resource, name = _holder_resource(arn, key)
    if not name:
        return None
    return Holder(
        arn=Arn(arn.partition, arn.service, arn.region, arn.account, resource),
        name="" if key in _REGION_WIDE else name,
        getter=getter,
        shared=shared,
    )


def _spelling(holder: str) -> str:
    return {"accesspointobject": "accesspoint", "function alias": "function", "function version": "function"}.get(
        holder, holder.lower()
    )


def _holder_resource(arn: Arn, key: tuple[str, str]) -> tuple[str, str]:
    """The resource part and the name of the holder of a resource."""
    resource = arn.resource
    match key:
        case ("s3", "bucket"):
            bucket = resource.partition("/")[0]
            return bucket, bucket
        case ("s3", "accesspoint") | ("s3express", "bucket"):
            kind, _, rest = resource.partition("/")
            name = rest.partition("/")[0]
            return f"{kind}/{name}", name
        case ("sagemaker", "lineage-group") if not resource.startswith("lineage-group/"):
            return f"lineage-group/{DEFAULT_LINEAGE_GROUP}", DEFAULT_LINEAGE_GROUP
        case ("sagemaker", holder):
            name = resource.partition("/")[2].partition("/")[0]
            return f"{holder}/{name}", name
        case ("secretsmanager", _):
            name = resource.partition(":")[2]
            return resource, name
        case ("lambda", "function"):
            name = resource.partition(":")[2].partition(":")[0]
            return f"function:{name}", name
        case ("sqs" | "sns", _):
            return resource, resource
        case ("glue" | "logs", holder):
            return holder, holder
        case ("dynamodb", "table"):
            name = resource.partition("/")[2].partition("/")[0]
            return f"table/{name}", name
        case _:
            return resource, resource.partition("/")[2]


def answer_path(holder: Holder, account: str, getter: Getter) -> str:
    """Where the answer of the command belongs in a snapshot folder."""
    region = holder.arn.region or "global"
    name = f"/{holder.name}" if holder.name else ""
    return f"accounts/{account}/{region}/{getter.service}/{getter.operation}{name}.json"


def command(holder: Holder, account: str, getter: Getter) -> str:
    """The command that collects the policy, ready to paste; the error that AWS prints when there is none is kept."""
    arguments = getter.arguments.format(
        name=holder.name,
        arn=holder.arn,
        account=account,
        region=holder.arn.region or "<region>",
    )
    return f"aws {getter.service} {getter.operation} {arguments} > {answer_path(holder, account, getter)} 2>&1"
