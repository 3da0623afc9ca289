"""Which Allow came closest, and the one thing that kept it from matching.

Ranking: statements whose action fits before those whose action does not, then fewer obstacles, then the smaller
difference. The ranking may change between versions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sagepass.engine.checks.facts import Facts, Hit
from sagepass.engine.decision import Difference, NearMiss, StatementRef
from sagepass.engine.difference import action_difference, principal_difference, resource_difference
from sagepass.engine.inputs import Inputs
from sagepass.policy.conditions.evaluate import KeyState
from sagepass.policy.match_statement import Obstacle, Part, match_statement
from sagepass.policy.statement import StatementEffect
from sagepass.policy.truth import Truth

_LIMIT = 3
_CLOSENESS = {difference: rank for rank, difference in enumerate(Difference)}


def nearest(fact: Facts, inputs: Inputs) -> tuple[NearMiss, ...]:
    """The closest misses of a check, nearest first, at most three."""
    request = inputs.match_request
    hits = [miss.hit(request) for miss in fact.misses]
    fitting = [miss for hit in hits if hit.match.action_fits and (miss := _miss(hit, inputs))]
    if not fitting:
        fitting = [miss for hit in _other_actions(fact, inputs) if (miss := _action_miss(hit, inputs))]
    fitting.sort(key=lambda miss: (miss.others, _CLOSENESS[miss.difference]))
    return tuple(fitting[:_LIMIT])


def _ref(hit: Hit) -> StatementRef:
    return StatementRef(policy=hit.policy, statement=hit.match.statement, elements=hit.match.routes)


def _miss(hit: Hit, inputs: Inputs) -> NearMiss | None:
    """The miss of a statement whose action fits: its certain obstacles, the smallest difference of the first kind."""
    obstacles = [obstacle for obstacle in hit.match.obstacles if obstacle.truth is Truth.FALSE]
    if not obstacles:
        return None
    misses = [_describe(hit, obstacle, inputs) for obstacle in obstacles]
    misses.sort(key=lambda miss: -_CLOSENESS[miss.difference])
    return misses[0] if len(misses) == 1 else replace(misses[0], others=len(misses) - 1)


def _describe(hit: Hit, obstacle: Obstacle, inputs: Inputs) -> NearMiss:
    match obstacle.part:
        case Part.RESOURCE:
            return resource_difference(_ref(hit), obstacle, inputs)
        case Part.PRINCIPAL:
            return principal_difference(_ref(hit), obstacle, inputs)
        case Part.CONDITION:
            return _condition(_ref(hit), obstacle)
        case Part.ACTION | Part.DEFECT:
            return NearMiss(
                statement=_ref(hit),
                part=obstacle.part,
                difference=Difference.DEFECT,
                route=obstacle.routes[0] if obstacle.routes else hit.match.statement.route,
                sentence=obstacle.note or "the statement is malformed",
            )


def _condition(ref: StatementRef, obstacle: Obstacle) -> NearMiss:
    outcome = obstacle.outcome
    assert outcome is not None
    condition = outcome.condition
    expected = tuple(element.value for element in condition.values)
    wanted = " or ".join(expected)
    operator = str(condition.operator)
    if outcome.state is KeyState.ABSENT:
        difference = Difference.KEY_ABSENT
        sentence = f"its condition needs {condition.key} ({operator} {wanted}), which the request does not carry"
    else:
        same = {value.lower() for value in outcome.actual} & {value.lower() for value in expected}
        only_case = same and not condition.operator.base.negated and not outcome.note
        difference = Difference.CASE if only_case else Difference.VALUE
        actual = ", ".join(outcome.actual)
        sentence = f"its condition wants {condition.key} {operator} {wanted}, and the request has {actual}"
        if outcome.note:
            sentence += f": {outcome.note}"
        if difference is Difference.CASE:
            sentence += "; they differ only by case"
    route = condition.values[0].route if len(condition.values) == 1 else condition.route
    return NearMiss(
        statement=ref,
        part=Part.CONDITION,
        difference=difference,
        route=route,
        expected=expected,
        actual=outcome.actual,
        key=condition.key,
        operator=operator,
        sentence=sentence,
    )


def _other_actions(fact: Facts, inputs: Inputs) -> Iterator[Hit]:
    """The Allow statements about other actions; the facts leave them out, since they cannot apply."""
    request = inputs.match_request
    for policy in fact.policies:
        for statement in policy.document.statements:
            if statement.effect is StatementEffect.ALLOW:
                hit = Hit(policy, match_statement(statement, request, variables=policy.document.variables_enabled))
                if hit.match.truth is Truth.FALSE:
                    yield hit


def _action_miss(hit: Hit, inputs: Inputs) -> NearMiss | None:
    return action_difference(_ref(hit), hit.match.obstacles[0], inputs) if hit.match.obstacles else None
