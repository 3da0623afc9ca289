"""Which statement a reported explicit deny came from, where the saved policies alone leave it open.

A message that tells of an explicit deny in one type of policy
(https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html) settles what the condition of a Deny in such
a policy came to: if no other policy of this type can deny the request, its condition was met.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sagepass.denial.record import Denial
from sagepass.engine.authorize import authorize
from sagepass.engine.decision import Check, Decision, StatementRef
from sagepass.jobs.causes import POLICY_NAMES
from sagepass.jobs.diagnosis import Cause
from sagepass.policy.kinds import Effect
from sagepass.policy.statement import Condition, StatementEffect
from sagepass.repair.fix import Applicability, Fix
from sagepass.repair.passing_value import passing_value
from sagepass.repair.propose import propose
from sagepass.repair.request_change import may_choose
from sagepass.snapshot.snapshot import Snapshot
from sagepass.source.article import with_article


def reported_deny_cause(denial: Denial, decision: Decision) -> Cause | None:
    """The Deny that the message means, if the decision leaves open only whether its condition is met."""
    found = _suspects(denial, decision)
    if not found or denial.policy_type is None:
        return None
    check, first = found[0]
    others = len({_place(ref) for _, ref in found}) - 1
    reason = next(item.reason for item in check.undecided if item.statement == first)
    kind = POLICY_NAMES[denial.policy_type]
    only = "it is one of these" if others else "the only one of those supplied that can"
    more = f" (or one of {others} more statement{'s' if others > 1 else ''}, see the checks)" if others else ""
    return Cause(
        check=check,
        headline=f"{with_article(kind)} denies it, as the message says; {only}: {reason}{more}",
        statement=first,
    )


def reported_deny_fixes(denial: Denial, decision: Decision, snapshot: Snapshot) -> tuple[Fix, ...]:
    """Ways past the Deny that the message means: another request where the caller has a choice, else its owner.

    Where nothing that a request can carry would pass by the Deny, an exception is written out.
    """
    refs = tuple({(ref.policy.holder, _place(ref)): ref for _, ref in _suspects(denial, decision)}.values())
    rest = ", and the other checks allow the request" if len(refs) == 1 else ""
    fixes = [fix for ref in refs for fix in _other_requests(ref, rest)]
    names = ", ".join(dict.fromkeys(ref.policy.name for ref in refs))
    keys = [key for check, _ in _suspects(denial, decision) for item in check.undecided for key in item.keys]
    request = decision.request
    call = f"sagepass can {request.principal} {request.action} {request.resource} --snapshot PATH"
    again = [f"to see whether it is allowed with another value: {call} --context {key}=VALUE" for key in keys[:1]]
    owner = Fix(
        title=f"if the request has to stay as it is, ask the owner of {names} for an exception",
        edits=(),
        applicability=Applicability.DISPLAY_ONLY,
        steps=("a deny is often deliberate: say what the request is for", *again),
    )
    written = () if keys else propose(request, snapshot, _as_reported(decision, refs), authorize)
    return (*fixes, *(fix for fix in written if fix.edits), owner)


def _as_reported(decision: Decision, refs: tuple[StatementRef, ...]) -> Decision:
    """The decision as the message tells it: the statements that may be meant deny."""
    return replace(
        decision,
        evaluations=tuple(
            replace(evaluation, checks=tuple(_denying(check, refs) for check in evaluation.checks))
            for evaluation in decision.evaluations
        ),
    )


def _denying(check: Check, refs: tuple[StatementRef, ...]) -> Check:
    meant = tuple(item.statement for item in check.undecided if item.statement in refs and item.statement is not None)
    return replace(check, effect=Effect.EXPLICIT_DENY, matched=meant, undecided=()) if meant else check


def _place(ref: StatementRef) -> tuple[str, int]:
    return ref.policy.name, ref.statement.index


def _other_requests(ref: StatementRef, rest: str) -> Iterator[Fix]:
    for condition in ref.statement.conditions:
        words = _passing(condition) if may_choose(condition.key) else None
        if words is not None:
            yield Fix(
                title=f"change the request instead: send it with {words}",
                edits=(),
                applicability=Applicability.DISPLAY_ONLY,
                steps=(f"the Deny in {ref.policy.name} then does not apply{rest}",),
            )


def _passing(condition: Condition) -> str | None:
    """What passes by a condition; for values that are listed, another one rather than none: the call may need the key."""
    listed = tuple(element.value for element in condition.values)
    passing = passing_value(condition.operator, condition.key, listed, (), wanted=False)
    if passing is None:
        return None
    if passing.words == f"no {condition.key}" and listed and condition.operator.base.value != "Null":
        return f"another {condition.key} than {' or '.join(listed[:6])}"
    return passing.words


def _suspects(denial: Denial, decision: Decision) -> tuple[tuple[Check, StatementRef], ...]:
    if denial.effect is not Effect.EXPLICIT_DENY or denial.policy_type is None or decision.effect is not Effect.UNKNOWN:
        return ()
    kind = denial.policy_type.check
    open_checks = [check for check in decision.checks if check.type is kind and check.effect is Effect.UNKNOWN]
    if any(item.missing is not None for check in open_checks for item in check.undecided):
        return ()
    if any(check.type is not kind and check.effect is Effect.UNKNOWN for check in decision.checks):
        return ()
    return tuple(
        (check, item.statement)
        for check in open_checks
        for item in check.undecided
        if item.statement is not None and item.statement.statement.effect is StatementEffect.DENY
    )
