"""From a question to a report: whom, what and how; the documents; the trials; the verdict."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import replace

from sagepass.catalog.sharing import Mechanism
from sagepass.jobs.share.approaches import intended, strangers
from sagepass.jobs.share.attempt import can_be_tried
from sagepass.jobs.share.beside import Beside, BesideKind, found_beside, read_beside, with_writing
from sagepass.jobs.share.conditions import ConditionTrial, try_conditions, without_decoration
from sagepass.jobs.share.mechanism import choose_mechanism, costs, explain_choice, require_mechanism
from sagepass.jobs.share.notes import not_checked_for, notes_for
from sagepass.jobs.share.party import Party, PartyKind
from sagepass.jobs.share.pieces import write_pieces
from sagepass.jobs.share.plan import Piece, Plan
from sagepass.jobs.share.proofs import prove_plan
from sagepass.jobs.share.question import ShareQuestion, read_party, read_role_name, read_router, read_worker
from sagepass.jobs.share.quota import with_quota_warnings
from sagepass.jobs.share.report import ShareReport, Trial
from sagepass.jobs.share.subject import Subject, default_actions, read_actions, read_subject
from sagepass.jobs.share.trials import (
    depends_on_what,
    needless_pieces,
    require_known,
    try_in_saved,
    try_plan,
    verdict_of,
    with_keys,
    without_standing_statements,
)
from sagepass.jobs.share.wanted import Wanted
from sagepass.jobs.share.worlds import bare_world
from sagepass.snapshot.snapshot import Snapshot


def plan_share(question: ShareQuestion, snapshot: Snapshot | None) -> ShareReport:
    """Plan how a resource is shared, and try the plan.

    Raises:
        ShareError: it cannot be shared in this way; the message says why, the remedy how else.
        sagepass.jobs.share.who.WhoError: nobody is named, or a claim singles nobody out.
    """
    subject = read_subject(question.resource)
    party = read_party(question, subject, snapshot)
    given = read_actions(question.actions, subject)
    router = read_router(question.router, subject)
    mechanism = question.mechanism or choose_mechanism(subject, party, given, router)
    actions = given or default_actions(subject, mechanism)
    require_mechanism(mechanism, subject, party, actions, router)
    beside, beside_notes = _beside(question, subject, mechanism, actions, snapshot)
    wanted = Wanted(
        subject=subject,
        party=party,
        mechanism=mechanism,
        actions=actions,
        beside=beside,
        router=router if mechanism is Mechanism.POLICY else None,
        worker=read_worker(question.execution_role, party, mechanism),
        role_name=read_role_name(question.role_name, subject, snapshot),
        snapshot=snapshot,
    )
    plan = Plan(
        subject=subject,
        party=party,
        mechanism=mechanism,
        actions=actions,
        pieces=tuple(with_quota_warnings(piece, snapshot) for piece in write_pieces(wanted)),
        router=wanted.router,
        worker=wanted.worker,
        member=_member(party, subject, snapshot),
    )
    report = _tried(plan, wanted, snapshot, beside_notes)
    return replace(report, next_command=_next_command(question, report, snapshot))


def _member(party: Party, subject: Subject, snapshot: Snapshot | None) -> str | None:
    """A saved account of the organization or unit, other than the owner's."""
    if snapshot is None:
        return None
    others = [account for account in snapshot.accounts if account != subject.arn.account]
    if party.kind is PartyKind.ORGANIZATION:
        return next((account for account in others if snapshot.organization_id(account) == party.value), None)
    if party.kind is PartyKind.UNIT:
        below = f"{party.value.rstrip('/')}/"
        return next((a for a in others if (snapshot.organization_path(a) or "").startswith(below)), None)
    return None


