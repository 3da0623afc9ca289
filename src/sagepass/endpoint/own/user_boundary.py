"""Permissions boundaries of users, which the emulation cannot store.

Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPermissionsBoundary.html,
https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUserPermissionsBoundary.html
"""

from __future__ import annotations

from collections.abc import Mapping

from sagepass.endpoint.answers import ApiError
from sagepass.endpoint.own.scene import Scene, text
from sagepass.snapshot.principals import PrincipalKind


def put_user_permissions_boundary(params: Mapping[str, object], scene: Scene) -> Mapping[str, object]:
    """Set the boundary of a user to a managed policy of the account or of AWS."""
    arn = user_arn(params, scene)
    boundary = text(params, "PermissionsBoundary") or ""
    require_policy(boundary, scene)
    scene.state.held.user_boundaries[arn] = boundary
    return {}


def delete_user_permissions_boundary(params: Mapping[str, object], scene: Scene) -> Mapping[str, object]:
    """Take the boundary of a user away."""
    arn = user_arn(params, scene)
    if scene.state.held.user_boundaries.pop(arn, None) is None:
        name = text(params, "UserName") or ""
        raise ApiError("NoSuchEntity", f"No permissions boundary is set for user {name}.", 404)
    return {}


def user_arn(params: Mapping[str, object], scene: Scene) -> str:
    """The ARN of the user that a call names."""
    name = text(params, "UserName") or ""
    for record in scene.snapshot.principals(scene.account):
        if record.kind is PrincipalKind.USER and record.name == name:
            return record.arn
    raise ApiError("NoSuchEntity", f"The user with name {name} cannot be found.", 404)


def require_policy(arn: str, scene: Scene) -> None:
    """Refuse a boundary that is no managed policy."""
    held = scene.snapshot.identities(scene.account)
    if held is None or held.managed_policy(arn) is None:
        raise ApiError("NoSuchEntity", f"Policy {arn} does not exist or is not attachable.", 404)


HANDLERS = {
    "PutUserPermissionsBoundary": put_user_permissions_boundary,
    "DeleteUserPermissionsBoundary": delete_user_permissions_boundary,
}
