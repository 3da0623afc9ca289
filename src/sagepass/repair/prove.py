"""The proof of a fix: with its edits nothing becomes allowed beyond what it says it grants, for anybody."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from sagepass.catalog.dates import catalog_date
from sagepass.policy.arn import parse_arn
from sagepass.policy.document import PolicyForm
from sagepass.policy.kinds import PolicyType
from sagepass.policy.parse_statement import action_is_well_formed
from sagepass.proof.change import ChangeProof, prove_change
from sagepass.proof.change_scope import Scope
from sagepass.proof.changed_statements import DocumentChange
from sagepass.repair.fix import Edit
from sagepass.snapshot.snapshot import Snapshot

_MANAGED = frozenset({PolicyForm.CUSTOMER_MANAGED, PolicyForm.AWS_MANAGED})
_MOST_HOLDERS = 40
"""Principals of one policy that are looked at one by one; a policy that reaches more is not proven."""


def prove_fix(
    edits: Sequence[Edit], grants: Sequence[tuple[str, str, str, str]], snapshot: Snapshot
) -> ChangeProof | None:
    """The proof for some edits.

    Args:
        edits: what changes.
        grants: what the fix says that it grants, as :attr:`sagepass.repair.fix.Fix.grants_data` has it.
        snapshot: tells whom else a policy reaches.

    Returns:
        ``None`` where there is nothing to prove: no edits, or a grant that is stated in words only.
    """
    scope = [_scope(row) for row in grants]
    stated = [item for item in scope if item is not None]
    changes = [change for edit in edits for change in _changes(edit, snapshot)]
    if not changes or not stated or len(stated) != len(scope) or len(changes) > _MOST_HOLDERS:
        return None
    return prove_change(changes, stated, catalog=catalog_date())


def _scope(row: tuple[str, str, str, str]) -> Scope | None:
    principal, action, resource, conditions = row
    actions, resources = tuple(action.split(", ")), tuple(resource.split(", "))
    if not all(action_is_well_formed(item) for item in actions):
        return None
    if not all(item == "*" or item.startswith("arn:") for item in resources):
        return None
    found = json.loads(conditions) if conditions else {}
    return Scope(principal=principal, actions=actions, resources=resources, conditions=found)


def _changes(edit: Edit, snapshot: Snapshot) -> Iterator[DocumentChange]:
    """The change for everyone whom the policy reaches."""
    for policy_type, holder in _places(edit, snapshot):
        yield DocumentChange(policy_type=policy_type, holder=holder, before=edit.before, after=edit.change.document)


def _places(edit: Edit, snapshot: Snapshot) -> Iterator[tuple[PolicyType, str]]:
    change = edit.change
    match edit.policy_type:
        case PolicyType.IDENTITY_BASED_POLICY | PolicyType.PERMISSIONS_BOUNDARY:
            if change.document is None or change.form not in _MANAGED or change.arn is None:
                for holder in _members(change.holder, snapshot):
                    yield edit.policy_type, holder
                return
            yield from _everywhere(change.arn, snapshot)
        case PolicyType.SERVICE_CONTROL_POLICY | PolicyType.RESOURCE_CONTROL_POLICY:
            yield edit.policy_type, change.holder
            for target in snapshot.control_targets():
                same = [item for item in snapshot.control_policies_on(target, edit.policy_type) or () if item.arn]
                if target != change.holder and any(item.name == change.name for item in same):
                    yield edit.policy_type, target
        case _:
            yield edit.policy_type, change.holder


def _everywhere(arn: str, snapshot: Snapshot) -> Iterator[tuple[PolicyType, str]]:
    """Everyone to whom a managed policy is attached, and everyone whose boundary it is."""
    parts = parse_arn(arn)
    identities = snapshot.identities(parts.account) if parts else None
    if parts is None or identities is None:
        return
    for holder in snapshot.attached_to(arn, parts.account):
        for member in _members(holder, snapshot):
            yield PolicyType.IDENTITY_BASED_POLICY, member
    for principal in identities.principals.values():
        if principal.boundary == arn:
            yield PolicyType.PERMISSIONS_BOUNDARY, principal.arn


def _members(holder: str, snapshot: Snapshot) -> tuple[str, ...]:
    return snapshot.group_members(holder) if ":group/" in holder else (holder,)
