"""All that one pair of policies lets through and the other does not, class by class and caller by caller."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from sagepass.policy.document import Document
from sagepass.proof.actions import action_mask, actions_in, classes, every_action, first_action
from sagepass.proof.atom import ACTION, RESOURCE
from sagepass.proof.budget import Budget, BudgetSpentError
from sagepass.proof.certificate import Covered, Step
from sagepass.proof.compiled_document import compiled_document
from sagepass.proof.formula import FALSE, Formula, both
from sagepass.proof.policy_formula import masks
from sagepass.proof.prove import Answer, example, prove_none
from sagepass.proof.replay import Replay, Scene
from sagepass.proof.shapes import ANY_ACTION, ANY_ARN, Place, documented, familiar, fits
from sagepass.proof.verdict import Verdict, Witness
from sagepass.proof.who import Who
from sagepass.proof.world import Bound, World

_ONE_BY_ONE = 4
"""Sets of ARN forms in one class of actions that are looked at by themselves."""
_ACTIONS_TRIED = 64
"""Actions among which these are looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One class of actions for one caller.

    Attributes:
        who: the caller; ``None`` where the policy has no principals.
        mask: the listed actions; 0 for those that AWS does not list.
        answer: the verdict on any ARN.
        documented: the verdict on the ARNs that AWS documents.
    """

    who: Who | None
    mask: int
    answer: Answer
    documented: Verdict

    @property
    def actions(self) -> tuple[str, ...]:
        """Their names."""
        return tuple(actions_in(self.mask))


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked of every class and caller.

    Attributes:
        universe: the listed actions to look at.
        granted_before: the listed actions that the old side says anything about; the others come first.
        parts: for one bit of a class (``None``: the open world) and a caller, the formulas that no request may make
            true together.
        callers: the callers to look at, ``None`` for one of whom nothing is known.
        replay: whether the engine agrees with a witness.
        documents: their statements cut the actions into classes, and familiar accounts and Regions for examples come from
            them.
    """

    universe: Callable[[], int]
    granted_before: Callable[[], int]
    parts: Callable[[int | None, Who | None], tuple[Formula, ...]]
    callers: Sequence[Who | None]
    replay: Replay
    documents: Sequence[Document]


def pieces_of(question: Question, budget: Budget) -> Iterator[Piece]:
    """The answers, the simplest first; a class that differs nowhere comes too, as ``PROVEN``.

    What was not looked at when the budget is spent comes last, as ``UNKNOWN``.
    """
    left = 0
    try:
        for document in question.documents:
            compiled_document(document).tell_actions_apart(budget)
        universe = left = question.universe()
        place = familiar(compiled_document(document).place for document in question.documents)
        granted = question.granted_before()
        ungranted = universe & ~granted
        early = universe & _alike(ungranted & -ungranted, question) if ungranted else 0
        if early:
            yield from _for_everyone(question, early, place, budget)
            left ^= early
        found = classes(left, masks(question.documents), budget)
        found.sort(key=lambda mask: bool(mask & granted))
        for mask in found:
            yield from _for_everyone(question, mask, place, budget)
            left ^= mask
    except BudgetSpentError as spent:
        reason = f"not all actions and callers were looked at within {spent.what}"
        answer = Answer(verdict=Verdict.UNKNOWN, reason=reason)
        yield Piece(who=None, mask=left, answer=answer, documented=Verdict.UNKNOWN)


def _alike(action: int, question: Question) -> int:
    """The actions that no statement tells apart from one, given as a bit."""
    found = every_action()
    for document in question.documents:
        found &= compiled_document(document).alike(action)
    return found


def _for_everyone(question: Question, mask: int, place: Place, budget: Budget) -> Iterator[Piece]:
    action = mask & -mask
    for who in question.callers:
        budget.tick(every=1)
        parts = question.parts(action, who)
        formula = both(parts)
        if formula is FALSE:
            answer = Answer(verdict=Verdict.PROVEN, impossible=parts)
            yield Piece(who=who, mask=mask, answer=answer, documented=Verdict.PROVEN)
        else:
            yield _piece(question, formula, mask=mask, who=who, place=place, budget=budget)


