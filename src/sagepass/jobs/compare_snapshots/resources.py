"""Which resources two snapshots are compared on: those that the policies name, each pattern as a whole.

A statement can only change the answer for what its Resource element covers. So the entries themselves are asked: a name by
itself, a pattern as the set of all that it stands for. ``*`` and NotResource stand for every type of resource of the account.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from sagepass.catalog.resources import resource_types_of
from sagepass.policy.arn import parse_arn
from sagepass.policy.document import Policy
from sagepass.policy.glob import matches, read_pattern
from sagepass.policy.match_action import action_matches
from sagepass.policy.statement import Statement
from sagepass.snapshot.policied import resources_with_policies
from sagepass.snapshot.snapshot import Snapshot

_VARIABLE = re.compile(r"\$\{[^}]*\}")


class NamedResources:
    """What the policies of some principals and of what stands above them name.

    Args:
        actions: only resources of their services count.
    """

    def __init__(self, actions: Iterable[str]) -> None:
        self._actions = tuple(actions)
        self._services = frozenset(_service_of_resources(action) for action in self._actions)
        self._found: dict[str, None] = {"*": None}
        self._on_everything: dict[str, None] = {}

    def add(self, policies: Iterable[Policy]) -> None:
        """Take up the entries of policies."""
        for policy in policies:
            for statement in policy.document.statements:
                entries = [_VARIABLE.sub("*", element.value) for element in statement.resources or ()]
                if statement.not_resource or any(_is_wide(entry) for entry in entries):
                    self._on_everything.update(dict.fromkeys(self._actions_of(statement)))
                narrow = (entry for entry in entries if not _is_wide(entry))
                self._found.update(dict.fromkeys(entry for entry in narrow if entry.split(":")[2] in self._services))

    def _actions_of(self, statement: Statement) -> Iterator[str]:
        for action in self._actions:
            if any(action_matches(element.value, action) for element in statement.actions) is not statement.not_action:
                yield action

    def of_account(self, account: str, partition: str) -> tuple[str, ...]:
        """The entries, and for actions on everything one pattern for each of their types of resources in the account."""
        found = dict(self._found)
        found.update(dict.fromkeys(_of_each_type(self._on_everything, account, partition)))
        return tuple(found)


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


def with_roles(resources: Sequence[str], roles: Sequence[str]) -> tuple[str, ...]:
    """The resources, and the roles that patterns among them stand for: only a single role has a trust policy."""
    found = dict.fromkeys(resources)
    patterns = [read_pattern(entry) for entry in resources if ":role/" in entry and set(entry) & set("*?")]
    found.update(dict.fromkeys(role for role in roles if any(matches(pattern, role) for pattern in patterns)))
    return tuple(found)


def with_own_policies(snapshots: Iterable[Snapshot]) -> tuple[str, ...]:
    """The resources that have a policy of their own in one of the snapshots, and what these policies name; roles too."""
    found: dict[str, None] = {}
    for snapshot in snapshots:
        for record in snapshot.principals():
            if record.arn.split(":", 5)[5].startswith("role/"):
                found[record.arn] = None
        for account in snapshot.accounts:
            for resource in resources_with_policies(snapshot.answers(), account, partition_of(snapshot, account)):
                found[resource] = None
                for policy in snapshot.resource_policy(resource).policies:
                    found.update(dict.fromkeys(_named_in(policy)))
    return tuple(found)


def _named_in(policy: Policy) -> Iterator[str]:
    for statement in policy.document.statements:
        for element in statement.resources or ():
            entry = _VARIABLE.sub("*", element.value)
            if parse_arn(entry) is not None:
                yield entry


def partition_of(snapshot: Snapshot, account: str) -> str:
    """The partition that the ARNs of an account's principals name; ``aws`` where there is none."""
    if snapshot.has_account(account):
        for record in snapshot.principals(account):
            return record.arn.split(":")[1]
    return "aws"
