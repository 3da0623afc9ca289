"""What a difference between two meanings can touch: which actions, and of whom.

A decision on an action rests on the statements that cover it and that name the caller (see
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html): where both sides have the same of
them, in every kind of policy, and differ in nothing else, the answer is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sagepass.jobs.compare_snapshots.covering import covers, meets
from sagepass.jobs.compare_snapshots.meaning import Meaning, Numbering, Numbers
from sagepass.jobs.compare_snapshots.resources import without_variables
from sagepass.policy.caller import Caller
from sagepass.policy.match_action import action_matches
from sagepass.policy.match_principal import Naming, match_principals
from sagepass.policy.statement import Statement

Difference = Numbers | None
"""The statements that only one side has; ``None`` where something else differs, which can touch everything."""


def difference_of(old: Meaning, new: Meaning) -> Difference:
    """What differs; no statement if both say the same."""
    if old.facts != new.facts or len(old.statements) != len(new.statements):
        return None
    return frozenset().union(*(one ^ other for one, other in zip(old.statements, new.statements, strict=True)))


class Scopes:
    """Narrows what is asked to what a difference can touch; equal differences share one answer.

    Args:
        actions: all that are compared.
        numbering: of the statements in the meanings.
    """

    def __init__(self, actions: Sequence[str], numbering: Numbering) -> None:
        self._actions = tuple(actions)
        self._numbering = numbering
        self._kept: dict[Numbers, tuple[str, ...]] = {}
        self._within: dict[tuple[Numbers, str], bool] = {}

    def actions(self, difference: Difference) -> tuple[str, ...]:
        """The actions that a difference can touch, in their order."""
        if difference is None:
            return self._actions
        if difference not in self._kept:
            statements = self._statements(difference)
            self._kept[difference] = tuple(
                action for action in self._actions if any(_may_cover(item, action) for item in statements)
            )
        return self._kept[difference]

    def may_concern(self, difference: Difference) -> Callable[[Caller], bool]:
        """Tells of a caller whether a difference of a resource's policies can touch it."""
        statements = [None] if difference is None else self._statements(difference)
        return lambda caller: any(_may_name(item, caller) for item in statements)

    def within(self, difference: Difference, resource: str) -> bool:
        """Whether whatever a difference touches of a set of resources lies in parts of it that statements name themselves.

        Each of these parts is asked by itself, so that nothing more is to be told of the whole.
        """
        if difference is None:
            return False
        key = (difference, resource)
        if key not in self._within:
            self._within[key] = all(_lies_within(item, resource) for item in self._statements(difference))
        return self._within[key]

    def _statements(self, difference: Numbers) -> list[Statement | None]:
        return [self._numbering.statement(number) for number in difference]


def _may_cover(statement: Statement | None, action: str) -> bool:
    """Whether a statement is in play for an action; one with a defect always is, since that may be in its actions."""
    if statement is None or statement.defects:
        return True
    return any(action_matches(element.value, action) for element in statement.actions) is not statement.not_action


def _lies_within(statement: Statement | None, resource: str) -> bool:
    if statement is None or statement.defects or statement.not_resource or statement.resources is None:
        return False
    entries = (without_variables(element.value) for element in statement.resources)
    return all(covers(resource, entry) or not meets(resource, entry) for entry in entries)


def _may_name(statement: Statement | None, caller: Caller) -> bool:
    if statement is None or statement.defects or statement.principals is None or statement.not_principal:
        return True
    found = match_principals(statement.principals, caller)
    return found.undecided is not None or found.naming is not Naming.NOT_AT_ALL
