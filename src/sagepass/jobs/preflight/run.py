"""Runs a preflight: takes the calls of a document apart, decides every authorization, and plans what to change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sagepass.calls.call import AddedTags, Call
from sagepass.calls.execution_role.trust import trust_needed
from sagepass.calls.need import CallNeed, Necessity, Needs
from sagepass.calls.needs import whole_call
from sagepass.calls.read.record import ReadCall
from sagepass.calls.surroundings import Surroundings
from sagepass.jobs.preflight.decide import decide_need
from sagepass.jobs.preflight.plan import make_plan, together
from sagepass.jobs.preflight.record import Asked, Authorization, OpenQuestion, Preflight
from sagepass.jobs.preflight.stored_steps import with_stored_steps
from sagepass.policy.caller import CallerKind, parse_caller
from sagepass.policy.kinds import Effect
from sagepass.snapshot.snapshot import Snapshot
from sagepass.source.finding import Finding
from sagepass.source.route import Route

_STUDIO_SESSION = "SageMaker"
"""The session name of Studio and notebooks
(https://docs.aws.amazon.com/sagemaker/latest/dg/monitor-user-access-how-to.html)."""


def preflight(
    calls: Sequence[ReadCall],
    snapshot: Snapshot,
    *,
    caller: str,
    findings: tuple[Finding, ...] = (),
    with_plan: bool = True,
) -> Preflight:
    """Everything that the calls take, from everybody involved, and what to change so that they pass.

    Args:
        calls: in the order in which they are made; later ones know what earlier ones make.
        snapshot: the saved policies and resources.
        caller: ARN of the user, role or session that makes the calls (those that a pipeline's role makes excepted).
        findings: what is wrong with the document, passed on.
        with_plan: also find out what to change.

    Raises:
        ValueError: the caller is no principal.
    """
    surroundings = Surroundings(snapshot=snapshot)
    collected: dict[tuple[object, ...], tuple[CallNeed, list[Asked]]] = {}
    questions: dict[str, OpenQuestion] = {}
    named = [replace(read, call=completed_call(read.call, read.made_by or caller, snapshot)) for read in calls]
    followed, more_findings = with_stored_steps(named, surroundings)
    completed: list[ReadCall] = []
    for read in followed:
        whole = replace(read, call=completed_call(read.call, read.made_by or caller, snapshot))
        completed.append(whole)
        needs = _needs(whole, caller, surroundings)
        for need in needs.found:
            _collect(collected, need, _asked(whole, need.needed.because))
        for point in needs.open_points:
            questions.setdefault(point.what, OpenQuestion(point=point, asked=_asked(whole, point.because)))
        surroundings = surroundings.after([whole.call])
    authorizations = tuple(_decided(need, tuple(asked), snapshot) for need, asked in collected.values())
    plan = make_plan(authorizations, snapshot, name=_plan_name(completed)) if with_plan else None
    effect = together(item.effect for item in authorizations)
    assumed = (text for item in authorizations if item.decision for text in item.decision.assumptions)
    return Preflight(
        caller=caller,
        calls=tuple(completed),
        authorizations=authorizations,
        open_questions=tuple(questions.values()),
        findings=(*findings, *more_findings),
        plan=plan,
        effect=Effect.UNKNOWN if effect is Effect.ALLOW and questions else effect,
        assumptions=tuple(dict.fromkeys(assumed)),
    )


def completed_call(call: Call, caller: str, snapshot: Snapshot) -> Call:
    """A call with the caller's account and partition, the only Region that can be meant, and the tags that Studio adds."""
    who = parse_caller(caller)
    tags = call.added_tags
    if tags is AddedTags.NONE and who.kind is CallerKind.ROLE_SESSION and who.session_name == _STUDIO_SESSION:
        tags = AddedTags.STUDIO
    return replace(
        call,
        caller_account=call.caller_account or who.account,
        partition=who.partition or call.partition,
        region=call.region or region_for(snapshot),
        added_tags=tags,
    )


def region_for(snapshot: Snapshot) -> str | None:
    """The snapshot's default Region, else the only one that its policies name."""
    if snapshot.default_region:
        return snapshot.default_region
    named = snapshot.regions_named
    return named[0] if len(named) == 1 else None


def _needs(read: ReadCall, caller: str, surroundings: Surroundings) -> Needs:
    """The call's needs; those of a role that makes the call begin with its trust."""
    needs = Needs()
    if read.made_by is not None:
        start = replace(read.call, operation="StartPipelineExecution", params={})
        trust_needed(start, read.made_by, needs)
    whole = whole_call(read.call, read.made_by or caller, surroundings)
    needs.add(*whole.found)
    needs.open_points += whole.open_points
    return needs


def _collect(collected: dict[tuple[object, ...], tuple[CallNeed, list[Asked]]], need: CallNeed, asked: Asked) -> None:
    known = collected.get(need.key)
    if known is None:
        collected[need.key] = (need, [asked])
        return
    stronger = need if need.necessity is Necessity.REQUIRED else known[0]
    if asked not in known[1]:
        known[1].append(asked)
    collected[need.key] = (stronger, known[1])


def _asked(read: ReadCall, field: Route) -> Asked:
    return Asked(label=read.label, origin=read.origin, route=read.place_of(field), field=field)


def _decided(need: CallNeed, asked: tuple[Asked, ...], snapshot: Snapshot) -> Authorization:
    found = decide_need(need, snapshot)
    note = need.needed.note
    if found.by_instead and need.instead is not None:
        note = f"the role has no permission for it; {need.instead.principal} has"
    return Authorization(
        need=need,
        asked=asked,
        effect=found.effect,
        decisions=found.decisions,
        decision=found.decision,
        reason=found.reason,
        by_instead=found.by_instead,
        note=note,
    )


def _plan_name(calls: Sequence[ReadCall]) -> str:
    names = list(dict.fromkeys(read.call.operation for read in calls))
    return names[0] if len(names) == 1 else f"{names[0]}-and-{len(names) - 1}-more" if names else "calls"
