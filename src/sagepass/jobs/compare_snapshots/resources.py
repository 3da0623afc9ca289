"""Which resources two snapshots are compared on: those that the policies name, each pattern as a whole.

A statement can only change the answer for what its Resource element covers. So the entries themselves are asked: a name by
itself, a pattern as the set of all that it stands for. ``*`` and NotResource stand for every type of resource of the account.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sagepass.catalog.resources import resource_types_of
from sagepass.policy.arn import parse_arn
from sagepass.policy.document import Document, Policy
from sagepass.policy.glob import matches, read_pattern
from sagepass.policy.match_action import action_matches
from sagepass.policy.statement import Statement
from sagepass.snapshot.policied import resources_with_policies
from sagepass.snapshot.snapshot import Snapshot

_VARIABLE = re.compile(r"\$\{[^}]*\}")


def without_variables(entry: str) -> str:
    """An entry with a ``*`` in the place of each policy variable: it stands for no less than before."""
    return _VARIABLE.sub("*", entry)


class NamedResources:
    """What policies name, read once for each document.

    Args:
        actions: all that are compared; only resources of their services count.
    """

    def __init__(self, actions: Iterable[str]) -> None:
        self._actions = tuple(actions)
        self._services = frozenset(_service_of_resources(action) for action in self._actions)
        self._documents: dict[int, tuple[Document, _Named]] = {}
        self._covered: dict[tuple[bool, tuple[str, ...]], frozenset[str]] = {}
        self._types: dict[tuple[frozenset[str], str, str], tuple[str, ...]] = {}

    def of(
        self, policies: Iterable[Policy], actions: frozenset[str], account: str, partition: str
    ) -> dict[str, frozenset[str]]:
        """The resources that some actions are asked of, each with those actions.

        An entry is asked for the actions of its statements: for others it is a part like any other of what theirs stand for.
        Actions on everything are asked of one pattern for each of their types of resources in the account.

        Args:
            policies: of one principal, and those above it.
            actions: those to ask.
            account: the principal's.
            partition: the one of its ARN.
        """
        found = {"*": actions}
        wide: set[str] = set()
        for policy in policies:
            named = self._of_document(policy.document)
            for entry, covered in named.entries.items():
                known = found.get(entry)
                found[entry] = covered if known is None or known is covered else known | covered
            wide |= named.on_everything
        found.update(dict.fromkeys(self._of_each_type(actions & wide, account, partition), actions))
        return found

    def _of_document(self, document: Document) -> _Named:
        known = self._documents.get(id(document))
        if known is None:
            known = self._documents[id(document)] = (document, self._read(document))
        return known[1]

    def _read(self, document: Document) -> _Named:
        found: dict[str, frozenset[str]] = {}
        wide: set[str] = set()
        for statement in document.statements:
            covered = self._actions_of(statement)
            for entry in (without_variables(element.value) for element in statement.resources or ()):
                if statement.not_resource or _is_wide(entry):
                    wide |= covered
                if not _is_wide(entry) and entry.split(":")[2] in self._services:
                    found[entry] = found.get(entry, frozenset()) | covered
        return _Named(found, frozenset(wide))

    def _actions_of(self, statement: Statement) -> frozenset[str]:
        """The actions that leave a statement in play; all of them for one with a defect."""
        if statement.defects:
            return frozenset(self._actions)
        key = (statement.not_action, tuple(element.value for element in statement.actions))
        if key not in self._covered:
            self._covered[key] = frozenset(
                action
                for action in self._actions
                if any(action_matches(entry, action) for entry in key[1]) is not statement.not_action
            )
        return self._covered[key]

    def _of_each_type(self, actions: frozenset[str], account: str, partition: str) -> tuple[str, ...]:
        key = (actions, account, partition)
        if key not in self._types:
            in_order = (action for action in self._actions if action in actions)
            self._types[key] = tuple(dict.fromkeys(_of_each_type(in_order, account, partition)))
        return self._types[key]


@dataclass(frozen=True, slots=True)
class _Named:
    """What one document names: entries with the actions of their statements, and the actions that it is about on everything."""

    entries: Mapping[str, frozenset[str]]
    on_everything: frozenset[str]


def _is_wide(entry: str) -> bool:
    """Whether an entry stands for resources of any service."""
    fields = entry.split(":", 5)
    return len(fields) < 6 or bool(set(fields[2]) & set("*?"))


def _of_each_type(actions: Iterable[str], account: str, partition: str) -> Iterator[str]:
    for action in actions:
        for kind in resource_types_of(action):
            for template in kind.arn_templates:
                filled = template.replace("${Partition}", partition).replace("${Account}", account)
                yield _VARIABLE.sub("*", filled)


def _service_of_resources(action: str) -> str:
    """The service in the ARNs of an action's resources: that of roles is IAM's."""
    service = action.partition(":")[0].lower()
    return "iam" if service == "sts" else service


class Roles:
    """The roles that patterns stand for: only a single role has a trust policy.

    Args:
        arns: all roles of both snapshots.
    """

    def __init__(self, arns: Iterable[str]) -> None:
        self._arns = tuple(arns)
        self._kept: dict[str, tuple[str, ...]] = {}

    def of(self, entry: str) -> tuple[str, ...]:
        """The roles that an entry stands for, if it is a pattern."""
        if ":role/" not in entry or not set(entry) & set("*?"):
            return ()
        if entry not in self._kept:
            pattern = read_pattern(entry)
            self._kept[entry] = tuple(arn for arn in self._arns if matches(pattern, arn))
        return self._kept[entry]


def with_own_policies(snapshots: Iterable[Snapshot]) -> tuple[str, ...]:
    """The resources that have a policy of their own in one of the snapshots, and what these policies name; not the roles."""
    found: dict[str, None] = {}
    for snapshot in snapshots:
        for account in snapshot.accounts:
            for resource in resources_with_policies(snapshot.answers(), account, partition_of(snapshot, account)):
                found[resource] = None
                for policy in snapshot.resource_policy(resource).policies:
                    found.update(dict.fromkeys(_named_in(policy)))
    return tuple(found)


def _named_in(policy: Policy) -> Iterator[str]:
    for statement in policy.document.statements:
        for element in statement.resources or ():
            entry = without_variables(element.value)
            if parse_arn(entry) is not None:
                yield entry


def partition_of(snapshot: Snapshot, account: str) -> str:
    """The partition that the ARNs of an account's principals name; ``aws`` where there is none."""
    if snapshot.has_account(account):
        for record in snapshot.principals(account):
            return record.arn.split(":")[1]
    return "aws"
