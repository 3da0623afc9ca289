"""Statements and conditions that change nothing: shown by proof, not by likeness."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from sagepass.catalog.global_keys import GLOBAL_KEYS, Presence
from sagepass.jobs.lint.subject import Subject, verb
from sagepass.policy.statement import Condition, StatementEffect
from sagepass.proof.actions import classes
from sagepass.proof.atom import RESOURCE, Ask, atom
from sagepass.proof.budget import Budget
from sagepass.proof.comparison import HAS_PRINCIPALS
from sagepass.proof.condition_formula import condition_formula
from sagepass.proof.formula import FALSE, Formula, both, either, lit, negated
from sagepass.proof.policy_formula import compiled, principals_of, sides
from sagepass.proof.prove import prove_none
from sagepass.proof.replay import Scene
from sagepass.proof.shapes import ANY_ARN
from sagepass.proof.statement_formula import Compiled
from sagepass.proof.verdict import Verdict
from sagepass.proof.who import PRINCIPAL_ARN, Who, callers
from sagepass.proof.world import World
from sagepass.source.finding import Finding
from sagepass.source.route import render_route

_ALWAYS = frozenset({Presence.ALWAYS, Presence.SIGNED})


def lint_proven(subject: Subject, budget: Budget) -> Iterator[Finding]:
    """Statements that never apply, are wholly denied, or repeat others; conditions that always hold."""
    everyone = _everyone(subject)
    items = list(subject.sound())
    for item in items:
        for condition in item.statement.conditions:
            budget.tick(every=1)
            yield from _always(subject, condition, budget)
    dead: set[int] = set()
    for item in items:
        found = _without_effect(subject, item, everyone, budget)
        if found is not None:
            dead.add(item.statement.index)
            yield found
    kept = [item for item in items if item.statement.index not in dead]
    for item in reversed(kept.copy()):
        others = [other for other in kept if other is not item and other.statement.effect is item.statement.effect]
        if others and _covered(item, others, everyone, budget):
            kept.remove(item)
            yield subject.finding(
                "LINT_REDUNDANT",
                item.statement.route,
                f"other statements already {_infinitive(item)} all that this one {verb(item.statement)}",
                "remove it, or make it say what the others do not",
            )


def _infinitive(item: Compiled) -> str:
    return "grant" if item.statement.effect is StatementEffect.ALLOW else "deny"


def _everyone(subject: Subject) -> Sequence[Who | None]:
    if subject.policy_type not in HAS_PRINCIPALS:
        return [None]
    return list(callers(principals_of([subject.document])))


def _without_effect(subject: Subject, item: Compiled, everyone: Sequence[Who | None], budget: Budget) -> Finding | None:
    """Whether a statement can never count, and why."""
    statement, route = item.statement, item.statement.route
    if _never(lambda _bit, who: item.formula(who), item.mask, [], everyone, budget):
        return subject.finding(
            "LINT_NEVER_APPLIES",
            route,
            f"no request meets all of its parts, so this {verb(statement)} nothing",
            "look at conditions that contradict each other",
        )
    if statement.effect is StatementEffect.DENY:
        return None
    denies = [other for other in compiled(subject.document) if other.statement.effect is StatementEffect.DENY]
    cutting = [other.mask for other in denies]
    if denies and _never(
        lambda bit, who: both([item.formula(who), negated(either(_applying(denies, bit, who)))]),
        item.mask,
        cutting,
        everyone,
        budget,
    ):
        places = ", ".join(render_route(other.statement.route) for other in denies if other.mask & item.mask)
        return subject.finding(
            "LINT_SHADOWED",
            route,
            f"{places} denies all that this statement grants",
            "remove it, or narrow the deny",
        )
    boundary = subject.boundary
    if boundary is not None and _never(
        lambda bit, who: both([item.formula(who), sides([boundary], bit, who).grants]),
        item.mask,
        [other.mask for other in compiled(boundary)],
        everyone,
        budget,
    ):
        return subject.finding(
            "LINT_SHADOWED",
            route,
            f"the boundary {boundary.origin.name} lets through nothing of what this statement grants",
            "allow it in the boundary too, or remove it",
        )
    return None


def _covered(item: Compiled, others: Sequence[Compiled], everyone: Sequence[Who | None], budget: Budget) -> bool:
    def beyond(bit: int, who: Who | None) -> Formula:
        return both([item.formula(who), negated(either(_applying(others, bit, who)))])

    return _never(beyond, item.mask, [other.mask for other in others], everyone, budget)


def _applying(items: Iterable[Compiled], bit: int, who: Who | None) -> list[Formula]:
    return [item.formula(who) for item in items if item.mask & bit]


def _never(
    formula: Callable[[int, Who | None], Formula],
    mask: int,
    cutting: Sequence[int],
    everyone: Sequence[Who | None],
    budget: Budget,
) -> bool:
    """Whether no request of anybody, for any action of a mask, makes the formula true."""
    if not mask:
        return False
    for piece in classes(mask, cutting, budget):
        for who in everyone:
            budget.tick(every=1)
            found = formula(piece & -piece, who)
            if found is not FALSE and not _impossible(found, who, budget):
                return False
    return True


def _impossible(formula: Formula, who: Who | None, budget: Budget) -> bool:
    bounds = {RESOURCE: ANY_ARN}
    if who is not None and who.bound.groups:
        bounds[PRINCIPAL_ARN] = who.bound
    scene = Scene(who, "s3:GetObject", documented=False)
    answer = prove_none(formula, World(bounds=bounds), scene, lambda _witness: None, budget, most_models=1)
    return answer.verdict is Verdict.PROVEN


def _always(subject: Subject, condition: Condition, budget: Budget) -> Iterator[Finding]:
    """A condition that holds in every request."""
    row = GLOBAL_KEYS.get(condition.key.lower())
    formula = negated(condition_formula(condition, variables=subject.document.variables_enabled))
    if row is not None and row.presence in _ALWAYS:
        formula = both([formula, lit(atom(condition.key.lower(), Ask.PRESENT))])
    if formula is FALSE or _impossible(formula, None, budget):
        yield subject.finding(
            "LINT_ALWAYS_TRUE",
            condition.route,
            f"{condition.operator} on {condition.key} holds in every request, so it limits nothing",
            "remove it, or name the values that are meant",
        )
