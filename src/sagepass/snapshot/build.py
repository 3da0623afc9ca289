"""Builds a snapshot in memory, from the same answers that a folder would hold."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from sagepass.policy.arn import parse_arn
from sagepass.policy.kinds import PolicyType
from sagepass.snapshot.answers import Answer, Answers
from sagepass.snapshot.errors import SnapshotError
from sagepass.snapshot.folder import DETAILS, SETTINGS
from sagepass.snapshot.policy_holders import find_holder
from sagepass.snapshot.settings import settings_from
from sagepass.snapshot.snapshot import Snapshot

_LISTS = {"user": "UserDetailList", "group": "GroupDetailList", "role": "RoleDetailList"}
_KINDS = {"user": "User", "group": "Group", "role": "Role"}


class SnapshotBuilder:
    """Collects what accounts hold and makes a :class:`Snapshot` of it, or writes it as a snapshot folder.

    Every method returns the builder, so that calls can be chained. Documents are parsed JSON.
    """

    def __init__(self, name: str = "<built snapshot>") -> None:
        self._name = name
        self._details: dict[str, dict[str, list[dict[str, object]]]] = {}
        self._answers: dict[tuple[str, str, str, str, str], object] = {}
        self._settings: dict[str, object] = {}

    def account(self, account: str) -> SnapshotBuilder:
        """An account whose users, groups and roles are known (none so far)."""
        self._lists(account)
        return self

    def principal(
        self,
        arn: str,
        *,
        inline: Mapping[str, object] | None = None,
        managed: Sequence[str] = (),
        groups: Sequence[str] = (),
        boundary: str | None = None,
        trust: object = None,
        tags: Mapping[str, str] | None = None,
        unique_id: str = "",
    ) -> SnapshotBuilder:
        """A user, group or role, by its ARN.

        Args:
            arn: with the path.
            inline: name of each inline policy and its document.
            managed: ARNs of attached managed policies; give their documents with :meth:`managed_policy`.
            groups: names of a user's groups.
            boundary: ARN of the managed policy that is the permissions boundary.
            trust: the trust policy of a role.
            tags: key and value.
            unique_id: ``AIDA…`` or ``AROA…``.

        Raises:
            SnapshotError: the ARN is not that of a user, group or role.
        """
        account, kind, path, name = _identity(arn)
        word = _KINDS[kind]
        row: dict[str, object] = {
            "Arn": arn,
            "Path": path,
            f"{word}Name": name,
            f"{word}Id": unique_id,
            f"{word}PolicyList": [
                {"PolicyName": title, "PolicyDocument": document} for title, document in (inline or {}).items()
            ],
            "AttachedManagedPolicies": [{"PolicyName": item.rpartition("/")[2], "PolicyArn": item} for item in managed],
        }
        if kind == "user":
            row["GroupList"] = list(groups)
        if kind == "role" and trust is not None:
            row["AssumeRolePolicyDocument"] = trust
        if boundary is not None:
            row["PermissionsBoundary"] = {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": boundary}
        if tags:
            row["Tags"] = [{"Key": key, "Value": value} for key, value in tags.items()]
        self._lists(account)[_LISTS[kind]].append(row)
        return self

    def managed_policy(self, arn: str, document: object, *, account: str | None = None) -> SnapshotBuilder:
        """The document of a managed policy; for one of AWS's own also the account that uses it.

        Raises:
            SnapshotError: no account is named.
        """
        parts = parse_arn(arn)
        owner = account or (parts.account if parts else "")
        if not owner or owner == "aws":
            raise SnapshotError(f"the account that uses {arn} is not given", remedy="give account=")
        version = {"VersionId": "v1", "IsDefaultVersion": True, "Document": document}
        row: dict[str, object] = {"PolicyName": arn.rpartition("/")[2], "Arn": arn, "PolicyVersionList": [version]}
        self._lists(owner)["Policies"].append(row)
        return self

    def resource_policy(self, arn: str, document: object, *, account: str | None = None) -> SnapshotBuilder:
        """The policy of a resource, or with ``None`` that it has none.

        Raises:
            SnapshotError: AWS defines no such policy for this resource, or its account is not known.
        """
        parts = parse_arn(arn)
        holder = find_holder(parts) if parts else None
        if holder is None or (holder.getter is None and not holder.shared):
            raise SnapshotError(f"no answer of the AWS CLI holds a policy of {arn}", remedy="check the ARN")
        owner = account or holder.arn.account
        if not owner:
            raise SnapshotError(f"the account that owns {arn} is not given", remedy="give account=")
        if holder.getter is None:
            listed = [] if document is None else [json.dumps(document)]
            return self.answer(
                owner,
                "ram",
                "get-resource-policies",
                {"policies": listed},
                name=holder.arn.resource,
                region=holder.arn.region,
            )
        content: object = None if document is None else json.dumps(document)
        for key in reversed(holder.getter.fields):
            content = {key: content}
        getter = holder.getter
        return self.answer(owner, getter.service, getter.operation, content, name=holder.name, region=holder.arn.region)

    def answer(
        self, account: str, service: str, operation: str, value: object, *, name: str = "", region: str = ""
    ) -> SnapshotBuilder:
        """Any answer of the AWS CLI, as it prints it; ``account`` is empty for those of the organization."""
        self._answers[account, region, service, operation, name] = value
        return self

    def organization(self, management_account: str, organization_id: str = "o-exampleorg") -> SnapshotBuilder:
        """The organization; its root gets the id ``r-root``."""
        described = {"Id": organization_id, "MasterAccountId": management_account, "FeatureSet": "ALL"}
        return self.answer("", "organizations", "describe-organization", {"Organization": described})

    def parent(self, child: str, parent: str) -> SnapshotBuilder:
        """The organizational unit or root that an account or a unit lies in."""
        kind = "ROOT" if parent.startswith("r-") else "ORGANIZATIONAL_UNIT"
        value = {"Parents": [{"Id": parent, "Type": kind}]}
        return self.answer("", "organizations", "list-parents", value, name=child)

    def control_policies(self, target: str, kind: PolicyType, policies: Mapping[str, object]) -> SnapshotBuilder:
        """All service or resource control policies on one target: name and document; ``{}`` says that there are none."""
        rows: list[dict[str, object]] = []
        for name, document in policies.items():
            policy_id = f"p-{quote(name, safe='')}-{kind.value[0].lower()}"
            rows.append({"Id": policy_id, "Arn": policy_id, "Name": name, "Type": kind.value})
            content = {"Policy": {"PolicySummary": rows[-1], "Content": json.dumps(document)}}
            self.answer("", "organizations", "describe-policy", content, name=policy_id)
        name = f"{target}/{kind.value}"
        return self.answer("", "organizations", "list-policies-for-target", {"Policies": rows}, name=name)

    def settings(
        self,
        *,
        default_region: str | None = None,
        no_organization: bool | Sequence[str] = False,
        session_policies: Mapping[str, Sequence[object]] | None = None,
    ) -> SnapshotBuilder:
        """What ``snapshot.json`` would state; session policies by the ARN of the session."""
        if default_region is not None:
            self._settings["default_region"] = default_region
        if no_organization:
            self._settings["no_organization"] = True if no_organization is True else list(no_organization)
        if session_policies:
            self._settings["session_policies"] = {arn: list(documents) for arn, documents in session_policies.items()}
        return self

    def build(self) -> Snapshot:
        """The snapshot, in memory."""
        settings = settings_from(self._settings, f"{self._name} {SETTINGS}")
        answers = [
            Answer(
                account=account,
                region=region_name,
                service=service,
                operation=operation,
                name=name,
                label=f"{self._name} {_path(account, region_name, service, operation, name)}",
                given=value,
            )
            for (account, region_name, service, operation, name), value in self._all().items()
        ]
        return Snapshot.from_answers(Answers(answers), self._name, settings=settings)

    def write(self, folder: Path) -> None:
        """Write the answers as a snapshot folder, which :meth:`Snapshot.load` reads."""
        for path, value in self.files().items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(json.dumps(value, indent=4, ensure_ascii=False) + "\n", encoding="utf-8")

    def files(self) -> dict[str, object]:
        """The files of the snapshot folder: path and content."""
        files: dict[str, object] = {_path(*key): value for key, value in self._all().items()}
        return {**files, SETTINGS: self._settings} if self._settings else files

    def _all(self) -> dict[tuple[str, str, str, str, str], object]:
        details: dict[tuple[str, str, str, str, str], object] = {
            (account, "", "iam", DETAILS, ""): lists for account, lists in self._details.items()
        }
        return {**details, **self._answers}

    def _lists(self, account: str) -> dict[str, list[dict[str, object]]]:
        empty: dict[str, list[dict[str, object]]] = {name: [] for name in (*_LISTS.values(), "Policies")}
        return self._details.setdefault(account, empty)


def _identity(arn: str) -> tuple[str, str, str, str]:
    """Account, kind, path and name of an IAM identity."""
    parts = parse_arn(arn)
    kind, _, rest = parts.resource.partition("/") if parts else ("", "", "")
    if parts is None or parts.service != "iam" or kind not in _LISTS or not rest:
        raise SnapshotError(f"{arn} is not the ARN of a user, group or role", remedy="check the ARN")
    path, _, name = rest.rpartition("/")
    return parts.account, kind, f"/{path}/" if path else "/", name


def _path(account: str, region: str, service: str, operation: str, name: str) -> str:
    steps = [quote(step, safe=" @+=,._-:") for step in name.split("/")] if name else []
    if not account:
        parts = ["organization", *([service] if service != "organizations" else []), operation, *steps]
    else:
        parts = ["accounts", account, *([region] if region else []), service, operation, *steps]
    return "/".join(parts) + ".json"
