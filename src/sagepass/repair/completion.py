"""Makes a whole way out of a first step: whatever still blocks after it is repaired as well, round by round."""

from __future__ import annotations

from dataclasses import dataclass

from sagepass.engine.decision import Check, Decision, Evaluation
from sagepass.engine.request import Request
from sagepass.policy.kinds import CheckType, Effect
from sagepass.repair.candidates.options import edit_options
from sagepass.repair.fits import over_quota
from sagepass.repair.fix import Edit
from sagepass.repair.option import Option, Situation
from sagepass.repair.verify import Applied, Authorize, Goal, apply, merged
from sagepass.snapshot.snapshot import Snapshot

_ROUNDS = 12
"""Checks that can follow one another: as many levels of an organization as there are, and the other layers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Options, one after the other, with the world they lead to.

    ``open_advice`` is set where a check still blocks and only somebody outside these policies can act.
    """

    options: tuple[Option, ...]
    edits: tuple[Edit, ...]
    request: Request
    applied: Applied | None
    complete: bool
    open_advice: tuple[Option, ...] = ()


def complete(first: Option, request: Request, snapshot: Snapshot, goal: Goal, authorize: Authorize) -> Way:
    """Apply the first option; then, while the request is denied, the narrowest edit for a check that still blocks."""
    options: tuple[Option, ...] = (first,)
    asked = first.request or request
    advice: list[Option] = []
    applied: Applied | None = None
    for _ in range(_ROUNDS):
        edits = merged([edit for option in options for edit in option.edits])
        applied = apply(edits, asked, snapshot, authorize)
        if applied is None:
            return Way(options=options, edits=edits, request=asked, applied=None, complete=False)
        if goal.reached(applied.decision):
            return Way(options=options, edits=edits, request=asked, applied=applied, complete=True)
        following = _following(applied, options, advice)
        if following is None:
            return Way(
                options=options,
                edits=edits,
                request=asked,
                applied=applied,
                complete=False,
                open_advice=tuple(advice),
            )
        options = (*options, following)
    return Way(options=options, edits=(), request=asked, applied=applied, complete=False)


def _following(applied: Applied, options: tuple[Option, ...], advice: list[Option]) -> Option | None:
    """The next edit; an Allow that was added before has not helped and is not added again; a policy may hold one Deny twice."""
    made = [(edit.policy_type, edit.change.holder, edit.statement) for option in options for edit in option.edits]
    for situation in situations(applied.request, applied.snapshot, applied.decision):
        for option in sorted(edit_options(situation), key=lambda item: item.breadth):
            if option.advice:
                advice.append(option)
            elif situation.check.effect is Effect.EXPLICIT_DENY or not any(
                (edit.policy_type, edit.change.holder, edit.statement) in made for edit in option.edits
            ):
                return option
    return None


def _repairable(check: Check) -> bool:
    """A policy that was not supplied cannot be changed; the caller's own can get a further statement unseen."""
    missing = [item.missing for item in check.undecided if item.missing is not None]
    return check.type is CheckType.PRINCIPAL or all(item.grants_only for item in missing)


def situations(request: Request, snapshot: Snapshot, decision: Decision) -> tuple[Situation, ...]:
    """Everything that certainly blocks; where nothing does, what is not known and may block."""
    found: list[tuple[Evaluation, Check]] = [
        (evaluation, check) for evaluation in decision.evaluations for check in evaluation.checks if check.blocks
    ]
    if not found:
        found = [
            (evaluation, check)
            for evaluation in decision.evaluations
            for check in evaluation.checks
            if check.effect is Effect.UNKNOWN and _repairable(check)
        ]
    return tuple(
        Situation(request=request, snapshot=snapshot, decision=decision, evaluation=evaluation, check=check)
        for evaluation, check in found
    )


def goal_of(situation: Situation) -> Goal:
    """Everything that blocks has to be settled; where nothing does, the one check that is looked at."""
    keys = {(check.type, check.target) for check in situation.decision.blocking}
    return Goal(frozenset(keys or {(situation.check.type, situation.check.target)}))


def quota_warnings(edits: tuple[Edit, ...], snapshot: Snapshot) -> tuple[str, ...]:
    """What does not fit, for edits that had no better place."""
    found = (over_quota(edit, snapshot) for edit in edits)
    return tuple(f"does not fit: {sentence}" for sentence in found if sentence)
