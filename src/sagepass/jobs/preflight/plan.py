"""What to change so that the whole call passes: one part for each owner, decided again as a whole.

Every change comes from :mod:`sagepass.repair`. They are made one after the other, because one often settles the next need too;
then they are put together, those that turn out not to be needed are left out, and every need is decided again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sagepass.calls.need import CallNeed
from sagepass.engine.authorize import UnknownPrincipal
from sagepass.engine.decision import Decision
from sagepass.jobs.preflight.combine_edits import Change, combined, is_added, rebased
from sagepass.jobs.preflight.decide import NeedDecision, asker, decide_need
from sagepass.jobs.preflight.owner_parts import Advice, owner_parts
from sagepass.jobs.preflight.record import Authorization, Plan, allowed_so_far
from sagepass.policy.kinds import CheckType, Effect
from sagepass.repair.fix import Applicability, Edit, Fix
from sagepass.repair.option import name_of
from sagepass.repair.propose import propose
from sagepass.snapshot.errors import SnapshotError
from sagepass.snapshot.snapshot import Snapshot

_ROUNDS = 6
"""Changes that one need can take: as many variants or layers as one request has."""
_MOST_REPAIRS = 200
"""Missing authorizations that one plan repairs; what is beyond stays in its ``remaining``."""
_APPLICABLE = frozenset({Applicability.PROVEN, Applicability.LIKELY})
_DENIES = frozenset({Effect.IMPLICIT_DENY, Effect.EXPLICIT_DENY})


@dataclass(slots=True)
class _Draft:
    """The changes so far, and the snapshot with them made."""

    world: Snapshot
    changes: list[Change] = field(default_factory=list)
    fixes: list[Fix] = field(default_factory=list)
    advice: list[Advice] = field(default_factory=list)
    values: dict[str, object] = field(default_factory=dict)


def make_plan(authorizations: Sequence[Authorization], snapshot: Snapshot, *, name: str) -> Plan | None:
    """The plan for everything that is missing; ``None`` if nothing is.

    Args:
        authorizations: all needs, decided.
        snapshot: what they were decided from.
        name: what a new policy is called after: the operation.
    """
    missing = [item for item in authorizations if item.missing or _partly_denied(item) or _is_silent(item.decision)]
    if not missing:
        return None
    draft = _Draft(world=snapshot)
    for item in missing[:_MOST_REPAIRS]:
        _repair(item, draft)
    policy = f"sagepass-{name}"[:64]
    changes = _needed_only(draft, snapshot, policy)
    edits = combined(changes, snapshot, name=policy)
    world = _made(edits, snapshot) or draft.world
    after = [(item, decide_need(item.need.corrected or item.need, world, draft.values)) for item in authorizations]
    effect = together(decision.effect for _, decision in after)
    return Plan(
        parts=owner_parts(
            edits, draft.fixes, draft.advice, snapshot, policy=name, settled=effect is not Effect.UNKNOWN
        ),
        effect=effect,
        remaining=tuple(
            _still(item.need, found)
            for item, found in after
            if found.effect is not Effect.ALLOW and not allowed_so_far(found.effect, found.decisions)
        ),
        minimal=effect is not Effect.UNKNOWN,
    )


def together(effects: Iterable[Effect]) -> Effect:
    """One denial makes the whole a denial, else one unknown leaves it open."""
    found = set(effects)
    for effect in (Effect.EXPLICIT_DENY, Effect.IMPLICIT_DENY, Effect.UNKNOWN):
        if effect in found:
            return effect
    return Effect.ALLOW


def _partly_denied(item: Authorization) -> bool:
    """Denied with some of the values that the request leaves possible: worth repairing, so that it passes with all."""
    return item.effect is Effect.UNKNOWN and any(decision.effect in _DENIES for decision in item.decisions)


def _is_silent(decision: Decision | None) -> bool:
    """Whether no policy of the principal allows it, so that only a policy of the resource that was not supplied could."""
    if decision is None or decision.effect is not Effect.UNKNOWN:
        return False
    own = [check for check in decision.checks if check.type is CheckType.PRINCIPAL and check.effect is Effect.UNKNOWN]
    return any(not item.keys and item.missing is None for check in own for item in check.undecided)


def _repair(item: Authorization, draft: _Draft) -> None:
    need = item.need
    if need.refused:
        draft.advice.append(Advice(who=need.principal, step=f"{need.refused}: {need.remedy}"))
        if need.corrected is None:
            return
        need = need.corrected
    for _ in range(_ROUNDS):
        now = decide_need(need, draft.world, draft.values)
        if now.effect is Effect.ALLOW or now.decision is None:
            return
        if now.decision.effect not in _DENIES and not _is_silent(now.decision):
            return
        if not _one_change(need, now.decision, draft):
            return


def _one_change(need: CallNeed, decision: Decision, draft: _Draft) -> bool:
    """Make the best change for one denied request; false if there is none that can be made here."""
    fixes = propose(decision.request, draft.world, decision, asker(need))
    chosen = _chosen(fixes, explicit=decision.effect is Effect.EXPLICIT_DENY)
    if chosen is None:
        draft.advice.append(_advice(need, fixes))
        return False
    if not chosen.edits:
        draft.advice.append(Advice(who=need.principal, step=chosen.title))
        before, after = decision.request.context, chosen.result.request.context if chosen.result else {}
        changed = {key: value for key, value in after.items() if before.get(key) != value}
        draft.values |= changed
        return bool(changed)
    world = _made(chosen.edits, draft.world)
    if world is None:
        draft.advice.append(_advice(need, fixes))
        return False
    draft.world = world
    draft.fixes.append(chosen)
    draft.changes += [Change(need=need, edit=edit) for edit in chosen.edits]
    return True


def _chosen(fixes: Sequence[Fix], *, explicit: bool) -> Fix | None:
    """A Deny is gone round with another request where that works; a missing Allow is given."""
    edits = [fix for fix in fixes if fix.edits and not fix.optional and fix.applicability in _APPLICABLE]
    requests = [fix for fix in fixes if not fix.edits and fix.result is not None]
    ordered = [*requests, *edits] if explicit else [*edits, *requests]
    return ordered[0] if ordered else None


def _advice(need: CallNeed, fixes: Sequence[Fix]) -> Advice:
    shown = next((fix for fix in fixes if not fix.optional), None)
    what = f"{need.needed.action} on {need.needed.resource} for {name_of(need.principal)}"
    if shown is None:
        return Advice(who=need.principal, step=f"allow {what}")
    steps = "; ".join(shown.steps)
    return Advice(who=need.principal, step=f"{what}: {shown.title}" + (f" ({steps})" if steps else ""))


def _made(edits: Iterable[Edit], snapshot: Snapshot) -> Snapshot | None:
    try:
        return snapshot.with_changes([edit.change for edit in edits])
    except SnapshotError:
        return None


def _needed_only(draft: _Draft, snapshot: Snapshot, name: str) -> list[Change]:
    """The changes without those that a later one made superfluous; each of the others was left out once and was missed."""
    changes = rebased(draft.changes)
    kept = list(changes)
    for change in changes:
        rest = [item for item in kept if item is not change]
        if _builds_on(change, rest):
            continue
        world = _made(combined(rest, snapshot, name=name), snapshot)
        if world is None:
            continue
        try:
            after = decide_need(change.need, world, draft.values)
        except UnknownPrincipal:
            continue
        if after.effect is Effect.ALLOW:
            kept = rest
    return kept


def _builds_on(change: Change, others: Sequence[Change]) -> bool:
    """Whether an edit that is more than an added statement stands before others of the same policy."""
    same = [
        item
        for item in others
        if (item.edit.policy_type, item.edit.change.holder, item.edit.change.name)
        == (change.edit.policy_type, change.edit.change.holder, change.edit.change.name)
    ]
    return bool(same) and not (is_added(change.edit) and all(is_added(item.edit) for item in same))


def _still(need: CallNeed, decision: NeedDecision) -> str:
    reason = decision.reason or need.refused
    return f"{need.needed.action} on {need.needed.resource} for {name_of(need.principal)}: {reason}"
