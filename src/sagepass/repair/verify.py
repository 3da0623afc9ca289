"""Applies a candidate to a copy of the snapshot, decides again, and leaves out what is not needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from sagepass.engine.decision import Decision
from sagepass.engine.request import Request
from sagepass.policy.document import Policy
from sagepass.policy.kinds import CheckType, Effect, PolicyType
from sagepass.policy.parse import parse_document
from sagepass.repair.fix import Edit
from sagepass.snapshot.errors import SnapshotError
from sagepass.snapshot.snapshot import Snapshot
from sagepass.source.origin import Origin

Authorize: TypeAlias = Callable[[Request, Snapshot], Decision]


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """The world with edits made, and the decision in it."""

    request: Request
    snapshot: Snapshot
    decision: Decision


def apply(edits: Sequence[Edit], request: Request, snapshot: Snapshot, authorize: Authorize) -> Applied | None:
    """Make the edits and decide again; ``None`` if one cannot be made."""
    changed_request = request
    changes = []
    for edit in edits:
        if edit.policy_type is PolicyType.SESSION_POLICY and request.session_policies is not None:
            changed_request = _with_session_policy(changed_request, edit)
        else:
            changes.append(edit.change)
    try:
        changed = snapshot.with_changes(changes)
    except SnapshotError:
        return None
    return Applied(request=changed_request, snapshot=changed, decision=authorize(changed_request, changed))


def _with_session_policy(request: Request, edit: Edit) -> Request:
    """The request with a session policy that says something else."""
    origin = Origin(name=f"changed {edit.where}", value=edit.after)
    document = parse_document(edit.after, origin=origin, policy_type=PolicyType.SESSION_POLICY)
    policies: list[Policy] = []
    found = False
    for policy in request.session_policies or ():
        same = policy.name == edit.change.name and not found
        found = found or same
        policies.append(replace(policy, document=document) if same else policy)
    return replace(request, session_policies=tuple(policies))


def merged(edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """Later edits of the same policy take the place of earlier ones, with the document that stood there first.

    The result is in the order of the checks, so that the same edits found in another order are the same fix.
    """
    found: dict[tuple[object, ...], Edit] = {}
    for edit in edits:
        key = (edit.policy_type, edit.change.holder, edit.change.arn or edit.change.name)
        earlier = found.get(key)
        found[key] = edit if earlier is None else _joined(earlier, edit)
    order = list(CheckType)
    return tuple(sorted(found.values(), key=lambda edit: (order.index(edit.check), edit.change.holder)))


def _joined(earlier: Edit, later: Edit) -> Edit:
    """Two edits of one policy as one: its first document, its last, and the statements of both."""
    statements = [
        statement
        for edit in (earlier, later)
        for statement in (edit.statement if isinstance(edit.statement, list) else [edit.statement])
        if statement is not None
    ]
    return replace(later, before=earlier.before, statement=statements)


@dataclass(frozen=True, slots=True)
class Goal:
    """What a fix has to reach: no check stops the request, and those that are to be repaired are settled."""

    checks: frozenset[tuple[CheckType, str | None]]

    def reached(self, after: Decision) -> bool:
        """Whether the request is now allowed, or hangs only on what was not to be repaired."""
        if after.effect is Effect.ALLOW:
            return True
        unknown = {(check.type, check.target) for check in after.checks if check.effect is Effect.UNKNOWN}
        return after.effect is Effect.UNKNOWN and not unknown & self.checks


def minimised(
    edits: tuple[Edit, ...], request: Request, snapshot: Snapshot, goal: Goal, authorize: Authorize
) -> tuple[Edit, ...]:
    """Only the edits without which the request is denied.

    An edit is dropped if the request succeeds without it; every one that stays was left out once and was then missed.
    """
    kept = list(edits)
    for edit in edits:
        rest = [item for item in kept if item is not edit]
        applied = apply(rest, request, snapshot, authorize)
        if applied is not None and goal.reached(applied.decision):
            kept = rest
    return tuple(kept)
