"""Decides whether any request makes a formula true: a witness that was decided again, a proof, or neither."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sagepass.proof.atom import ACTION, FREE, RESOURCE, Ask, Literal, atom, by_variable, words_of
from sagepass.proof.budget import Budget, BudgetSpentError
from sagepass.proof.caller_formula import HAS_BOUNDARY, caller_context
from sagepass.proof.formula import FALSE, Formula, atoms_in
from sagepass.proof.replay import Replay, Scene, Shown, sample, texts, witness_of
from sagepass.proof.search import Model, Search
from sagepass.proof.values import Domain, Values
from sagepass.proof.verdict import Verdict, Witness
from sagepass.proof.word import Reading, Word, WordKind, is_open, variables_of
from sagepass.proof.world import Assignment, NoValue, World, value_for

_MOST_MODELS = 24
"""Possibilities that are tried before the search is given up."""
_FRESH = ("value-{}", "a", "b")
"""Values for policy variables about which nothing else is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Whether no request makes the formula true.

    Attributes:
        verdict: ``PROVEN`` if none does, ``REFUTED`` with a ``witness`` if one does.
        witness: the request.
        shown: what the engine said to it.
        reason: for ``UNKNOWN``, what could not be settled.
        searches: the finished searches that a proof consists of.
        shown_by: for a proof by another solver, its name; there is no certificate then.
        impossible: for a proof that needs no search, the formulas that contradict each other.
    """

    verdict: Verdict
    witness: Witness | None = None
    shown: Shown | None = None
    reason: str = ""
    searches: tuple[Search, ...] = ()
    impossible: tuple[Formula, ...] = ()
    shown_by: str = ""


def prove_none(
    formula: Formula, world: World, scene: Scene, replay: Replay, budget: Budget, *, most_models: int = _MOST_MODELS
) -> Answer:
    """Show that no request makes the formula true, or find one that does and decide it again.

    ``most_models``: possibilities that are tried before the search is given up.
    """
    answer = _searched(formula, world, scene, replay, budget, most_models=most_models)
    if answer.verdict is not Verdict.UNKNOWN or not budget.solver_seconds:
        return answer
    from sagepass.proof.smt import READINGS, SOLVER, holds_for_none  # noqa: PLC0415 - an extra, loaded when asked for

    shown = all(holds_for_none(formula, world.read_as(reading), budget.solver_seconds) for reading in READINGS)
    return Answer(verdict=Verdict.PROVEN, shown_by=SOLVER) if shown else answer


def _searched(
    formula: Formula, world: World, scene: Scene, replay: Replay, budget: Budget, *, most_models: int
) -> Answer:
    if formula is FALSE:
        return Answer(verdict=Verdict.PROVEN)
    try:
        found = _refute(formula, world.read_as(Reading.SURE), scene, replay, budget, most_models=most_models)
        if isinstance(found, _Refuted):
            return Answer(verdict=Verdict.REFUTED, witness=found.witness, shown=found.shown)
        if found.reason:
            return Answer(verdict=Verdict.UNKNOWN, reason=found.reason)
        readings = _open_readings(formula)
        if not readings:
            return Answer(verdict=Verdict.PROVEN, searches=(found.search,))
        return _in_every_reading(formula, world, readings, budget)
    except BudgetSpentError as spent:
        return Answer(verdict=Verdict.UNKNOWN, reason=f"the search was given up after {spent.what}")


@dataclass(frozen=True, slots=True)
class _Refuted:
    witness: Witness
    shown: Shown


@dataclass(frozen=True, slots=True)
class _Exhausted:
    search: Search
    reason: str


def example(formula: Formula, world: World, scene: Scene, replay: Replay, budget: Budget) -> Answer | None:
    """One request that makes the formula true, if one is found at once; ``None`` says nothing."""
    try:
        found = _refute(formula, world.read_as(Reading.SURE), scene, replay, budget)
    except BudgetSpentError:
        return None
    if isinstance(found, _Exhausted):
        return None
    return Answer(verdict=Verdict.REFUTED, witness=found.witness, shown=found.shown)


def _refute(
    formula: Formula, world: World, scene: Scene, replay: Replay, budget: Budget, *, most_models: int = _MOST_MODELS
) -> _Refuted | _Exhausted:
    """A witness; or that there is none, with the reason if a possibility could not be made into a request."""
    search = Search(formula, world, budget)
    reason = ""
    for _ in range(most_models):
        model = search.next()
        if model is None:
            return _Exhausted(search, reason)
        for assignment in _concrete(model, world, scene, budget):
            boundary = any(
                lit.atom.ask is Ask.FACT and lit.positive and lit.atom.name == HAS_BOUNDARY for lit in model.literals
            )
            witness = witness_of(assignment, scene, has_boundary=boundary)
            shown = replay(witness)
            if shown is not None:
                return _Refuted(witness, shown)
        reason = reason or _why_not(model)
        search.block(model.literals)
    return _Exhausted(search, reason)


def _why_not(model: Model) -> str:
    """What may keep a possibility from becoming a request."""
    points = [point for literal in model.literals if (point := literal.atom.open_point)]
    if points:
        return points[0].partition("\0")[0]
    keys = [key for key in model.assignment if key not in {RESOURCE, ACTION, FREE}]
    return f"no request could be found for the values of {', '.join(keys) or 'the resource'}"


def _concrete(model: Model, world: World, scene: Scene, budget: Budget) -> list[Assignment]:
    """Values for all variables, policy variables filled in; several where there is a choice."""
    base = dict(model.assignment)
    if RESOURCE not in base:
        default = value_for(RESOURCE, (), world, budget)
        base[RESOURCE] = None if isinstance(default, NoValue) else default
    if not scene.action and ACTION not in base:
        default = value_for(ACTION, (), world, budget)
        base[ACTION] = None if isinstance(default, NoValue) else default
    _sample_values(base, model)
    depending = [literal for literal in model.literals if literal.atom.depends]
    if not depending:
        return [base]
    found = []
    for fresh in _FRESH:
        filled = _filled(base, model, depending, world=world, scene=scene, budget=budget, fresh=fresh)
        if filled is not None:
            found.append(filled)
    return found


def _sample_values(assignment: Assignment, model: Model) -> None:
    """A key that only has to be there gets a value of its type."""
    for variable, literals in by_variable(model.literals).items():
        if all(literal.atom.ask is Ask.PRESENT and literal.positive for literal in literals):
            assignment[variable] = sample(variable)


def _filled(
    base: Assignment,
    model: Model,
    depending: list[Literal],
    *,
    world: World,
    scene: Scene,
    budget: Budget,
    fresh: str,
) -> Assignment | None:
    """The values with those of the policy variables filled in; each variable has one of its own if it can."""
    assignment = dict(base)
    known = _known(scene)
    groups = by_variable(model.literals)
    for number, key in enumerate(_needed(depending), start=1):
        if key in known:
            continue
        literals = [*groups.get(key, ()), Literal(atom(key, Ask.PRESENT))]
        own = Values(Domain.TEXT, words=frozenset({Word(WordKind.EQUALS, fresh.format(number))}))
        value = value_for(key, [*literals, Literal(atom(key, Ask.ONE, own))], world, budget)
        if isinstance(value, NoValue):
            value = value_for(key, literals, world, budget)
        if isinstance(value, NoValue):
            return None
        assignment[key] = value
    for name in dict.fromkeys(literal.atom.variable for literal in depending):
        value = value_for(name, groups[name], world, budget, {**known, **texts(assignment)})
        if isinstance(value, NoValue):
            return None
        assignment[name] = value
    return assignment


def _needed(depending: list[Literal]) -> tuple[str, ...]:
    """The keys without which a literal that shall hold does not."""
    found = (
        variable.key.lower()
        for literal in depending
        if literal.positive
        for word in words_of(literal.atom)
        for variable in variables_of(word)
        if variable.default is None
    )
    return tuple(dict.fromkeys(found))


def _known(scene: Scene) -> Mapping[str, str]:
    """What the caller alone settles."""
    if scene.who is None or scene.who.bound.groups:
        return {}
    return {key: value.values[0] for key, value in caller_context(scene.who.caller).values.items() if value.values}


def _open_readings(formula: Formula) -> tuple[Reading, ...]:
    """The readings in which a proof has to hold beside the sure one."""
    open_atoms = [found for found in atoms_in(formula) if found.open]
    if not open_atoms:
        return (Reading.ACROSS,) if _compared_in_two_ways(formula) else ()
    stars = any(word.kind is WordKind.RESOURCE and is_open(word) for found in open_atoms for word in words_of(found))
    return (Reading.ACROSS, Reading.WITHIN) if stars else (Reading.ACROSS,)


def _compared_in_two_ways(formula: Formula) -> bool:
    """Whether a key is compared as text and as a number, a moment or an address; two values are two texts."""
    domains: dict[str, set[str]] = {}
    for found in atoms_in(formula):
        if found.values is not None:
            domains.setdefault(found.variable, set()).add(found.values.domain)
        if found.ask is Ask.ONLY:
            domains.setdefault(found.variable, set()).add(Domain.TEXT)
    return any(len(kinds) > 1 for kinds in domains.values())


def _in_every_reading(formula: Formula, world: World, readings: tuple[Reading, ...], budget: Budget) -> Answer:
    searches: list[Search] = []
    for reading in readings:
        search = Search(formula, world.read_as(reading), budget)
        model = search.next()
        if model is not None:
            return Answer(verdict=Verdict.UNKNOWN, reason=_why_not(model))
        searches.append(search)
    return Answer(verdict=Verdict.PROVEN, searches=tuple(searches))
