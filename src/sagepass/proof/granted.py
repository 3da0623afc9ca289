"""Does a policy grant none of some actions, or nothing on some resources?

The question of AWS's CheckAccessNotGranted
(https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckAccessNotGranted.html).
"""

from __future__ import annotations

from collections.abc import Sequence

from sagepass.policy.document import Document
from sagepass.policy.kinds import PolicyType
from sagepass.policy.statement import StatementEffect
from sagepass.policy.truth import Truth
from sagepass.proof.actions import action_mask, every_action, is_unlisted
from sagepass.proof.comparison import (
    HAS_PRINCIPALS,
    Comparison,
    Documents,
    Limit,
    answer,
    documents,
)
from sagepass.proof.differences import Question
from sagepass.proof.formula import TRUE, Formula, negated
from sagepass.proof.policy_formula import allowed_actions, principals_of, reach_beyond, sides
from sagepass.proof.replay import Granted, Shown, grants, match_request
from sagepass.proof.statement_formula import actions_formula, resources_formula
from sagepass.proof.verdict import Witness
from sagepass.proof.who import Who, callers

_NOTHING = Granted(Truth.FALSE, (), ())


def not_granted(
    policy: Documents,
    actions: Sequence[str] = ("*",),
    resources: Sequence[str] = ("*",),
    policy_type: PolicyType = PolicyType.IDENTITY_BASED_POLICY,
    *,
    seconds: float = 4.0,
    solver_seconds: float = 0.0,
) -> Comparison:
    """Whether a policy (or several that add up) grants none of the actions on any of the resources.

    Args:
        policy: parsed with the same ``policy_type``; a resource control policy grants nothing of its own.
        actions: patterns as in an Action element: ``iam:PassRole``, ``s3:Put*``.
        resources: patterns as in a Resource element.
        policy_type: what it is.
        seconds: how long it may take.
        solver_seconds: see :func:`sagepass.proof.compare.compare_documents`.

    Returns:
        ``PROVEN`` if nothing of that is granted, ``REFUTED`` with examples, or ``UNKNOWN``.
    """
    given = documents(policy)
    wanted = resources_formula(tuple(resources), False)

    def parts(action: int | None, who: Who | None) -> tuple[Formula, ...]:
        named = TRUE if action is not None else actions_formula(tuple(actions))
        said = sides(given, action, who)
        return (named, wanted, said.allow, negated(said.deny))

    readable = all(item.readable for item in given)
    question = Question(
        universe=lambda: action_mask(actions) & (allowed_actions(given) if readable else every_action()),
        granted_before=lambda: 0,
        parts=parts,
        callers=list(callers(principals_of(given))) if policy_type in HAS_PRINCIPALS else [None],
        replay=lambda witness: shows_grant(given, policy_type, witness),
        documents=given,
    )
    beyond = any(is_unlisted(action) for action in actions) and reach_beyond(given, StatementEffect)
    return answer(question, given, beyond=beyond, limit=Limit(seconds=seconds, solver_seconds=solver_seconds))


def shows_grant(given: tuple[Document, ...], policy_type: PolicyType, witness: Witness) -> Shown | None:
    """What the documents say to a request that they certainly grant; ``None`` for any other."""
    after = grants(given, policy_type, match_request(witness))
    return Shown(after, _NOTHING) if after.granted is Truth.TRUE else None
