# ruff: noqa: PLC0415 - numpy is loaded only where a question is large enough to need it
"""The bulk engine behind the seam of many decisions; it needs numpy (the extra ``bulk``), and says so where it is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec

from sagepass.jobs.decide_many import Cell, Progress, decide_one_by_one
from sagepass.policy.kinds import Effect
from sagepass.snapshot.snapshot import Snapshot

FROM_REQUESTS = 100_000
"""From so many requests on a matrix is faster; below, setting it up takes longer than asking (measured on 10,000 roles)."""

MISSING = (
    "numpy is missing, so every request was decided by itself; pip install 'sagepass[bulk]' makes it many times faster"
)


def decide_in_bulk(
    snapshot: Snapshot,
    principals: Sequence[str],
    actions: Sequence[str],
    resources: Sequence[str],
    context: Mapping[str, object],
    *,
    progress: Progress | None = None,
) -> Iterator[Cell]:
    """The cells of :func:`sagepass.engine.bulk.decide_matrix`; decisions are left out.

    Raises:
        ImportError: numpy is missing.
        MatrixTooLargeError: the answer takes more memory than is allowed; ask for less at a time.
        ValueError: a principal is none.
        UnknownPrincipal: a principal of a collected account is not in it.
    """
    from sagepass.engine.bulk import decide_matrix

    if not principals or not actions or not resources:
        return
    each = len(actions) * len(resources)

    def told(done: int, of: int) -> None:
        if progress is not None:
            progress(done * each, of * each)

    matrix = decide_matrix(snapshot, principals, actions, resources, context, progress=told)
    for action in actions:
        for resource in resources:
            found = matrix.who_can(action, resource)
            if not found.certain and not found.open:
                continue
            certain, possible = frozenset(found.certain), frozenset(found.open)
            for principal in principals:
                if principal in certain or principal in possible:
                    effect = Effect.ALLOW if principal in certain else Effect.UNKNOWN
                    yield Cell(principal=principal, action=action, resource=resource, effect=effect)


def has_bulk() -> bool:
    """Whether numpy is there; it is not loaded."""
    return find_spec("numpy") is not None


def decide_by_size(
    snapshot: Snapshot,
    principals: Sequence[str],
    actions: Sequence[str],
    resources: Sequence[str],
    context: Mapping[str, object],
    *,
    progress: Progress | None = None,
) -> Iterator[Cell]:
    """In bulk where the question is large and numpy is there, else one by one: the same cells either way."""
    large = len(principals) * len(actions) * len(resources) >= FROM_REQUESTS
    engine = decide_in_bulk if large and has_bulk() else decide_one_by_one
    yield from engine(snapshot, principals, actions, resources, context, progress=progress)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Who of the principals can make one request: certainly, and only if what is unknown turns out so."""

    action: str
    resource: str
    certain: tuple[str, ...]
    open: tuple[str, ...]


def columns(
    snapshot: Snapshot,
    principals: Sequence[str],
    pairs: Sequence[tuple[str, str]],
    context: Mapping[str, object],
    *,
    progress: Progress | None = None,
) -> Iterator[Column]:
    """Who can make each of many requests, in their order; requests that nobody can make are in it.

    In bulk with numpy, else one by one. Columns with the same principals share their tuples.

    Args:
        snapshot: the saved accounts.
        principals: whom to ask.
        pairs: actions and resources.
        context: condition keys of every request.
        progress: told how many decisions are done.

    Raises:
        MatrixTooLargeError: see :func:`decide_in_bulk`.
    """
    if not principals or not pairs:
        return
    if has_bulk():
        from sagepass.engine.bulk import decide_matrix

        actions, resources = ({pair[place] for pair in pairs} for place in (0, 1))
        each = len(actions) * len(resources)

        def told(done: int, of: int) -> None:
            if progress is not None:
                progress(done * each, of * each)

        matrix = decide_matrix(snapshot, principals, actions, resources, context, progress=told)
        shared: dict[tuple[str, ...], tuple[str, ...]] = {}
        for action, resource in pairs:
            found = matrix.who_can(action, resource)
            certain, possible = (shared.setdefault(names, names) for names in (found.certain, found.open))
            yield Column(action=action, resource=resource, certain=certain, open=possible)
        return
    for number, (action, resource) in enumerate(pairs, start=1):
        cells = list(decide_one_by_one(snapshot, principals, [action], [resource], context))
        certain, possible = (
            tuple(cell.principal for cell in cells if cell.effect is effect)
            for effect in (Effect.ALLOW, Effect.UNKNOWN)
        )
        yield Column(action=action, resource=resource, certain=certain, open=possible)
        if progress is not None:
            progress(number * len(principals), len(pairs) * len(principals))
