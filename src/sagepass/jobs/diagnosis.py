"""The diagnosis of one denial."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sagepass.denial.record import Denial
from sagepass.engine.decision import Check, Decision, NearMiss, StatementRef
from sagepass.policy.kinds import Effect
from sagepass.repair.fix import Fix


class Verdict(StrEnum):
    """The outcome of a diagnosis, as a word that never changes."""

    DENIED = "DENIED"
    """Denied, and the cause is known."""
    ALLOWED_NOW = "ALLOWED_NOW"
    """The snapshot allows it: something changed since, or the message is about something else."""
    CONDITIONAL = "CONDITIONAL"
    """What was supplied does not settle it."""
    REPORTED = "REPORTED"
    """From the text alone, without a snapshot."""
    NOT_A_DENIAL = "NOT_A_DENIAL"
    """Not a permission problem."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One reason why the request is denied, located where it can be.

    ``headline`` is a sentence that makes sense alone. ``statement`` is the denying statement; ``near`` the Allow that
    came closest; ``elements`` of the reference are what a caret stands under.
    """

    check: Check | None
    headline: str
    statement: StatementRef | None = None
    near: NearMiss | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One reading of a denial that leaves something open (a role not named, a name without an ARN): its decision."""

    label: str
    decision: Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What a denial comes down to.

    Attributes:
        denial: the evidence.
        verdict: see :class:`Verdict`.
        headline: the one-sentence verdict.
        identity: who the caller really is: a list of sentences (execution role, permission set, …).
        decision: from the snapshot; ``None`` without one.
        candidates: where the text leaves the resource open, the decision for each possibility.
        causes: first the one to repair first.
        contradictions: where the snapshot and the message disagree.
        fixes: narrowest first.
        next_denials: what will be denied next once this is repaired.
        evidence: what this rests on.
        limits: what was not checked.
        next_command: what to run next, if anything.
        effect: the final effect, from the snapshot or from the text.
    """

    denial: Denial
    verdict: Verdict
    headline: str
    identity: tuple[str, ...] = ()
    decision: Decision | None = None
    candidates: tuple[Candidate, ...] = ()
    causes: tuple[Cause, ...] = ()
    contradictions: tuple[str, ...] = ()
    fixes: tuple[Fix, ...] = ()
    next_denials: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    next_command: str | None = None
    effect: Effect | None = None
