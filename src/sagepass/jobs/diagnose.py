"""Diagnoses one denial: the true cause, located, and the changes that repair it."""

from __future__ import annotations

from dataclasses import replace

from sagepass.denial import read_denials
from sagepass.denial.completed import completed
from sagepass.denial.record import Denial, DenialKind
from sagepass.engine.authorize import UnknownPrincipal, authorize
from sagepass.engine.decision import Decision
from sagepass.jobs.candidates import chosen_of, one_of_several
from sagepass.jobs.causes import causes_of, contradictions, reported_cause, unmet_cause
from sagepass.jobs.diagnosis import Candidate, Cause, Diagnosis, Verdict
from sagepass.jobs.from_text import collect_command, from_text, not_a_denial, way_out
from sagepass.jobs.made_names import warned_of_made_names
from sagepass.jobs.own_names import same_name_elsewhere
from sagepass.jobs.reported_deny import reported_deny_cause, reported_deny_fixes
from sagepass.jobs.reported_limit import reported_limit
from sagepass.jobs.request_members import with_request_members
from sagepass.jobs.role_not_there import cannot_be_assumed, make_the_role, name_the_role_meant, role_not_there
from sagepass.jobs.sdk_default_bucket import another_bucket
from sagepass.jobs.sides import Sides, elsewhere, question, sides_of, two_sides
from sagepass.jobs.source_identity import source_identity_note
from sagepass.jobs.sts_notes import caller_notes
from sagepass.jobs.subject import Subjects, role_left_open, subjects_of
from sagepass.jobs.who_you_are import who_you_are
from sagepass.policy.arn import parse_arn
from sagepass.policy.kinds import CheckType, Effect
from sagepass.repair.fix import Fix
from sagepass.repair.propose import propose
from sagepass.snapshot.snapshot import Snapshot

_FIXES_PER_CANDIDATE = 1
_CANDIDATES_WITH_FIXES = 3


def diagnose(
    denial: Denial | str,
    snapshot: Snapshot | None = None,
    *,
    region: str | None = None,
    resource_account: str | None = None,
    caller: str | None = None,
    resource: str | None = None,
    no_organization: bool = False,
) -> Diagnosis:
    """Say why, where, and what to change.

    Args:
        denial: one denial, or a text that holds exactly one.
        snapshot: the saved policies; without them the text alone speaks.
        region: the Region of the request, where the evidence names none.
        resource_account: the account that owns the resource, where neither its ARN nor the snapshot tells it.
        caller: who was refused, where the text does not tell it: an ARN or a service principal.
        resource: the ARN that the request was for, where the text does not tell it.
        no_organization: the accounts belong to no organization, so no control policies apply.

    Raises:
        ValueError: the text holds no error, or several.
    """
    one = _single(denial) if isinstance(denial, str) else denial
    if one.kind is DenialKind.NOT_A_DENIAL:
        return not_a_denial(one)
    one = completed(one, caller=caller, resource=resource)
    if snapshot is not None and no_organization:
        snapshot = snapshot.without_organization()
    subjects = subjects_of(one, snapshot, region, resource_account)
    if snapshot is None or not subjects.found or way_out(one) is not None or role_left_open(subjects):
        found = from_text(one, subjects, with_snapshot=snapshot is not None)
    else:
        found = _from_snapshot(one, subjects, snapshot)
    return replace(found, fixes=with_request_members(warned_of_made_names(found.fixes), one))


def _single(text: str) -> Denial:
    found = read_denials(text)
    if not found:
        raise ValueError(
            "there is no error in this text; paste the whole message, with the line that says what was refused"
        )
    if len(found) > 1:
        raise ValueError(
            f"the text holds {len(found)} errors; read them with read_denials and diagnose them one by one"
        )
    return found[0]