def _beside(
    question: ShareQuestion, subject: Subject, mechanism: Mechanism, actions: Sequence[str], snapshot: Snapshot | None
) -> tuple[tuple[Beside, ...], tuple[str, ...]]:
    """What was named, and, if others use the resource in their own account, what the saved answers tell."""
    named = tuple(read_beside(text, subject) for text in question.also)
    if mechanism is Mechanism.ROLE:
        return tuple(with_writing(item, actions) for item in named), ()
    found, notes = found_beside(subject, snapshot) if snapshot is not None else ((), ())
    if subject.row.resource_type == "model-package-group" and "sagemaker:CreateModel" not in actions:
        found = ()
    merged = {item.resource: with_writing(item, actions) for item in (*named, *found)}
    kinds = {item.kind for item in merged.values()}
    if "sagemaker:CreateModel" in actions:
        lacking = [kind for kind in BesideKind if kind not in kinds]
        words = {
            BesideKind.DATA: "the bucket of the artifacts",
            BesideKind.IMAGE: "the repository of the image",
            BesideKind.KEY: "the customer managed key of the artifacts",
        }
        if lacking:
            listed = ", ".join(words[kind] for kind in lacking)
            notes = (
                *notes,
                f"not known, and not in the plan: {listed}; name them with --also, or save describe-model-package",
            )
    return tuple(merged.values()), notes


def _tried(plan: Plan, wanted: Wanted, snapshot: Snapshot | None, beside_notes: tuple[str, ...]) -> ShareReport:
    own, others = intended(plan), strangers(plan)
    saved: Trial | None = None
    needless: tuple[Piece, ...] = ()
    standing: tuple[str, ...] = ()
    if snapshot is not None:
        require_known(plan, snapshot)
        plan = with_keys(plan, wanted, own, snapshot)
    conditions = try_conditions(plan, own, others)
    alone = try_plan(plan, own, others, bare_world(plan, own, others), complete=True)
    decoration = tuple(trial for trial in conditions if not trial.lets_in)
    if decoration and not alone.blocked:  # a plan that does not work says nothing about its conditions
        plan = without_decoration(plan, conditions)
        alone = try_plan(plan, own, others, bare_world(plan, own, others), complete=True)
    if snapshot is not None:
        plan, standing = without_standing_statements(plan, own, others, snapshot)
        needless = needless_pieces(plan, own, snapshot)
        plan = replace(plan, pieces=tuple(piece for piece in plan.pieces if piece not in needless))
        saved = try_in_saved(plan, own, others, snapshot)
    spared = (f"{piece.title}: not needed, the policies there allow it already" for piece in needless)
    notes = (*beside_notes, *standing, *spared)
    depends_on = depends_on_what(plan, saved)
    proofs = prove_plan(plan)
    not_tried = tuple(action for action in plan.actions if not can_be_tried(plan, action))
    return ShareReport(
        plan=plan,
        choice=explain_choice(plan.mechanism, plan.subject, plan.party),
        costs=costs(plan.mechanism, plan.party, plan.actions),
        alone=alone,
        saved=saved,
        conditions=tuple(trial for trial in conditions if trial.lets_in),
        proofs=proofs,
        verdict=verdict_of(alone, saved, depends_on, proofs),
        depends_on=depends_on,
        decoration=tuple(_condition_words(trial) for trial in decoration),
        notes=(*notes, *notes_for(plan)),
        not_checked=not_checked_for(plan, not_tried),
    )


def _condition_words(trial: ConditionTrial) -> str:
    return f"{trial.operator} {trial.key} in {trial.piece}"


def _next_command(question: ShareQuestion, report: ShareReport, snapshot: Snapshot | None) -> str:
    """The command that goes on from here: with the accounts, or else to files; a made-up external id stays the same."""
    options: list[tuple[str, str | None]] = [
        ("--mechanism", question.mechanism),
        *(("--also", item) for item in question.also),
        ("--subject", question.subject),
        ("--audience", question.audience),
        ("--external-id", report.plan.party.external_id),
        ("--source-arn", question.source_arn),
        ("--execution-role", question.execution_role),
        ("--router", question.router),
        ("--role-name", question.role_name),
        ("--snapshot", snapshot.name if snapshot is not None else "./snapshot"),
        ("--out", "share-plan" if snapshot is not None else None),
    ]
    words = ["sagepass", "share", question.resource, "--with", question.who]
    words += ["--actions", *question.actions] if question.actions else []
    words += [word for option, value in options if value is not None for word in (option, value)]
    words += ["--session-tags"] if question.session_tags else []
    words += ["--source-identity"] if question.source_identity else []
    return shlex.join(words)
