"""What a plan comes to: whom it lets in, whom it keeps out and by which check, and what still stands in the way."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sagepass.jobs.share.attempt import Step
from sagepass.jobs.share.conditions import ConditionTrial
from sagepass.jobs.share.plan import Plan
from sagepass.jobs.share.proofs import ShareProof
from sagepass.policy.kinds import Effect


class ShareVerdict(StrEnum):
    """What the plan comes to, worst last."""

    READY = "SHARE_READY"
    """The party gets in, and all strangers stay out, in the saved accounts."""
    CONDITIONAL = "SHARE_CONDITIONAL"
    """So it is as far as what was supplied tells."""
    BLOCKED = "SHARE_BLOCKED"
    """With the plan in place the party is still denied."""
    TOO_OPEN = "SHARE_TOO_OPEN"
    """A stranger gets in, through something that stands there already, or a document allows more than is stated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StrangerTrial:
    """A stranger's attempt; ``steps`` are all its requests."""

    label: str
    steps: tuple[Step, ...]

    @property
    def kept_out(self) -> bool:
        """Whether every request is certainly denied."""
        return all(step.stopped for step in self.steps)

    @property
    def let_in(self) -> bool:
        """Whether the owner's side lets some request pass."""
        return any(step.let_in_by_owner for step in self.steps)

    @property
    def telling(self) -> Step | None:
        """The step that tells most: one that gets through or is open, else the first."""
        return next((step for step in self.steps if not step.stopped), self.steps[0] if self.steps else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A plan tried in one world."""

    own: tuple[Step, ...]
    strangers: tuple[StrangerTrial, ...]

    @property
    def blocked(self) -> tuple[Step, ...]:
        """The steps of the party that are denied."""
        return tuple(step for step in self.own if step.stopped)

    @property
    def too_open(self) -> tuple[StrangerTrial, ...]:
        """The strangers whom the owner's side lets in."""
        return tuple(trial for trial in self.strangers if trial.let_in)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareReport:
    """The whole answer.

    Attributes:
        plan: the documents.
        choice: why this way, in two sentences.
        costs: what it costs those who use it.
        alone: the plan in a world of its own.
        saved: the plan in the saved accounts; ``None`` without a snapshot.
        conditions: every condition, with whom its absence lets in.
        proofs: what is proven of each document, for everybody.
        verdict: see :class:`ShareVerdict`.
        depends_on: for a conditional verdict, what it depends on.
        decoration: conditions that were taken out because they keep nobody out.
        notes: what to know.
        not_checked: what no trial looked at.
        next_command: what to run next.
    """

    plan: Plan
    choice: tuple[str, str]
    costs: tuple[str, ...]
    alone: Trial
    saved: Trial | None
    conditions: tuple[ConditionTrial, ...]
    proofs: tuple[ShareProof, ...]
    verdict: ShareVerdict
    depends_on: tuple[str, ...] = ()
    decoration: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    not_checked: tuple[str, ...] = ()
    next_command: str = ""

    @property
    def strangers(self) -> tuple[StrangerTrial, ...]:
        """The strangers' attempts: in the saved accounts where one gets in or is open, else by the plan's own documents.

        A stranger whom a guardrail stops as well is kept out by the plan even so, and that is what is to be shown.
        """
        saved = {trial.label: trial for trial in self.trial.strangers if not trial.kept_out}
        return tuple(saved.get(trial.label, trial) for trial in self.alone.strangers)

    @property
    def supplies(self) -> tuple[str, ...]:
        """The commands that supply what the verdict depends on, each once."""
        if self.saved is None:
            return ()
        open_steps = [step for step in self.saved.own if step.decision.effect is Effect.UNKNOWN]
        for trial in self.saved.strangers:
            open_steps += [step for step in trial.steps if not step.stopped and not step.let_in_by_owner]
        missing = (item.missing for step in open_steps for item in step.decision.residual)
        return tuple(dict.fromkeys(one.supply for one in missing if one is not None and one.supply))

    @property
    def trial(self) -> Trial:
        """The trial that counts most: in the saved accounts, if there are any."""
        return self.saved or self.alone
