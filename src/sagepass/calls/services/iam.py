"""IAM: names with paths, the boundary of the identity that is changed, tags at creation, roles that IAM itself passes on.

Sources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
(actions, resource types, keys), https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
(keys), https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html (tags at creation need the tagging action too) and the
API reference page of each operation named below.
"""

from __future__ import annotations

from sagepass.calls.call import ResourceState, Unsettled
from sagepass.calls.condition_values import Conditions
from sagepass.calls.request_paths import find_values
from sagepass.calls.resource_arns import Named
from sagepass.calls.services.iam_names import account_of_call, identity, mfa_device, mfa_user, own_path
from sagepass.calls.services.table import Asked, Row, ServiceTable
from sagepass.catalog.condition_keys import keys_of_action

_BOUNDARY = "iam:PermissionsBoundary"
_SETS_BOUNDARY = frozenset({"iam:createrole", "iam:createuser", "iam:putrolepermissionsboundary", "iam:putuserpermissionsboundary"})  # fmt: skip
"""Here the key holds the boundary that the request sets, in all other actions the one that the identity has."""


_LINKED_ROLES = {
    "access-analyzer.amazonaws.com": "AWSServiceRoleForAccessAnalyzer",
    "cloudtrail.amazonaws.com": "AWSServiceRoleForCloudTrail",
    "hyperpod.sagemaker.amazonaws.com": "AWSServiceRoleForSageMakerHyperPod",
    "organizations.amazonaws.com": "AWSServiceRoleForOrganizations",
    "ram.amazonaws.com": "AWSServiceRoleForResourceAccessManager",
    "replication.ecr.amazonaws.com": "AWSServiceRoleForECRReplication",
    "sagemaker.amazonaws.com": "AWSServiceRoleForAmazonSageMakerNotebooks",
    "sagemaker.application-autoscaling.amazonaws.com": "AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint",
}
"""Names of service-linked roles, which AWS documents with each service.

https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-service-linked-roles.html,
https://docs.aws.amazon.com/sagemaker/latest/dg/security-iam-awsmanpol-notebooks.html,
https://docs.aws.amazon.com/sagemaker/latest/dg/security-iam-awsmanpol-hyperpod.html,
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_services.html and the like"""


def _service_linked_role(asked: Asked) -> list[Named]:
    """``role/aws-service-role/SERVICE/NAME``; the service makes up the name.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html
    """
    found = find_values(asked.call.params, "AWSServiceName")
    service, route = (found[0].text or "*", found[0].route) if found else ("*", ())
    suffix = "".join(f"_{one.text or '*'}" for one in find_values(asked.call.params, "CustomSuffix"))
    name = _LINKED_ROLES.get(service)
    tail = f"{name}{suffix}" if name else "*"
    arn = f"arn:{asked.call.partition}:iam::{account_of_call(asked)}:role/aws-service-role/{service}/{tail}"
    note = "" if name else "the service makes up the name of the role"
    return [Named(arn=arn, kind="role", state=_state(arn), route=route, note=note)]


def _deleted_service_linked_role(asked: Asked) -> list[Named]:
    """A deletion task's id is ``task/aws-service-role/SERVICE/ROLE/UUID``.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetServiceLinkedRoleDeletionStatus.html
    """
    found = find_values(asked.call.params, "DeletionTaskId")
    parts = (found[0].text or "").split("/") if found else []
    tail = "/".join(parts[1:4]) if len(parts) == 5 and parts[0] == "task" else "aws-service-role/*"
    arn = f"arn:{asked.call.partition}:iam::{account_of_call(asked)}:role/{tail}"
    state = ResourceState.SET if "*" in tail else ResourceState.EXACT
    return [Named(arn=arn, kind="role", state=state, route=found[0].route if found else ())]


def _oidc_provider(asked: Asked) -> list[Named]:
    """By its ARN; a new one is named after its URL without the scheme.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html
    """
    for member in ("OpenIDConnectProviderArn", "Url"):
        for found in find_values(asked.call.params, member):
            text = (found.text or "*").removeprefix("https://").removesuffix("/")
            prefix = f"arn:{asked.call.partition}:iam::{account_of_call(asked)}:oidc-provider/"
            arn = text if text.startswith("arn:") else prefix + text
            return [Named(arn=arn, kind="oidc-provider", state=_state(arn), route=found.route)]
    arn = f"arn:{asked.call.partition}:iam::{account_of_call(asked)}:oidc-provider/*"
    return [Named(arn=arn, kind="oidc-provider", state=ResourceState.SET)]


def _user_of_key(asked: Asked) -> list[Named]:
    """Any user: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccessKeyLastUsed.html."""
    arn = f"arn:{asked.call.partition}:iam::{account_of_call(asked)}:user/*"
    return [Named(arn=arn, kind="user", state=ResourceState.SET)]


def _state(arn: str) -> ResourceState:
    return ResourceState.SET if "*" in arn else ResourceState.EXACT


def _boundary_of_identity(asked: Asked, action: str, target: Named) -> Conditions:
    """The permissions boundary that the changed user or role has now.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#ck_PermissionsBoundary
    """
    conditions = Conditions()
    carried = keys_of_action(action) or frozenset()
    if _BOUNDARY.lower() not in carried or action.lower() in _SETS_BOUNDARY:
        return conditions
    account = target.arn.split(":")[4]
    identities = asked.snapshot.identities(account) if asked.snapshot else None
    stored = identities.principals.get(target.arn) if identities else None
    if stored is None:
        why = f"AWS looks up the permissions boundary of {target.arn}"
        conditions.unsettled.append(Unsettled(key=_BOUNDARY, choices=(), why=why))
    elif stored.boundary is None:
        conditions.absent.append(_BOUNDARY)
    else:
        conditions.context[_BOUNDARY] = (stored.boundary,)
    return conditions


