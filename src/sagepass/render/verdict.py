"""The first line: a level, a code that ``sagepass explain`` knows, and one sentence."""

from __future__ import annotations

from typing import assert_never

from sagepass.denial.record import Denial
from sagepass.engine.decision import Check, Decision
from sagepass.jobs.diagnosis import Diagnosis, Verdict
from sagepass.policy.kinds import Effect


def verdict_code(diagnosis: Diagnosis) -> str:
    """The code of a diagnosis: the first cause for a denial, the verdict itself otherwise."""
    match diagnosis.verdict:
        case Verdict.DENIED:
            return _cause_code(diagnosis) or _reported_code(diagnosis.denial)
        case Verdict.REPORTED:
            return _cause_code(diagnosis) or _reported_code(diagnosis.denial)
        case Verdict.ALLOWED_NOW:
            return "ALLOWED_NOW"
        case Verdict.CONDITIONAL:
            return "CANNOT_DETERMINE"
        case Verdict.NOT_A_DENIAL:
            reason = diagnosis.denial.reason
            return "NOT_A_DENIAL" if reason is None else f"NOT_A_DENIAL_{reason.name}"
    assert_never(diagnosis.verdict)


def verdict_level(diagnosis: Diagnosis) -> str:
    """``error`` for a denial, ``warning`` where nothing is settled, ``note`` otherwise."""
    match diagnosis.verdict:
        case Verdict.DENIED | Verdict.REPORTED:
            return "error"
        case Verdict.CONDITIONAL:
            return "warning"
        case Verdict.ALLOWED_NOW | Verdict.NOT_A_DENIAL:
            return "note"
    assert_never(diagnosis.verdict)


def check_code(check: Check) -> str:
    """The code of one check that does not allow: ``PRINCIPAL_IMPLICIT_DENY``."""
    return f"{check.type}_{check.effect}"


def decision_code(decision: Decision) -> str:
    """The code of a decision that belongs to no denial."""
    match decision.effect:
        case Effect.ALLOW | Effect.NO_IMPACT:
            return "ALLOWED"
        case Effect.UNKNOWN:
            return "CANNOT_DETERMINE"
        case Effect.IMPLICIT_DENY | Effect.EXPLICIT_DENY:
            deciding = [c for c in decision.blocking if c.type in decision.decided_by] or list(decision.blocking)
            same = [check for check in deciding if check.effect is decision.effect] or deciding
            return check_code(same[0]) if same else "ACCESS_DENIED"
    assert_never(decision.effect)


def decision_level(decision: Decision) -> str:
    """The level that goes with :func:`decision_code`."""
    if decision.effect is Effect.UNKNOWN:
        return "warning"
    return "error" if decision.effect in {Effect.IMPLICIT_DENY, Effect.EXPLICIT_DENY} else "note"


def _cause_code(diagnosis: Diagnosis) -> str | None:
    blocking = [cause.check for cause in diagnosis.causes if cause.check is not None and cause.check.blocks]
    return check_code(blocking[0]) if blocking else None


def _reported_code(denial: Denial) -> str:
    if denial.policy_type is None or denial.effect not in {Effect.IMPLICIT_DENY, Effect.EXPLICIT_DENY}:
        return "ACCESS_DENIED"
    return f"{denial.policy_type.check}_{denial.effect}"
