"""RAM: resource shares, permissions and invitations by ARN, and what a share is to hold.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsresourceaccessmanagerram.html and
https://docs.aws.amazon.com/ram/latest/userguide/iam-policies-condition.html
"""

from __future__ import annotations

from collections.abc import Iterable

from sagepass.calls.call import ResourceState, Unsettled
from sagepass.calls.condition_values import Conditions
from sagepass.calls.request_paths import find_values
from sagepass.calls.resource_arns import Named
from sagepass.calls.services.table import Asked, Row, ServiceTable
from sagepass.catalog.condition_keys import keys_of_action


def _permission(asked: Asked) -> Iterable[Named]:
    """AWS's own permissions and a customer's are told apart by the account in the ARN."""
    for path in ("permissionArn", "permissionArns[]"):
        for found in find_values(asked.call.params, path):
            arn = found.text or "*"
            state = ResourceState.SET if "*" in arn else ResourceState.EXACT
            yield Named(arn=arn, kind="permission", state=state, route=found.route)


def _conditions(_asked: Asked, action: str, _target: Named) -> Conditions:
    """The type of a shared resource is AWS's own name for it (``sagemaker:Model-package-group``), which no ARN tells."""
    conditions = Conditions()
    if "ram:requestedresourcetype" in (keys_of_action(action) or frozenset()):
        why = "AWS takes the type from the resources that are to be shared"
        conditions.unsettled.append(Unsettled(key="ram:RequestedResourceType", choices=(), why=why))
    return conditions


TABLE = ServiceTable(
    prefix="ram",
    resources={
        "resource-share": {"": "resourceShareArn|resourceArn"},
        "resource-share-invitation": {"": "resourceShareInvitationArn"},
        "permission": _permission,
        "customer-managed-permission": _permission,
    },
    keys={
        "ram:RequestedAllowsExternalPrincipals": ("allowExternalPrincipals",),
        "ram:Principal": ("principals[]",),
        "ram:ResourceArn": ("resourceArns[]", "resourceArn"),
        "ram:PermissionArn": ("permissionArn", "permissionArns[]"),
    },
    defaults={"ram:RequestedAllowsExternalPrincipals": "true"},
    beside={
        # https://docs.aws.amazon.com/ram/latest/APIReference/API_CreateResourceShare.html
        "CreateResourceShare": (Row(action="TagResource", when="tags"),),
        "CreatePermission": (Row(action="TagResource", when="tags"),),
    },
    looked_up=(
        "ram:AllowsExternalPrincipals", "ram:PermissionResourceType", "ram:ResourceShareName",
        "ram:RetainSharingOnAccountLeaveOrganization", "ram:ShareOwnerAccountId",
    ),
    conditions=_conditions,
)  # fmt: skip
