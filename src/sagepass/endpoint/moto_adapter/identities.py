"""IAM's state in moto, read and written in the form of ``get-account-authorization-details``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from moto.iam import models as iam
from moto.iam.models import AWSManagedPolicy, Group, ManagedPolicy, Role, User

from sagepass.catalog.managed_policies import managed_policy
from sagepass.endpoint.moto_adapter.application import Backend, backends
from sagepass.policy.arn import parse_arn

_AccessKey: Any = iam.AccessKey
_AwsPolicy: Any = iam.AWSManagedPolicy
_Policy: Any = iam.ManagedPolicy
_User: Any = iam.User
_Role: Any = iam.Role
"""moto declares these abstract and makes them all the same."""

Details = dict[str, list[dict[str, Any]]]
PARTITIONS = ("aws", "aws-cn", "aws-us-gov")


@dataclass(frozen=True, slots=True, kw_only=True)
class UserKey:
    """An access key of an IAM user; ``active`` is false for one that was switched off."""

    access_key_id: str
    secret: str
    user_arn: str
    account: str
    active: bool


def accounts() -> tuple[str, ...]:
    """The accounts that have been used."""
    return tuple(sorted(backends("iam")))


def read_details(account: str) -> Details:
    """Users, groups, roles and customer managed policies of an account; moto knows no boundaries of users."""
    details: Details = {"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": [], "Policies": []}
    for backend in _in(account):
        details["UserDetailList"] += [_user(backend, user) for user in list(backend.users.values())]
        details["GroupDetailList"] += [_group(group) for group in list(backend.groups.values())]
        details["RoleDetailList"] += [_role(role) for role in list(backend.roles.values())]
        details["Policies"] += [_policy(p) for p in list(backend.managed_policies.values()) if _own(p)]
    return details


def _in(account: str) -> Iterable[Any]:
    by_partition = backends("iam")[account]
    return [by_partition[name] for name in PARTITIONS if name == "aws" or name in list(by_partition.keys())]


def _own(policy: ManagedPolicy) -> bool:
    return not isinstance(policy, AWSManagedPolicy)


def _user_arn(user: User) -> str:
    return str(user.arn)


def _user(backend: Backend, user: User) -> dict[str, Any]:
    tags = backend.tagger.get_tag_dict_for_resource(user.arn)
    groups = [group.name for group in list(backend.groups.values()) if user in group.users]
    return {
        **_common("User", user.name, user.path, user.id, _user_arn(user)),
        "UserPolicyList": _inline(user.policies),
        "GroupList": groups,
        "AttachedManagedPolicies": _attached(user.managed_policies),
        "Tags": [{"Key": key, "Value": value} for key, value in tags.items()],
    }


def _group(group: Group) -> dict[str, Any]:
    return {
        **_common("Group", group.name, group.path, group.id, group.arn),
        "GroupPolicyList": _inline(group.policies),
        "AttachedManagedPolicies": _attached(group.managed_policies),
    }


def _role(role: Role) -> dict[str, Any]:
    row = {
        **_common("Role", role.name, role.path, role.id, role.arn),
        "AssumeRolePolicyDocument": role.assume_role_policy_document,
        "RolePolicyList": _inline(role.policies),
        "AttachedManagedPolicies": _attached(role.managed_policies),
        "Tags": [{"Key": tag["Key"], "Value": tag["Value"]} for tag in role.tags or []],
    }
    if role.max_session_duration:
        row["MaxSessionDuration"] = int(role.max_session_duration)
    if role.description:
        row["Description"] = role.description
    if role.permissions_boundary_arn:
        row["PermissionsBoundary"] = boundary_row(role.permissions_boundary_arn)
    return row


def boundary_row(arn: str) -> dict[str, str]:
    """A permissions boundary as IAM's answers show it."""
    return {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn}


def _common(word: str, name: str, path: str, unique_id: str, arn: str) -> dict[str, Any]:
    return {"Path": path, f"{word}Name": name, f"{word}Id": unique_id, "Arn": arn}


def _inline(policies: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"PolicyName": name, "PolicyDocument": document} for name, document in list(policies.items())]


def _attached(policies: Mapping[str, Any]) -> list[dict[str, str]]:
    return [{"PolicyName": policy.name, "PolicyArn": arn} for arn, policy in list(policies.items())]


