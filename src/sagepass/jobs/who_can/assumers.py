"""Who may assume a role by its own policies: an index, because a large account is asked about many roles.

A trust policy that names an account lets in whom that account's own policies allow sts:AssumeRole on the role
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-accounts), so nobody
else of the account has to be asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sagepass.policy.match_action import action_matches
from sagepass.policy.statement import Statement, StatementEffect
from sagepass.snapshot.principals import PrincipalRecord
from sagepass.snapshot.snapshot import Snapshot

_ASSUME = "sts:AssumeRole"


@dataclass(slots=True)
class _Account:
    """The users and roles of one account: by the role that they may assume, and those whose policies name no single one."""

    by_role: dict[str, list[str]] = field(default_factory=dict)
    any_role: list[str] = field(default_factory=list)


class Assumers:
    """The index, made account by account when it is asked."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._accounts: dict[str, _Account] = {}

    def of(self, account: str, role: str) -> Iterator[str]:
        """ARNs of the users and roles of an account whose own policies may allow them to assume the role."""
        if account not in self._accounts:
            self._accounts[account] = self._read(account)
        found = self._accounts[account]
        yield from found.by_role.get(role, ())
        yield from found.any_role

    def _read(self, account: str) -> _Account:
        read = _Account()
        for record in self._snapshot.principals(account) if self._snapshot.has_account(account) else ():
            named = _named_roles(record)
            if named is None:
                read.any_role.append(record.arn)
                continue
            for role in named:
                read.by_role.setdefault(role, []).append(record.arn)
        return read


def _named_roles(record: PrincipalRecord) -> frozenset[str] | None:
    """The roles that the principal's Allow statements name; ``None`` if that cannot be said role by role."""
    layer = record.identity
    if layer.missing or any(not policy.document.readable for policy in layer.policies):
        return None
    found: set[str] = set()
    for policy in layer.policies:
        for statement in policy.document.statements:
            if statement.defects:
                return None
            if statement.effect is not StatementEffect.ALLOW or not _is_about_assuming(statement):
                continue
            entries = [element.value for element in statement.resources or ()]
            if statement.not_resource or not entries or any(set(entry) & set("*?$") for entry in entries):
                return None
            found.update(entries)
    return frozenset(found)


def _is_about_assuming(statement: Statement) -> bool:
    return any(action_matches(element.value, _ASSUME) for element in statement.actions) is not statement.not_action
