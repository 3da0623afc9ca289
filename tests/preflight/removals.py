"""Taking exactly one permission out of a policy: one action on one resource, everything else stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sagepass.engine.decision import Check, StatementRef
from sagepass.jobs.preflight.record import Authorization
from sagepass.policy.document import Policy
from sagepass.policy.kinds import CheckType, Effect
from sagepass.repair.policy_text import document_value
from sagepass.snapshot.changes import PolicyChange

_GRANTING = (CheckType.PRINCIPAL, CheckType.RESOURCE)


@dataclass(frozen=True, slots=True)
class Removal:
    """One permission, and the change that takes it away; the same permission has the same label."""

    label: str
    change: PolicyChange


def removals(item: Authorization) -> Iterator[Removal]:
    """The ways to take away what allows an authorization: in each check that has to allow it, its one Allow."""
    assert item.decision is not None
    for check in item.decision.checks:
        if check.type in _GRANTING and check.effect is Effect.ALLOW and check.matched:
            yield _removal(check)


def _removal(check: Check) -> Removal:
    (ref,) = check.matched
    policy = ref.policy
    document = document_value(policy)
    assert document is not None
    statements = document["Statement"]
    assert isinstance(statements, list)
    own = statements[ref.statement.index]
    action, resource = _matched(ref, "Action"), _matched(ref, "Resource")
    changed = [
        *statements[: ref.statement.index],
        *_without(own, action, resource),
        *statements[ref.statement.index + 1 :],
    ]
    assert _count(own) == sum(_count(statement) for statement in _without(own, action, resource)) + 1
    change = PolicyChange(
        holder=_holder(policy),
        type=policy.type,
        name=policy.name,
        form=policy.form,
        document={**document, "Statement": changed},
        arn=policy.arn,
    )
    place = f"Statement[{ref.statement.index}] of {policy.name} of {policy.holder}"
    return Removal(label=f"{action} on {resource or 'the resource'} in {place}", change=change)


def _holder(policy: Policy) -> str:
    assert policy.holder is not None
    return policy.holder


def _matched(ref: StatementRef, element: str) -> str | None:
    """The value of an element that made the statement match; ``None`` if the statement has no such element."""
    document = document_value(ref.policy)
    for route in ref.elements:
        if element in route:
            value: object = document
            for step in route:
                value = value[step]  # type: ignore[index]
            assert isinstance(value, str)
            return value
    return None


def _without(statement: dict[str, object], action: str | None, resource: str | None) -> list[dict[str, object]]:
    """The statement without one action on one resource: the other actions, and the action on the other resources."""
    actions, resources = _list(statement["Action"]), _list(statement.get("Resource"))
    parts: list[dict[str, object]] = []
    if others := [one for one in actions if one != action]:
        parts.append({**statement, "Action": others})
    if rest := [one for one in resources if one != resource]:
        parts.append({**statement, "Sid": f"{statement.get('Sid', '')}Rest", "Action": [action], "Resource": rest})
    return parts


def _count(statement: dict[str, object]) -> int:
    return len(_list(statement["Action"])) * max(1, len(_list(statement.get("Resource"))))


def _list(value: object) -> list[str]:
    if value is None:
        return []
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]
