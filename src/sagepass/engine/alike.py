"""Which requests are explained alike: those of which the same elements of the same statements fit.

An explanation follows from the policies that take part, from the statements that the action leaves in play with the Action entries
that fit, from the Resource entries that fit, from what is known of the condition keys that those statements ask for, and, where a
sentence names them, from the action and the resource. The records here say the first three, so that most resources and actions of
one caller share one of them. They are keys and decide nothing: what cannot be told from them stands in them as it is.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from sagepass.engine.caller_side import CallerSide
from sagepass.engine.checks.applied import Applied
from sagepass.engine.checks.facts import in_play
from sagepass.engine.resource_side import ResourceSide
from sagepass.engine.taking import Taking
from sagepass.policy.context import NO_CONTEXT
from sagepass.policy.document_index import Candidate
from sagepass.policy.match_action import action_matches
from sagepass.policy.match_resource import match_resource
from sagepass.policy.resource_reading import ResourceReading
from sagepass.policy.statement_test import StatementTest
from sagepass.policy.truth import Truth

_WHOLE = ("*",)
_FIRST = (0,)
_FALSE, _UNKNOWN = Truth.FALSE, Truth.UNKNOWN


@dataclass(frozen=True, slots=True, eq=False)
class CheckScheme:
    """One check for an action: the statements in play.

    Attributes:
        applied: the policies that take part.
        said: these, the statements, the Action entries of each that fit, and the caller where a statement names principals.
        narrowing: the statements for which it matters what the resource is.
        needs: the condition keys that any of the statements asks for, in lower case.
        by_caller: a statement names principals.
    """

    applied: Applied
    said: Hashable
    narrowing: tuple[StatementTest, ...]
    needs: tuple[str, ...]
    by_caller: bool


@dataclass(frozen=True, slots=True, eq=False)
class Scheme:
    """All checks for one caller and an action, in AWS's order; whatever the resource, as far as it has the same policies."""

    taking: Taking
    checks: tuple[CheckScheme, ...]
    narrowing: tuple[StatementTest, ...]


@dataclass(frozen=True, slots=True, eq=False)
class CheckAlike:
    """One check of requests for which the same elements of its statements fit."""

    applied: Applied
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Alike:
    """All checks of such requests, in AWS's order.

    Attributes:
        taking: which policies take part.
        checks: see there.
        needs: the condition keys that any statement in play asks for, in lower case.
    """

    taking: Taking
    checks: tuple[CheckAlike, ...]
    needs: tuple[str, ...]


def check_scheme(applied: Applied, action: str, caller: CallerSide) -> CheckScheme:
    """The statements of one check that an action, given in lower case, leaves in play."""
    entries = list(in_play(applied, action))
    named = tuple([(id(policy), id(one.statement), _fitting_actions(one, action)) for policy, one in entries])
    tests = [candidate.test for _, candidate in entries]
    by_caller = any(test.statement.principals is not None for test in tests)
    return CheckScheme(
        applied=applied,
        said=(applied.said, named, caller if by_caller else None),
        narrowing=tuple([test for test in tests if _narrows(test)]),
        needs=tuple(sorted({key for test in tests for key in test.needs})),
        by_caller=by_caller,
    )


def _fitting_actions(candidate: Candidate, action: str) -> tuple[int, ...]:
    """The places of the Action entries that fit the action, which leaves the statement in play."""
    statement, entries = candidate.statement, candidate.statement.actions
    if not candidate.test.defective:
        if statement.not_action:
            return ()  # it would not be in play if one did
        if len(entries) == 1:
            return _FIRST
    return tuple([place for place, entry in enumerate(entries) if action_matches(entry.value, action)])


def _narrows(test: StatementTest) -> bool:
    return test.defective or (test.resources is not None and test.resources.values != _WHOLE)


def fit(test: StatementTest, resource: ResourceSide, reading: ResourceReading) -> Hashable:
    """Which Resource entries of a statement fit; ``None`` if the statement does not; the resource where that is no plain matter."""
    entries = test.resources
    if reading is not ResourceReading.NAMED:
        return reading, resource.resource
    if test.defective or resource.is_set or (entries is not None and entries.dynamic):
        return resource.resource
    truth = test.resource_truth(resource.resource, resource.is_set, reading, NO_CONTEXT)
    if truth is _FALSE or entries is None:
        return None
    if truth is _UNKNOWN:
        return resource.resource
    if test.not_resource or len(entries.values) == 1:
        return truth
    return tuple(
        [
            match_resource(entry, resource.resource, NO_CONTEXT, variables=test.variables).truth
            for entry in entries.values
        ]
    )