def _piece(question: Question, formula: Formula, *, mask: int, who: Who | None, place: Place, budget: Budget) -> Piece:
    first = first_action(mask)
    familiar = _world(who, documented(first, *place))
    shown_at_once = example(formula, familiar, Scene(who, first, documented=True), question.replay, budget)
    if shown_at_once is not None:
        return Piece(who=who, mask=mask, answer=shown_at_once, documented=Verdict.REFUTED)
    scene = Scene(who, first, documented=False)
    answer = prove_none(formula, _world(who, ANY_ARN), scene, question.replay, budget)
    if answer.verdict is not Verdict.REFUTED:
        return Piece(who=who, mask=mask, answer=answer, documented=answer.verdict)
    assert answer.witness is not None
    try:
        shown = _on_documented(
            question, formula, mask=mask, witness=answer.witness, who=who, place=place, budget=budget
        )
    except BudgetSpentError as spent:
        shown = Answer(verdict=Verdict.UNKNOWN, reason=f"the search was given up after {spent.what}")
    if shown.verdict is Verdict.REFUTED:
        answer = shown
    return Piece(who=who, mask=mask, answer=answer, documented=shown.verdict)


def _on_documented(
    question: Question,
    formula: Formula,
    *,
    mask: int,
    witness: Witness,
    who: Who | None,
    place: Place,
    budget: Budget,
) -> Answer:
    """The same for the ARNs that AWS documents for these actions; first in a familiar place, so that it reads well.

    The forms that fit the witness on any ARN come first, one by one; all others are asked about together.
    """
    likely = _likely(mask, witness.resource)
    for bound, action in likely.items():
        scene = Scene(who, action, documented=True)
        for resources in (documented(action, *place), bound):
            answer = prove_none(formula, _world(who, resources), scene, question.replay, budget)
            if answer.verdict is Verdict.REFUTED:
                return answer
        if answer.verdict is Verdict.UNKNOWN:
            return answer
    rest: dict[Bound, str] = {}
    for action in actions_in(mask):
        budget.tick(every=256)
        rest.setdefault(documented(action), action)
    for bound in likely:
        rest.pop(bound, None)
    if not rest:
        return Answer(verdict=Verdict.PROVEN)
    together = Bound((frozenset().union(*(bound.groups[0] for bound in rest)),))
    scene = Scene(who, next(iter(rest.values())), documented=True)
    answer = prove_none(formula, _world(who, together), scene, question.replay, budget)
    if answer.witness is None:
        return answer
    fitting = next(bound for bound in rest if fits(bound, answer.witness.resource))
    scene = Scene(who, rest[fitting], documented=True)
    return prove_none(formula, _world(who, fitting), scene, question.replay, budget)


def _likely(mask: int, resource: str) -> dict[Bound, str]:
    """A few sets of ARN forms in a class of actions, each with an action; first those of the resource's own service."""
    found: dict[Bound, str] = {}
    service = resource.split(":", 3)[2] if resource.count(":") > 2 else ""
    for actions in (actions_in(mask & action_mask([f"{service}:*"])), actions_in(mask)):
        for action in islice(actions, _ACTIONS_TRIED):
            found.setdefault(documented(action), action)
            if len(found) >= _ONE_BY_ONE:
                return found
    return found


def _world(who: Who | None, resources: Bound, *, open_world: bool = False) -> World:
    bounds = {RESOURCE: resources}
    if open_world:
        bounds[ACTION] = ANY_ACTION
    if who is not None and who.bound.groups:
        bounds["aws:principalarn"] = who.bound
    return World(bounds=bounds)


def beyond_catalog(question: Question, budget: Budget) -> Iterator[Piece]:
    """The same for any action at all: what is new only on actions that AWS does not list."""
    for who in question.callers:
        try:
            budget.tick(every=1)
        except BudgetSpentError as spent:
            reason = f"not all callers were looked at within {spent.what}"
            answer = Answer(verdict=Verdict.UNKNOWN, reason=reason)
            yield Piece(who=None, mask=0, answer=answer, documented=Verdict.UNKNOWN)
            return
        parts = question.parts(None, who)
        formula = both(parts)
        if formula is FALSE:
            answer = Answer(verdict=Verdict.PROVEN, impossible=parts)
        else:
            scene = Scene(who, "", documented=False)
            answer = prove_none(formula, _world(who, ANY_ARN, open_world=True), scene, question.replay, budget)
        yield Piece(who=who, mask=0, answer=answer, documented=answer.verdict)


def steps_of(pieces: Sequence[Piece]) -> tuple[Step, ...]:
    """What the proof of some pieces consists of."""
    found: list[Step] = []
    for piece in pieces:
        who = piece.who.words if piece.who is not None else ""
        first = first_action(piece.mask) if piece.mask else ""
        about = Covered(actions=piece.mask.bit_count(), first_action=first, who=who)
        found += [Step(about=about, search=search) for search in piece.answer.searches]
        if piece.answer.impossible:
            found.append(Step(about=about, impossible=piece.answer.impossible))
    return tuple(found)
