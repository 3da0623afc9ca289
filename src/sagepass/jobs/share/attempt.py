"""An attempt as requests: first to get in, then to do what is shared.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
"""

from __future__ import annotations

from dataclasses import dataclass

from sagepass.catalog.actions import takes_no_resource
from sagepass.catalog.sharing import Mechanism
from sagepass.engine.authorize import authorize
from sagepass.engine.decision import Decision
from sagepass.engine.request import Request
from sagepass.jobs.share.approaches import Approach
from sagepass.jobs.share.naming import assume_actions
from sagepass.jobs.share.plan import Piece, Plan, Side
from sagepass.policy.kinds import CheckType, Effect
from sagepass.repair.fix import Edit
from sagepass.snapshot.snapshot import Snapshot

_SESSION = "shared-session"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One request of an attempt and its decision; ``piece`` is the document on the owner's side that has to allow it."""

    request: Request
    decision: Decision
    piece: str

    @property
    def stopped(self) -> bool:
        """Whether it is certainly denied."""
        return self.decision.effect in {Effect.IMPLICIT_DENY, Effect.EXPLICIT_DENY}

    @property
    def let_in_by_owner(self) -> bool:
        """Whether the owner's side lets it pass, whatever the other side may add."""
        checks = [check for check in self.decision.checks if check.type is CheckType.RESOURCE]
        return not self.stopped and any(check.effect is Effect.ALLOW for check in checks)

    @property
    def opened_by(self) -> str:
        """The statement on the owner's side that lets it in."""
        checks = [check for check in self.decision.checks if check.type is CheckType.RESOURCE and check.matched]
        if not checks:
            return "a grant or statement on the owner's side"
        found = checks[0].matched[0]
        label = f"statement {found.statement.sid}" if found.statement.sid else f"statement {found.statement.index + 1}"
        return f"{label} of the {found.policy.name}"

    @property
    def provided(self) -> str:
        """What an open decision depends on: all of it has to hold for the request to pass."""
        shown = [item.text for item in self.decision.residual[:2]]
        more = len(self.decision.residual) - len(shown)
        return " and ".join([*shown, f"{more} more"] if more else shown)

    @property
    def reason(self) -> str:
        """The check that stops it, in one sentence; for one that is open, what it depends on."""
        if self.decision.effect is Effect.UNKNOWN:
            return self.provided
        blocking = [check for check in self.decision.blocking if check.type in self.decision.decided_by]
        return blocking[0].reason if blocking else "allowed"


def entering(plan: Plan, approach: Approach, snapshot: Snapshot, *, complete: bool) -> tuple[Step, ...]:
    """The requests that the documents of the owner's side decide: assuming the role, or each call itself.

    Args:
        plan: the plan.
        approach: who tries.
        snapshot: the world in which it is tried.
        complete: the request carries no other condition keys than those given and those that follow from it.
    """
    found = []
    for piece in plan.pieces:
        if piece.side is not Side.OWNER:
            continue
        for action, resource in _entries(plan, piece):
            if approach.actions is not None and action not in approach.actions:
                continue
            for principal in _who_calls(plan, piece, approach):
                request = Request(
                    principal=principal,
                    action=action,
                    resource=resource,
                    resource_account=plan.account,
                    context=approach.context,
                    context_complete=complete,
                )
                found.append(Step(request=request, decision=authorize(request, snapshot), piece=piece.name))
    return tuple(found)


def _who_calls(plan: Plan, piece: Piece, approach: Approach) -> tuple[str, ...]:
    """The caller; for what is read besides the role that reads it; for a key both."""
    if approach.worker is None or not _is_beside(plan, piece):
        return (approach.principal,)
    assert isinstance(piece.content, Edit)
    is_key = ":kms:" in piece.content.change.holder
    return (approach.principal, approach.worker) if is_key else (approach.worker,)


def _is_beside(plan: Plan, piece: Piece) -> bool:
    """Whether the piece is the policy of a bucket, repository or key."""
    return isinstance(piece.content, Edit) and piece.content.change.holder != plan.subject.text


def _entries(plan: Plan, piece: Piece) -> list[tuple[str, str]]:
    if plan.mechanism is Mechanism.ROLE:
        role = plan.role
        if role is None or piece.content is not role:
            return []
        return [(action, role.arn) for action in assume_actions(plan.party)]
    return [(grant.action, grant.resource) for grant in piece.grants if can_be_tried(plan, grant.action)]


def can_be_tried(plan: Plan, action: str) -> bool:
    """False for an action without a resource: nothing in a request for ``*`` says whose resources it is about."""
    return not takes_no_resource(action) or action in plan.subject.row.named_on


def inside(plan: Plan, snapshot: Snapshot, *, complete: bool) -> tuple[Step, ...]:
    """With a role: the calls of its session. They are calls within the owner's account."""
    role = plan.role
    if role is None:
        return ()
    partition = plan.subject.arn.partition
    session = f"arn:{partition}:sts::{plan.account}:assumed-role/{role.name}/{_SESSION}"
    found = []
    for piece in plan.pieces:
        for grant in piece.grants if piece.content is role else ():
            if not can_be_tried(plan, grant.action):
                continue
            request = Request(
                principal=session,
                action=grant.action,
                resource=grant.resource,
                resource_account=plan.account,
                context_complete=complete,
            )
            found.append(Step(request=request, decision=authorize(request, snapshot), piece=piece.name))
    return tuple(found)
