"""Whose own policies differ between two states of one account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from sagepass.snapshot.identities import Identities

V = TypeVar("V")


def touched_principals(before: Identities, after: Identities) -> frozenset[str] | None:
    """ARNs of the users and roles whose policies may differ; ``None`` if a trust policy does, which may concern anyone.

    What a change leaves alone is the same object in both, so that nothing is read or parsed.
    """
    if before is after:
        return frozenset()
    principals = _differing(before.principals, after.principals)
    for arn in principals:
        old, new = before.principals.get(arn), after.principals.get(arn)
        if old is None or new is None or old.trust is not new.trust:
            return None
    groups = _differing(before.groups, after.groups)
    managed = _differing(before.managed, after.managed)
    for group in (*before.groups.values(), *after.groups.values()):
        if any(item.arn in managed for item in group.attached):
            groups.add(group.name)
    for arn, principal in after.principals.items():
        attached = principal.boundary in managed or any(item.arn in managed for item in principal.attached)
        if attached or not groups.isdisjoint(principal.groups):
            principals.add(arn)
    return frozenset(principals)


def _differing(before: Mapping[str, V], after: Mapping[str, V]) -> set[str]:
    return {key for key in before.keys() | after.keys() if before.get(key) is not after.get(key)}
