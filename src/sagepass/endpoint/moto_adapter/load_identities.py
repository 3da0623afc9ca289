"""Makes users, groups, roles and policies again, from an answer of ``get-account-authorization-details``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from moto.iam import models as iam
from moto.iam.models import Group, PolicyVersion, Role, User

from sagepass.endpoint.moto_adapter.application import Backend, backends
from sagepass.endpoint.moto_adapter.identities import ensure_managed_policy, stamp_user
from sagepass.policy.arn import parse_arn

_Policy: Any = iam.ManagedPolicy
_User: Any = iam.User
_Role: Any = iam.Role
"""moto declares these abstract and makes them all the same."""


def load_details(account: str, details: Mapping[str, Any]) -> None:
    """Create what an answer of ``get-account-authorization-details`` lists; boundaries of users are not moto's."""
    for row in _rows(details, "Policies"):
        _load_policy(account, row)
    for row in _rows(details, "GroupDetailList"):
        _load_group(account, row)
    for row in _rows(details, "UserDetailList"):
        _load_user(account, row)
    for row in _rows(details, "RoleDetailList"):
        _load_role(account, row)


def _rows(details: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    return [row for row in details.get(name) or [] if isinstance(row, dict) and isinstance(row.get("Arn"), str)]


def _backend(account: str, arn: str) -> Backend:
    parts = parse_arn(arn)
    return backends("iam")[account][parts.partition if parts else "aws"]


def _text(document: object) -> str:
    return document if isinstance(document, str) else json.dumps(document)


def _load_policy(account: str, row: Mapping[str, Any]) -> None:
    arn = str(row["Arn"])
    if ":iam::aws:" in arn:
        return
    backend = _backend(account, arn)
    versions = [v for v in row.get("PolicyVersionList") or [] if isinstance(v, dict)]
    path = "/" + arn.split(":policy/", 1)[1].rpartition("/")[0]
    policy = _Policy(
        str(row.get("PolicyName") or arn.rpartition("/")[2]),
        account_id=account,
        region=backend.region_name,
        description=row.get("Description"),
        document="",
        path=path if path.endswith("/") else f"{path}/",
    )
    policy.id = str(row.get("PolicyId") or policy.id)
    policy.versions = [
        PolicyVersion(arn, _text(v.get("Document")), bool(v.get("IsDefaultVersion")), str(v.get("VersionId") or "v1"))
        for v in versions
    ]
    default = next((v.version_id for v in policy.versions if v.is_default), "v1")
    policy.default_version_id = default
    numbers = [int(v.version_id[1:]) for v in policy.versions if v.version_id[1:].isdigit()]
    policy.next_version_num = max(numbers, default=1) + 1
    backend.managed_policies[policy.arn] = policy


def _fill(account: str, holder: User | Group | Role, row: Mapping[str, Any], word: str) -> None:
    for inline in row.get(f"{word}PolicyList") or []:
        holder.policies[str(inline["PolicyName"])] = _text(inline.get("PolicyDocument"))
    backend = _backend(account, str(row["Arn"]))
    for attached in row.get("AttachedManagedPolicies") or []:
        arn = str(attached.get("PolicyArn"))
        ensure_managed_policy(account, arn)
        if arn in backend.managed_policies:
            backend.managed_policies[arn].attach_to(holder)
    holder.id = str(row.get(f"{word}Id") or holder.id)


def _load_group(account: str, row: Mapping[str, Any]) -> None:
    backend = _backend(account, str(row["Arn"]))
    group = Group(account, backend.region_name, str(row["GroupName"]), str(row.get("Path") or "/"))
    backend.groups[group.name] = group
    _fill(account, group, row, "Group")


def _load_user(account: str, row: Mapping[str, Any]) -> None:
    backend = _backend(account, str(row["Arn"]))
    user = _User(account, backend.region_name, str(row["UserName"]), str(row.get("Path") or "/"))
    backend.users[user.name] = user
    backend.tagger.tag_resource(user.arn, [tag for tag in row.get("Tags") or [] if isinstance(tag, dict)])
    for name in row.get("GroupList") or []:
        if name in backend.groups:
            backend.groups[name].users.append(user)
    _fill(account, user, row, "User")
    if not user.id.startswith("AIDA"):
        stamp_user(account, user.name)


def _load_role(account: str, row: Mapping[str, Any]) -> None:
    arn = str(row["Arn"])
    backend = _backend(account, arn)
    boundary = row.get("PermissionsBoundary")
    duration = row.get("MaxSessionDuration")
    role = _Role(
        account_id=account,
        partition=backend.partition,
        role_id="",
        name=str(row["RoleName"]),
        assume_role_policy_document=_text(row.get("AssumeRolePolicyDocument") or {"Statement": []}),
        path=str(row.get("Path") or "/"),
        permissions_boundary=boundary.get("PermissionsBoundaryArn") if isinstance(boundary, dict) else None,
        description=str(row.get("Description") or ""),
        tags=[{"Key": tag["Key"], "Value": tag["Value"]} for tag in row.get("Tags") or []],
        max_session_duration=str(duration) if duration else None,
        linked_service=None,
    )
    _fill(account, role, row, "Role")
    role.id = role.id or f"AROA{abs(hash(arn)):017d}"[:21]
    backend.roles[role.id] = role
