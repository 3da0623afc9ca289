"""Who gained or lost what between two snapshots. Needs numpy (the extra ``bulk``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sagepass.engine.bulk import MAX_BYTES, Question, decide_both
from sagepass.engine.matrix import Matrix
from sagepass.snapshot.snapshot import Snapshot

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one principal gained and lost: (action, resource) pairs.

    Attributes:
        principal: as its snapshot names it.
        gained: certainly denied before, certainly allowed after.
        lost: certainly allowed before, certainly denied after.
        may_gain: more likely than before, but before or after depends on something unknown.
        may_lose: less likely than before, but before or after depends on something unknown.
        open: before and after depend on something unknown, perhaps not on the same; only where it was asked for.
    """

    principal: str
    gained: Pairs = ()
    lost: Pairs = ()
    may_gain: Pairs = ()
    may_lose: Pairs = ()
    open: Pairs = ()


def compare_snapshots(
    before: Snapshot,
    after: Snapshot,
    actions: Iterable[str],
    resources: Iterable[str],
    context: Mapping[str, object] | None = None,
    *,
    principals: Iterable[str] | None = None,
    context_complete: bool = False,
    with_open: bool = False,
    max_bytes: int = MAX_BYTES,
) -> tuple[Change, ...]:
    """Every principal for whom an answer differs, in the order of ``principals``.

    If ``after`` was made from ``before`` by :meth:`~sagepass.snapshot.snapshot.Snapshot.with_changes`, only the principals
    that the changes can touch are decided again.

    Args:
        before: the earlier policies.
        after: the later ones.
        actions: as in :func:`sagepass.engine.bulk.decide_matrix`.
        resources: see there.
        context: see there.
        principals: those to compare; ``None`` for all users and roles of both. One that a snapshot does not have can do
            nothing there.
        context_complete: see there.
        with_open: also tell what is open before and after.
        max_bytes: see there, for each of the two.

    Raises:
        ValueError: see there.
        MatrixTooLargeError: see there.
    """
    actions, resources = tuple(actions), tuple(resources)
    names = _names(before, after) if principals is None else tuple(dict.fromkeys(principals))
    question = Question(
        actions=actions,
        resources=resources,
        context=context or {},
        context_complete=context_complete,
        max_bytes=max_bytes,
    )
    there = ([name for name in names if _has(snapshot, name)] for snapshot in (before, after))
    changes = _Changes(*decide_both((before, after), tuple(there), question), with_open=with_open)
    found = (changes.of(name) for name in names)
    return tuple(change for change in found if change is not None)


def _names(before: Snapshot, after: Snapshot) -> tuple[str, ...]:
    both = (record.arn for snapshot in (before, after) for record in snapshot.principals())
    return tuple(dict.fromkeys(both))


def _has(snapshot: Snapshot, name: str) -> bool:
    """False for a user or role of an account that is known in full and does not have it."""
    parts = name.split(":")
    if len(parts) < 6 or parts[2] not in {"iam", "sts"} or not parts[5].startswith(("user/", "role/", "assumed-role/")):
        return True
    account = parts[4]
    known = snapshot.has_account(account) and snapshot.incomplete(account) is None
    return not known or snapshot.principal(name) is not None


class _Changes:
    """Two matrices of one grid, compared row by row; principals of equal rows share the answer."""

    def __init__(self, old: Matrix, new: Matrix, *, with_open: bool) -> None:
        self._old, self._new, self._with_open = old, new, with_open
        self._rows = [dict(zip(matrix.principals, matrix.rows.tolist(), strict=True)) for matrix in (old, new)]
        self._kept: dict[tuple[int | None, int | None], tuple[Pairs, Pairs, Pairs, Pairs, Pairs]] = {}

    def of(self, name: str) -> Change | None:
        """What changed for a principal; ``None`` for nothing."""
        key = (self._rows[0].get(name), self._rows[1].get(name))
        if key not in self._kept:
            self._kept[key] = self._between(*key)
        gained, lost, may_gain, may_lose, unsettled = self._kept[key]
        if not any(self._kept[key]):
            return None
        return Change(principal=name, gained=gained, lost=lost, may_gain=may_gain, may_lose=may_lose, open=unsettled)

    def _between(self, old: int | None, new: int | None) -> tuple[Pairs, Pairs, Pairs, Pairs, Pairs]:
        was, might = self._old.bits(old)
        now, may = self._new.bits(new)
        gained, lost = now & ~might, was & ~may
        more = ((now & ~was) | (may & ~might)) & ~gained
        less = ((was & ~now) | (might & ~may)) & ~lost
        pairs = self._new.pairs
        unsettled = pairs(might & ~was & may & ~now) if self._with_open else ()
        return pairs(gained), pairs(lost), pairs(more), pairs(less), unsettled
