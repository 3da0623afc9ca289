"""The snapshot: everything that is known of the accounts, looked up by the names that requests use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from sagepass.policy.arn import Arn, is_account_id, parse_arn
from sagepass.policy.document import PolicyForm
from sagepass.policy.kinds import PolicyType
from sagepass.snapshot.added import AddedPrincipal, add_principals
from sagepass.snapshot.answers import Answers
from sagepass.snapshot.changed import Changed, changed_with
from sagepass.snapshot.changes import PolicyChange
from sagepass.snapshot.describes import describe
from sagepass.snapshot.details import AccountDetails
from sagepass.snapshot.errors import SnapshotError
from sagepass.snapshot.gaps import Gap, find_gaps
from sagepass.snapshot.grants import Grant, key_grants
from sagepass.snapshot.identities import Identities, details_command
from sagepass.snapshot.layer import GuardrailLayer, Layer, Missing
from sagepass.snapshot.load import load_answers, memory_answers, memory_folder
from sagepass.snapshot.nearest import nearest_principals
from sagepass.snapshot.organization import Organization
from sagepass.snapshot.permission_sets import PermissionSet, find_permission_set
from sagepass.snapshot.principals import PrincipalRecord
from sagepass.snapshot.regions import regions_in
from sagepass.snapshot.resource_policies import ResourcePolicies
from sagepass.snapshot.settings import Settings
from sagepass.snapshot.stored import StoredPolicy
from sagepass.snapshot.tags import resource_tags
from sagepass.snapshot.touched import touched_principals
from sagepass.snapshot.vpc_endpoints import VpcEndpoint, endpoint_layer, vpc_endpoints
from sagepass.source.finding import Finding

Policies = tuple[StoredPolicy, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Snapshot:
    """The saved answers of AWS about one or more accounts.

    It never changes; files are read when something in them is asked for. What was not collected is answered with a
    :class:`~sagepass.snapshot.layer.Missing` that names the command which collects it.

    Attributes:
        name: what people call it: the path as they gave it.
        memo: what was worked out from the snapshot and holds as long as it does (its compiled form).
    """

    name: str
    _answers: Answers
    _details: AccountDetails
    _resources: ResourcePolicies
    _settings: Settings = field(default_factory=Settings)
    _noted: tuple[Finding, ...] = ()
    _changed: Changed = field(default_factory=Changed)
    memo: dict[str, object] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def load(cls, path: str | Path, *, beside: Snapshot | None = None) -> Snapshot:
        """Read a snapshot folder, or one file with an account's authorization details.

        Args:
            path: the folder or the file.
            beside: another snapshot that it is going to be compared with; files that are the same in both are parsed once.

        Raises:
            SnapshotError: nothing usable is there; the message names the file, the place in it and the remedy.
        """
        answers, settings, findings = load_answers(Path(path), str(path))
        if beside is not None:
            answers = answers.beside(beside.answers())
        snapshot = cls.from_answers(answers, str(path), settings=settings, findings=tuple(findings))
        if not _usable(snapshot):
            raise _nothing_usable(snapshot)
        return snapshot

    @classmethod
    def from_authorization_details(cls, value: object, name: str = "<authorization details>") -> Snapshot:
        """A snapshot of one parsed answer of ``get-account-authorization-details``, or of a list of its pages.

        Raises:
            SnapshotError: the value is no such answer.
        """
        return cls.from_answers(memory_answers(value, name), name)

    @classmethod
    def from_files(cls, files: Mapping[str, object], name: str) -> Snapshot:
        """A snapshot of the files of a folder that were read elsewhere: path inside the folder to parsed content."""
        answers, settings = memory_folder(files, name)
        return cls.from_answers(answers, name, settings=settings)

    @classmethod
    def from_answers(
        cls, answers: Answers, name: str, *, settings: Settings | None = None, findings: tuple[Finding, ...] = ()
    ) -> Snapshot:
        """A snapshot of answers that were read or built elsewhere."""
        return cls(
            name=name,
            _answers=answers,
            _details=AccountDetails(answers),
            _resources=ResourcePolicies(answers),
            _settings=settings or Settings(),
            _noted=findings,
        )

    # what there is

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with the files as a whole. Asking reads every file; policies report on their own documents."""
        unreadable = [finding for answer in self._answers if (finding := answer.finding) is not None]
        return (*self._noted, *self._settings.findings, *unreadable, *self._details.findings())

    @property
    def accounts(self) -> tuple[str, ...]:
        """The accounts that have any answer, sorted."""
        return self._details.accounts

    def has_account(self, account: str) -> bool:
        """Whether the users, groups and roles of the account are known."""
        return self._identities(account) is not None

    def incomplete(self, account: str) -> Missing | None:
        """Set where pages of the account's answer are missing: a principal that is not found may be on them."""
        identities = self._identities(account)
        if identities is None or not identities.truncated:
            return None
        return Missing(
            what=f"the last pages of the authorization details of account {account}", supply=details_command(account)
        )

    @property
    def default_region(self) -> str | None:
        """The Region that ``snapshot.json`` states."""
        return self._settings.default_region

    @cached_property
    def regions_named(self) -> tuple[str, ...]:
        """The Regions that ARNs in the policies name, sorted. Asking reads all policies."""
        return regions_in(self._answers)

    # principals

    def principal(self, arn: str) -> PrincipalRecord | None:
        """The user or role behind an ARN; ``None`` if it is not in the snapshot, or no IAM identity.

        A role session is found by the role's name, because its ARN lacks the role's path
        (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html); names of roles are unique in an
        account. A federated user session has no identity of its own.
        """
        parts = parse_arn(arn)
        identities = self._identities(parts.account) if parts else None
        if parts is None or identities is None:
            return None
        if parts.service == "sts":
            kind, _, rest = parts.resource.partition("/")
            role = identities.role_named(rest.partition("/")[0]) if kind == "assumed-role" else None
            return role if role is not None and role.arn.startswith(f"arn:{parts.partition}:") else None
        return identities.find(arn)

    def principals(self, account: str | None = None) -> Iterator[PrincipalRecord]:
        """All users and roles, of all accounts or of one."""
        for number in self.accounts if account is None else (account,):
            identities = self._identities(number)
            if identities is not None:
                yield from (record for arn in identities.principals if (record := identities.find(arn)) is not None)

    def nearest_principals(self, arn: str) -> tuple[str, ...]:
        """ARNs that may have been meant: the same name with another path, kind or account first, then similar names."""
        known = [arn for account in self.accounts if (found := self._identities(account)) for arn in found.principals]
        return nearest_principals(arn, known)

    def group_members(self, arn: str) -> tuple[str, ...]:
        """ARNs of the users in a group, whom its policies reach."""
        parts = parse_arn(arn)
        identities = self._identities(parts.account) if parts else None
        name = arn.rpartition("/")[2]
        members = identities.principals.values() if identities else ()
        return tuple(principal.arn for principal in members if name in principal.groups)

    def attached_to(self, policy_arn: str, account: str) -> tuple[str, ...]:
        """ARNs of the users, groups and roles of an account that a managed policy is attached to."""
        identities = self._identities(account)
        if identities is None:
            return ()
        attached = [(group.arn, group.attached) for group in identities.groups.values()]
        attached += [(principal.arn, principal.attached) for principal in identities.principals.values()]
        return tuple(arn for arn, items in attached if any(item.arn == policy_arn for item in items))

    def permission_set(self, role: PrincipalRecord) -> PermissionSet | None:
        """The permission set of IAM Identity Center behind a reserved role, as far as it was collected."""
        return find_permission_set(self._answers, role)

    def session_policies(self, session_arn: str) -> Layer | None:
        """The session policies that ``snapshot.json`` states for a session; ``None`` if it says nothing about it."""
        stored = self.stored_session_policies(session_arn)
        if stored is None:
            return None
        return Layer(policies=tuple(policy.attached_to(session_arn) for policy in stored), exists=bool(stored))

    def stored_session_policies(self, session_arn: str) -> Policies | None:
        """The same policies as they are stored."""
        return self._changed.sessions.get(session_arn, self._settings.session_policies.get(session_arn))

    # the organization

    def control_policies_on(self, target: str, kind: PolicyType) -> Policies | None:
        """The service or resource control policies on one root, unit or account; ``None`` if they were not collected."""
        return self._organization.attached(target, kind)

    def control_targets(self) -> tuple[str, ...]:
        """Ids of the roots, units and accounts whose control policies are known."""
        return self._organization.targets()

    @cached_property
    def _organization(self) -> Organization:
        return Organization(self._answers, self._settings, self._changed.controls)

    def service_control(self, account: str) -> GuardrailLayer:
        """The service control policies over an account, root first."""
        return self._organization.control_policies(account, PolicyType.SERVICE_CONTROL_POLICY)

    def resource_control(self, account: str) -> GuardrailLayer:
        """The resource control policies over an account, root first."""
        return self._organization.control_policies(account, PolicyType.RESOURCE_CONTROL_POLICY)

    @property
    def management_account(self) -> str | None:
        """The management account of the organization, if it is known."""
        return self._organization.management_account

    def organization_id(self, account: str) -> str | None:
        """``o-…`` of an account that is known to be in an organization, else ``None``."""
        return self._organization.id_of(account)

    def organization_path(self, account: str) -> str | None:
        """``o-…/r-…/ou-…/`` of an account, else ``None``."""
        return self._organization.path_to(account)

    def outside_organization(self, account: str) -> bool:
        """Whether the account is known to belong to no organization."""
        return self._organization.outside(account)

    # resources

    def resource_policy(self, arn: str) -> Layer:
        """The policies of the resource that decides requests to ``arn``: the bucket of an object, the key of an alias.

        For a role that is its trust policy. ``exists`` is false where the resource has no policy or AWS defines none
        for its type; a policy that was not collected is in ``missing``.
        """
        parts = parse_arn(arn)
        if parts is None:
            return Layer() if arn == "*" else Layer(missing=(Missing(what=f"the resource-based policy of {arn}"),))
        if parts.service == "iam":
            return self._trust(arn, parts)
        layer = self._resources.layer(parts)
        holder = self._resources.holder_arn(parts)
        changed = self._changed.resources.get(holder)
        if changed is None:
            return layer
        still_missing = tuple(missing for missing in layer.missing if missing.grants_only)
        shared = (policy for policy in layer.policies if policy.form is PolicyForm.RAM_SHARE)
        policies = (*(policy.attached_to(holder) for policy in changed), *shared)
        return Layer(policies=policies, exists=bool(policies), missing=still_missing)

    def resource_holder(self, arn: str) -> str:
        """The ARN of the resource that carries the policy for ``arn``; the ARN itself where none is known."""
        parts = parse_arn(arn)
        return self._resources.holder_arn(parts) if parts else arn

    def stored_resource_policies(self, arn: str) -> Policies:
        """The policies that are attached to the holder itself, as they are stored."""
        parts = parse_arn(arn)
        return self._resources.stored(parts) if parts else ()

    def key_grants(self, key_arn: str) -> tuple[tuple[Grant, ...], tuple[Missing, ...]]:
        """The grants of a KMS key (or of the key behind an alias), and what was not collected."""
        parts = parse_arn(key_arn)
        if parts is None or parts.service != "kms":
            return (), ()
        key = parse_arn(self._resources.holder_arn(parts))
        return key_grants(self._answers, key or parts)

    def vpc_endpoint(self, vpce_id: str) -> Layer:
        """The policy of a VPC endpoint."""
        changed = self._changed.endpoints.get(vpce_id)
        if changed is not None:
            return Layer(policies=tuple(policy.attached_to(vpce_id) for policy in changed), exists=bool(changed))
        return endpoint_layer(self._answers, vpce_id)

    def vpc_endpoints(self, account: str | None = None) -> Iterator[VpcEndpoint]:
        """The VPC endpoints that were collected, of all accounts or of one."""
        return vpc_endpoints(self._answers, account)

    def resource_tags(self, arn: str) -> tuple[tuple[str, str], ...] | None:
        """The tags of a resource; ``None`` if they were not collected."""
        parts = parse_arn(arn)
        if parts is None:
            return None
        if parts.service == "iam":
            record = self.principal(arn)
            return record.tags if record and record.tags_known else None
        return resource_tags(self._answers, parts, self._resources.account_of(parts) or "")

    def resource_account(self, arn: str) -> str | None:
        """The account that owns a resource; a bucket's is the one whose answers name it.

        ``None`` if nothing says, as for an ARN whose account is a wildcard or that of AWS itself.
        """
        parts = parse_arn(arn)
        found = self._resources.account_of(parts) if parts else None
        return found if found is not None and is_account_id(found) else None

    def describe(self, arn: str) -> Mapping[str, object] | None:
        """A saved Describe answer about a resource; ``None`` if there is none."""
        parts = parse_arn(arn)
        return describe(self._answers, parts) if parts else None

    # what if, and what is missing

    def with_changes(self, changes: Sequence[PolicyChange]) -> Snapshot:
        """A copy with policies put, replaced or taken away, one after the other.

        All that the changes do not touch is shared: policies that were parsed and indexed are not parsed again.

        Raises:
            SnapshotError: a change names a user, group or role that is not in the snapshot.
        """
        changed = self
        for change in changes:
            changed = changed._under(changed_with(changed, change))
        return changed

    def _under(self, changed: Changed) -> Snapshot:
        """The same answers under other changes; what was read and parsed of them stays so."""
        other = replace(self, _changed=changed)
        kept = self.__dict__.get("_organization")
        if isinstance(kept, Organization):
            other.__dict__["_organization"] = kept.with_changed(changed.controls)
        return other

    def with_resource_answers(self, answers: Answers) -> Snapshot:
        """A copy that reads resources (policies, grants, tags) from other answers; accounts and the organization are shared.

        The other answers have to say the same of identities and of the organization.
        """
        other = replace(self, _answers=answers, _resources=ResourcePolicies(answers))
        kept = self.__dict__.get("_organization")
        if isinstance(kept, Organization):
            other.__dict__["_organization"] = kept
        return other

    def differs_by_changes_only(self, other: Snapshot) -> bool:
        """Whether both are one snapshot under changes of policies: tags, owners and the organization are the same."""
        return self._answers is other._answers and self._settings is other._settings

    def touched_in(self, other: Snapshot) -> frozenset[str] | None:
        """ARNs of the users and roles for whom an answer can differ in another snapshot; ``None`` if that may be anyone.

        Told of snapshots that :meth:`with_changes` made of one another, where only policies of identities differ.
        """
        own, theirs = self._changed, other._changed
        alike = (
            dict(own.resources) == dict(theirs.resources)
            and dict(own.endpoints) == dict(theirs.endpoints)
            and dict(own.sessions) == dict(theirs.sessions)
            and dict(own.controls) == dict(theirs.controls)
        )
        if not alike or not self.differs_by_changes_only(other):
            return None
        found: set[str] = set()
        for account in own.identities.keys() | theirs.identities.keys():
            before, after = self._identities(account), other._identities(account)
            touched = None if before is None or after is None else touched_principals(before, after)
            if touched is None:
                return None
            found |= touched
        return frozenset(found)

    def without_organization(self) -> Snapshot:
        """A copy for which the user states that no account belongs to an organization."""
        return replace(self, _settings=replace(self._settings, no_organization=True))

    def with_principals(self, added: Sequence[AddedPrincipal], *, outsiders: Sequence[str] = ()) -> Snapshot:
        """A copy in which these users and roles exist as well; ``outsiders`` are accounts that are in no organization.

        Raises:
            SnapshotError: an ARN is not that of a user or role.
        """
        known = {principal.account: self._identities(principal.account) for principal in added}
        identities = {**self._changed.identities, **add_principals(known, added)}
        outside = self._settings.no_organization_accounts | frozenset(outsiders)
        return replace(
            self,
            _changed=replace(self._changed, identities=identities),
            _settings=replace(self._settings, no_organization_accounts=outside),
        )

    def check(self) -> list[Gap]:
        """What is missing, what that costs, and the one command that supplies each."""
        return find_gaps(self)

    @property
    def changes(self) -> Changed:
        """What :meth:`with_changes` has put over the saved answers."""
        return self._changed

    def answers(self) -> Answers:
        """The saved answers themselves."""
        return self._answers

    def identities(self, account: str) -> Identities | None:
        """Users, groups, roles and managed policies of an account as they are stored."""
        return self._identities(account)

    def _identities(self, account: str) -> Identities | None:
        return self._changed.identities.get(account) or self._details.identities(account)

    def _trust(self, arn: str, parts: Arn) -> Layer:
        if not parts.resource.startswith("role/"):
            return Layer()
        record = self.principal(arn)
        if record is not None:
            return record.trust
        what = f"the trust policy of {arn}"
        if self.has_account(parts.account):
            what += " (the snapshot has no such role)"
        return Layer(exists=True, missing=(Missing(what=what, supply=details_command(parts.account)),))


def _usable(snapshot: Snapshot) -> bool:
    if any(answer.service != "iam" and answer.error is None for answer in snapshot.answers()):
        return True
    return any(snapshot.has_account(account) for account in snapshot.accounts)


def _nothing_usable(snapshot: Snapshot) -> SnapshotError:
    errors = [finding for finding in snapshot.findings if finding.severity == "error"]
    if not errors:
        return SnapshotError(
            f"{snapshot.name} holds nothing that a snapshot consists of",
            remedy=f"start with: {details_command('<account>')}",
        )
    first = errors[0]
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return SnapshotError(f"{first.document}: {first.message}{more}", remedy=first.remedy)
