# ruff: noqa: PLC0415 - numpy is loaded only if it is there
"""The requests of principals whose answers differ between two snapshots: in bulk with numpy, else one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sagepass.jobs.compare_snapshots.record import Direction
from sagepass.jobs.decide_in_bulk import has_bulk
from sagepass.jobs.decide_many import decide_one_by_one
from sagepass.jobs.requests_that_fit import fits, may_take
from sagepass.policy.kinds import Effect
from sagepass.snapshot.snapshot import Snapshot

_AT_ONCE = 400
"""Resources of one matrix; more are asked in turns, so that the memory does not grow with them."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One request of one principal that changed."""

    principal: str
    direction: Direction
    action: str
    resource: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Requests to compare: every principal, action and resource that go together."""

    principals: tuple[str, ...]
    actions: tuple[str, ...]
    resources: tuple[str, ...]


def differences(
    before: Snapshot,
    after: Snapshot,
    tasks: Sequence[Task],
    context: Mapping[str, object],
    progress: Callable[[int, int], None],
) -> Iterator[Difference]:
    """What changed in each task."""
    parts = [part for task in tasks for part in _parts(task)]
    compare = _in_bulk if has_bulk() else _one_by_one
    for number, part in enumerate(parts):
        progress(number, len(parts))
        for found in compare(before, after, part, context):
            if fits(found.action, found.resource):
                yield found
    progress(len(parts), len(parts))


def _parts(task: Task) -> Iterator[Task]:
    """The task in pieces, without actions that go with none of the resources of a piece."""
    by_service: dict[str, list[str]] = {}
    for resource in task.resources:
        by_service.setdefault(resource.split(":")[2] if ":" in resource else resource, []).append(resource)
    pieces = (
        tuple(found[start : start + _AT_ONCE])
        for found in by_service.values()
        for start in range(0, len(found), _AT_ONCE)
    )
    for resources in pieces:
        service = resources[0].split(":")[2] if ":" in resources[0] else "*"
        likely = (action for action in task.actions if may_take(action, service))
        actions = tuple(action for action in likely if any(fits(action, resource) for resource in resources))
        if task.principals and actions:
            yield Task(principals=task.principals, actions=actions, resources=resources)


def _in_bulk(before: Snapshot, after: Snapshot, task: Task, context: Mapping[str, object]) -> Iterator[Difference]:
    from sagepass.engine.compare import compare_snapshots

    found = compare_snapshots(
        before, after, task.actions, task.resources, context, principals=task.principals, with_open=True
    )
    for change in found:
        for direction, pairs in (
            (Direction.GAINED, change.gained),
            (Direction.MAY_GAIN, change.may_gain),
            (Direction.OPEN, change.open),
            (Direction.LOST, change.lost),
            (Direction.MAY_LOSE, change.may_lose),
        ):
            for action, resource in pairs:
                yield Difference(change.principal, direction, action, resource)


def _one_by_one(before: Snapshot, after: Snapshot, task: Task, context: Mapping[str, object]) -> Iterator[Difference]:
    old, new = (_effects(snapshot, task, context) for snapshot in (before, after))
    for principal in task.principals:
        for action in task.actions:
            for resource in task.resources:
                request = (principal, action, resource)
                direction = _DIRECTIONS.get((old.get(request), new.get(request)))
                if direction is not None:
                    yield Difference(principal, direction, action, resource)


def _effects(snapshot: Snapshot, task: Task, context: Mapping[str, object]) -> dict[tuple[str, str, str], Effect]:
    principals = [name for name in task.principals if exists(snapshot, name)]
    cells = decide_one_by_one(snapshot, principals, task.actions, task.resources, context)
    return {(cell.principal, cell.action, cell.resource): cell.effect for cell in cells}


def exists(snapshot: Snapshot, principal: str) -> bool:
    """Whether a user or role is in a snapshot; a root user is in every account."""
    return principal.endswith(":root") or snapshot.principal(principal) is not None


_DIRECTIONS: Mapping[tuple[Effect | None, Effect | None], Direction] = {
    (None, Effect.ALLOW): Direction.GAINED,
    (None, Effect.UNKNOWN): Direction.MAY_GAIN,
    (Effect.UNKNOWN, Effect.ALLOW): Direction.MAY_GAIN,
    (Effect.UNKNOWN, Effect.UNKNOWN): Direction.OPEN,
    (Effect.ALLOW, None): Direction.LOST,
    (Effect.ALLOW, Effect.UNKNOWN): Direction.MAY_LOSE,
    (Effect.UNKNOWN, None): Direction.MAY_LOSE,
}
"""By the answers before and after; ``None`` is a certain denial."""
