"""The policies of one check by action: what an action leaves in play, and what holds without asking any statement."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from sagepass.engine.checks.applied import Applied
from sagepass.engine.checks.facts import doubt
from sagepass.engine.combine import Outcome, Truths, combine
from sagepass.engine.taking import CallerTaking
from sagepass.policy.document import Policy
from sagepass.policy.document_index import document_index
from sagepass.policy.kinds import CheckType
from sagepass.policy.statement import Statement
from sagepass.policy.statement_test import StatementTest
from sagepass.policy.truth import Truth


@dataclass(frozen=True, slots=True, eq=False)
class InPlay:
    """A statement that may decide.

    Attributes:
        policy: its policy.
        statement: it.
        test: what it means.
        plain: it names no principal and has no defect, so that the test alone tells whether it applies.
    """

    policy: Policy
    statement: Statement
    test: StatementTest
    plain: bool


@dataclass(frozen=True, slots=True, eq=False)
class ActionPlan:
    """What one check can say to one action.

    Attributes:
        deny: what its denial comes to at least: unknown if something is missing.
        denies: the Deny statements in play.
        allow: what its Allow comes to at least: certain if a statement in play has neither Resource nor Condition to ask.
        allowed_by: that statement.
        allows: the other Allow statements in play.
    """

    deny: Truth
    denies: tuple[InPlay, ...]
    allow: Truth
    allowed_by: InPlay | None
    allows: tuple[InPlay, ...]


NO_IMPACT = ActionPlan(Truth.FALSE, (), Truth.TRUE, None, ())
"""A check without impact, or one that allows anyway."""


def plan_of(applied: Applied, action: str) -> ActionPlan:
    """What the policies of a check can say to an action, which is given in lower case."""
    if not applied.takes_part or applied.allows_anyway:
        return NO_IMPACT
    denies: list[InPlay] = []
    allows: list[InPlay] = []
    allowed_by: InPlay | None = None
    for policy in applied.policies:
        for candidate in document_index(policy.document).of_action(action):
            statement, test = candidate.statement, candidate.test
            entry = InPlay(policy, statement, test, test.plain)
            if test.denies:
                denies.append(entry)
            elif not applied.ignore_allow:
                allows.append(entry)
                if allowed_by is None and entry.plain and test.unconditional:
                    allowed_by = entry
    may_deny, may_allow = doubt(applied)
    allow = Truth.TRUE if allowed_by is not None else may_allow
    return ActionPlan(may_deny, tuple(denies), allow, allowed_by, tuple(allows))


@dataclass(frozen=True, slots=True, eq=False)
class CallerPlan:
    """What the caller's policies can say to one action: a plan for each level of the organization, and the others.

    ``taking`` are the policies that it was made of; ``joined`` keeps what was made of it together with the other plans.
    """

    taking: CallerTaking
    levels: tuple[ActionPlan, ...]
    identity: ActionPlan
    boundary: ActionPlan
    session: ActionPlan
    joined: dict[tuple[ResourcePlan, ActionPlan], JoinedPlan] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class ResourcePlan:
    """What the resource's policies can say to one action, and what the service's rules add."""

    levels: tuple[ActionPlan, ...]
    policy: ActionPlan
    counts: bool
    must_allow: bool
    never: CheckType | None
    free: bool
    same_account: Truth
    has_grants: bool

    @property
    def constant(self) -> tuple[object, ...] | None:
        """Everything that it says, if no statement is in play; most resources say the same."""
        plans = (*self.levels, self.policy)
        if self.has_grants or any(plan.denies or plan.allows for plan in plans):
            return None
        said = tuple((plan.deny, plan.allow) for plan in plans)
        return said, self.counts, self.must_allow, self.never, self.free, self.same_account


_FALSE, _TRUE = Truth.FALSE, Truth.TRUE
_SLOT = {name: number for number, name in enumerate(Truths._fields)}
_OWN_DENIES = ("endpoint_deny", "resource_deny", "identity_deny", "boundary_deny", "session_deny")
_OWN_ALLOWS = ("endpoint_allow", "identity_allow", "boundary_allow", "session_allow")
WAYS = ("direct", "role", "anyone", "account")


class Question(NamedTuple):
    """Statements to ask, and what holds at least: one group for each level that has to allow."""

    slot: int
    groups: tuple[tuple[Truth, tuple[InPlay, ...]], ...]


class JoinedPlan:
    """All checks of one action for one caller and resource: what is left to ask, and what the answers come to.

    Attributes:
        denies: the questions for a denial, in AWS's order of checks.
        allows: those for an Allow.
        asks_resource: the resource's policy or a grant may allow; it counts by how it names the caller.
        asks_grants: a grant may.
        resource_allow: what the resource's policy allows at least, if something is missing.
        resource_allows: its Allow statements in play.
        outcomes: what answers came to, as far as they were given.
        needs: the condition keys that any statement in play asks for, in lower case.
        allowed_by: a statement of an identity-based policy that allows whatever is asked.
    """

    __slots__ = (
        "_fixed", "allowed_by", "allows", "asks_grants", "asks_resource", "denies", "needs", "outcomes", "resource_allow",
        "resource_allows",
    )  # fmt: skip

    def __init__(self, own: CallerPlan, theirs: ResourcePlan, endpoint: ActionPlan, *, has_own_policies: bool) -> None:
        plans = (endpoint, theirs.policy, own.identity, own.boundary, own.session)
        fixed: dict[str, object] = dict.fromkeys(Truths._fields, _FALSE)
        fixed.update(
            resource_control_deny=max((plan.deny for plan in theirs.levels), default=_FALSE),
            service_control_deny=max((plan.deny for plan in own.levels), default=_FALSE),
            service_control_allow=_TRUE,
            same_account=theirs.same_account,
            has_own_policies=has_own_policies,
            must_allow=theirs.must_allow,
            never=theirs.never,
            free=theirs.free,
            **{name: plan.deny for name, plan in zip(_OWN_DENIES, plans, strict=True)},
        )
        unsure = theirs.policy.allow if theirs.counts else _FALSE
        fixed.update(dict.fromkeys(WAYS, unsure))
        named = {
            "resource_control_deny": tuple(entry for plan in theirs.levels for entry in plan.denies),
            "service_control_deny": tuple(entry for plan in own.levels for entry in plan.denies),
            **{name: plan.denies for name, plan in zip(_OWN_DENIES, plans, strict=True)},
        }
        self.denies = tuple(
            Question(_SLOT[name], ((fixed[name], entries),))  # type: ignore[arg-type]
            for name, entries in named.items()
            if entries
        )
        allowing = {"service_control_allow": own.levels}
        allowing.update(
            {name: (plan,) for name, plan in zip(_OWN_ALLOWS, (endpoint, *plans[2:]), strict=True)},
        )
        questions = []
        for name, asked in allowing.items():
            fixed[name] = min((plan.allow for plan in asked), default=_TRUE)
            open_plans = tuple((plan.allow, plan.allows) for plan in asked if plan.allow is not _TRUE)
            if any(entries for _, entries in open_plans):
                questions.append(Question(_SLOT[name], open_plans))
        self.allows = tuple(questions)
        self.asks_grants = theirs.counts and theirs.has_grants
        self.resource_allow = theirs.policy.allow if theirs.policy.allowed_by is None else _FALSE
        self.resource_allows = theirs.policy.allows if theirs.counts else ()
        self.asks_resource = theirs.counts and bool(theirs.policy.allows or theirs.has_grants)
        every = (*plans, *own.levels, *theirs.levels)
        in_play = (entry for plan in every for entry in (*plan.denies, *plan.allows))
        self.needs = tuple(sorted({key for entry in in_play for key in entry.test.needs}))
        self.allowed_by = own.identity.allowed_by
        self._fixed = tuple(fixed.values())
        self.outcomes: dict[tuple[Truth, ...], Outcome] = {}

    def outcome(self, answers: tuple[Truth, ...]) -> Outcome:
        """What the answers come to: those for a denial; and if nothing certainly denies, those for an Allow after them.

        Where the resource is asked, its four ways of naming the caller follow at the end.
        """
        found = self.outcomes.get(answers)
        if found is None:
            truths = list(self._fixed)
            slots = [question.slot for question in (*self.denies, *self.allows)]
            if self.asks_resource:
                slots += [_SLOT[way] for way in WAYS]
            for slot, truth in zip(slots, answers, strict=False):  # a certain denial leaves the rest unasked
                truths[slot] = truth
            found = self.outcomes[answers] = combine(Truths(*truths))  # type: ignore[arg-type]
        return found
