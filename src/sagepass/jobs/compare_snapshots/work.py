"""What has to be asked of two snapshots: of whom something differs, which actions that can touch, and on which resources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from sagepass.jobs.compare_snapshots.differences import Asked, Task, exists
from sagepass.jobs.compare_snapshots.meaning import Meanings, Numbering, Numbers
from sagepass.jobs.compare_snapshots.resources import NamedResources, Roles, partition_of, with_own_policies
from sagepass.jobs.compare_snapshots.scope import Difference, Scopes, difference_of
from sagepass.jobs.requests_that_fit import fits
from sagepass.jobs.who_can.who_can import asked_principals
from sagepass.policy.arn import account_of
from sagepass.policy.caller import Caller, parse_caller
from sagepass.policy.document import Policy
from sagepass.policy.statement import Statement
from sagepass.snapshot.alike import Alike, alike
from sagepass.snapshot.snapshot import Snapshot

_BY_PROVIDER = "sts:assumerolewith"
_ASSUME = "sts:assumerole"


@dataclass(frozen=True)
class Work:
    """What has to be asked.

    Attributes:
        before: the old snapshot.
        after: the new one.
        actions: all that are compared, spelled out.
        given: the resources that were asked about; if there are none, those that the policies name.
        context: condition keys of every request.
    """

    before: Snapshot
    after: Snapshot
    actions: tuple[str, ...]
    given: tuple[str, ...]
    context: Mapping[str, object]

    @cached_property
    def one_sided(self) -> tuple[str, ...]:
        """The accounts of which only one snapshot has the principals."""
        return tuple(a for a in self._accounts if self.before.has_account(a) is not self.after.has_account(a))

    @cached_property
    def principals(self) -> tuple[str, ...]:
        """Users, roles and root users of the accounts that both have."""
        both = dict.fromkeys((*asked_principals(self.before), *asked_principals(self.after)))
        return tuple(arn for arn in both if account_of(arn) not in self.one_sided)

    @cached_property
    def touched(self) -> Mapping[str, Difference]:
        """The principals of which something differs, and what."""
        found: dict[str, Difference] = {}
        for arn in self.principals:
            difference = self._of_principal(arn)
            if difference is None or difference:
                found[arn] = difference
        return found

    @cached_property
    def changed_resources(self) -> Mapping[str, Difference]:
        """The resources of which something differs; of those that were asked about, and else of all that have a policy."""
        return {arn: told for arn, told in self._differing.items() if any(fits(action, arn) for action in self.actions)}

    @property
    def unasked_resources(self) -> tuple[str, ...]:
        """The resources of which something differs, and which no action is about that is compared."""
        return tuple(arn for arn in self._differing if arn not in self.changed_resources)

    @property
    def differing_statements(self) -> Iterator[Statement]:
        """The statements that only one side has of a principal, or above it."""
        differences = frozenset(self.touched.values())
        numbers = frozenset[int]().union(*(told for told in differences if told is not None))
        for arn in (arn for arn, told in self.touched.items() if told is None):
            old, new = (self._own_statements(snapshot, arn) for snapshot in (self.before, self.after))
            numbers |= old ^ new
        found = (self._numbering.statement(number) for number in sorted(numbers))
        return (statement for statement in found if statement is not None)

    @cached_property
    def tasks(self) -> tuple[Task, ...]:
        """Touched principals on all that counts for them, and everybody on changed resources that name them."""
        return (*self._of_touched(), *self._of_resources())

    def within(self, principal: str, resource: str) -> bool:
        """Whether all that differs of a principal in a set of resources lies in parts that are asked by themselves."""
        if resource in self.changed_resources or self.given:
            return False
        return self._scopes.within(self.touched.get(principal), resource)

    @property
    def outsiders_asked(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The changed resources, each with the actions that the change can touch."""
        for arn, difference in self.changed_resources.items():
            yield arn, self._scopes.actions(difference)

    @property
    def resources_asked(self) -> int:
        """On how many resources and patterns of such somebody is asked."""
        asked = {resource for task in self.tasks for arn in task.principals for resource in task.resources(arn)}
        return len(asked - {"*"})

    @cached_property
    def _differing(self) -> Mapping[str, Difference]:
        candidates = self.given or (*self._roles, *with_own_policies((self.before, self.after)))
        found = ((arn, self._of_resource(arn)) for arn in candidates)
        return {arn: told for arn, told in found if told is None or told}

    def _own_statements(self, snapshot: Snapshot, arn: str) -> Numbers:
        record = snapshot.principal(arn)
        return self._numbering.of(() if record is None else (*record.identity.policies, *record.boundary.policies))

    @cached_property
    def _accounts(self) -> tuple[str, ...]:
        return tuple(sorted({*self.before.accounts, *self.after.accounts}))

    @cached_property
    def _alike(self) -> Mapping[str, Alike]:
        return {
            account: alike(self.before.identities(account), self.after.identities(account))
            for account in self._accounts
        }

    @cached_property
    def _numbering(self) -> Numbering:
        return Numbering()

    @cached_property
    def _meanings(self) -> tuple[Meanings, Meanings]:
        named = (value for key, value in self.context.items() if key.lower() == "aws:sourcevpce")
        endpoints = [name for value in named for name in (value if isinstance(value, list) else [value])]
        ids = tuple(str(name) for name in endpoints)
        return Meanings(self.before, self._numbering, ids), Meanings(self.after, self._numbering, ids)

    @cached_property
    def _scopes(self) -> Scopes:
        return Scopes(self.actions, self._numbering)

    @cached_property
    def _above(self) -> Mapping[str, Difference]:
        old, new = self._meanings
        return {account: difference_of(old.above(account), new.above(account)) for account in self._accounts}

    @cached_property
    def _control(self) -> Mapping[str, Difference]:
        old, new = self._meanings
        return {account: difference_of(old.control(account), new.control(account)) for account in self._accounts}

    def _of_principal(self, arn: str) -> Difference:
        account = account_of(arn) or ""
        if arn.endswith(":root") or arn in self._alike[account].policies:
            return self._above[account]
        if exists(self.before, arn) is not exists(self.after, arn):
            return None
        old, new = self._meanings
        return difference_of(old.of_principal(arn), new.of_principal(arn))

    def _of_resource(self, arn: str) -> Difference:
        account = account_of(arn) or ""
        if account in self._alike and arn in self._alike[account].trust:
            return self._control[account]
        old, new = self._meanings
        return difference_of(old.of_resource(arn), new.of_resource(arn))

    def _asked(self, difference: Difference) -> tuple[str, ...]:
        return tuple(a for a in self._scopes.actions(difference) if not a.lower().startswith(_BY_PROVIDER))

    def _of_touched(self) -> Iterator[Task]:
        """By account and by the actions that are touched."""
        together: dict[tuple[str, tuple[str, ...]], list[str]] = {}
        for arn, difference in self.touched.items():
            actions = self._asked(difference)
            if actions:
                together.setdefault((account_of(arn) or "", actions), []).append(arn)
        for (account, actions), arns in together.items():
            asked = _Resources(self, account, frozenset(actions))
            yield Task(principals=tuple(arns), actions=actions, resources=asked.of, of_touched=True)

    def _of_resources(self) -> Iterator[Task]:
        together: dict[Difference, list[str]] = {}
        for arn, difference in self.changed_resources.items():
            together.setdefault(difference, []).append(arn)
        for difference, arns in together.items():
            actions, concerned = self._asked(difference), self._scopes.may_concern(difference)
            who = tuple(arn for arn, caller in self._callers.items() if concerned(caller))
            if actions and who:
                asked = dict.fromkeys(arns, frozenset(actions))
                yield Task(principals=who, actions=actions, resources=lambda _arn, asked=asked: asked)  # type: ignore[misc]

    @cached_property
    def _callers(self) -> Mapping[str, Caller]:
        return {arn: self._caller(arn) for arn in self.principals}

    def _caller(self, arn: str) -> Caller:
        caller = parse_caller(arn)
        record = self.after.principal(arn) or self.before.principal(arn)
        return caller if record is None else caller.known_as(path=record.path, unique_id=record.unique_id or None)

    @cached_property
    def _roles(self) -> tuple[str, ...]:
        return tuple(arn for arn in self.principals if ":role/" in arn)

    @cached_property
    def named(self) -> NamedResources:
        """What policies name."""
        return NamedResources(self.actions)

    @cached_property
    def single_roles(self) -> Roles:
        """The roles that patterns stand for."""
        return Roles(self._roles)


@dataclass(frozen=True)
class _Resources:
    """The resources that the touched principals of one account are asked about."""

    work: Work
    account: str
    actions: frozenset[str]

    def of(self, arn: str) -> Asked:
        """Those that the policies of a principal name, and those above it, on either side; and those that changed."""
        work = self.work
        if work.given:
            return dict.fromkeys(work.given, self.actions)
        both = (work.before, work.after)
        policies = (policy for snapshot in both for policy in self._policies(snapshot, arn))
        found = work.named.of(policies, self.actions, self.account, self._partition)
        found.update(dict.fromkeys(work.changed_resources, self.actions))
        if any(action.lower() == _ASSUME for action in self.actions):
            single = {role: actions for entry, actions in found.items() for role in work.single_roles.of(entry)}
            found = {**dict.fromkeys(single, self.actions), **found}
        return found

    def _policies(self, snapshot: Snapshot, arn: str) -> Iterable[Policy]:
        record = snapshot.principal(arn)
        own = () if record is None else (*record.identity.policies, *record.boundary.policies)
        return (*own, *(policy for level in snapshot.service_control(self.account).levels for policy in level.policies))

    @cached_property
    def _partition(self) -> str:
        return partition_of(self.work.after, self.account)
