"""What the caller of an operation needs besides its own action, roles and tags.

Sources: https://docs.aws.amazon.com/sagemaker/latest/dg/api-permissions-reference.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html
"""

from __future__ import annotations

from sagepass.calls.call import Call, Needed, ResourceState, Values, Who
from sagepass.calls.need import Block, CallNeed, Necessity, Needs
from sagepass.calls.request_paths import find_values
from sagepass.calls.resource_arns import arn_of
from sagepass.calls.surroundings import Surroundings, is_aws_managed_alias
from sagepass.catalog.service_linked_roles import service_linked_roles
from sagepass.policy.arn import account_of
from sagepass.source.route import Route

_PERMISSIONS_PAGE = "https://docs.aws.amazon.com/sagemaker/latest/dg/api-permissions-reference.html"
_NOTEBOOK_VPC = (
    "ec2:CreateNetworkInterface",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
)
_KEY_ACTIONS: dict[str, tuple[str, ...]] = {
    "CreateNotebookInstance": ("kms:CreateGrant", "kms:DescribeKey"),
    "CreateDomain": ("kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext"),
    "CreateInferenceRecommendationsJob": ("kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"),
}
_KEY_PATHS = {"CreateInferenceRecommendationsJob": "InputConfig.VolumeKmsKeyId"}


def caller_needs(call: Call, caller: str, surroundings: Surroundings, needs: Needs) -> None:
    """Service-linked roles, network interfaces of notebooks, and keys that are used with the caller's credentials."""
    _service_linked_role(call, caller, surroundings, needs)
    if call.operation == "CreateNotebookInstance" and (subnet := find_values(call.params, "SubnetId")):
        for action in _NOTEBOOK_VPC:
            needs.add(_need(caller, action, "*", Block.NETWORK, subnet[0].route))
    _keys(call, caller, surroundings, needs)
    _stored_volume_key(call, caller, surroundings, needs)


def _stored_volume_key(call: Call, caller: str, surroundings: Surroundings, needs: Needs) -> None:
    """Deploying with a configuration that names a key makes a grant of it, with the credentials of whoever deploys.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html
    """
    if call.operation not in {"CreateEndpoint", "UpdateEndpoint"}:
        return
    for found in find_values(call.params, "EndpointConfigName"):
        config = arn_of(call, "endpoint-config", EndpointConfigName=found.text or "*")
        description = surroundings.describe(config)
        identifier = description.get("KmsKeyId") if description is not None else None
        if isinstance(identifier, str) and identifier and not is_aws_managed_alias(identifier):
            _key(
                call,
                caller,
                surroundings,
                needs,
                identifier=identifier,
                actions=("kms:CreateGrant",),
                because=found.route,
            )


def _service_linked_role(call: Call, caller: str, surroundings: Surroundings, needs: Needs) -> None:
    account = call.caller_account or account_of(caller)
    for role in service_linked_roles(call.operation):
        arn = role.arn(call.partition, account or "*")
        snapshot = surroundings.snapshot
        if snapshot.principal(arn) is not None:
            continue
        known = account is not None and snapshot.has_account(account)
        note = f"{role.feature} need the service-linked role {role.name}; " + (
            "the account does not have it yet" if known else "needed only if the account does not have it yet"
        )
        needs.add(
            _need(
                caller,
                "iam:CreateServiceLinkedRole",
                arn,
                Block.SERVICE_LINKED_ROLE,
                (),
                context={"iam:AWSServiceName": (role.service,)},
                necessity=Necessity.REQUIRED if known else Necessity.USUAL,
                note=note,
                source=role.source,
            )
        )


def _keys(call: Call, caller: str, surroundings: Surroundings, needs: Needs) -> None:
    actions = _KEY_ACTIONS.get(call.operation, ())
    path = _KEY_PATHS.get(call.operation, "KmsKeyId")
    for found in find_values(call.params, path) if actions else ():
        if found.text is not None and is_aws_managed_alias(found.text):
            continue
        _key(
            call,
            caller,
            surroundings,
            needs,
            identifier=found.text,
            actions=actions,
            because=found.route,
        )
    if call.operation == "CreateDomain" and (key := find_values(call.params, "KmsKeyId")):
        needs.add(_need(caller, "elasticfilesystem:CreateFileSystem", "*", Block.FILE_SYSTEM, key[0].route))


def _key(
    call: Call,
    caller: str,
    surroundings: Surroundings,
    needs: Needs,
    *,
    identifier: str | None,
    actions: tuple[str, ...],
    because: Route,
) -> None:
    """The use of one key with the caller's credentials, which SageMaker forwards."""
    arn, command = surroundings.key(identifier, call) if identifier else (None, "give the key's ARN")
    if arn is None:
        needs.leave_open(f"the key {identifier or 'of the request'}: what its policy allows", command, because)
        return
    for action in actions:
        context: dict[str, Values] = {"aws:ViaAWSService": ("true",)}
        if action == "kms:CreateGrant":
            context["kms:GrantIsForAWSResource"] = ("true",)
        if call.region:
            context["kms:ViaService"] = (f"sagemaker.{call.region}.amazonaws.com",)
        needs.add(_need(caller, action, arn, Block.KEY, because, context=context))


def _need(
    caller: str,
    action: str,
    resource: str,
    block: Block,
    because: Route,
    *,
    context: dict[str, Values] | None = None,
    necessity: Necessity = Necessity.REQUIRED,
    note: str = "",
    source: str = _PERMISSIONS_PAGE,
) -> CallNeed:
    state = ResourceState.NONE if resource == "*" else ResourceState.EXACT
    needed = Needed(
        action=action,
        resource=resource,
        resource_state=ResourceState.SET if "*" in resource and resource != "*" else state,
        context=tuple((context or {}).items()),
        who=Who.CALLER,
        because=because,
        note=note,
    )
    return CallNeed(needed=needed, principal=caller, block=block, necessity=necessity, source=source)
