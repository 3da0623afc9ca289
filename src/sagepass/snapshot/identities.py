"""The users, groups, roles and managed policies of one account."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import TypeVar

from sagepass.catalog.managed_policies import managed_policy
from sagepass.policy.arn import parse_arn
from sagepass.policy.document import Policy, PolicyForm
from sagepass.policy.kinds import PolicyType
from sagepass.snapshot.layer import Layer, Missing
from sagepass.snapshot.principals import PrincipalKind, PrincipalRecord
from sagepass.snapshot.stored import StoredPolicy
from sagepass.source.finding import Finding
from sagepass.source.origin import Origin

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A managed policy that is attached: its name and ARN."""

    name: str
    arn: str


@dataclass(frozen=True, kw_only=True, eq=False)
class StoredGroup:
    """A group and its policies; ``missing`` is what the answer should say and does not."""

    arn: str
    name: str
    inline: tuple[StoredPolicy, ...] = ()
    attached: tuple[Attachment, ...] = ()
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class StoredPrincipal:
    """A user or a role as the answer describes it; ``missing`` is what the answer should say and does not."""

    arn: str
    kind: PrincipalKind
    name: str
    path: str
    unique_id: str = ""
    inline: tuple[StoredPolicy, ...] = ()
    attached: tuple[Attachment, ...] = ()
    groups: tuple[str, ...] = ()
    boundary: str | None = None
    trust: StoredPolicy | None = None
    tags: tuple[tuple[str, str], ...] = ()
    tags_known: bool = True
    description: str = ""
    max_session_duration: int | None = None
    missing: tuple[Missing, ...] = ()


def _nothing() -> Mapping[str, T]:
    return MappingProxyType({})


@dataclass(frozen=True, kw_only=True, eq=False)
class Identities:
    """What ``get-account-authorization-details`` says about one account.

    Attributes:
        account: the 12-digit account.
        principals: by ARN.
        groups: by name.
        managed: managed policies by ARN.
        truncated: pages of the answer are missing.
        findings: what is wrong with the answer.
    """

    account: str
    principals: Mapping[str, StoredPrincipal] = field(default_factory=_nothing)
    groups: Mapping[str, StoredGroup] = field(default_factory=_nothing)
    managed: Mapping[str, StoredPolicy] = field(default_factory=_nothing)
    truncated: bool = False
    findings: tuple[Finding, ...] = ()

    @cached_property
    def _records(self) -> dict[str, PrincipalRecord]:
        return {}

    @cached_property
    def _roles(self) -> dict[str, str]:
        roles = [item for item in self.principals.values() if item.kind is PrincipalKind.ROLE]
        named = Counter(role.name for role in roles)
        return {role.name: role.arn for role in roles if named[role.name] == 1}

    def find(self, arn: str) -> PrincipalRecord | None:
        """The user or role of this ARN."""
        if arn not in self._records:
            principal = self.principals.get(arn)
            if principal is None:
                return None
            self._records[arn] = self.record(principal)
        return self._records[arn]

    def role_named(self, name: str) -> PrincipalRecord | None:
        """The role of this name; an account has at most one, so of several that were saved none is known to be it."""
        arn = self._roles.get(name)
        return None if arn is None else self.find(arn)

    def record(self, principal: StoredPrincipal) -> PrincipalRecord:
        """The principal with all its policies."""
        return PrincipalRecord(
            arn=principal.arn,
            kind=principal.kind,
            account=self.account,
            name=principal.name,
            path=principal.path,
            unique_id=principal.unique_id,
            tags=principal.tags,
            tags_known=principal.tags_known,
            groups=principal.groups,
            description=principal.description,
            max_session_duration=principal.max_session_duration,
            read_identity=lambda: self._identity(principal),
            read_boundary=lambda: self._boundary(principal),
            read_trust=lambda: _trust(principal),
        )

    def managed_policy(self, arn: str) -> StoredPolicy | None:
        """A managed policy's default version: from the answers, or else AWS's own from the catalog."""
        stored = self.managed.get(arn)
        if stored is not None:
            return stored
        return _aws_managed(arn)

    def _identity(self, principal: StoredPrincipal) -> Layer:
        policies = [policy.attached_to(principal.arn) for policy in principal.inline]
        missing = list(principal.missing)
        self._add_attached(principal.attached, principal.arn, policies, missing)
        for name in principal.groups:
            group = self.groups.get(name)
            if group is None:
                missing.append(_missing_group(self.account, name))
                continue
            missing += group.missing
            policies += [policy.attached_to(group.arn) for policy in group.inline]
            self._add_attached(group.attached, group.arn, policies, missing)
        return Layer(policies=tuple(policies), exists=True, missing=tuple(missing))

    def _add_attached(
        self, attached: tuple[Attachment, ...], holder: str, policies: list[Policy], missing: list[Missing]
    ) -> None:
        for attachment in attached:
            stored = self.managed_policy(attachment.arn)
            if stored is None:
                missing.append(missing_managed(self.account, attachment))
            else:
                policies.append(stored.attached_to(holder, as_type=PolicyType.IDENTITY_BASED_POLICY))

    def _boundary(self, principal: StoredPrincipal) -> Layer:
        if principal.boundary is None:
            return Layer()
        stored = self.managed_policy(principal.boundary)
        if stored is None:
            attachment = Attachment(principal.boundary.rpartition("/")[2], principal.boundary)
            return Layer(exists=True, missing=(missing_managed(self.account, attachment),))
        policy = stored.attached_to(principal.arn, as_type=PolicyType.PERMISSIONS_BOUNDARY)
        return Layer(policies=(policy,), exists=True)


def _trust(principal: StoredPrincipal) -> Layer:
    if principal.kind is PrincipalKind.USER:
        return Layer()
    if principal.trust is None:
        command = f"aws iam get-role --role-name {principal.name}"
        return Layer(exists=True, missing=(Missing(what=f"the trust policy of {principal.arn}", supply=command),))
    return Layer(policies=(principal.trust.attached_to(principal.arn),), exists=True)


def missing_managed(account: str, attachment: Attachment) -> Missing:
    """What to say of a managed policy whose document was not collected."""
    version = f"$(aws iam get-policy --policy-arn {attachment.arn} --query Policy.DefaultVersionId --output text)"
    return Missing(
        what=f"the managed policy {attachment.name} ({attachment.arn})",
        supply=(
            f'aws iam get-policy-version --policy-arn {attachment.arn} --version-id "{version}"'
            f" > accounts/{account}/iam/get-policy-version/{attachment.name}.json"
        ),
    )


def details_command(account: str) -> str:
    """The command that collects an account's users, groups, roles and policies."""
    return (
        "aws iam get-account-authorization-details --output json"
        f" > accounts/{account}/iam/get-account-authorization-details.json"
    )


def _missing_group(account: str, name: str) -> Missing:
    return Missing(what=f"the policies of the group {name} of {account}", supply=details_command(account))


@lru_cache(maxsize=2048)
def _aws_managed(arn: str) -> StoredPolicy | None:
    """AWS's own policy; kept, so that it is parsed once for all that it is attached to."""
    parts = parse_arn(arn)
    if parts is None or parts.account != "aws" or parts.partition != "aws":
        return None
    known = managed_policy(arn)
    if known is None:
        return None
    name = f"AWS managed policy {known.name}, version {known.version} of {known.date}"
    return StoredPolicy(
        name=known.name,
        type=PolicyType.IDENTITY_BASED_POLICY,
        form=PolicyForm.AWS_MANAGED,
        value=known.document,
        origin=Origin(name=name, value=known.document),
        arn=arn,
    )
