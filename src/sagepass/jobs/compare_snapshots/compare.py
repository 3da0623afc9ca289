"""``compare_snapshots``: who gained, lost, or may have gained or lost what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from sagepass.jobs.compare_snapshots.differences import Difference, Task, differences, exists
from sagepass.jobs.compare_snapshots.groups import Grouping, in_order
from sagepass.jobs.compare_snapshots.meaning import Meanings
from sagepass.jobs.compare_snapshots.outsiders import outside_changes
from sagepass.jobs.compare_snapshots.record import SnapshotComparison
from sagepass.jobs.compare_snapshots.resources import NamedResources, partition_of, with_own_policies, with_roles
from sagepass.jobs.compare_snapshots.sides import Sides
from sagepass.jobs.compare_snapshots.unasked import unasked_services
from sagepass.jobs.decide_in_bulk import MISSING, has_bulk
from sagepass.jobs.decide_many import Progress
from sagepass.jobs.requests_that_fit import fits
from sagepass.jobs.who_can.table import spelled_actions
from sagepass.jobs.who_can.who_can import asked_principals
from sagepass.policy.arn import account_of
from sagepass.policy.document import Policy
from sagepass.snapshot.snapshot import Snapshot

DEFAULT_ACTIONS = (
    "sagemaker:*",
    "iam:PassRole",
    "sts:AssumeRole",
    "sts:AssumeRoleWithSAML",
    "sts:AssumeRoleWithWebIdentity",
)
"""SageMaker's own actions, and the two ways to act with more than one's own permissions: to pass a role and to assume one."""
_BY_PROVIDER = "sts:assumerolewith"
_NOTICE_FROM = 2_000
_NAMED, _LISTED = 3, 6
"""Resources, and services, that a sentence names."""


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
    work = _Work(before, after, tuple(spelled_actions(asked_for)), tuple(dict.fromkeys(resources)))
    given = dict(context or {})
    grouping = Grouping(sides=Sides(before=before, after=after, context=given))
    found = differences(before, after, work.tasks, given, progress or (lambda _done, _all: None))
    for _, items in groupby(_by_principal(found), key=lambda item: item.principal):
        grouping.add(items)
    outside = outside_changes(before, after, work.actions, work.changed_resources, given)
    groups = in_order((*grouping.groups(), *outside))
    return SnapshotComparison(
        before=before.name,
        after=after.name,
        asked_for=asked_for,
        actions=len(work.actions),
        resources=len({resource for task in work.tasks for resource in task.resources} - {"*"}),
        principals=len(work.principals),
        changed_principals=len(work.touched),
        changed_resources=work.changed_resources,
        groups=groups,
        one_sided=work.one_sided,
        limits=tuple(_limits(work, grouping)),
    )


def _by_principal(found: Iterable[Difference]) -> list[Difference]:
    return sorted(found, key=lambda item: item.principal)


@dataclass(frozen=True)
class _Work:
    """What has to be asked."""

    before: Snapshot
    after: Snapshot
    actions: tuple[str, ...]
    given: tuple[str, ...]

    @cached_property
    def one_sided(self) -> tuple[str, ...]:
        """The accounts of which only one snapshot has the principals."""
        accounts = sorted({*self.before.accounts, *self.after.accounts})
        return tuple(a for a in accounts if self.before.has_account(a) is not self.after.has_account(a))

    @cached_property
    def principals(self) -> tuple[str, ...]:
        both = dict.fromkeys((*asked_principals(self.before), *asked_principals(self.after)))
        return tuple(arn for arn in both if account_of(arn) not in self.one_sided)

    @cached_property
    def _meanings(self) -> tuple[Meanings, Meanings]:
        return Meanings(self.before), Meanings(self.after)

    @cached_property
    def touched(self) -> tuple[str, ...]:
        """The principals of which something differs."""
        old, new = self._meanings
        return tuple(
            arn
            for arn in self.principals
            if exists(self.before, arn) is not exists(self.after, arn) or old.of_principal(arn) != new.of_principal(arn)
        )

    @cached_property
    def _touched_by_account(self) -> dict[str, list[str]]:
        accounts: dict[str, list[str]] = {}
        for arn in self.touched:
            accounts.setdefault(account_of(arn) or "", []).append(arn)
        return accounts

    @cached_property
    def changed_resources(self) -> tuple[str, ...]:
        """The resources of which something differs; of one that was asked about, and else of all that have a policy."""
        return tuple(arn for arn in self._differing if any(fits(action, arn) for action in self.actions))

    @cached_property
    def unasked_resources(self) -> tuple[str, ...]:
        """The resources of which something differs, and which no action is about that was asked for."""
        return tuple(arn for arn in self._differing if arn not in self.changed_resources)

    @cached_property
    def _differing(self) -> tuple[str, ...]:
        old, new = self._meanings
        candidates = self.given or with_own_policies((self.before, self.after))
        return tuple(arn for arn in candidates if old.of_resource(arn) != new.of_resource(arn))

    @cached_property
    def unasked_services(self) -> tuple[str, ...]:
        """The services of which policies that differ name actions that were not asked for."""
        return unasked_services(self._of_touched(self.before), self._of_touched(self.after), self.actions)

    def _of_touched(self, snapshot: Snapshot) -> list[Policy]:
        accounts = self._touched_by_account.items()
        return [policy for account, arns in accounts for policy in _policies(snapshot, account, arns)]

    @cached_property
    def tasks(self) -> tuple[Task, ...]:
        """Touched principals, account by account, on all that counts for them; the others on changed resources."""
        actions = tuple(action for action in self.actions if not action.lower().startswith(_BY_PROVIDER))
        tasks: list[Task] = []
        for account, arns in self._touched_by_account.items():
            resources = self.given or self._resources(account, arns, actions)
            tasks.append(Task(principals=tuple(arns), actions=actions, resources=resources))
        touched = frozenset(self.touched)
        others = tuple(arn for arn in self.principals if arn not in touched)
        return (*tasks, Task(principals=others, actions=actions, resources=self.changed_resources))

    def _resources(self, account: str, arns: Sequence[str], actions: Sequence[str]) -> tuple[str, ...]:
        named = NamedResources(actions)
        for snapshot in (self.before, self.after):
            named.add(_policies(snapshot, account, arns))
        found = (*named.of_account(account, partition_of(self.after, account)), *self.changed_resources)
        if "sts:assumerole" not in {action.lower() for action in actions}:
            return tuple(dict.fromkeys(found))
        return with_roles(found, self._roles)

    @cached_property
    def _roles(self) -> tuple[str, ...]:
        return tuple(arn for arn in self.principals if ":role/" in arn)


def _policies(snapshot: Snapshot, account: str, arns: Iterable[str]) -> Iterator[Policy]:
    """The policies of some principals of an account, and those above them."""
    for arn in arns:
        record = snapshot.principal(arn)
        if record is not None:
            yield from (*record.identity.policies, *record.boundary.policies)
    for level in snapshot.service_control(account).levels:
        yield from level.policies


def _unasked(services: Sequence[str]) -> str:
    if len(services) > _LISTED:
        return (
            f"other actions of {len(services)} services, which policies that differ name; --actions compares them, for "
            "example --actions 's3:*,kms:*,iam:*'"
        )
    patterns = ",".join(f"{service}:*" for service in services)
    return (
        f"other actions of {', '.join(services)}, which policies that differ name; --actions '{patterns}' compares them"
    )


def _limits(work: _Work, grouping: Grouping) -> Iterator[str]:
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
    if work.unasked_services:
        yield _unasked(work.unasked_services)
    if work.unasked_resources:
        few = work.unasked_resources[:_NAMED]
        more = f" and {len(work.unasked_resources) - _NAMED} more" if len(work.unasked_resources) > _NAMED else ""
        yield f"the actions that are about {', '.join(few)}{more}: something differs there, and none was asked about"
    if work.given:
        yield "other resources than those that were asked about"
    yield "what somebody reaches through roles: a gain of sts:AssumeRole tells that a role is open to more, not what it can do"
    if not has_bulk() and len(work.principals) >= _NOTICE_FROM:
        yield MISSING
