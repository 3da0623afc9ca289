"""Does a new policy allow anything that the old one did not?

The question of AWS's CheckNoNewAccess
(https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckNoNewAccess.html), answered with a request that
shows the difference, for every kind of policy, and through principals where the policy has them.
"""

from __future__ import annotations

from sagepass.catalog.rcp import rcp_services
from sagepass.policy.document import Document
from sagepass.policy.kinds import PolicyType
from sagepass.policy.statement import StatementEffect
from sagepass.proof.actions import action_mask, every_action
from sagepass.proof.comparison import HAS_PRINCIPALS, Comparison, Documents, Limit, answer, documents
from sagepass.proof.differences import Question
from sagepass.proof.formula import TRUE, Formula, negated
from sagepass.proof.policy_formula import allowed_actions, denied_actions, principals_of, reach_beyond, sides
from sagepass.proof.replay import shows_difference
from sagepass.proof.statement_formula import actions_formula
from sagepass.proof.who import Who, callers


def compare_documents(
    old: Documents,
    new: Documents,
    policy_type: PolicyType = PolicyType.IDENTITY_BASED_POLICY,
    *,
    seconds: float = 4.0,
    solver_seconds: float = 0.0,
    first_only: bool = False,
) -> Comparison:
    """Whether the new policy (or several that add up) allows nothing that the old one did not.

    Args:
        old: the policy as it was, parsed with the same ``policy_type``; an empty list for "nothing".
        new: the policy as it shall be.
        policy_type: what both are.
        seconds: how long it may take; what is not settled by then is ``UNKNOWN``.
        solver_seconds: for each part that stays open, how long cvc5 may take for it (extra ``smt``); 0: it is not asked.
        first_only: stop at the first difference.

    Never raises for what the documents say: malformed statements end as ``UNKNOWN``.
    """
    was, now = documents(old), documents(new)
    return answer(
        _question(was, now, policy_type),
        (*was, *now),
        beyond=_may_reach_beyond(now, was, policy_type),
        limit=Limit(seconds=seconds, solver_seconds=solver_seconds),
        first_only=first_only,
    )


def _universe(was: tuple[Document, ...], now: tuple[Document, ...], *, only_denies: bool) -> int:
    """The listed actions that can become allowed: what the new policy allows, or what the old RCP denies."""
    side = was if only_denies else now
    limit = action_mask(_rcp_patterns()) if only_denies else every_action()
    if any(not document.readable for document in side):
        return limit
    return denied_actions(was) & limit if only_denies else allowed_actions(now)


def _rcp_patterns() -> tuple[str, ...]:
    """The actions that resource control policies can deny."""
    return tuple(f"{service}:*" for service in rcp_services())


def _question(was: tuple[Document, ...], now: tuple[Document, ...], policy_type: PolicyType) -> Question:
    only_denies = policy_type is PolicyType.RESOURCE_CONTROL_POLICY

    def parts(action: int | None, who: Who | None) -> tuple[Formula, ...]:
        after, before = sides(now, action, who), sides(was, action, who)
        if only_denies:
            supported = TRUE if action is not None else actions_formula(_rcp_patterns())
            return (supported, before.deny, negated(after.deny))
        return (after.allow, negated(after.deny), negated(before.grants))

    with_principals = policy_type in HAS_PRINCIPALS
    return Question(
        universe=lambda: _universe(was, now, only_denies=only_denies),
        granted_before=lambda: allowed_actions(was),
        parts=parts,
        callers=list(
            callers(principals_of((*was, *now)), federated_users=policy_type is not PolicyType.ROLE_TRUST_POLICY)
        )
        if with_principals
        else [None],
        replay=lambda witness: shows_difference(was, now, policy_type, witness),
        documents=(*now, *was),
    )


def _may_reach_beyond(now: tuple[Document, ...], was: tuple[Document, ...], policy_type: PolicyType) -> bool:
    """Whether something can become allowed that is no listed action."""
    if policy_type is PolicyType.RESOURCE_CONTROL_POLICY:
        return reach_beyond(was, [StatementEffect.DENY])
    return reach_beyond(now, [StatementEffect.ALLOW])
