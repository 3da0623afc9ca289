"""The organization: the way from the root to an account, and the control policies on each level.

Sources: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html and
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from sagepass.policy.arn import Arn, parse_arn
from sagepass.policy.document import PolicyForm
from sagepass.policy.kinds import PolicyType
from sagepass.snapshot.answers import Answer, Answers
from sagepass.snapshot.layer import GuardrailLayer, Level, Missing
from sagepass.snapshot.settings import Settings
from sagepass.snapshot.stored import StoredPolicy
from sagepass.source.json_text import Duplicates
from sagepass.source.origin import Origin

_SERVICE = "organizations"
_MAX_DEPTH = 12
"""Levels on the way to the root; AWS allows five levels of organizational units."""

_AWS_OWN: Mapping[str, Mapping[str, object]] = {
    "p-FullAWSAccess": {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
    },
    "p-RCPFullAWSAccess": {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}],
    },
}
"""The two policies that AWS attaches and nobody can change."""

_WORDS = {
    PolicyType.SERVICE_CONTROL_POLICY: "service control policies",
    PolicyType.RESOURCE_CONTROL_POLICY: "resource control policies",
}


class Organization:
    """The saved answers of AWS Organizations, of one organization."""

    def __init__(
        self,
        answers: Answers,
        settings: Settings,
        changed: Mapping[tuple[str, PolicyType], tuple[StoredPolicy, ...]],
    ) -> None:
        self._answers = answers
        self._settings = settings
        self._changed = changed
        self._layers: dict[tuple[str, PolicyType], GuardrailLayer] = {}
        self._read: dict[tuple[str, PolicyType], StoredPolicy] = {}

    def with_changed(self, changed: Mapping[tuple[str, PolicyType], tuple[StoredPolicy, ...]]) -> Organization:
        """The same organization under other changes; what was read stays read."""
        if changed is self._changed:
            return self
        other = Organization(self._answers, self._settings, changed)
        other._read = self._read
        return other

    def control_policies(self, account: str, kind: PolicyType) -> GuardrailLayer:
        """The service or resource control policies over an account, root first; found once for each account."""
        found = self._layers.get((account, kind))
        if found is None:
            found = self._layers[account, kind] = self._find(account, kind)
        return found

    def _find(self, account: str, kind: PolicyType) -> GuardrailLayer:
        if self._outside(account):
            return GuardrailLayer()
        if account and account == self.management_account_of(account):
            words = _WORDS[kind]
            return GuardrailLayer(
                exempt=f"{account} is the management account of its organization, which {words} do not affect"
            )
        if self.management_account_of(account) is None:
            return GuardrailLayer(missing=(_missing_policies(account, kind),))
        if self._type_disabled(kind):
            return GuardrailLayer()
        way = self.way_to(account)
        if way is None:
            return GuardrailLayer(missing=(self._missing_way(account, kind),))
        return GuardrailLayer(levels=tuple(self._level(target, kind) for target in way))

    def management_account_of(self, account: str) -> str | None:
        """The management account of the organization that an account is in, as far as that is known."""
        own = self._own_description(account).get("MasterAccountId")
        return own if isinstance(own, str) else self.management_account

    @cached_property
    def management_account(self) -> str | None:
        """The management account: from the description, or from any ARN of the organization."""
        described = self._organization.get("MasterAccountId")
        if isinstance(described, str):
            return described
        return next((arn.account for arn in self._arns() if arn.account and arn.account != "aws"), None)

    def id_of(self, account: str) -> str | None:
        """``o-…`` of an account that is known to be in an organization."""
        own = self._own_description(account).get("Id")
        if isinstance(own, str):
            return own
        known = account == self.management_account or account in self._parents
        return self._id if known else None

    @cached_property
    def _id(self) -> str | None:
        described = self._organization.get("Id")
        if isinstance(described, str):
            return described
        ids = (arn.resource.split("/") for arn in self._arns() if arn.account != "aws")
        return next((parts[1] for parts in ids if len(parts) > 1 and parts[1].startswith("o-")), None)

    def outside(self, account: str) -> bool:
        """Whether the account is known to be in no organization."""
        return self._outside(account)

    def way_to(self, account: str) -> tuple[str, ...] | None:
        """Ids from the root to the account, both included; ``None`` if a step is not known."""
        way = [account]
        while not way[-1].startswith("r-"):
            parent = self._parents.get(way[-1])
            if parent is None or len(way) > _MAX_DEPTH:
                return None
            way.append(parent)
        return tuple(reversed(way))

    def path_to(self, account: str) -> str | None:
        """``o-…/r-…/ou-…/``, as the key ``aws:PrincipalOrgPaths`` has it.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgpaths
        """
        way, organization = self.way_to(account), self.id_of(account)
        if way is None or organization is None:
            return None
        return "/".join((organization, *way[:-1], ""))

    def targets(self) -> tuple[str, ...]:
        """All ids that policies are known to be attached to."""
        found = {key.partition("/")[0]: None for key in self._lists}
        return tuple(found) + tuple(target for target, _ in self._changed if target not in found)

    def attached(self, target: str, kind: PolicyType) -> tuple[StoredPolicy, ...] | None:
        """The policies of one kind on one target; ``None`` if they were not collected."""
        changed = self._changed.get((target, kind))
        if changed is not None:
            return changed
        answer = self._lists.get(f"{target}/{kind}")
        if answer is None or (answer.value is None and answer.refusal is None):
            return None
        if answer.refusal is not None:
            return () if answer.refusal.code == "PolicyTypeNotEnabledException" else None
        return tuple(self._policy(row, kind) for row in answer.rows("Policies") if isinstance(row.get("Id"), str))

    @cached_property
    def _lists(self) -> Mapping[str, Answer]:
        return {answer.name: answer for answer in self._answers.of("", _SERVICE, "list-policies-for-target")}

    @cached_property
    def _organization(self) -> Mapping[str, object]:
        return self._description("")

    def _own_description(self, account: str) -> Mapping[str, object]:
        return self._description(account) if account else {}

    def _description(self, account: str) -> Mapping[str, object]:
        answer = self._answers.find(account, _SERVICE, "describe-organization")
        value = answer.field("Organization") if answer else None
        return value if isinstance(value, dict) else {}

    @cached_property
    def _parents(self) -> Mapping[str, str]:
        parents: dict[str, str] = {}
        for operation, key in (
            ("list-organizational-units-for-parent", "OrganizationalUnits"),
            ("list-accounts-for-parent", "Accounts"),
        ):
            for answer in self._answers.of("", _SERVICE, operation):
                for row in answer.rows(key):
                    parents[str(row.get("Id"))] = answer.name
        for answer in self._answers.of("", _SERVICE, "list-parents"):
            for row in answer.rows("Parents"):
                if isinstance(row.get("Id"), str):
                    parents[answer.name] = str(row["Id"])
        return parents

    @cached_property
    def _names(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for answer in self._answers.of("", _SERVICE, "list-roots"):
            found.update(_names(answer.rows("Roots")))
        for answer in self._answers.of("", _SERVICE, "list-organizational-units-for-parent"):
            found.update(_names(answer.rows("OrganizationalUnits")))
        for operation in ("list-accounts", "list-accounts-for-parent"):
            for answer in self._answers.of("", _SERVICE, operation):
                found.update(_names(answer.rows("Accounts")))
        return found

    def _outside(self, account: str) -> bool:
        if self._settings.no_organization or account in self._settings.no_organization_accounts:
            return True
        answer = self._answers.find(account, _SERVICE, "describe-organization") if account else None
        return bool(answer and answer.refusal and answer.refusal.code == "AWSOrganizationsNotInUseException")

    def _arns(self) -> Iterator[Arn]:
        for operation, key in (
            ("list-roots", "Roots"),
            ("list-accounts", "Accounts"),
            ("list-organizational-units-for-parent", "OrganizationalUnits"),
            ("list-accounts-for-parent", "Accounts"),
        ):
            for answer in self._answers.of("", _SERVICE, operation):
                for row in answer.rows(key):
                    arn = parse_arn(str(row.get("Arn")))
                    if arn is not None:
                        yield arn

    def _type_disabled(self, kind: PolicyType) -> bool:
        """Whether the organization has no policies of this kind: they are switched on at the root."""
        if self._organization.get("FeatureSet") == "CONSOLIDATED_BILLING":
            return True
        roots = [row for answer in self._answers.of("", _SERVICE, "list-roots") for row in answer.rows("Roots")]
        listed = [row["PolicyTypes"] for row in roots if isinstance(row.get("PolicyTypes"), list)]
        if not listed:
            return False
        types = [entry for entries in listed if isinstance(entries, list) for entry in entries]
        return not any(
            isinstance(entry, dict) and entry.get("Type") == kind.value and entry.get("Status") == "ENABLED"
            for entry in types
        )

    def _level(self, target: str, kind: PolicyType) -> Level:
        stored = self.attached(target, kind)
        name = self._names.get(target, "")
        if stored is None:
            missing = Missing(what=f"the {_WORDS[kind]} attached to {target}", supply=_list_command(target, kind))
            return Level(target=target, name=name, missing=(missing,))
        unread = tuple(
            Missing(what=f"the document of {policy.name} ({policy.arn})", supply=_describe_command(policy))
            for policy in stored
            if policy.value is None
        )
        policies = tuple(policy.attached_to(target) for policy in stored if policy.value is not None)
        return Level(target=target, name=name, policies=policies, missing=unread)

    def _policy(self, row: Mapping[str, object], kind: PolicyType) -> StoredPolicy:
        """One policy, the same record on every target: it is parsed once."""
        policy_id = str(row["Id"])
        found = self._read.get((policy_id, kind))
        if found is None:
            found = self._read[policy_id, kind] = self._stored(policy_id, row, kind)
        return found

    def _stored(self, policy_id: str, row: Mapping[str, object], kind: PolicyType) -> StoredPolicy:
        answer = self._answers.find("", _SERVICE, "describe-policy", policy_id)
        described = answer.field("Policy") if answer else None
        value = described.get("Content") if isinstance(described, dict) else None
        name = str(row.get("Name") or policy_id)
        if answer is not None and value is not None:
            origin, duplicates = answer.origin(("Policy", "Content"), value), answer.duplicates
        else:
            value, duplicates = _AWS_OWN.get(policy_id), Duplicates()
            origin = Origin(name=f"AWS managed policy {name}", value=value)
        return StoredPolicy(
            name=name,
            type=kind,
            form=PolicyForm.ORGANIZATION,
            value=value,
            origin=origin,
            arn=str(row.get("Arn") or policy_id),
            duplicates=duplicates,
        )

    def _missing_way(self, account: str, kind: PolicyType) -> Missing:
        what = f"the {_WORDS[kind]} of account {account} (its place in the organization is not known)"
        supply = f"aws organizations list-parents --child-id {account} > organization/list-parents/{account}.json"
        return Missing(what=what, supply=supply)


def _names(rows: list[dict[str, object]]) -> dict[str, str]:
    return {str(row.get("Id")): str(row.get("Name") or "") for row in rows}


def _missing_policies(account: str, kind: PolicyType) -> Missing:
    supply = "aws organizations describe-organization > organization/describe-organization.json"
    return Missing(what=f"the {_WORDS[kind]} of account {account}", supply=supply)


def _list_command(target: str, kind: PolicyType) -> str:
    path = f"organization/list-policies-for-target/{target}/{kind}.json"
    return f"aws organizations list-policies-for-target --target-id {target} --filter {kind} > {path}"


def _describe_command(policy: StoredPolicy) -> str:
    policy_id = (policy.arn or "").rpartition("/")[2]
    path = f"organization/describe-policy/{policy_id}.json"
    return f"aws organizations describe-policy --policy-id {policy_id} > {path}"
