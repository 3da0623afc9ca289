"""From single differences to what a person reads: parts that a larger part tells are left out, equal ones stand together."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field

from sagepass.jobs.compare_snapshots.differences import Difference
from sagepass.jobs.compare_snapshots.record import Direction, Group, Holder, Requests, Side
from sagepass.jobs.compare_snapshots.sides import Sides, key_of, rest_on_the_same, side_of
from sagepass.jobs.who_can.asking import holder_of
from sagepass.policy.glob import contains, read_pattern
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
"""An open change of a set says nothing more where these are told of a part of it."""


@dataclass
class Grouping:
    """Collects differences, and looks up why.

    Attributes:
        sides: looks up decisions.
        left: how many may still be looked up.
        skipped: how many were not.
    """

    sides: Sides
    left: int = MOST_LOOKED_UP
    skipped: int = 0
    _found: dict[Hashable, dict[str, dict[str, None]]] = field(default_factory=dict)
    _shown: dict[Hashable, tuple[Direction, str, Side | None, Side | None]] = field(default_factory=dict)

    def add(self, found: Iterable[Difference]) -> None:
        """Take up all differences of one principal."""
        for item in _telling(tuple(found)):
            before = after = None
            if self.left:
                self.left -= 1
                old, new = self.sides.of(item.principal, item.action, item.resource)
                if item.direction is Direction.OPEN and rest_on_the_same(old, new):
                    continue
                before, after = side_of(old), side_of(new)
            else:
                self.skipped += 1
            self._put(item, before, after)

    def _put(self, item: Difference, before: Side | None, after: Side | None) -> None:
        key = (item.direction, item.principal, key_of(before), key_of(after))
        self._shown.setdefault(key, (item.direction, item.principal, before, after))
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


def _telling(found: Sequence[Difference]) -> Sequence[Difference]:
    """The differences without those that another one tells."""
    by_action: dict[str, list[Difference]] = {}
    for item in found:
        by_action.setdefault(item.action, []).append(item)
    return [item for items in by_action.values() for item in _telling_of_action(items)]


def _telling_of_action(items: Sequence[Difference]) -> Sequence[Difference]:
    if len(items) < 2 or len(items) > _MOST_COMPARED:
        return items
    patterns = {item.resource: read_pattern(item.resource) for item in items}

    def covers(one: Difference, other: Difference) -> bool:
        return one.resource != other.resource and contains(patterns[one.resource], patterns[other.resource])

    def told(item: Difference) -> bool:
        narrower = _TOLD_BY.get(item.direction)
        if narrower is not None:
            return any(other.direction in narrower and covers(item, other) for other in items)
        return any(other.direction is item.direction and covers(other, item) for other in items)

    return [item for item in items if not told(item)]
