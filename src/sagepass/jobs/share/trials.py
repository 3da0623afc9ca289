"""Tries a plan: fits it to the saved accounts, lets everybody try, and says what that comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sagepass.catalog.sharing import Mechanism
from sagepass.engine.authorize import UnknownPrincipal
from sagepass.jobs.share.approaches import Approach
from sagepass.jobs.share.attempt import Step, entering, inside
from sagepass.jobs.share.party import PartyKind
from sagepass.jobs.share.pieces import key_piece
from sagepass.jobs.share.plan import Piece, Plan, Side
from sagepass.jobs.share.proofs import ShareProof
from sagepass.jobs.share.report import ShareVerdict, StrangerTrial, Trial
from sagepass.jobs.share.subject import ShareError
from sagepass.jobs.share.wanted import Wanted
from sagepass.jobs.share.worlds import real_world
from sagepass.policy.kinds import CheckType, Effect
from sagepass.repair.fix import Edit
from sagepass.repair.policy_text import with_statement
from sagepass.snapshot.snapshot import Snapshot


def needless_pieces(plan: Plan, own: Approach, snapshot: Snapshot) -> tuple[Piece, ...]:
    """The documents of the other side without which the party gets in all the same: their policies allow it already."""
    needless: list[Piece] = []
    for piece in plan.pieces:
        content = piece.content
        if piece.side is Side.OWNER or not isinstance(content, Edit) or not snapshot.principal(content.change.holder):
            continue
        left_out = (*needless, piece)
        without = replace(plan, pieces=tuple(other for other in plan.pieces if other not in left_out))
        steps = entering(without, own, real_world(without, own, (), snapshot), complete=False)
        if steps and all(step.decision.effect is Effect.ALLOW for step in steps):
            needless.append(piece)
    return tuple(needless)


def without_standing_statements(
    plan: Plan, own: Approach, others: tuple[Approach, ...], snapshot: Snapshot
) -> tuple[Plan, tuple[str, ...]]:
    """The plan without adding what a policy allows the party, and no stranger, already; a note for each left out.

    Only the changed document gets shorter: tried alone, a plan still needs all of its statements. What lets strangers in
    as well has to be narrowed, so nothing may come to rest on it.
    """
    notes: list[str] = []
    for piece in plan.pieces:
        content = piece.content
        if piece.side is Side.OTHER or not isinstance(content, Edit) or not isinstance(content.before, Mapping):
            continue
        left = list(content.statement) if isinstance(content.statement, list) else []
        for statement in tuple(left):
            kept = [other for other in left if other is not statement]
            shorter = replace(piece, content=_adding(content, content.before, kept))
            without = replace(
                plan, pieces=tuple(shorter if other.name == piece.name else other for other in plan.pieces)
            )
            if _stands(without, piece, own, others, snapshot):
                plan, left = without, kept
                notes.append(
                    f"{piece.title}: statement {statement['Sid']} is not added, what stands there allows it already"
                )
    return plan, tuple(notes)


def _stands(plan: Plan, piece: Piece, own: Approach, others: tuple[Approach, ...], snapshot: Snapshot) -> bool:
    """Whether the policy lets the party in and every stranger not."""
    world = real_world(plan, own, others, snapshot)
    inside = [step for step in entering(plan, own, world, complete=False) if step.piece == piece.name]
    outside = [step for other in others for step in entering(plan, other, world, complete=True)]
    kept_out = all(step.stopped for step in outside if step.piece == piece.name)
    return bool(inside) and kept_out and all(step.let_in_by_owner for step in inside)


def _adding(edit: Edit, before: Mapping[str, object], statements: Sequence[Mapping[str, object]]) -> Edit:
    """The edit with these statements added only; which of them the plan consists of stays as it is."""
    after = with_statement(before, *statements) if statements else before
    return replace(edit, after=after, change=replace(edit.change, document=after))


def with_keys(plan: Plan, wanted: Wanted, own: Approach, snapshot: Snapshot) -> Plan:
    """The plan with a statement in each key policy that would stop the role."""
    if plan.mechanism is not Mechanism.ROLE:
        return plan
    stopped: dict[str, dict[str, None]] = {}
    for step in inside(plan, real_world(plan, own, (), snapshot), complete=False):
        by_key = CheckType.RESOURCE in step.decision.decided_by and step.decision.effect is Effect.IMPLICIT_DENY
        if by_key and step.request.action.startswith("kms:"):
            stopped.setdefault(step.request.resource, {})[step.request.action] = None
    more = [key_piece(wanted, key, tuple(actions)) for key, actions in stopped.items()]
    theirs = [piece for piece in plan.pieces if piece.side is Side.OTHER]
    ours = [piece for piece in plan.pieces if piece.side is Side.OWNER]
    return replace(plan, pieces=(*ours, *more, *theirs))


def require_known(plan: Plan, snapshot: Snapshot) -> None:
    """A principal of a collected account that is not there is a slip of the question."""
    party = plan.party
    if party.kind is not PartyKind.PRINCIPAL or not snapshot.has_account(party.account or ""):
        return
    if snapshot.principal(party.value) is None and snapshot.incomplete(party.account or "") is None:
        near = snapshot.nearest_principals(party.value)
        raise ShareError(
            f"the snapshot has account {party.account}, but no {party.value}",
            f"did you mean {near[0]}?" if near else "collect the account again if it is new",
        )


def try_in_saved(plan: Plan, own: Approach, others: tuple[Approach, ...], snapshot: Snapshot) -> Trial:
    """The plan in a copy of the saved accounts.

    Raises:
        ShareError: the party is not among the saved principals of its account.
    """
    try:
        return try_plan(plan, own, others, real_world(plan, own, others, snapshot), complete=False)
    except UnknownPrincipal as error:
        raise ShareError(str(error), "check --with") from error


def try_plan(plan: Plan, own: Approach, others: tuple[Approach, ...], world: Snapshot, *, complete: bool) -> Trial:
    """Strangers choose what their requests carry, so theirs are complete; of the party's not everything is known."""
    return Trial(
        own=(*entering(plan, own, world, complete=complete), *inside(plan, world, complete=complete)),
        strangers=tuple(
            StrangerTrial(label=stranger.label, steps=entering(plan, stranger, world, complete=True))
            for stranger in others
        ),
    )


