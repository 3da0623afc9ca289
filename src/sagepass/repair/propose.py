"""Proposes fixes for a decision: every one of them applied to a copy of the snapshot and decided again."""

from __future__ import annotations

from dataclasses import replace

from sagepass.engine.decision import Decision
from sagepass.engine.request import Request
from sagepass.policy.kinds import CheckType, Effect, PolicyType
from sagepass.repair.after import after_change
from sagepass.repair.candidates.options import options_for
from sagepass.repair.companions import companion_fix
from sagepass.repair.completion import Way, complete, goal_of, quota_warnings, situations
from sagepass.repair.fix import Applicability, Edit, Fix
from sagepass.repair.grants import grant_rows, grant_sentences
from sagepass.repair.option import Option, Situation, name_of
from sagepass.repair.outranks import outranking
from sagepass.repair.ownership import ownership_warnings
from sagepass.repair.verify import Authorize, Goal, apply, minimised
from sagepass.snapshot.snapshot import Snapshot

_MOST = 8
"""Ways out that are worth showing."""


def propose(request: Request, snapshot: Snapshot, decision: Decision, authorize: Authorize) -> tuple[Fix, ...]:
    """The ways out of a denial, narrowest first.

    Args:
        request: what was denied.
        snapshot: what is known of the accounts.
        decision: the decision about the request in this snapshot.
        authorize: decides a request in a snapshot; every fix that can be applied is decided again with it.

    Returns:
        Complete fixes first: with all their edits the request is allowed, or allowed provided that what was not supplied
        allows it. Advice follows. A companion for the console page is last and marked optional. Nothing for a request
        that is allowed.
    """
    if decision.effect is Effect.ALLOW:
        return ()
    proposed: list[tuple[tuple[int, int, int], Way, Fix]] = []
    advice: dict[str, Fix] = {}
    stuck: list[Way] = []
    for situation in situations(request, snapshot, decision):
        for option in options_for(situation):
            if option.advice:
                advice.setdefault(option.title, _advice(option))
                continue
            goal = goal_of(situation)
            way = complete(option, request, snapshot, goal, authorize)
            fix = _fix(way, request, snapshot, goal, authorize) if way.complete else None
            if fix is None:
                stuck.append(way)
            elif not any(_same(fix, other) for _, _, other in proposed):
                proposed.append((_order(option, way, fix), way, fix))
    shorter = [way for _, way, _ in proposed]
    useful = [item for item in proposed if not _has_idle_part(item[1], shorter)]
    shown = [(order, _proven(fix, snapshot)) for order, _, fix in useful]
    ordered = [fix for _, fix in sorted(shown, key=_rank)][:_MOST]
    if not ordered:
        open_advice = [option for way in stuck for option in way.open_advice]
        advice = {**{option.title: _advice(option) for option in open_advice}, **advice}
        ordered = _unapplied(stuck, situations(request, snapshot, decision))
    companion = companion_fix(request, snapshot, ordered, authorize)
    found = (*ordered, *advice.values(), *((companion,) if companion else ()))
    return found or (_no_way(decision),)


def _has_idle_part(way: Way, others: list[Way]) -> bool:
    """Whether some of the way's options are enough: a policy that two of them change hides that from minimality."""
    own = {option.title for option in way.options}
    return any({option.title for option in other.options} < own for other in others)


def _no_way(decision: Decision) -> Fix:
    """What to say where no change of a known policy helps: the reasons themselves."""
    reasons = [check.reason for check in decision.checks if check.effect not in {Effect.ALLOW, Effect.NO_IMPACT}]
    undecided = decision.effect is Effect.UNKNOWN
    return Fix(
        title="settle first what is open; no change can be chosen before that"
        if undecided
        else "no change of the known policies lets this request through",
        edits=(),
        applicability=Applicability.DISPLAY_ONLY,
        steps=tuple(dict.fromkeys(reasons)),
    )


def _order(option: Option, way: Way, fix: Fix) -> tuple[int, int, int]:
    """Narrowest first; a change of the request grants nothing; fewer edits before more."""
    breadth = sum(item.breadth for item in way.options if any(edit in fix.edits for edit in item.edits))
    return (breadth, 0 if option.request is not None else 1, len(fix.edits))


def _rank(item: tuple[tuple[int, int, int], Fix]) -> tuple[int, int, int, int]:
    """As :func:`_order` says; of the same breadth what is proven comes before what is not."""
    (breadth, changes_policies, edits), fix = item
    unproven = bool(fix.edits) and fix.applicability is not Applicability.PROVEN
    return (breadth, changes_policies, int(unproven), edits)


