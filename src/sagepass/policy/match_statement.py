"""Whether one statement applies to one request, with every element that kept it from applying.

A statement applies if its principal, action, resource and all its conditions do
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html). All elements are looked at once the
action fits, so that the same walk that decides can also say what was missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sagepass.policy.caller import Caller
from sagepass.policy.conditions.evaluate import ConditionOutcome, evaluate_condition
from sagepass.policy.context import Context
from sagepass.policy.match_action import action_matches
from sagepass.policy.match_principal import Naming, PrincipalMatch, match_principals, not_principal_applies
from sagepass.policy.match_resource import ResourceMatch, match_resource
from sagepass.policy.resource_reading import WHY_OPEN, ResourceReading, covers
from sagepass.policy.statement import Element, Statement, StatementEffect
from sagepass.policy.truth import Truth, all_of
from sagepass.source.route import Route


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchRequest:
    """What statements are matched against.

    ``resource`` may hold wildcards for parts that are not known before the call, and ``reading`` tells how it is held
    against policies; ``has_boundary`` tells whether the caller has a permissions boundary, which NotPrincipal depends on.
    """

    caller: Caller
    action: str
    resource: str
    reading: ResourceReading
    context: Context
    has_boundary: Truth = Truth.FALSE


class Part(StrEnum):
    """The parts of a statement that can keep it from applying."""

    ACTION = "action"
    PRINCIPAL = "principal"
    RESOURCE = "resource"
    CONDITION = "condition"
    DEFECT = "defect"


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """One part of a statement that does not fit (or may not), with the routes of its entries.

    ``truth`` is ``FALSE`` or ``UNKNOWN``. ``outcome`` is set for conditions. ``unknown_keys`` are the condition keys
    that would settle an unknown.
    """

    part: Part
    truth: Truth
    routes: tuple[Route, ...]
    outcome: ConditionOutcome | None = None
    unknown_keys: tuple[str, ...] = ()
    without_value: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementMatch:
    """How one statement came out.

    ``routes`` are the very elements that fit (the action entry, the resource entry, the principal entry); ``naming``
    tells how a resource-based policy names the caller; ``conditions`` are all evaluated conditions.
    """

    statement: Statement
    truth: Truth
    naming: Naming = Naming.NOT_AT_ALL
    routes: tuple[Route, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    conditions: tuple[ConditionOutcome, ...] = ()

    @property
    def action_fits(self) -> bool:
        """False if the action alone rules the statement out."""
        return not any(o.part is Part.ACTION and o.truth is Truth.FALSE for o in self.obstacles)


def match_statement(statement: Statement, request: MatchRequest, *, variables: bool) -> StatementMatch:
    """Match one statement. ``variables``: whether policy variables are in force in its document."""
    hit = _action_entry(statement, request.action)
    if (hit is None) is not statement.not_action and not statement.defects:
        return StatementMatch(statement=statement, truth=Truth.FALSE, obstacles=(_action_obstacle(statement, hit),))
    routes: list[Route] = [hit.route] if hit is not None and not statement.not_action else []
    obstacles: list[Obstacle] = []
    if (hit is None) is not statement.not_action:
        obstacles.append(_action_obstacle(statement, hit))
    naming = _principal(statement, request, routes, obstacles)
    _resource(statement, request, variables, routes, obstacles)
    outcomes = tuple(evaluate_condition(c, request.context, variables=variables) for c in statement.conditions)
    obstacles.extend(_condition_obstacles(outcomes))
    if statement.defects:
        obstacles = _with_defects(statement, obstacles)
    truth = Truth.UNKNOWN if _has_defect(obstacles) else all_of(obstacle.truth for obstacle in obstacles)
    return StatementMatch(
        statement=statement,
        truth=truth,
        naming=naming,
        routes=tuple(routes),
        obstacles=tuple(obstacles),
        conditions=outcomes,
    )


def _action_entry(statement: Statement, action: str) -> Element | None:
    for element in statement.actions:
        if action_matches(element.value, action):
            return element
    return None


def _action_obstacle(statement: Statement, hit: Element | None) -> Obstacle:
    routes = (hit.route,) if hit is not None else tuple(element.route for element in statement.actions)
    return Obstacle(part=Part.ACTION, truth=Truth.FALSE, routes=routes)


def _principal(statement: Statement, request: MatchRequest, routes: list[Route], obstacles: list[Obstacle]) -> Naming:
    """How the statement names the caller; a statement without Principal is about its holder and always fits."""
    if statement.principals is None:
        return Naming.EXACT
    if statement.not_principal:
        truth = not_principal_applies(statement.principals, request.caller, has_boundary=request.has_boundary)
        if truth is not Truth.TRUE:
            entries = tuple(entry.route for entry in statement.principals)
            obstacles.append(Obstacle(part=Part.PRINCIPAL, truth=truth, routes=entries))
        return Naming.ANYONE
    found = match_principals(statement.principals, request.caller)
    if found.naming is Naming.NOT_AT_ALL:
        obstacles.append(_principal_obstacle(statement, found))
    elif found.entry is not None:
        routes.append(found.entry.route)
    return found.naming


def _principal_obstacle(statement: Statement, found: PrincipalMatch) -> Obstacle:
    entries = tuple(entry.route for entry in statement.principals or ())
    if found.undecided is None:
        return Obstacle(part=Part.PRINCIPAL, truth=Truth.FALSE, routes=entries)
    return Obstacle(
        part=Part.PRINCIPAL,
        truth=Truth.UNKNOWN,
        routes=(found.undecided.route,),
        note="whose canonical user id this is cannot be told from a policy",
    )


def _resource(
    statement: Statement,
    request: MatchRequest,
    variables: bool,
    routes: list[Route],
    obstacles: list[Obstacle],
) -> None:
    """Resource and NotResource; a statement without either means the resource that it is attached to."""
    if statement.resources is None:
        return
    found = _coverage(statement, request.resource, request, variables)
    fits, note = found.fits, found.match.note
    if request.reading is not ResourceReading.NAMED:
        star = _coverage(statement, "*", request, variables)
        denies = statement.effect is StatementEffect.DENY
        of_resource = statement.principals is not None
        fits = covers(request.reading, named=found.fits, star=star.fits, denies=denies, of_resource=of_resource)
        found = star if star.fits is fits and found.fits is not fits else found
        note = WHY_OPEN if fits is Truth.UNKNOWN and star.fits is not found.fits else found.match.note
    if fits is Truth.TRUE:
        if found.entry is not None and not statement.not_resource:
            routes.append(found.entry.route)
        return
    obstacles.append(
        Obstacle(
            part=Part.RESOURCE,
            truth=fits,
            routes=(found.entry.route,) if found.entry is not None else tuple(e.route for e in statement.resources),
            unknown_keys=found.match.unknown_keys,
            without_value=found.valueless,
            note=note,
        )
    )


@dataclass(frozen=True, slots=True)
class _Coverage:
    """Whether Resource or NotResource fits one resource, with the entry that comes closest to covering it."""

    fits: Truth
    entry: Element | None
    match: ResourceMatch
    valueless: str | None


def _coverage(statement: Statement, resource: str, request: MatchRequest, variables: bool) -> _Coverage:
    entry: Element | None = None
    best = ResourceMatch(Truth.FALSE)
    valueless: str | None = None
    for element in statement.resources or ():
        found = match_resource(element.value, resource, request.context, variables=variables)
        valueless = valueless or found.without_value
        if found.truth > best.truth:
            best, entry = found, element
        if best.truth is Truth.TRUE:
            break
    return _Coverage(~best.truth if statement.not_resource else best.truth, entry, best, valueless)


def _condition_obstacles(outcomes: tuple[ConditionOutcome, ...]) -> Iterator[Obstacle]:
    for outcome in outcomes:
        if outcome.truth is not Truth.TRUE:
            yield Obstacle(
                part=Part.CONDITION,
                truth=outcome.truth,
                routes=(outcome.condition.route,),
                outcome=outcome,
                unknown_keys=outcome.unknown_keys,
                note=outcome.note,
            )


def _with_defects(statement: Statement, obstacles: list[Obstacle]) -> list[Obstacle]:
    """A statement that AWS would refuse settles nothing, unless a sound element already rules it out."""
    depth = len(statement.route)
    unsound = {str(finding.route[depth]) for finding in statement.defects if len(finding.route) > depth}
    whole = any(len(finding.route) <= depth for finding in statement.defects)
    for obstacle in obstacles:
        elements = {str(route[depth]) for route in obstacle.routes if len(route) > depth}
        if obstacle.truth is Truth.FALSE and elements and not (elements & unsound or whole):
            return obstacles
    first = statement.defects[0]
    return [*obstacles, Obstacle(part=Part.DEFECT, truth=Truth.UNKNOWN, routes=(first.route,), note=first.message)]


def _has_defect(obstacles: list[Obstacle]) -> bool:
    return any(obstacle.part is Part.DEFECT for obstacle in obstacles)