def depends_on_what(plan: Plan, saved: Trial | None) -> tuple[str, ...]:
    """What keeps the verdict open: unknown steps, and documents that would replace what was not collected."""
    if saved is None:
        return (
            "your accounts: give their saved answers with --snapshot to have guardrails and existing policies checked",
        )
    found: dict[str, None] = {}
    for step in saved.own:
        if step.decision.effect is Effect.UNKNOWN:
            found.update(dict.fromkeys(item.text for item in step.decision.residual))
    for trial in saved.strangers:
        for step in trial.steps:
            if not step.stopped and not step.let_in_by_owner:
                found[f"{trial.label} stays out, unless {step.provided}"] = None
    for piece in plan.pieces:
        found.update(dict.fromkeys(warning for warning in piece.warnings if "would replace it" in warning))
    return tuple(found)


def verdict_of(
    alone: Trial, saved: Trial | None, depends_on: tuple[str, ...], proofs: Sequence[ShareProof]
) -> ShareVerdict:
    """What trials and proofs come to; a stranger inside, or a document that allows more than is stated, outweighs all else."""
    worlds = [trial for trial in (alone, saved) if trial is not None]
    if any(trial.too_open for trial in worlds) or any(proof.fails for proof in proofs):
        return ShareVerdict.TOO_OPEN
    if any(trial.blocked for trial in worlds):
        return ShareVerdict.BLOCKED
    return ShareVerdict.CONDITIONAL if depends_on else ShareVerdict.READY


def blocked_reasons(steps: Sequence[Step]) -> tuple[str, ...]:
    """One sentence for each check that stops the party, with the account in which it stands."""
    found: dict[str, None] = {}
    for step in steps:
        for check in step.decision.blocking:
            found[f"{step.request.action}: {check.reason}"] = None
    return tuple(found)
