"""Changes of policies, applied to a copy: what a proposed edit would make of the account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sagepass.policy.document import PolicyForm
from sagepass.policy.kinds import PolicyType
from sagepass.snapshot.errors import SnapshotError
from sagepass.snapshot.identities import Attachment, Identities, StoredGroup, StoredPrincipal
from sagepass.snapshot.stored import StoredPolicy
from sagepass.source.origin import Origin

_MANAGED = frozenset({PolicyForm.CUSTOMER_MANAGED, PolicyForm.AWS_MANAGED})


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyChange:
    """One policy that is put, replaced or taken away.

    Attributes:
        holder: ARN of the user, group, role or resource; id of the organization target or of the VPC endpoint; ARN of
            the session for a session policy.
        type: what the policy is in the authorization.
        name: its name; for a managed policy the name under which it is attached.
        form: where it lives. Changing a managed policy changes it for everyone it is attached to.
        document: the new document; ``None`` takes the policy away (a managed one is detached, not deleted).
        arn: of a managed policy or an organization policy; needed only to attach one that is not attached yet.
    """

    holder: str
    type: PolicyType
    name: str
    form: PolicyForm
    document: object = None
    arn: str | None = None

    def stored(self, before: StoredPolicy | None = None) -> StoredPolicy:
        """The policy after the change."""
        label = f"changed policy {self.name} of {self.holder}"
        if before is not None:
            return before.with_document(self.document, label)
        return StoredPolicy(
            name=self.name,
            type=self.type,
            form=self.form,
            value=self.document,
            origin=Origin(name=label, value=self.document),
            arn=self.arn,
        )


def change_list(policies: tuple[StoredPolicy, ...], change: PolicyChange) -> tuple[StoredPolicy, ...]:
    """Put, replace or take away one policy of a list; it is found by its ARN, else by its name."""
    position = next((index for index, policy in enumerate(policies) if _same(policy, change)), None)
    if change.document is None:
        return tuple(policy for index, policy in enumerate(policies) if index != position)
    if position is None:
        return (*policies, change.stored())
    return (*policies[:position], change.stored(policies[position]), *policies[position + 1 :])


def change_identities(identities: Identities, change: PolicyChange) -> Identities:
    """Apply a change to a user, group or role.

    Raises:
        SnapshotError: there is no such user, group or role.
    """
    principal = identities.principals.get(change.holder)
    if principal is not None:
        return _change_principal(identities, principal, change)
    group = next((group for group in identities.groups.values() if group.arn == change.holder), None)
    if group is None or change.type is not PolicyType.IDENTITY_BASED_POLICY:
        raise SnapshotError(f"there is no user, group or role {change.holder} to change", remedy="check the ARN")
    attached, inline, managed = _change_policies(identities, group, change)
    changed = replace(group, attached=attached, inline=inline)
    return replace(identities, groups={**identities.groups, group.name: changed}, managed=managed)


def _change_principal(identities: Identities, principal: StoredPrincipal, change: PolicyChange) -> Identities:
    managed = identities.managed
    match change.type:
        case PolicyType.ROLE_TRUST_POLICY | PolicyType.RESOURCE_BASED_POLICY:
            trust = replace(change, type=PolicyType.ROLE_TRUST_POLICY, form=PolicyForm.TRUST)
            changed = replace(principal, trust=None if change.document is None else trust.stored(principal.trust))
        case PolicyType.PERMISSIONS_BOUNDARY:
            changed, managed = _change_boundary(identities, principal, change)
        case PolicyType.IDENTITY_BASED_POLICY:
            attached, inline, managed = _change_policies(identities, principal, change)
            changed = replace(principal, attached=attached, inline=inline)
        case _:
            raise SnapshotError(f"a {change.type} is not attached to {change.holder}", remedy="check the policy's type")
    principals = {**identities.principals, principal.arn: changed}
    return replace(identities, principals=principals, managed=managed)


def _change_boundary(
    identities: Identities, principal: StoredPrincipal, change: PolicyChange
) -> tuple[StoredPrincipal, Mapping[str, StoredPolicy]]:
    if change.document is None:
        return replace(principal, boundary=None), identities.managed
    arn = change.arn or principal.boundary or _policy_arn(principal.arn, change.name)
    before = identities.managed_policy(arn)
    managed = {**identities.managed, arn: replace(change, arn=arn).stored(before)}
    return replace(principal, boundary=arn), managed


def _change_policies(
    identities: Identities, holder: StoredPrincipal | StoredGroup, change: PolicyChange
) -> tuple[tuple[Attachment, ...], tuple[StoredPolicy, ...], Mapping[str, StoredPolicy]]:
    if change.form not in _MANAGED:
        return holder.attached, change_list(holder.inline, change), identities.managed
    present = next((item for item in holder.attached if change.arn == item.arn), None) or next(
        (item for item in holder.attached if change.arn is None and change.name == item.name), None
    )
    if change.document is None:
        return tuple(item for item in holder.attached if item != present), holder.inline, identities.managed
    arn = present.arn if present else change.arn or _policy_arn(holder.arn, change.name)
    attached = holder.attached if present else (*holder.attached, Attachment(change.name, arn))
    stored = replace(change, arn=arn).stored(identities.managed_policy(arn))
    return attached, holder.inline, {**identities.managed, arn: stored}


def _policy_arn(holder: str, name: str) -> str:
    return f"{holder.rpartition(':')[0]}:policy/{name}"


def _same(policy: StoredPolicy, change: PolicyChange) -> bool:
    return policy.arn == change.arn if change.arn is not None else policy.name == change.name