def _conditions(asked: Asked, action: str, target: Named) -> Conditions:
    conditions = _boundary_of_identity(asked, action, target)
    if action.lower() in _SETS_BOUNDARY and not find_values(asked.call.params, "PermissionsBoundary"):
        conditions.absent.append(_BOUNDARY)
    elif action.lower() in _SETS_BOUNDARY:
        values = tuple(found.text for found in find_values(asked.call.params, "PermissionsBoundary") if found.text)
        if values:
            conditions.context[_BOUNDARY] = values
        else:
            why = "PermissionsBoundary is not known before the call"
            conditions.unsettled.append(Unsettled(key=_BOUNDARY, choices=(), why=why))
    return conditions


def _tagged(action: str) -> tuple[Row, ...]:
    return (Row(action=action, when="Tags"),)


TABLE = ServiceTable(
    prefix="iam",
    resources={
        "role": identity("role", "RoleName"),
        "user": identity("user", "UserName", new_name="NewUserName", own=True),
        "group": identity("group", "GroupName", new_name="NewGroupName"),
        "instance-profile": identity("instance-profile", "InstanceProfileName"),
        "server-certificate": identity(
            "server-certificate", "ServerCertificateName", new_name="NewServerCertificateName"
        ),
        "policy": own_path("policy", "PolicyName", "PolicyArn"),
        "mfa": mfa_device,
        "sms-mfa": lambda _: (),
        "oidc-provider": _oidc_provider,
        "saml-provider": {"SamlProviderName": "SAMLProviderArn|Name"},
        "access-report": {"EntityPath": "EntityPath"},
        "delegation-request": {"DelegationRequestId": "DelegationRequestId"},
        "role-template": {"": "TemplateArn"},
        "service-linked-role": _service_linked_role,
        "deleted-service-linked-role": _deleted_service_linked_role,
        "user-of-device": mfa_user,
        "user-of-key": _user_of_key,
        "any-identity": {"": "Arn"},
        "policy-source": {"": "PolicySourceArn"},
        "summarized": {"": "EntityArn"},
    },
    keys={
        "iam:PolicyARN": ("PolicyArn",),
        "iam:AWSServiceName": ("AWSServiceName",),
        "iam:OrganizationsPolicyId": ("OrganizationsPolicyId",),
        "iam:ServiceSpecificCredentialServiceName": ("ServiceName",),
        "iam:ServiceSpecificCredentialAgeDays": ("CredentialAgeDays",),
        "iam:NotificationChannel": ("NotificationChannel",),
        "iam:DelegationDuration": ("SessionDuration",),
        "iam:TemplateArn": ("TemplateArn",),
    },
    instead={
        "CreateServiceLinkedRole": (Row(action="CreateServiceLinkedRole", on=("service-linked-role",)),),
        "GetServiceLinkedRoleDeletionStatus": (
            Row(action="GetServiceLinkedRoleDeletionStatus", on=("deleted-service-linked-role",)),
        ),
        "GenerateServiceLastAccessedDetails": (Row(action="GenerateServiceLastAccessedDetails", on=("any-identity",)),),
        "ListPoliciesGrantingServiceAccess": (Row(action="ListPoliciesGrantingServiceAccess", on=("any-identity",)),),
        "GetContextKeysForPrincipalPolicy": (Row(action="GetContextKeysForPrincipalPolicy", on=("policy-source",)),),
        "SimulatePrincipalPolicy": (Row(action="SimulatePrincipalPolicy", on=("policy-source",)),),
        "GetHumanReadableSummary": (Row(action="GetHumanReadableSummary", on=("summarized",)),),
        "GetAccessKeyLastUsed": (
            Row(action="GetAccessKeyLastUsed", on=("user-of-key",), note="the access key does not tell its user"),
        ),
        "GetMFADevice": (Row(action="GetMFADevice", on=("user-of-device",)),),
        "UpdateOpenIDConnectProvider": (Row(action="UpdateOpenIDConnectProvider", on=("oidc-provider",)),),
        "UpdateDelegationRequest": (Row(action="UpdateDelegationRequest", on=("delegation-request",)),),
    },
    beside={
        "CreateInstanceProfile": _tagged("TagInstanceProfile"),
        "CreateOpenIDConnectProvider": _tagged("TagOpenIDConnectProvider"),
        "CreatePolicy": _tagged("TagPolicy"),
        "CreateRole": _tagged("TagRole"),
        "CreateSAMLProvider": _tagged("TagSAMLProvider"),
        "CreateUser": _tagged("TagUser"),
        "CreateVirtualMFADevice": _tagged("TagMFADevice"),
        "UploadServerCertificate": _tagged("TagServerCertificate"),
        # https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddRoleToInstanceProfile.html
        "AddRoleToInstanceProfile": (
            Row(
                action="PassRole", on=("role",), keys=False, context=(("iam:PassedToService", ("ec2.amazonaws.com",)),)
            ),
        ),
    },
    looked_up=(
        "iam:DelegationRequestOwner", "iam:FIDO-FIPS-140-2-certification", "iam:FIDO-FIPS-140-3-certification",
        "iam:FIDO-certification", "iam:RegisterSecurityKey", "iam:RoleTemplateARN",
    ),
    conditions=_conditions,
)  # fmt: skip