def _from_snapshot(denial: Denial, subjects: Subjects, snapshot: Snapshot) -> Diagnosis:
    try:
        candidates = tuple(
            Candidate(label=subject.label, decision=authorize(subject.request, snapshot)) for subject in subjects.found
        )
    except UnknownPrincipal as unknown:
        text_only = from_text(denial, subjects, with_snapshot=True)
        return replace(text_only, contradictions=(str(unknown),), next_command=collect_command(denial))
    chosen = chosen_of(candidates)
    decision = chosen.decision
    reported = reported_deny_cause(denial, decision)
    causes = _causes(denial, decision, reported)
    sides = sides_of(decision, snapshot)
    missing = role_not_there(decision, snapshot)
    if missing is not None and missing.meant:
        fixes = name_the_role_meant(decision, missing.meant, snapshot)
    else:
        fixes = _fixes(candidates, snapshot) if reported is None else reported_deny_fixes(denial, decision, snapshot)
    if missing is not None and not missing.meant:
        fixes = (make_the_role(decision, missing), *(fix for fix in fixes if fix.edits or fix.result is not None))
    if decision.effect is not Effect.ALLOW and (other := another_bucket(decision.request)) is not None:
        fixes = (*fixes, other)
    return Diagnosis(
        denial=denial,
        verdict=_verdict(decision),
        headline=(cannot_be_assumed(decision, missing) or _headline(denial, decision, causes, sides))
        + one_of_several(candidates),
        identity=(
            *who_you_are(decision.request.principal, snapshot),
            *caller_notes(decision),
            *([missing.why] if missing is not None and decision.effect is not Effect.UNKNOWN else []),
            *([two_sides(sides)] if sides and decision.effect is not Effect.ALLOW else []),
            *same_name_elsewhere(decision, snapshot),
            *source_identity_note(decision, snapshot),
        ),
        decision=decision,
        candidates=candidates if len(candidates) > 1 else (),
        causes=causes,
        contradictions=contradictions(denial, decision),
        fixes=_with_question(_reported_kind_first(fixes, denial, decision), decision, sides),
        next_denials=(*(cause.headline for cause in causes[1:]), *_of_the_same_call(denial, decision, snapshot)),
        evidence=_evidence(subjects, decision, snapshot),
        limits=_limits(decision, snapshot),
        next_command=_next_command(decision),
        effect=decision.effect,
    )


def _reported_kind_first(fixes: tuple[Fix, ...], denial: Denial, decision: Decision) -> tuple[Fix, ...]:
    """Where the policies leave open which side has to change, the kind of policy that the text names comes first."""
    if decision.effect is not Effect.UNKNOWN or denial.policy_type is None:
        return fixes
    return tuple(sorted(fixes, key=lambda fix: all(edit.policy_type is not denial.policy_type for edit in fix.edits)))


def _of_the_same_call(denial: Denial, decision: Decision, snapshot: Snapshot) -> tuple[str, ...]:
    """What else the call lacks, where the evidence names the operation."""
    if denial.operation is None or decision.effect is Effect.ALLOW:
        return ()
    from sagepass.jobs.preflight.next_denials import next_denials  # noqa: PLC0415 - only a known operation pays for it

    return next_denials(denial, decision.request, snapshot)


def _verdict(decision: Decision) -> Verdict:
    if decision.effect is Effect.ALLOW:
        return Verdict.ALLOWED_NOW
    return Verdict.CONDITIONAL if decision.effect is Effect.UNKNOWN else Verdict.DENIED


def _causes(denial: Denial, decision: Decision, reported: Cause | None) -> tuple[Cause, ...]:
    """The causes by the snapshot; where it settles nothing, what the text says comes first."""
    found = causes_of(decision)
    unmet = reported or unmet_cause(decision)
    if unmet is not None:
        return (unmet,)
    if decision.effect is Effect.UNKNOWN:
        return (reported_cause(denial), *found)
    return found


def _with_question(fixes: tuple[Fix, ...], decision: Decision, sides: Sides | None) -> tuple[Fix, ...]:
    """With one side's policies only: what to ask of the other; first, unless this side denies it for certain."""
    asked = question(decision, sides) if sides and decision.effect is not Effect.ALLOW else None
    if asked is None:
        return fixes
    if decision.effect is not Effect.UNKNOWN:
        return (*fixes, asked)
    return (asked, *(fix for fix in fixes if fix.edits or fix.result is not None))


