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
    _found: dict[Hashable, dict[str, dict[str, None]]] = field(default_factory=dict)
    _shown: dict[Hashable, tuple[Direction, str, Side | None, Side | None]] = field(default_factory=dict)

    def add(self, found: Iterable[Found]) -> None:
        """Take up what changed, of one principal after the other in the order of their names."""
        together: dict[str, list[Found]] = {}
        for one in found:
            together.setdefault(one.principal, []).append(one)
        for principal in sorted(together):
            for item in self._telling(principal, together[principal]):
                self._take(principal, item)

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

    def _take(self, principal: str, item: Difference) -> None:
        before = after = None
        if self.left:
            self.left -= 1
            old, new = self.sides.of(principal, item.action, item.resource)
            if item.direction is Direction.OPEN and rest_on_the_same(old, new):
                return
            before, after = side_of(old), side_of(new)
        else:
            self.skipped += 1
        self._put(principal, item, before, after)

    def _put(self, principal: str, item: Difference, before: Side | None, after: Side | None) -> None:
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
