"""Sets of actions behind Action elements, and short ways to write such a set again.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from sagepass.catalog.actions import expand_action_pattern, find_action, service_actions
from sagepass.policy.match_action import action_matches
from sagepass.policy.statement import Statement

Actions = frozenset[str]


class ActionSets:
    """The actions that are looked at: those of the catalog, and those that policies name beside them.

    Args:
        statements: the statements in play.
        service: only the actions of this service.
    """

    def __init__(self, statements: Iterable[Statement], service: str | None) -> None:
        self._service = service
        self._known: dict[str, Actions] = {}
        self._sizes: dict[str, Actions] = {}
        self._beside = frozenset(_unknown_to_the_catalog(statements))
        self.everything = self.expand("*" if service is None else f"{service}:*")

    def expand(self, pattern: str) -> Actions:
        """The actions that a pattern covers, of those that are looked at."""
        if pattern not in self._known:
            found = self._all(pattern)
            if self._service is not None:
                found = frozenset(action for action in found if action.partition(":")[0] == self._service)
            self._known[pattern] = found
        return self._known[pattern]

    def _all(self, pattern: str) -> Actions:
        return _of_the_catalog("*" if pattern == "*:*" else pattern) | {
            action for action in self._beside if action_matches(pattern, action)
        }

    def of(self, statement: Statement) -> Actions:
        """The actions that a statement is about."""
        named: Actions = frozenset().union(*(self.expand(element.value) for element in statement.actions))
        return self.everything - named if statement.not_action else named

    def whole(self, statement: Statement) -> Actions | None:
        """The actions of a statement, unless its element covers more than is looked at (other services)."""
        if self._service is not None and statement.not_action:
            return None
        named = [element.value for element in statement.actions]
        if self._service is not None and any(self._whole(pattern) != self.expand(pattern) for pattern in named):
            return None
        return self.of(statement)

    def written(self, actions: Actions, patterns: Iterable[str]) -> tuple[str, ...]:
        """The set as an Action element that covers these and no others: patterns where they fit, names for the rest."""
        if self._service is None and actions == self.everything:
            return ("*",)
        whole = {f"{service}:*" for service in {action.partition(":")[0] for action in actions}}
        fitting = [(pattern, self._whole(pattern)) for pattern in {*patterns, *whole}]
        fitting = [(pattern, covered) for pattern, covered in fitting if covered and covered <= actions]
        fitting.sort(key=lambda item: (-len(item[1]), item[0]))
        left, found = set(actions), []
        for pattern, covered in fitting:
            if not left.isdisjoint(covered) and set(pattern) & set("*?"):
                found.append(pattern)
                left -= covered
        return tuple(sorted([*found, *left], key=str.lower))

    def _whole(self, pattern: str) -> Actions:
        """All that a pattern covers, in other services too."""
        if pattern not in self._sizes:
            self._sizes[pattern] = self._all(pattern)
        return self._sizes[pattern]

    def levels(self, actions: Actions) -> tuple[tuple[str, int, int], ...]:
        """Access level, how many of these actions have it, and how many of the service."""
        totals: dict[str, list[int]] = {}
        for action in service_actions(self._service or ""):
            row = totals.setdefault(action.access_level, [0, 0])
            row[0] += action.id in actions
            row[1] += 1
        return tuple((level, allowed, total) for level, (allowed, total) in sorted(totals.items()))


@lru_cache(maxsize=2048)
def _of_the_catalog(pattern: str) -> Actions:
    return frozenset(expand_action_pattern(pattern))


def _unknown_to_the_catalog(statements: Iterable[Statement]) -> Iterable[str]:
    """Actions that policies spell out and the catalog does not have: newer than it, or misspelt."""
    seen: set[str] = set()
    for statement in statements:
        for element in statement.actions:
            plain = ":" in element.value and not set(element.value) & set("*?")
            if plain and element.value.lower() not in seen and find_action(element.value) is None:
                seen.add(element.value.lower())
                yield element.value
