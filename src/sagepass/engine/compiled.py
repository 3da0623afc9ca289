"""A snapshot made ready for many decisions: the answer alone, or with everything that led to it, from one index.

Policies are indexed by action, and what was worked out for a caller, a resource, a statement or a condition is kept for
later requests. :meth:`Compiled.decide` says the effect, the checks that decide and the deciding statement;
:meth:`Compiled.explain` says the same with every check, near misses and what is open. Both ask the same statements, by the
same rules, and combine what they hear in the same place (:mod:`sagepass.engine.combine`).
"""

from __future__ import annotations

from sagepass.engine.asked import Asked
from sagepass.engine.caller_side import CallerSide
from sagepass.engine.decision import Decision
from sagepass.engine.explanations import Explanations
from sagepass.engine.inputs import Inputs
from sagepass.engine.kept_sides import KeptSides
from sagepass.engine.request import Request
from sagepass.engine.verdict import Verdict
from sagepass.snapshot.snapshot import Snapshot

__all__ = ["Compiled", "Verdict", "compiled"]


class Compiled:
    """One snapshot, ready for many decisions. It grows with what is asked, up to a bound, and can be dropped at any time."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.sides = KeptSides(snapshot)

    def decide(self, request: Request) -> Verdict:
        """The effect, the deciding checks and the deciding statement.

        Raises:
            ValueError: the principal is none (see :func:`sagepass.policy.caller.parse_caller`).
            UnknownPrincipal: the snapshot has the caller's account in full, but not the caller.
        """
        return Asked(self.sides, request).verdict()

    def keys_asked(self, request: Request) -> tuple[str, ...]:
        """The condition keys, in lower case, that any statement asks for which could decide the request.

        Raises:
            ValueError: the principal is none (see :func:`sagepass.policy.caller.parse_caller`).
            UnknownPrincipal: the snapshot has the caller's account in full, but not the caller.
        """
        return Asked(self.sides, request).keys()

    def explain(self, request: Request) -> Decision:
        """The same answer with every check, its reason, near misses and what stays open.

        Effect and deciding checks are known at once; the rest is worked out when it is first read, from the same statements and
        from the request as it was asked. It is kept for requests that differ in nothing that a statement in play asks for.

        Raises:
            ValueError: the principal is none (see :func:`sagepass.policy.caller.parse_caller`).
            UnknownPrincipal: the snapshot has the caller's account in full, but not the caller.
        """
        asked = Asked(self.sides, request)
        asked.answer = verdict = asked.verdict()
        asked.context.hold()
        return Decision.answering(request, verdict.effect, verdict.decided_by, asked.explained)

    def with_other_resources(self, snapshot: Snapshot) -> Compiled:
        """The compiled form of a snapshot that :meth:`~sagepass.snapshot.snapshot.Snapshot.with_resource_answers` made.

        What was worked out for callers is shared, what was worked out for resources is left behind.
        """
        other = Compiled(snapshot)
        other.sides = self.sides.with_other_resources(snapshot)
        snapshot.memo["compiled"] = other
        return other

    def forget_explanations(self) -> None:
        """Drop all that was kept of explanations, and nothing else."""
        self.sides.explanations = Explanations()

    def inputs(self, request: Request, caller: CallerSide | None = None) -> Inputs:
        """Everything that the decision is computed from; the caller's side, where it is known, is not looked up again."""
        return Asked(self.sides, request, caller).inputs()


def compiled(snapshot: Snapshot) -> Compiled:
    """The compiled form of a snapshot, made when it is first asked for and kept as long as the snapshot lives."""
    kept = snapshot.memo.get("compiled")
    if isinstance(kept, Compiled):
        return kept
    made = Compiled(snapshot)
    snapshot.memo["compiled"] = made
    return made
