"""From single differences to what a person reads: parts that a larger part tells are left out, equal ones stand together."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from sagepass.jobs.compare_snapshots.covering import covers, is_pattern
from sagepass.jobs.compare_snapshots.differences import Difference, Found
from sagepass.jobs.compare_snapshots.record import Direction, Group, Holder, Requests, Side
from sagepass.jobs.compare_snapshots.sides import Sides, key_of, rest_on_the_same, side_of
from sagepass.jobs.who_can.asking import holder_of
from sagepass.snapshot.snapshot import Snapshot

MOST_LOOKED_UP = 5_000
"""Requests of which the statements are looked up, on both sides: some seconds of work."""
_MOST_COMPARED = 400
"""Resources of one action among which it is looked for those that others cover."""
_ORDER = tuple(Direction)
_TOLD_BY = {
    Direction.MAY_GAIN: {Direction.GAINED, Direction.MAY_GAIN},
    Direction.OPEN: {Direction.GAINED, Direction.MAY_GAIN},
    Direction.MAY_LOSE: {Direction.LOST, Direction.MAY_LOSE},
}
"""An open change of a set says nothing more where these are told of its parts, if all that differs lies in such parts."""


@dataclass
class Grouping:
    """Collects differences, and looks up why.

    Attributes:
        sides: looks up decisions.
        within: whether all that differs of a principal, as far as it touches a set, is about single parts of the set.
        left: how many may still be looked up.
        skipped: how many were not.
    """

    sides: Sides
    within: Callable[[str, str], bool] = lambda _principal, _resource: False
    left: int = MOST_LOOKED_UP
    skipped: int = 0
    _told: dict[tuple[int, frozenset[str]], tuple[object, Sequence[Difference]]] = field(default_factory=dict)
    _pairs: dict[tuple[str, tuple[str, ...]], tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    _left: dict[tuple[Direction, Requests], list[str]] = field(default_factory=dict)
    _found: dict[Hashable, dict[str, dict[str, None]]] = field(default_factory=dict)
    _shown: dict[Hashable, tuple[Direction, str, Side | None, Side | None]] = field(default_factory=dict)

    def add(self, found: Sequence[Found]) -> None:
        """Take up all that changed of one principal."""
        principal = found[0].principal
        items = list(self._telling(principal, found))
        for item in items[: self.left]:
            self._look_up(principal, item)
        self._leave(principal, items[self.left :])
        self.left = max(0, self.left - len(items))

    def _telling(self, principal: str, found: Sequence[Found]) -> Iterator[Difference]:
        """The differences of one principal without those that another one tells."""
        for action in dict.fromkeys(action for one in found for part in (one.shared, one.own) for action in part):
            parts = [part[action] for one in found for part in (one.shared, one.own) if action in part]
            items = parts[0] if len(parts) == 1 else tuple(dict.fromkeys(item for part in parts for item in part))
            narrowed = [item.resource for item in items if item.direction in _TOLD_BY and is_pattern(item.resource)]
            within = frozenset(resource for resource in narrowed if self.within(principal, resource))
            yield from self._telling_of_shared(items, within) if len(parts) == 1 else _telling_of_action(items, within)

    def _telling_of_shared(self, items: tuple[Difference, ...], within: frozenset[str]) -> Sequence[Difference]:
        """Kept, since many principals share them."""
        key = (id(items), within)
        if key not in self._told:
            self._told[key] = (items, _telling_of_action(items, within))
        return self._told[key][1]

    def _look_up(self, principal: str, item: Difference) -> None:
        old, new = self.sides.of(principal, item.action, item.resource)
        if item.direction is Direction.OPEN and rest_on_the_same(old, new):
            return
        self._put(principal, item, side_of(old), side_of(new))

    def _leave(self, principal: str, items: Sequence[Difference]) -> None:
        """Take up what is not looked up; equal parts are one object, since there may be many."""
        self.skipped += len(items)
        by_direction: dict[Direction, dict[str, list[str]]] = {}
        for item in items:
            by_direction.setdefault(item.direction, {}).setdefault(item.action, []).append(item.resource)
        for direction, by_action in by_direction.items():
            pairs = ((action, tuple(resources)) for action, resources in sorted(by_action.items()))
            requests = tuple([self._pairs.setdefault(pair, pair) for pair in pairs])
            self._left.setdefault((direction, requests), []).append(principal)

    def _put(self, principal: str, item: Difference, before: Side, after: Side) -> None:
        key = (item.direction, principal, key_of(before), key_of(after))
        self._shown.setdefault(key, (item.direction, principal, before, after))
        self._found.setdefault(key, {}).setdefault(item.action, {})[item.resource] = None

    def groups(self) -> tuple[Group, ...]:
        """What was collected; principals of whom the same is said stand together."""
        together: dict[Hashable, tuple[Group, list[str]]] = {}
        for key, requests in self._found.items():
            direction, principal, before, after = self._shown[key]
            asked: Requests = tuple((action, tuple(resources)) for action, resources in sorted(requests.items()))
            group = Group(direction=direction, who=(), requests=asked, before=before, after=after)
            same = (direction, asked, key_of(before), key_of(after))
            together.setdefault(same, (group, []))[1].append(principal)
        for (direction, asked), principals in self._left.items():
            together[direction, asked] = (Group(direction=direction, who=(), requests=asked), principals)
        return tuple(
            Group(
                direction=group.direction,
                who=tuple(_holder(name, self.sides) for name in sorted(names)),
                requests=group.requests,
                before=group.before,
                after=group.after,
            )
            for group, names in together.values()
        )


def in_order(groups: Iterable[Group]) -> tuple[Group, ...]:
    """Gains first, and of each sort by name."""
    return tuple(sorted(groups, key=lambda group: (_ORDER.index(group.direction), group.who[0].name, group.requests)))


def _holder(name: str, sides: Sides) -> Holder:
    snapshot: Snapshot = sides.after if sides.after.principal(name) is not None else sides.before
    holder = holder_of(name, snapshot)
    return Holder(name=name, label=holder.label, account=holder.account)


def _telling_of_action(items: Sequence[Difference], within: frozenset[str]) -> Sequence[Difference]:
    if len(items) < 2 or len(items) > _MOST_COMPARED:
        return items
    wide = [item for item in items if is_pattern(item.resource)]

    def told(item: Difference) -> bool:
        narrower = _TOLD_BY.get(item.direction)
        if narrower is not None:
            return item.resource in within and any(
                other.direction in narrower and covers(item.resource, other.resource) for other in items
            )
        return any(other.direction is item.direction and covers(other.resource, item.resource) for other in wide)

    return [item for item in items if not told(item)]
