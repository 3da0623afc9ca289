"""Policies before and after a change, cut down to the statements that change."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sagepass.policy.caller import CallerKind, parse_caller
from sagepass.policy.document import Document
from sagepass.policy.kinds import PolicyType
from sagepass.policy.parse import parse_document
from sagepass.proof.who import Who
from sagepass.source.origin import Origin

OF_PRINCIPALS = frozenset(
    {PolicyType.IDENTITY_BASED_POLICY, PolicyType.PERMISSIONS_BOUNDARY, PolicyType.SESSION_POLICY}
)
"""Types of policies that are attached to the principals that they are about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentChange:
    """One policy that changes.

    Attributes:
        policy_type: what it is.
        holder: what it is attached to: a principal, a resource, or a target in the organization.
        before: the document as JSON values; ``None`` for a policy that does not exist yet.
        after: the document as it shall be; ``None`` for one that is taken away.
    """

    policy_type: PolicyType
    holder: str
    before: object | None
    after: object | None


Layer: TypeAlias = tuple[PolicyType, str]
Parts: TypeAlias = list[tuple[Document, Document, str]]


def layers_of(changes: Sequence[DocumentChange]) -> dict[Layer, Parts]:
    """The changes by layer; policies on one target of the organization make a layer of their own."""
    found: dict[Layer, Parts] = {}
    for change in changes:
        controls = change.policy_type in {PolicyType.SERVICE_CONTROL_POLICY, PolicyType.RESOURCE_CONTROL_POLICY}
        kind = (
            PolicyType.RESOURCE_BASED_POLICY
            if change.policy_type is PolicyType.ROLE_TRUST_POLICY
            else change.policy_type
        )
        before, after = differing(change)
        found.setdefault((kind, change.holder if controls else ""), []).append((before, after, change.holder))
    return found


def differing(change: DocumentChange) -> tuple[Document, Document]:
    """Documents of the statements that the other side does not have."""
    before, after = _statements(change.before), _statements(change.after)
    if _version(change.before) != _version(change.after) and change.before is not None and change.after is not None:
        return _document(change, change.before, before), _document(change, change.after, after)
    left = [json.dumps(item, sort_keys=True) for item in before]
    right = [json.dumps(item, sort_keys=True) for item in after]
    gone = [item for item, text in zip(before, left, strict=True) if text not in set(right)]
    new = [item for item, text in zip(after, right, strict=True) if text not in set(left)]
    return _document(change, change.before, gone), _document(change, change.after, new)


def _statements(document: object) -> list[object]:
    if not isinstance(document, Mapping):
        return []
    found = document.get("Statement")
    return list(found) if isinstance(found, list) else [found] if found is not None else []


def _version(document: object) -> object:
    return document.get("Version") if isinstance(document, Mapping) else None


def _document(change: DocumentChange, whole: object, statements: Sequence[object]) -> Document:
    value = (
        {"Version": _version(whole), "Statement": list(statements)}
        if _version(whole)
        else {"Statement": list(statements)}
    )
    return parse_document(value, origin=Origin(name=change.holder, value=value), policy_type=change.policy_type)


def is_held_by(holder: str, who: Who | None) -> bool:
    """Whether a policy that is attached to a principal is one of this caller's."""
    if who is None:
        return False
    if who.caller.arn == holder:
        return True
    named = parse_caller(holder)
    same_role = (named.account, named.name) == (who.caller.account, who.caller.name)
    return named.kind is CallerKind.ROLE and who.caller.kind is CallerKind.ROLE_SESSION and same_role