def _headline(denial: Denial, decision: Decision, causes: tuple[Cause, ...], sides: Sides | None) -> str:
    action, resource = decision.request.action, decision.request.resource
    if decision.effect is Effect.ALLOW:
        return f"by the snapshot {action} on {resource} is allowed now"
    limit = reported_limit(denial, decision)
    if limit is not None:
        return f"{action} on {resource}: {limit}"
    if decision.effect is Effect.UNKNOWN and _own_policies_are_silent(decision):
        missing = [item.missing for item in decision.residual if item.missing is not None]
        grants = bool(missing) and all(item.grants_only for item in missing)
        other = "a grant of the key" if grants else "the resource's own policy"
        return f"no identity-based policy allows {action} on {resource}; only {other}, not supplied, could"
    if decision.effect is Effect.UNKNOWN:
        told = elsewhere(sides) if sides else None
        if told is not None or causes[0].check is not None:
            return f"{action} on {resource}: {told or causes[0].headline}"
        first = decision.residual[0].text if decision.residual else "what was not supplied allows it"
        more = f" (and {len(decision.residual) - 1} more)" if len(decision.residual) > 1 else ""
        return f"{action} is allowed provided that {first}{more}"
    return causes[0].headline


def _own_policies_are_silent(decision: Decision) -> bool:
    return any(r.check is CheckType.PRINCIPAL and r.missing is None and r.statement is None for r in decision.residual)


def _fixes(candidates: tuple[Candidate, ...], snapshot: Snapshot) -> tuple[Fix, ...]:
    """The fixes of the denied candidates: all of one, the first of each of several."""
    denied = [candidate for candidate in candidates if candidate.decision.effect is not Effect.ALLOW]
    if len(denied) == 1:
        return propose(denied[0].decision.request, snapshot, denied[0].decision, authorize)
    found: list[Fix] = []
    for candidate in denied[:_CANDIDATES_WITH_FIXES]:
        found.extend(
            propose(candidate.decision.request, snapshot, candidate.decision, authorize)[:_FIXES_PER_CANDIDATE]
        )
    return tuple(found)


def _evidence(subjects: Subjects, decision: Decision, snapshot: Snapshot) -> tuple[str, ...]:
    count = len({name for check in decision.checks for name in check.policies})
    policies = f"{count} polic{'y' if count == 1 else 'ies'}"
    read = (f"read: {note}" for note in subjects.open_points)
    return ("reported: the text of the error", *read, f"computed: the decision, from {policies} of {snapshot.name}")


def _limits(decision: Decision, snapshot: Snapshot) -> tuple[str, ...]:
    limits = [f"open: {residual.text}" for residual in decision.residual]
    gaps = {
        f"not supplied: {item.missing.what}"
        for check in decision.checks
        for item in check.undecided
        if item.missing is not None
    }
    if decision.effect is not Effect.UNKNOWN:
        limits += sorted(gaps)
    own = decision.request.resource_account
    if own is not None and not snapshot.has_account(own) and CheckType.RESOURCE not in decision.decided_by:
        limits.append(f"account {own}, which owns the resource, is not in the snapshot")
    return tuple(dict.fromkeys(limits))


def _next_command(decision: Decision) -> str | None:
    ways = [residual.missing.supply for residual in decision.residual if residual.missing and residual.missing.supply]
    return next((way for way in ways if way.startswith("aws ")), ways[0] if ways else _tags_command(decision))


def _tags_command(decision: Decision) -> str | None:
    """Where all that is open is a tag of the resource: the command that lists the tags (docs/snapshot.md)."""
    keys = {key.lower() for residual in decision.residual for key in residual.keys}
    arn = parse_arn(decision.request.resource)
    if not keys or not all(key.startswith("aws:resourcetag/") for key in keys) or arn is None:
        return None
    account = decision.request.resource_account or arn.account
    if not arn.region or not account:
        return None
    path = f"accounts/{account}/{arn.region}/resourcegroupstaggingapi/get-resources.json"
    return f"aws resourcegroupstaggingapi get-resources --region {arn.region} > {path}"
