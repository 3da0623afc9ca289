"""What two states of an account describe in the same words, told from the answers alone: no policy is parsed for it.

Equal words say the same; unequal words may, and only who reads the policies can tell.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sagepass.snapshot.identities import Identities, StoredGroup, StoredPrincipal
from sagepass.snapshot.stored import StoredPolicy


@dataclass(frozen=True, slots=True)
class Alike:
    """ARNs that both states have.

    Attributes:
        policies: users and roles with the same own, attached and group policies, boundary, tags and unique id.
        trust: roles with the same trust policy and tags.
    """

    policies: frozenset[str] = frozenset()
    trust: frozenset[str] = frozenset()


def alike(before: Identities | None, after: Identities | None) -> Alike:
    """Compare two states of one account; an account that one of them lacks has nothing in common."""
    if before is None or after is None:
        return Alike()
    managed = {arn for arn in before.managed.keys() | after.managed.keys() if not _same_managed(before, after, arn)}
    groups = {
        name
        for name in before.groups.keys() | after.groups.keys()
        if not _same_group(before.groups.get(name), after.groups.get(name), managed)
    }
    policies, trust = set(), set()
    for arn, new in after.principals.items():
        old = before.principals.get(arn)
        if old is None or (old.kind, old.tags, old.tags_known) != (new.kind, new.tags, new.tags_known):
            continue
        if _same_principal(old, new, managed, groups):
            policies.add(arn)
        if old.trust is not None and new.trust is not None and _same_policy(old.trust, new.trust):
            trust.add(arn)
    return Alike(frozenset(policies), frozenset(trust))


def _same_principal(old: StoredPrincipal, new: StoredPrincipal, managed: set[str], groups: set[str]) -> bool:
    described = (old.unique_id, old.path, old.attached, old.groups, old.boundary, old.missing)
    if described != (new.unique_id, new.path, new.attached, new.groups, new.boundary, new.missing):
        return False
    if (
        new.boundary in managed
        or not groups.isdisjoint(new.groups)
        or any(item.arn in managed for item in new.attached)
    ):
        return False
    return _same_policies(old.inline, new.inline)


def _same_group(old: StoredGroup | None, new: StoredGroup | None, managed: set[str]) -> bool:
    if old is None or new is None or (old.arn, old.attached, old.missing) != (new.arn, new.attached, new.missing):
        return False
    return not any(item.arn in managed for item in new.attached) and _same_policies(old.inline, new.inline)


def _same_managed(before: Identities, after: Identities, arn: str) -> bool:
    old, new = before.managed.get(arn), after.managed.get(arn)
    return old is not None and new is not None and _same_policy(old, new)


def _same_policies(old: Iterable[StoredPolicy], new: Iterable[StoredPolicy]) -> bool:
    one, other = tuple(old), tuple(new)
    return len(one) == len(other) and all(map(_same_policy, one, other))


def _same_policy(old: StoredPolicy, new: StoredPolicy) -> bool:
    """Whether both documents are the same text but for white space; a doubled key is not in the value, so it never is."""
    if old.type is not new.type or old.duplicates or new.duplicates:
        return False
    if old.value is new.value:
        return True
    return old.value == new.value and repr(old.value) == repr(new.value)  # 1 == True, and IAM tells them apart
