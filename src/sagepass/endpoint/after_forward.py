"""What the emulation leaves out of some calls: boundaries of users, ids as AWS makes them, AWS managed policies.

The role that Organizations makes in a new account has AdministratorAccess
(https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_access-cross-account-role.html).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from xml.sax.saxutils import escape

from sagepass.endpoint.http_message import HttpResponse
from sagepass.endpoint.moto_adapter import organizations
from sagepass.endpoint.moto_adapter.identities import ensure_managed_policy, make_administrator, stamp_user
from sagepass.endpoint.moto_adapter.routing import ParsedCall
from sagepass.endpoint.own.scene import Scene, text
from sagepass.endpoint.own.user_boundary import require_policy

_SHOWS_USER = frozenset({"CreateUser", "GetUser"})


def before_forward(call: ParsedCall, scene: Scene) -> None:
    """Make what the call names known to the emulation, and refuse a boundary that is no policy.

    Raises:
        ApiError: the permissions boundary of a new user is no managed policy.
    """
    if call.client != "iam":
        return
    for member in ("PolicyArn", "PermissionsBoundary"):
        arn = text(call.params, member)
        if arn is not None and ":iam::aws:policy/" in arn:
            ensure_managed_policy(scene.account, arn)
    boundary = text(call.params, "PermissionsBoundary")
    if call.operation == "CreateUser" and boundary is not None:
        require_policy(boundary, scene)


def after_forward(call: ParsedCall, scene: Scene, response: HttpResponse) -> HttpResponse:
    """Note what the emulation drops, and put it into its answer."""
    if call.client == "organizations" and call.operation == "CreateAccount" and response.status == 200:
        role = text(call.params, "RoleName") or "OrganizationAccountAccessRole"
        for account in organizations.member_accounts():
            make_administrator(account, role)
    if call.client != "iam" or response.status != 200:
        return response
    boundaries = scene.state.held.user_boundaries
    name = text(call.params, "UserName") or _own_name(scene)
    if call.operation == "CreateUser":
        response = _stamped(response, scene.account, name)
        boundary = text(call.params, "PermissionsBoundary")
        if boundary is not None:
            boundaries[_new_arn(call.params, scene)] = boundary
    if call.operation == "DeleteUser":
        for arn in [one for one in boundaries if _names(one, scene.account, name)]:
            del boundaries[arn]
    if call.operation == "UpdateUser":
        _renamed(call.params, scene, name)
    if call.operation in _SHOWS_USER:
        held = next((policy for arn, policy in boundaries.items() if _names(arn, scene.account, name)), None)
        return _with_boundary(response, held) if held else response
    return response


def _own_name(scene: Scene) -> str:
    """IAM takes the caller's own name where none is given."""
    arn = scene.identity.arn
    return arn.rpartition("/")[2] if ":user/" in arn else ""


def _names(arn: str, account: str, name: str) -> bool:
    return arn.split(":")[4:5] == [account] and arn.rpartition("/")[2] == name


def _new_arn(params: Mapping[str, object], scene: Scene) -> str:
    path = text(params, "Path") or "/"
    return f"arn:{scene.partition}:iam::{scene.account}:user{path}{text(params, 'UserName')}"


def _renamed(params: Mapping[str, object], scene: Scene, name: str) -> None:
    boundaries = scene.state.held.user_boundaries
    for arn in [one for one in boundaries if _names(one, scene.account, name)]:
        head, _, rest = arn.partition(":user/")
        path = text(params, "NewPath") or f"/{rest.rpartition('/')[0]}/".replace("//", "/")
        boundaries[f"{head}:user{path}{text(params, 'NewUserName') or name}"] = boundaries.pop(arn)


def _stamped(response: HttpResponse, account: str, name: str) -> HttpResponse:
    ids = stamp_user(account, name)
    if ids is None:
        return response
    return replace(response, body=response.body.replace(ids[0].encode(), ids[1].encode()), headers=_unsized(response))


def _with_boundary(response: HttpResponse, arn: str) -> HttpResponse:
    element = (
        "<PermissionsBoundary><PermissionsBoundaryType>Policy</PermissionsBoundaryType>"
        f"<PermissionsBoundaryArn>{escape(arn)}</PermissionsBoundaryArn></PermissionsBoundary></User>"
    )
    return replace(response, body=response.body.replace(b"</User>", element.encode(), 1), headers=_unsized(response))


def _unsized(response: HttpResponse) -> tuple[tuple[str, str], ...]:
    return tuple(pair for pair in response.headers if pair[0].lower() != "content-length")
