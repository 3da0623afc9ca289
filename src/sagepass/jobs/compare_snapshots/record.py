"""The answer to "who gained or lost what": groups of requests that changed in the same way, by the same statements."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sagepass.engine.decision import StatementRef
from sagepass.policy.kinds import CheckType


class Direction(StrEnum):
    """What happened to an access."""

    GAINED = "gained"
    """Certainly denied before, certainly allowed now."""
    MAY_GAIN = "may_gain"
    """Likelier than before, but before or now it depends on something unknown."""
    OPEN = "open"
    """It depended on something unknown before, and depends on something else now."""
    LOST = "lost"
    """Certainly allowed before, certainly denied now."""
    MAY_LOSE = "may_lose"
    """Less likely than before, but before or now it depends on something unknown."""

    @property
    def is_gain(self) -> bool:
        """Whether somebody may have got more; the statements of the new snapshot then tell by what."""
        return self in {Direction.GAINED, Direction.MAY_GAIN, Direction.OPEN}


class Verdict(StrEnum):
    """The whole comparison in one word."""

    NOTHING_GAINED = "nothing_gained"
    GAINED = "gained"
    UNDECIDED = "undecided"
    """Nothing was gained for certain; what is open may come to a gain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What one snapshot says to the requests of a group.

    Attributes:
        exists: false where it does not have the principal.
        by: the statements that allow it, or may.
        conditions: what it depends on; each completes "provided that …", and all have to hold.
        stopped_by: the checks that certainly deny it.
        denials: the Deny statements among them.
    """

    exists: bool = True
    by: tuple[StatementRef, ...] = ()
    conditions: tuple[str, ...] = ()
    stopped_by: tuple[CheckType, ...] = ()
    denials: tuple[StatementRef, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Whose access changed. ``inside``: a user, role or root user of the snapshots; else one whom a policy names."""

    name: str
    label: str
    account: str | None
    inside: bool = True


Requests = tuple[tuple[str, tuple[str, ...]], ...]
"""Actions, each with the resources of which it is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Requests of some holders that changed in one way.

    Attributes:
        direction: see :class:`Direction`.
        who: the holders, in the order of their names.
        requests: see :data:`Requests`.
        before: what the old snapshot says; ``None`` where it was not looked up (see :attr:`SnapshotComparison.limits`).
        after: what the new one says.
    """

    direction: Direction
    who: tuple[Holder, ...]
    requests: Requests
    before: Side | None = None
    after: Side | None = None

    @property
    def count(self) -> int:
        """How many requests of one holder these are."""
        return sum(len(resources) for _, resources in self.requests)


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotComparison:
    """The whole answer.

    Attributes:
        before: the name of the old snapshot.
        after: of the new one.
        asked_for: actions and patterns that were compared.
        actions: how many actions they come to.
        resources: on how many resources and patterns of such.
        principals: how many users, roles and root users were compared.
        changed_principals: of how many the policies, or what stands above them, say something else than before.
        changed_resources: of which the policy (or for a role the trust policy) says something else, or what stands above it.
        groups: gains first.
        one_sided: accounts that only one of the two snapshots holds; nothing is told of them.
        limits: what was not looked at.
    """

    before: str
    after: str
    asked_for: tuple[str, ...]
    actions: int
    resources: int
    principals: int
    changed_principals: int
    changed_resources: tuple[str, ...]
    groups: tuple[Group, ...]
    one_sided: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """Gains for certain come first, then all that may come to one."""
        directions = {group.direction for group in self.groups}
        if Direction.GAINED in directions:
            return Verdict.GAINED
        if self.one_sided or any(direction.is_gain for direction in directions):
            return Verdict.UNDECIDED
        return Verdict.NOTHING_GAINED