def _proven(fix: Fix, snapshot: Snapshot) -> Fix:
    """The fix with its proof. PROVEN takes a proof, a decision that hangs on nothing unknown, and no idle edit."""
    if not fix.edits:
        return fix
    from sagepass.proof.verdict import Verdict  # noqa: PLC0415
    from sagepass.repair.prove import prove_fix  # noqa: PLC0415 - proofs are loaded when there is something to prove

    proof = prove_fix(fix.edits, fix.grants_data, snapshot)
    settled = fix.result is not None and fix.result.effect is Effect.ALLOW and fix.minimal
    holds = proof is not None and proof.verdict is Verdict.PROVEN
    likely = fix.applicability is Applicability.LIKELY
    applicability = Applicability.PROVEN if holds and settled and likely else fix.applicability
    return replace(fix, proof=proof, applicability=applicability)


def _same(fix: Fix, other: Fix) -> bool:
    return (fix.edits, fix.steps) == (other.edits, other.steps)


def _fix(way: Way, request: Request, snapshot: Snapshot, goal: Goal, authorize: Authorize) -> Fix | None:
    """The fix that a complete way amounts to, without edits that are not needed."""
    edits = minimised(way.edits, way.request, snapshot, goal, authorize)
    applied = apply(edits, way.request, snapshot, authorize)
    if applied is None or not goal.reached(applied.decision):
        return None
    if not edits and way.options[0].request is None:
        return None
    kept = [option for option in way.options if _counts(option, way, edits)]
    grants = [grant for option in kept for grant in option.grants]
    result = applied.decision
    return Fix(
        title=_title(kept, edits, way.request),
        edits=edits,
        applicability=Applicability.PLACEHOLDERS if any(o.placeholder for o in kept) else Applicability.LIKELY,
        grants=grant_sentences(grants),
        grants_data=grant_rows(grants),
        result=result,
        minimal=_is_minimal(way, snapshot, authorize, edits),
        not_checked=tuple(dict.fromkeys(item.text for item in result.residual)),
        warnings=tuple(
            dict.fromkeys(
                (
                    *(warning for option in kept for warning in option.warnings),
                    *outranking(request, snapshot, authorize),
                    *ownership_warnings(edits, snapshot),
                    *quota_warnings(edits, snapshot),
                )
            )
        ),
        after=after_change(edits),
        steps=tuple(step for option in kept for step in option.steps),
    )


def _counts(option: Option, way: Way, edits: tuple[Edit, ...]) -> bool:
    """Whether an option has a part in the fix: another request, or an edit of a policy that is still edited."""
    if option.request is not None:
        return way.options[0] is option
    holders = {_place(edit) for edit in edits}
    return any(_place(edit) in holders for edit in option.edits)


def _place(edit: Edit) -> tuple[str | PolicyType, ...]:
    change = edit.change
    return (change.holder, change.type, change.arn or change.name)


def _is_minimal(way: Way, snapshot: Snapshot, authorize: Authorize, edits: tuple[Edit, ...]) -> bool:
    """Leave out each edit in turn: the request must then be denied."""
    for edit in edits:
        rest = [item for item in edits if item is not edit]
        applied = apply(rest, way.request, snapshot, authorize)
        if applied is not None and applied.decision.effect in {Effect.ALLOW, Effect.UNKNOWN}:
            return False
    return bool(edits)


def _title(options: list[Option], edits: tuple[Edit, ...], request: Request) -> str:
    """The one option's own title; for several the places, of which each may have another owner."""
    titles = list(dict.fromkeys(option.title for option in options))
    if len(titles) == 1 or len(edits) == 1:
        return "; and ".join(titles)
    places = ", ".join(edit.where for edit in edits)
    changed = options[0].request is not None
    whole = f"allow {request.action} for {name_of(request.principal)} in {len(edits)} places: {places}"
    return f"{titles[0]}; and {whole}" if changed else whole


def _advice(option: Option) -> Fix:
    return Fix(
        title=option.title,
        edits=(),
        applicability=Applicability.PLACEHOLDERS if option.placeholder else Applicability.DISPLAY_ONLY,
        grants=grant_sentences(option.grants),
        warnings=option.warnings,
        steps=option.steps,
    )


def _unapplied(stuck: list[Way], open_situations: tuple[Situation, ...]) -> list[Fix]:
    """Edits that could not be tried, because the snapshot does not hold what they change: shown as they are.

    Only where nothing is certain to block afterwards; an edit that was tried and does not suffice is not shown.
    """
    unknown = tuple(
        dict.fromkeys(
            undecided.missing.what if undecided.missing else undecided.reason
            for situation in open_situations
            for undecided in situation.check.undecided
        )
    )
    found: list[Fix] = []
    for way in stuck:
        first = way.options[0]
        if way.applied is not None or not first.edits or first.edits[0].check is not CheckType.PRINCIPAL:
            continue
        found.append(
            replace(
                _advice(first),
                edits=first.edits,
                not_checked=unknown,
                grants_data=grant_rows(first.grants),
                after=after_change(first.edits),
            )
        )
    return found[:1]
