"""What a preflight comes to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sagepass.calls.need import CallNeed, OpenPoint
from sagepass.calls.read.record import ReadCall
from sagepass.engine.decision import Decision
from sagepass.policy.arn import account_of
from sagepass.policy.kinds import Effect
from sagepass.repair.fix import Fix
from sagepass.snapshot.layer import Missing
from sagepass.source.finding import Finding
from sagepass.source.origin import Origin
from sagepass.source.route import Route


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The place in a document that asks for an authorization: which call, and which field of it."""

    label: str
    origin: Origin
    route: Route
    """In the document; empty for the whole of it."""
    field: Route = ()
    """In the call's parameters; empty for the call itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorization:
    """One authorization of a call, decided.

    Attributes:
        need: what is needed.
        asked: the fields that ask for it, of one call or several.
        effect: ALLOW, IMPLICIT_DENY, EXPLICIT_DENY or UNKNOWN.
        decisions: one for each set of values that the request leaves possible; none where AWS refuses anyway.
        decision: the one that stands for all: the first that is not allowed.
        reason: one sentence on why it is not allowed, or on what allows it.
        by_instead: another principal has the permission, which does as well.
        note: what a person should know.
    """

    need: CallNeed
    asked: tuple[Asked, ...]
    effect: Effect
    decisions: tuple[Decision, ...] = ()
    decision: Decision | None = None
    reason: str = ""
    by_instead: bool = False
    note: str = ""

    @property
    def missing(self) -> bool:
        """Whether it is certainly not allowed."""
        return self.effect in {Effect.IMPLICIT_DENY, Effect.EXPLICIT_DENY}

    @property
    def other_account(self) -> str | None:
        """The account that has to allow it as well, because the resource is its own; ``None`` within one account."""
        request = self.decision.request if self.decision else None
        owner = (request.resource_account if request else None) or account_of(self.need.needed.resource)
        own = account_of(self.need.principal)
        return owner if owner and own and owner != own and owner.isdigit() else None

    @property
    def so_far(self) -> bool:
        """Whether all that was supplied allows it, and only what was not supplied can stop it."""
        return allowed_so_far(self.effect, self.decisions)

    @property
    def hangs_on(self) -> tuple[Missing, ...]:
        """What was not supplied and can stop it."""
        residual = [item.missing for decision in self.decisions for item in decision.residual]
        return tuple(dict.fromkeys(_supplied_by_file(item) for item in residual if item is not None))

    @property
    def reason_alike(self) -> str:
        """The reason without the action: the same for actions that lack the same thing."""
        return self.reason.replace(self.need.needed.action, "it")

    @property
    def supply(self) -> str:
        """The command that supplies what the answer hangs on; empty if none does."""
        residual = self.decision.residual if self.decision else ()
        found = (_supplied_by_file(item.missing).supply for item in residual if item.missing)
        return next((supply for supply in found if supply), "")


def allowed_so_far(effect: Effect, decisions: Sequence[Decision]) -> bool:
    """Whether an open answer is open only because of what was not supplied: nothing known stands against it."""
    if effect is not Effect.UNKNOWN or not decisions:
        return False
    checks = [check for decision in decisions for check in decision.checks]
    undecided = [item for check in checks if check.effect is Effect.UNKNOWN for item in check.undecided]
    return not any(check.blocks for check in checks) and all(item.missing is not None for item in undecided)


def _supplied_by_file(missing: Missing) -> Missing:
    """Here no option names the owner of a bucket: the list of the owner's buckets does."""
    if "--resource-account" not in missing.supply:
        return missing
    return replace(missing, supply="aws s3api list-buckets > accounts/<owner>/s3api/list-buckets.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenQuestion:
    """An open point with the place that leads to it."""

    point: OpenPoint
    asked: Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerPart:
    """What one owner has to do: the changes of policies as one fix, and steps that no policy change replaces.

    ``who`` is a phrase: ``an administrator of the account (123456789012)``.
    """

    who: str
    fix: Fix | None = None
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All changes together, in one part for each owner.

    Attributes:
        parts: the owners, in the order in which the call comes to them.
        effect: what the whole call comes to once every part is done.
        remaining: what is still not allowed then, as sentences; what hangs only on policies that were not supplied is not
            among them.
        minimal: leaving out any one statement or edit was tried, and something was then missing again.
    """

    parts: tuple[OwnerPart, ...]
    effect: Effect
    remaining: tuple[str, ...] = ()
    minimal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Preflight:
    """Everything that the calls of a document take.

    Attributes:
        caller: ARN of who makes the calls.
        calls: the calls, in order.
        authorizations: in the order in which AWS comes to them, each question once.
        open_questions: what may ask for more and is not known.
        findings: what is wrong with the document.
        plan: what to change; ``None`` if nothing is missing.
        effect: ALLOW if all is allowed and nothing open, UNKNOWN if something is open, a deny if something is missing.
        assumptions: what was taken for granted.
    """

    caller: str
    calls: tuple[ReadCall, ...]
    authorizations: tuple[Authorization, ...]
    open_questions: tuple[OpenQuestion, ...] = ()
    findings: tuple[Finding, ...] = ()
    plan: Plan | None = None
    effect: Effect = Effect.ALLOW
    assumptions: tuple[str, ...] = field(default=())

    @property
    def missing(self) -> tuple[Authorization, ...]:
        """What is certainly not allowed."""
        return tuple(item for item in self.authorizations if item.missing)

    @property
    def undecided(self) -> tuple[Authorization, ...]:
        """What the supplied policies do not settle."""
        return tuple(item for item in self.authorizations if item.effect is Effect.UNKNOWN)

    @property
    def hanging(self) -> tuple[tuple[Missing, int], ...]:
        """What was not supplied, and how many authorizations hang on it that are allowed so far; most first."""
        counts: dict[Missing, int] = {}
        for item in self.authorizations:
            for missing in item.hangs_on if item.so_far else ():
                counts[missing] = counts.get(missing, 0) + 1
        return tuple(sorted(counts.items(), key=lambda entry: -entry[1]))
