"""``who_can_table``: who can perform each of many actions on each of many resources, themselves and not through roles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sagepass.catalog.actions import expand_action_pattern, find_action
from sagepass.jobs.decide_in_bulk import MISSING, Column, columns, decide_by_size, has_bulk
from sagepass.jobs.decide_many import Progress
from sagepass.jobs.requests_that_fit import pairs_that_fit
from sagepass.jobs.who_can.asking import Asker
from sagepass.jobs.who_can.named import Named, named_by
from sagepass.jobs.who_can.record import Certainty, Holder
from sagepass.jobs.who_can.who_can import asked_principals, not_collected
from sagepass.policy.arn import account_of
from sagepass.snapshot.snapshot import Snapshot

_NOTICE_FROM = 100_000
"""Decisions from which on it is felt that numpy is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """Somebody whom a resource's own policy lets in and the snapshot does not hold."""

    holder: Holder
    certainty: Certainty


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Requests that the same can make.

    Attributes:
        actions: as AWS spells them.
        resources: each of the actions on each of these.
        certain: ARNs of users, roles and root users who certainly can.
        open: of those who can under conditions, or if something that was not supplied lets them.
        outside: whom the policy of the resource lets in from elsewhere.
    """

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    certain: tuple[str, ...]
    open: tuple[str, ...]
    outside: tuple[Outside, ...] = ()

    @property
    def is_nobody(self) -> bool:
        """Whether nobody can."""
        return not (self.certain or self.open or self.outside)


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoCanTable:
    """The whole answer.

    Attributes:
        asked_for: actions and patterns as they were given.
        actions: what they come to.
        resources: as asked.
        principals: how many were asked.
        requests: how many combinations of action and resource exist.
        rows: those that somebody can make first, by resource and action.
        limits: what was not looked at.
    """

    asked_for: tuple[str, ...]
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    principals: int
    requests: int
    rows: tuple[Row, ...]
    limits: tuple[str, ...] = ()


def who_can_table(
    actions: Iterable[str],
    resources: Iterable[str],
    snapshot: Snapshot,
    *,
    context: Mapping[str, object] | None = None,
    progress: Progress | None = None,
) -> WhoCanTable:
    """Find out who can do each of many things.

    Args:
        actions: ``service:Name``, with ``*`` and ``?`` as in policies.
        resources: ARNs, patterns of ARNs (all of it has to be allowed), or ``*`` for actions without a resource.
        snapshot: the saved accounts.
        context: condition keys of every request.
        progress: told how many decisions are done.

    Raises:
        ValueError: a pattern covers no action that AWS defines.
        MatrixTooLargeError: the answer takes too much memory.
    """
    asked_for, places = tuple(dict.fromkeys(actions)), tuple(dict.fromkeys(resources))
    named = tuple(spelled_actions(asked_for))
    pairs = pairs_that_fit(named, places)
    principals = asked_principals(snapshot)
    found = columns(snapshot, principals, pairs, context or {}, progress=progress)
    outside = _Outsiders(snapshot, context or {})
    rows = _rows((column, outside.of(column)) for column in (found if principals else map(_nobody, pairs)))
    return WhoCanTable(
        asked_for=asked_for,
        actions=named,
        resources=places,
        principals=len(principals),
        requests=len(pairs),
        rows=rows,
        limits=tuple(_limits(snapshot, named, places, pairs, len(principals))),
    )


def spelled_actions(patterns: Iterable[str]) -> Iterator[str]:
    """What patterns come to, each action once; an action that the catalog does not have is asked as it is written.

    Raises:
        ValueError: a pattern covers no action that AWS defines.
    """
    seen: set[str] = set()
    for pattern in patterns:
        if "*" in pattern or "?" in pattern:
            covered: Sequence[str] = expand_action_pattern(pattern)
            if not covered:
                raise ValueError(
                    f"{pattern} covers no action that AWS defines; write it as in a policy: sagemaker:Create*"
                )
        else:
            known = find_action(pattern)
            covered = (known.id if known else pattern,)
        for action in covered:
            if action.lower() not in seen:
                seen.add(action.lower())
                yield action


def _nobody(pair: tuple[str, str]) -> Column:
    return Column(action=pair[0], resource=pair[1], certain=(), open=())


class _Outsiders:
    """Whom the policies of the resources let in from elsewhere."""

    def __init__(self, snapshot: Snapshot, context: Mapping[str, object]) -> None:
        self._snapshot = snapshot
        self._asker = Asker(snapshot=snapshot, decide_many=decide_by_size, context=context)
        self._named: dict[str, Named] = {}

    def of(self, column: Column) -> tuple[Outside, ...]:
        """Those who can make the request of a column."""
        resource = column.resource
        if resource not in self._named:
            grants, _ = self._snapshot.key_grants(resource)
            self._named[resource] = named_by(
                self._snapshot.resource_policy(resource), [grant.grantee for grant in grants]
            )
        able = self._asker.outsiders(self._named[resource], column.action, resource)
        return tuple(Outside(holder=one.holder, certainty=one.basis.certainty) for one in able)


_Holders = tuple[tuple[str, ...], tuple[str, ...], tuple[Outside, ...]]


def _rows(found: Iterable[tuple[Column, tuple[Outside, ...]]]) -> tuple[Row, ...]:
    """Requests of the same people together: first the actions on one resource, then resources with the same actions."""
    of_resource: dict[tuple[str, _Holders], list[str]] = {}
    for column, outside in found:
        holders = (column.certain, column.open, outside)
        of_resource.setdefault((column.resource, holders), []).append(column.action)
    together: dict[tuple[tuple[str, ...], _Holders], list[str]] = {}
    for (resource, holders), actions in of_resource.items():
        together.setdefault((tuple(actions), holders), []).append(resource)
    rows = [
        Row(actions=actions, resources=tuple(resources), certain=certain, open=possible, outside=outside)
        for (actions, (certain, possible, outside)), resources in together.items()
    ]
    return tuple(sorted(rows, key=lambda row: (row.is_nobody, row.resources, row.actions)))


def _limits(
    snapshot: Snapshot, actions: Sequence[str], resources: Sequence[str], pairs: Sequence[tuple[str, str]], asked: int
) -> Iterator[str]:
    yield from not_collected(snapshot, None)
    owners = {owner for resource in resources if (owner := snapshot.resource_account(resource) or account_of(resource))}
    for owner in sorted(owners - set(snapshot.accounts)):
        yield f"account {owner}, which owns a resource, is not in the snapshot: its own principals are not looked at"
    gaps = (gap.what for resource in resources for gap in snapshot.resource_policy(resource).missing)
    for what in dict.fromkeys(gaps):
        yield f"not supplied: {what}; whom it lets in from elsewhere is not known"
    left_out = set(actions) - {action for action, _ in pairs}
    if left_out:
        yield f"{len(left_out)} of {len(actions)} actions take none of these resources, and were not asked"
    yield "roles that one may assume to get there: ask about one action and one resource, and who-can follows them"
    if not has_bulk() and asked * len(pairs) >= _NOTICE_FROM:
        yield MISSING