def _policy(policy: ManagedPolicy) -> dict[str, Any]:
    return {
        "PolicyName": policy.name,
        "PolicyId": policy.id,
        "Arn": policy.arn,
        "Path": policy.path,
        "DefaultVersionId": policy.default_version_id,
        "Description": policy.description,
        "PolicyVersionList": [
            {"VersionId": v.version_id, "IsDefaultVersion": v.is_default, "Document": v.document}
            for v in policy.versions
        ],
    }


def user_keys(account: str) -> list[UserKey]:
    """The access keys of an account's users."""
    return [
        UserKey(
            access_key_id=key.access_key_id,
            secret=key.secret_access_key,
            user_arn=_user_arn(user),
            account=account,
            active=key.status == "Active",
        )
        for backend in _in(account)
        for user in list(backend.users.values())
        for key in list(user.access_keys)
    ]


def put_key(key: UserKey) -> None:
    """Give a user an access key that was made before."""
    parts = parse_arn(key.user_arn)
    assert parts is not None
    backend = backends("iam")[key.account][parts.partition]
    user = backend.get_user(parts.resource.rpartition("/")[2])
    made = _AccessKey(user.name, prefix="AKIA", account_id=key.account, status="Active" if key.active else "Inactive")
    made.access_key_id, made.secret_access_key = key.access_key_id, key.secret
    user.access_keys.append(made)
    backend.access_keys[key.access_key_id] = made


def mfa_seed(account: str, user_arn: str, serial: str) -> bytes | None:
    """The Base32 seed of a user's MFA device; ``None`` if the user has no such device."""
    for backend in _in(account):
        user = next((one for one in list(backend.users.values()) if _user_arn(one) == user_arn), None)
        device = backend.virtual_mfa_devices.get(serial)
        if user is not None and device is not None and serial in user.mfa_devices:
            seed: bytes = device.base32_string_seed
            return seed
    return None


def ensure_managed_policy(account: str, arn: str) -> None:
    """Make an AWS managed policy of the catalog known to an account, so that it can be attached and read."""
    known = managed_policy(arn)
    parts = parse_arn(arn)
    if known is None or parts is None:
        return
    backend = backends("iam")[account][parts.partition]
    if arn in backend.managed_policies:
        return
    path, _, name = parts.resource.removeprefix("policy").rpartition("/")
    policy = _AwsPolicy(
        name,
        account_id=account,
        region=backend.region_name,
        default_version_id=known.version,
        path=f"{path}/",
        document=json.dumps(known.document),
    )
    backend.managed_policies[arn] = policy
    backend.aws_managed_policies.append(policy)


def make_administrator(account: str, role_name: str) -> None:
    """Attach AdministratorAccess to a role that has no policies yet."""
    for backend in _in(account):
        for role in list(backend.roles.values()):
            if role.name == role_name and not role.policies and not role.managed_policies:
                arn = f"arn:{backend.partition}:iam::aws:policy/AdministratorAccess"
                ensure_managed_policy(account, arn)
                backend.managed_policies[arn].attach_to(role)


def stamp_user(account: str, name: str) -> tuple[str, str] | None:
    """Give a new user an id as AWS makes them (``AIDA…``).

    Returns:
        The id before and after; ``None`` if there is nothing to do.
    """
    for backend in _in(account):
        user = backend.users.get(name)
        if user is not None and not user.id.startswith("AIDA"):
            before = str(user.id)
            user.id = "AIDA" + before.upper()[:17].ljust(17, "A")
            return before, str(user.id)
    return None


def providers(account: str) -> dict[str, Any]:
    """The identity providers of an account: OIDC ones by ARN with their client ids, SAML ones by ARN with metadata."""
    found: dict[str, Any] = {}
    for backend in _in(account):
        for oidc in list(backend.open_id_providers.values()):
            found[oidc.arn] = {"url": oidc.url, "client_ids": list(oidc.client_id_list or [])}
        for saml in list(backend.saml_providers.values()):
            found[saml.arn] = {"metadata": saml.saml_metadata_document, "name": saml.name}
    return found


def new_user_key(account: str, name: str) -> UserKey:
    """Another access key for a user; IAM's limit of two does not hold for it."""
    for backend in _in(account):
        user = backend.users.get(name)
        if user is not None:
            key = user.create_access_key(prefix="AKIA")
            backend.access_keys[key.access_key_id] = key
            return UserKey(
                access_key_id=key.access_key_id,
                secret=key.secret_access_key,
                user_arn=_user_arn(user),
                account=account,
                active=True,
            )
    raise KeyError(name)
