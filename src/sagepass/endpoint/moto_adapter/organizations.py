"""The organization in moto: read as the AWS CLI's answers, and as rows from which it can be made again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.organizations.models import FakeAccount, FakeOrganization, FakeOrganizationalUnit, FakePolicy, FakeRoot

from sagepass.endpoint.moto_adapter.application import Backend, backends

Answer = tuple[str, str, object]
"""Operation, name, value."""

_KINDS = ("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY")


def _organizations() -> list[Any]:
    """The backends that hold an organization; each belongs to its management account."""
    return [
        backend
        for regions in list(backends("organizations").values())
        for backend in list(regions.values())
        if backend.org is not None
    ]


def organization_answers() -> list[Answer]:
    """The organization's tree and control policies; empty where no account has made one."""
    found: list[Answer] = []
    for backend in _organizations()[:1]:
        found.append(("describe-organization", "", backend.org.describe()))
        roots = [unit.describe() for unit in backend.ou if isinstance(unit, FakeRoot)]
        found.append(("list-roots", "", {"Roots": [{**root, "PolicyTypes": _enabled()} for root in roots]}))
        found.append(("list-accounts", "", {"Accounts": [_account(account) for account in backend.accounts]}))
        for holder in (*backend.accounts, *(unit for unit in backend.ou if not isinstance(unit, FakeRoot))):
            parent = str(holder.parent_id)
            kind = "ROOT" if parent.startswith("r-") else "ORGANIZATIONAL_UNIT"
            found.append(("list-parents", str(holder.id), {"Parents": [{"Id": parent, "Type": kind}]}))
        for holder in (*backend.accounts, *backend.ou):
            found += _attached(holder)
        for policy in backend.policies:
            found.append(("describe-policy", str(policy.id), policy.describe()))
    return found


def _enabled() -> list[dict[str, str]]:
    """It evaluates no control policies, and lets them be attached without the type being enabled at the root."""
    return [{"Type": kind, "Status": "ENABLED"} for kind in _KINDS]


def _account(account: FakeAccount) -> dict[str, Any]:
    return {
        "Id": account.id,
        "Arn": account.arn,
        "Name": account.name,
        "Email": account.email,
        "Status": account.status,
    }


def _attached(holder: Backend) -> list[Answer]:
    return [
        (
            "list-policies-for-target",
            f"{holder.id}/{kind}",
            {"Policies": [p.describe()["Policy"]["PolicySummary"] for p in holder.attached_policies if p.type == kind]},
        )
        for kind in _KINDS
    ]


def member_accounts() -> tuple[str, ...]:
    """The accounts of the organization; empty without one."""
    return tuple(str(account.id) for backend in _organizations() for account in backend.accounts)


def organization_rows() -> dict[str, dict[str, Any]]:
    """Everything the organization consists of, in one row."""
    rows = {}
    for backend in _organizations():
        rows[f"organization/{backend.account_id}"] = {
            "id": backend.org.id,
            "root": backend.org.root_id,
            "features": backend.org.feature_set,
            "region": backend.org.region,
            "accounts": [_account_row(account) for account in backend.accounts],
            "units": [
                {"id": unit.id, "name": unit.name, "parent": unit.parent_id}
                for unit in backend.ou
                if not isinstance(unit, FakeRoot)
            ],
            "policies": [_policy_row(policy) for policy in backend.policies],
        }
    return rows


def _account_row(account: FakeAccount) -> dict[str, Any]:
    return {
        "id": account.id,
        "name": account.name,
        "email": account.email,
        "parent": account.parent_id,
        "status": account.status,
    }


def _policy_row(policy: FakePolicy) -> dict[str, Any]:
    return {
        "id": policy.id,
        "name": policy.name,
        "type": policy.type,
        "description": policy.description,
        "content": policy.content,
        "aws_managed": policy.aws_managed,
        "targets": [target.id for target in policy.attachments],
    }


def load_organization(key: str, row: Mapping[str, Any]) -> None:
    """Make an organization of :func:`organization_rows` again, with the same ids."""
    account = key.partition("/")[2]
    backend = backends("organizations")[account]["aws"]
    organization = FakeOrganization(account, region_name=str(row["region"]), feature_set=str(row["features"]))
    organization.id, organization.root_id = str(row["id"]), str(row["root"])
    backend._reset()  # noqa: SLF001 - moto offers no other way to begin anew
    backend.org = organization
    backend.ou = [FakeRoot(organization), *(_unit(organization, unit) for unit in row["units"])]
    backend.accounts = [_made_account(organization, one) for one in row["accounts"]]
    holders = {str(holder.id): holder for holder in (*backend.ou, *backend.accounts)}
    for one in row["policies"]:
        policy = FakePolicy(
            organization, Content=one["content"], Description=one["description"], Name=one["name"], Type=one["type"]
        )
        policy.id, policy.aws_managed = str(one["id"]), bool(one["aws_managed"])
        backend.policies.append(policy)
        for target in one["targets"]:
            if target in holders:
                holders[target].attached_policies.append(policy)
                policy.attachments.append(holders[target])


def _unit(organization: FakeOrganization, row: Mapping[str, Any]) -> FakeOrganizationalUnit:
    unit = FakeOrganizationalUnit(organization, Name=row["name"], ParentId=row["parent"])
    unit.id = str(row["id"])
    return unit


def _made_account(organization: FakeOrganization, row: Mapping[str, Any]) -> FakeAccount:
    account = FakeAccount(organization, AccountName=row["name"], Email=row["email"])
    account.id, account.parent_id, account.status = str(row["id"]), str(row["parent"]), str(row["status"])
    return account
