"""``compare_snapshots``: who gained, lost, or may have gained or lost what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sagepass.jobs.compare_snapshots.differences import differences
from sagepass.jobs.compare_snapshots.groups import Grouping, in_order
from sagepass.jobs.compare_snapshots.outsiders import outside_changes
from sagepass.jobs.compare_snapshots.record import SnapshotComparison
from sagepass.jobs.compare_snapshots.sides import Sides
from sagepass.jobs.compare_snapshots.unasked import unasked
from sagepass.jobs.compare_snapshots.work import Work
from sagepass.jobs.decide_in_bulk import MISSING, has_bulk
from sagepass.jobs.decide_many import Progress
from sagepass.jobs.who_can.table import spelled_actions
from sagepass.snapshot.snapshot import Snapshot
from sagepass.source.collector import collector_paused

DEFAULT_ACTIONS = (
    "sagemaker:*",
    "iam:PassRole",
    "sts:AssumeRole",
    "sts:AssumeRoleWithSAML",
    "sts:AssumeRoleWithWebIdentity",
)
"""SageMaker's own actions, and the two ways to act with more than one's own permissions: to pass a role and to assume one."""
_NOTICE_FROM = 2_000


def compare_snapshots(
    before: Snapshot,
    after: Snapshot,
    *,
    actions: Iterable[str] = DEFAULT_ACTIONS,
    resources: Iterable[str] = (),
    context: Mapping[str, object] | None = None,
    progress: Progress | None = None,
) -> SnapshotComparison:
    """Compare what everybody may do.

    Only principals of which something differs are decided again on all resources, and all others on the resources of which
    something differs: nothing else can have changed.

    Args:
        before: the earlier policies.
        after: the later ones, of the same accounts.
        actions: ``service:Name``, with ``*`` and ``?`` as in policies.
        resources: ARNs and patterns of ARNs; if there are none, those that the policies name, which is all that a change
            of policies can be about.
        context: condition keys of every request.
        progress: told how many parts of the work are done.

    Raises:
        ValueError: a pattern covers no action that AWS defines.
        MatrixTooLargeError: the answers take too much memory; ask for fewer actions or resources.
    """
    asked_for = tuple(dict.fromkeys(actions))
    given = dict(context or {})
    work = Work(before, after, tuple(spelled_actions(asked_for)), tuple(dict.fromkeys(resources)), given)
    with collector_paused():
        return _compare(work, asked_for, progress or (lambda _done, _all: None))


def _compare(work: Work, asked_for: tuple[str, ...], progress: Progress) -> SnapshotComparison:
    before, after, context = work.before, work.after, work.context
    grouping = Grouping(sides=Sides(before=before, after=after, context=context), within=work.within)
    for found in differences(before, after, work.tasks, context, progress):
        grouping.add(found)
    outside = outside_changes(before, after, work.outsiders_asked, context)
    return SnapshotComparison(
        before=before.name,
        after=after.name,
        asked_for=asked_for,
        actions=len(work.actions),
        resources=work.resources_asked,
        principals=len(work.principals),
        changed_principals=len(work.touched),
        changed_resources=tuple(work.changed_resources),
        groups=in_order((*grouping.groups(), *outside)),
        one_sided=work.one_sided,
        limits=tuple(_limits(work, grouping)),
    )


def _limits(work: Work, grouping: Grouping) -> Iterator[str]:
    for account in work.one_sided:
        holds = "new" if work.after.has_account(account) else "old"
        yield f"account {account}: only the {holds} snapshot holds its principals, so that nothing can be compared"
    for account in sorted({*work.before.accounts, *work.after.accounts}):
        for snapshot in (work.before, work.after):
            missing = snapshot.incomplete(account)
            if missing is not None:
                yield f"{missing.what} were not collected ({snapshot.name}): principals on them are not looked at"
    if grouping.skipped:
        yield f"the statements behind {grouping.skipped:,} of the changes were not looked up; ask for fewer actions or resources"
    yield from unasked(work)
    if work.given:
        yield "other resources than those that were asked about"
    yield "what somebody reaches through roles: a gain of sts:AssumeRole tells that a role is open to more, not what it can do"
    if not has_bulk() and len(work.principals) >= _NOTICE_FROM:
        yield MISSING
