"""The conditions of a document, each left out in turn: who gets in without it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sagepass.jobs.share.approaches import Approach
from sagepass.jobs.share.attempt import entering
from sagepass.jobs.share.plan import Piece, Plan, documents_of, with_document
from sagepass.jobs.share.worlds import bare_world
from sagepass.policy.kinds import Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionTrial:
    """One condition, and the strangers whom its absence lets in; none of them makes it decoration."""

    piece: str
    statement: int
    operator: str
    key: str
    value: object
    lets_in: tuple[str, ...]


def try_conditions(plan: Plan, own: Approach, strangers: tuple[Approach, ...]) -> tuple[ConditionTrial, ...]:
    """Leave out each condition of each document that says who gets in, in a world with nothing but the plan."""
    return tuple(
        ConditionTrial(
            piece=piece.name,
            statement=index,
            operator=operator,
            key=key,
            value=value,
            lets_in=_let_in(plan, _without(piece, document, index, operator, key), own, strangers),
        )
        for piece in plan.pieces
        for _, document in documents_of(piece)
        for index, operator, key, value in conditions_in(document)
    )


def without_decoration(plan: Plan, trials: tuple[ConditionTrial, ...]) -> Plan:
    """The plan without the conditions that keep nobody out."""
    pieces = {piece.name: piece for piece in plan.pieces}
    for trial in trials:
        if trial.lets_in:
            continue
        piece = pieces[trial.piece]
        for _, document in documents_of(piece):
            pieces[trial.piece] = _without(piece, document, trial.statement, trial.operator, trial.key)
    return replace(plan, pieces=tuple(pieces[piece.name] for piece in plan.pieces))


def conditions_in(document: Mapping[str, object]) -> Iterator[tuple[int, str, str, object]]:
    """Every condition: the index of its statement, the operator, the key and the value."""
    statements = document.get("Statement")
    for index, statement in enumerate(statements if isinstance(statements, list) else []):
        block = statement.get("Condition", {}) if isinstance(statement, Mapping) else {}
        for operator, keys in block.items():
            for key, value in keys.items():
                yield index, operator, key, value


def _without(piece: Piece, document: Mapping[str, object], index: int, operator: str, key: str) -> Piece:
    statements = document["Statement"]
    assert isinstance(statements, list)
    changed = [
        _strip(statement, operator, key) if number == index else statement
        for number, statement in enumerate(statements)
    ]
    return with_document(piece, {**document, "Statement": changed})


def _strip(statement: Mapping[str, object], operator: str, key: str) -> dict[str, object]:
    block = statement["Condition"]
    assert isinstance(block, Mapping)
    left = {
        name: {inner: value for inner, value in keys.items() if (name, inner) != (operator, key)}
        for name, keys in block.items()
    }
    left = {name: keys for name, keys in left.items() if keys}
    rest = {name: value for name, value in statement.items() if name != "Condition"}
    return {**rest, "Condition": left} if left else rest


def _let_in(plan: Plan, piece: Piece, own: Approach, strangers: tuple[Approach, ...]) -> tuple[str, ...]:
    weakened = replace(plan, pieces=tuple(piece if other.name == piece.name else other for other in plan.pieces))
    world = bare_world(weakened, own, strangers)
    return tuple(
        stranger.label
        for stranger in strangers
        if any(
            step.decision.effect is Effect.ALLOW
            for step in entering(weakened, stranger, world, complete=True)
            if step.piece == piece.name
        )
    )
