"""What a limiting layer does not allow, as Deny clauses.

A boundary, a session policy or a level of the organization has to allow as well. One document has no "and" between
policies; but it can deny all that such a layer leaves out: for every action the resources that none of its statements
covers, and those that are covered only under a condition, where that does not hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from sagepass.jobs.can_what.action_sets import Actions, ActionSets
from sagepass.jobs.can_what.layers import Ceiling, Part
from sagepass.jobs.can_what.negation import negated
from sagepass.jobs.can_what.record import Clause, Test
from sagepass.jobs.can_what.writing import test_values, written_resources
from sagepass.policy.glob import contains, read_pattern
from sagepass.policy.statement import Condition, StatementEffect

_MOST_CLAUSES = 64
"""More combinations of conditions than this are not written out."""


class InexpressibleError(Exception):
    """What a layer leaves out cannot be said in Deny statements; the message says why."""


def left_out(ceiling: Ceiling, granted: Sequence[tuple[Actions, Part]], sets: ActionSets) -> Iterator[Clause]:
    """The Deny clauses for one layer, of actions that are granted.

    Args:
        ceiling: the layer.
        granted: what is granted, with the actions of each grant that the layer has at all.
        sets: the actions that are looked at.

    Raises:
        InexpressibleError: a condition has no opposite, or there are too many of them.
    """
    wanted: Actions = frozenset().union(*(actions for actions, _ in granted))
    patterns = [element.value for part in ceiling.allows for element in part.ref.statement.actions]
    for key, actions in _classes(ceiling, wanted, sets).items():
        parts = [ceiling.allows[index] for index in key]
        concerned = [part for granted_actions, part in granted if not granted_actions.isdisjoint(actions)]
        if any(part.unlimited for part in parts) or all(_covered(part, parts) for part in concerned):
            continue
        written = sets.written(actions, patterns)
        for clause in _outside(parts):
            yield Clause(
                effect=StatementEffect.DENY,
                actions=written,
                resources=clause.resources,
                not_resource=clause.not_resource,
                conditions=clause.conditions,
                sources=tuple(part.ref for part in parts),
                because=f"what {ceiling.name} leaves out",
            )


def _classes(ceiling: Ceiling, wanted: Actions, sets: ActionSets) -> dict[tuple[int, ...], Actions]:
    """The actions by the statements of the layer that are about them."""
    classes: dict[tuple[int, ...], Actions] = {(): wanted}
    for index, part in enumerate(ceiling.allows):
        about = sets.of(part.ref.statement)
        inside = {(*key, index): actions & about for key, actions in classes.items()}
        outside = {key: actions - about for key, actions in classes.items()}
        classes = {key: actions for key, actions in (inside | outside).items() if actions}
    return {key: actions for key, actions in sorted(classes.items()) if key}


def _covered(granted: Part, parts: Iterable[Part]) -> bool:
    """Whether all that a grant gives lies within unconditional statements of the layer."""
    if granted.not_resource:
        return False
    within = [
        read_pattern(entry)
        for part in parts
        if not part.conditions and not part.not_resource
        for entry in part.resources
        if "${" not in entry
    ]
    return all(
        "${" not in entry and any(contains(pattern, read_pattern(entry)) for pattern in within)
        for entry in granted.resources
    )


def _outside(parts: Sequence[Part]) -> Iterator[Clause]:
    """Where none of the statements allows: for each one, either another resource, or a condition that does not hold."""
    choices = [_ways_out(part) for part in parts]
    count = 1
    for options in choices:
        count *= len(options)
    if count > _MOST_CLAUSES:
        raise InexpressibleError(f"{count} combinations of conditions would have to be written out")
    for combination in product(*choices):
        elsewhere = [part for part, tests in zip(parts, combination, strict=True) if tests is None]
        conditions = _joined([test for tests in combination if tests is not None for test in tests])
        if conditions is not None:
            yield _clause(elsewhere, conditions)


def _ways_out(part: Part) -> list[tuple[Test, ...] | None]:
    """``None`` is "another resource"; everything else a condition that does not hold."""
    found: list[tuple[Test, ...] | None] = [] if "*" in part.resources and not part.not_resource else [None]
    found.extend(_opposite(part, condition) for condition in part.conditions)
    return found


def _opposite(part: Part, condition: Condition) -> tuple[Test, ...]:
    tests = negated(condition, test_values(part.ref, condition))
    if tests is None:
        raise InexpressibleError(f"the condition {condition.operator} on {condition.key} has no opposite in IAM")
    return tests


def _clause(elsewhere: Sequence[Part], conditions: tuple[Test, ...]) -> Clause:
    excluded = [part for part in elsewhere if part.not_resource]
    if excluded and len(elsewhere) > 1:
        raise InexpressibleError("NotResource and Resource of several statements cannot be combined in one")
    resources = tuple(dict.fromkeys(entry for part in elsewhere for entry in written_resources(part)))
    return Clause(
        effect=StatementEffect.DENY,
        actions=(),
        resources=resources or ("*",),
        not_resource=bool(resources) and not excluded,
        conditions=conditions,
        because="",
    )


def _joined(tests: Sequence[Test]) -> tuple[Test, ...] | None:
    """Conditions that all have to hold, in one block; ``None`` if they never do together.

    A block has each operator and key once, so two tests of one key have to become one.
    """
    found: dict[tuple[str, str], Test] = {}
    for test in tests:
        place = (test.operator, test.key.lower())
        known = found.get(place)
        if known is None:
            found[place] = test
        elif known.values != test.values:
            joined = _both(known, test)
            if not joined.values:
                return None
            found[place] = joined
    return tuple(found.values())


def _both(one: Test, other: Test) -> Test:
    if "Not" in one.operator and ":" not in one.operator:
        # a negated operator asks that no value matches: the lists add up
        return Test(operator=one.operator, key=one.key, values=tuple(dict.fromkeys((*one.values, *other.values))))
    literal = not any(set(value) & set("*?$") for value in (*one.values, *other.values))
    if one.operator == "StringEquals" and literal:
        return Test(operator=one.operator, key=one.key, values=tuple(v for v in one.values if v in other.values))
    if one.operator == "Null":
        return Test(operator=one.operator, key=one.key, values=())
    raise InexpressibleError(f"two conditions {one.operator} on {one.key} cannot stand in one statement")
