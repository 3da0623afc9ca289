"""The policies of one check by action: what an action leaves in play, and what holds without asking any statement."""

from __future__ import annotations

from dataclasses import dataclass

from sagepass.engine.checks.applied import Applied
from sagepass.engine.checks.facts import doubt
from sagepass.policy.document import Policy
from sagepass.policy.document_index import document_index
from sagepass.policy.kinds import CheckType
from sagepass.policy.statement import Statement
from sagepass.policy.statement_test import StatementTest
from sagepass.policy.truth import Truth


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
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
            entry = InPlay(policy, statement, test, statement.principals is None and not test.defective)
            if test.denies:
                denies.append(entry)
            elif not applied.ignore_allow:
                allows.append(entry)
                if allowed_by is None and entry.plain and test.unconditional:
                    allowed_by = entry
    may_deny, may_allow = doubt(applied)
    allow = Truth.TRUE if allowed_by is not None else may_allow
    return ActionPlan(may_deny, tuple(denies), allow, allowed_by, tuple(allows))


@dataclass(frozen=True, slots=True)
class CallerPlan:
    """What the caller's policies can say to one action: a plan for each level of the organization, and the others."""

    levels: tuple[ActionPlan, ...]
    identity: ActionPlan
    boundary: ActionPlan
    session: ActionPlan


@dataclass(frozen=True, slots=True)
class ResourcePlan:
    """What the resource's policies can say to one action, and what the service's rules add."""

    levels: tuple[ActionPlan, ...]
    policy: ActionPlan
    counts: bool
    must_allow: bool
    never: CheckType | None
    free: bool
    same_account: Truth
