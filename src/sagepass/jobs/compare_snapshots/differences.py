# ruff: noqa: PLC0415 - numpy is loaded only if it is there
"""The requests of principals whose answers differ between two snapshots: in bulk with numpy, else one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sagepass.engine.compiled import Compiled, compiled
from sagepass.engine.request import Request
from sagepass.jobs.compare_snapshots.covering import covers, is_pattern
from sagepass.jobs.compare_snapshots.record import Direction
from sagepass.jobs.decide_in_bulk import has_bulk
from sagepass.jobs.requests_that_fit import fits, may_take
from sagepass.policy.kinds import Effect
from sagepass.snapshot.snapshot import Snapshot

_AT_ONCE = 400
"""Resources of one matrix; more are asked in turns, so that the memory does not grow with them."""
_TOGETHER = 2_500
"""Principals of one matrix, for the same reason."""
_FROM_PRINCIPALS = 2
"""A resource that fewer principals are asked about is asked one by one: most of its column would be for nothing."""
_FROM_PAIRS = 300
"""From so many principals and resources on that go together a matrix is faster; below, setting it up takes longer than asking."""


class Difference(NamedTuple):
    """One request of one principal that changed."""

    direction: Direction
    action: str
    resource: str


Asked = Mapping[str, frozenset[str]]
"""Resources, each with the actions that are asked of it."""
ByAction = dict[str, tuple[Difference, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The requests of one principal that changed, by action.

    Attributes:
        principal: its ARN.
        shared: what was found of several principals at once; those of whom it is the same have the same object.
        own: what was found of this one.
    """

    principal: str
    shared: ByAction
    own: ByAction


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Requests to compare.

    Attributes:
        principals: whom to ask.
        actions: each principal about all of them that can be asked of a resource.
        resources: those that a principal is asked about.
        of_touched: the principals are those of whom something differs; each is in one such task, and perhaps in others.
    """

    principals: tuple[str, ...]
    actions: tuple[str, ...]
    resources: Callable[[str], Asked]
    of_touched: bool = False


def differences(
    before: Snapshot,
    after: Snapshot,
    tasks: Sequence[Task],
    context: Mapping[str, object],
    progress: Callable[[int, int], None],
) -> Iterator[list[Found]]:
    """What changed, of one principal after the other; what there is to tell of a principal comes together."""
    asking = _Asking(before, after, context, progress, sum(len(task.principals) for task in tasks))
    others: dict[str, list[Found]] = {}
    for task in tasks:
        if not task.of_touched:
            for found in asking.found(task):
                others.setdefault(found.principal, []).append(found)
    for task in tasks:
        if task.of_touched:
            for found in asking.found(task):
                yield [found, *others.pop(found.principal, ())]
    yield from others.values()
    progress(asking.total, asking.total)


@dataclass
class _Asking:
    """Asks task after task, and tells how far it is."""

    before: Snapshot
    after: Snapshot
    context: Mapping[str, object]
    progress: Callable[[int, int], None]
    total: int
    done: int = 0

    def found(self, task: Task) -> Iterator[Found]:
        """What changed in one task."""
        for start in range(0, len(task.principals), _TOGETHER):
            part = _Part(self.before, self.after, task, task.principals[start : start + _TOGETHER], self.context)
            for number, found in enumerate(part.found()):
                if number % 16 == 0:
                    self.progress(self.done + number, self.total)
                if found.shared or found.own or task.of_touched:
                    yield found
            self.done += len(part.principals)


@dataclass
class _Part:
    """Some principals of one task."""

    before: Snapshot
    after: Snapshot
    task: Task
    principals: tuple[str, ...]
    context: Mapping[str, object]
    _kept: dict[Hashable, ByAction] = field(default_factory=dict)
    _same: dict[Hashable, tuple[Difference, ...]] = field(default_factory=dict)

    def found(self) -> Iterator[Found]:
        pieces = tuple(self._pieces()) if has_bulk() and len(self.principals) >= _FROM_PRINCIPALS else ()
        in_bulk = frozenset(resource for piece in pieces for resource in piece.resources)
        single = _Single(self.before, self.after, self.task.actions, self.context)
        for principal in self.principals:
            asked = self.task.resources(principal)
            shared = self._shared(principal, pieces, asked, in_bulk) if pieces else {}
            own = single.of(principal, {name: asked[name] for name in asked if name not in in_bulk}, shared)
            yield Found(principal, shared, own)

    def _pieces(self) -> Iterator[_Piece]:
        """What many principals are asked about, by service, without actions that go with none of the resources."""
        asked = Counter(resource for principal in self.principals for resource in self.task.resources(principal))
        together = {resource: count for resource, count in asked.items() if count >= _FROM_PRINCIPALS}
        if sum(together.values()) < _FROM_PAIRS:
            return
        by_service: dict[str, list[str]] = {}
        for resource in together:
            by_service.setdefault(_service(resource), []).append(resource)
        for service, resources in by_service.items():
            likely = [action for action in self.task.actions if may_take(action, service)]
            for start in range(0, len(resources), _AT_ONCE):
                piece = tuple(resources[start : start + _AT_ONCE])
                actions = tuple(action for action in likely if any(fits(action, resource) for resource in piece))
                if actions:
                    yield self._piece(actions, piece)

    def _piece(self, actions: tuple[str, ...], resources: tuple[str, ...]) -> _Piece:
        from sagepass.engine.compare import compare_snapshots

        changes = compare_snapshots(
            self.before, self.after, actions, resources, self.context, principals=self.principals, with_open=True
        )
        found = {
            change.principal: (
                (Direction.GAINED, change.gained),
                (Direction.MAY_GAIN, change.may_gain),
                (Direction.OPEN, change.open),
                (Direction.LOST, change.lost),
                (Direction.MAY_LOSE, change.may_lose),
            )
            for change in changes
        }
        return _Piece(resources, found)

    def _shared(self, principal: str, pieces: Sequence[_Piece], asked: Asked, in_bulk: frozenset[str]) -> ByAction:
        """What the matrices say of a principal; the same object for principals of whom they say the same."""
        nothing: frozenset[str] = frozenset()
        together = frozenset(item for item in asked.items() if item[0] in in_bulk)
        said = [piece.found.get(principal, ()) for piece in pieces]
        key = (together, *(id(pairs) for changes in said for _, pairs in changes))
        if key not in self._kept:
            found = _by_action(
                Difference(direction, action, resource)
                for changes in said
                for direction, pairs in changes
                for action, resource in pairs
                if action in asked.get(resource, nothing) and fits(action, resource)
            )
            self._kept[key] = {action: self._same.setdefault(items, items) for action, items in found.items()}
        return self._kept[key]


@dataclass(frozen=True, slots=True)
class _Piece:
    """What the matrices of some resources say: of every principal, pairs of action and resource by direction.

    Principals of whom they say the same have the same tuples of pairs, which live as long as this.
    """

    resources: tuple[str, ...]
    found: Mapping[str, tuple[tuple[Direction, tuple[tuple[str, str], ...]], ...]]


class _Single:
    """Asks requests one by one."""

    def __init__(
        self, before: Snapshot, after: Snapshot, actions: Sequence[str], context: Mapping[str, object]
    ) -> None:
        self._sides = (compiled(before), compiled(after))
        self._actions = actions
        self._context = context
        self._fitting: dict[str, tuple[str, ...]] = {}

    def of(self, principal: str, resources: Asked, known: ByAction) -> ByAction:
        """The requests of one principal that changed, apart from those of which it is known."""
        there = [exists(side.snapshot, principal) for side in self._sides]
        return _by_action(self._changed(principal, resources, there, known))

    def _changed(
        self, principal: str, resources: Asked, there: Sequence[bool], known: ByAction
    ) -> Iterator[Difference]:
        certain = {
            action: [item.resource for item in items if _is_certain_set(item)] for action, items in known.items()
        }
        for resource in sorted(resources, key=_narrowness):
            for action in self._actions_on(resource):
                if action not in resources[resource]:
                    continue
                if any(covers(wider, resource) for wider in certain.get(action, ())):
                    continue  # what is certain of a set is certain of all in it, and is told of the set
                direction = self._direction(principal, action, resource, there)
                if direction is None:
                    continue
                found = Difference(direction, action, resource)
                if _is_certain_set(found):
                    certain.setdefault(action, []).append(resource)
                yield found

    def _direction(self, principal: str, action: str, resource: str, there: Sequence[bool]) -> Direction | None:
        request = Request(principal=principal, action=action, resource=resource, context=self._context)
        old, new = (_effect(side, request) if known else None for side, known in zip(self._sides, there, strict=True))
        return _DIRECTIONS.get((old, new))

    def _actions_on(self, resource: str) -> tuple[str, ...]:
        if resource not in self._fitting:
            service = _service(resource)
            likely = (action for action in self._actions if may_take(action, service))
            self._fitting[resource] = tuple(action for action in likely if fits(action, resource))
        return self._fitting[resource]


_CERTAIN = frozenset({Direction.GAINED, Direction.LOST})


def _is_certain_set(item: Difference) -> bool:
    """Whether something is certain of a whole set; ``*`` is the resource of a request without one, and no set."""
    return item.direction in _CERTAIN and item.resource != "*" and is_pattern(item.resource)


def _narrowness(resource: str) -> int:
    """More for what stands for less: a set comes before what it covers."""
    return len(resource) - 2 * resource.count("*")


def _service(resource: str) -> str:
    return resource.split(":", 3)[2] if resource.count(":") > 2 else "*"


def _effect(side: Compiled, request: Request) -> Effect | None:
    effect = side.decide(request).effect
    return effect if effect in {Effect.ALLOW, Effect.UNKNOWN} else None


def _by_action(found: Iterable[Difference]) -> ByAction:
    by_action: dict[str, list[Difference]] = {}
    for item in found:
        by_action.setdefault(item.action, []).append(item)
    return {action: tuple(items) for action, items in by_action.items()}


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
