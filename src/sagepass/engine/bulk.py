"""Many decisions at once: every principal, action and resource of a grid, by the rules of the single decision.

What policies say is worked out once for each statement and for what it asks of a caller, so that the cost grows with the
statements that differ, and with the callers that they tell apart, and not with callers times actions times resources. A
second plane tells what depends on something unknown.

Memory: two bits for each request of every caller that differs from all others, actions times resources rounded up to whole
bytes per action; :func:`decide_matrix` refuses what would need more than its bound.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sagepass.engine.caller_side import CallerSide
from sagepass.engine.checks.applied import Applied
from sagepass.engine.checks.permissions_boundary import applied_boundary
from sagepass.engine.checks.principal import applied_identity
from sagepass.engine.checks.resource import NamedAs
from sagepass.engine.checks.service_control_policy import applied_service_control
from sagepass.engine.checks.session import applied_session
from sagepass.engine.compiled import Compiled, compiled
from sagepass.engine.grant import Allows, granted_across_accounts, granted_by_resource_alone, granted_in_one_account
from sagepass.engine.grid import Grid
from sagepass.engine.grid_policies import GridPolicies, Says
from sagepass.engine.grid_resources import GridResources, ResourceSays
from sagepass.engine.inputs import Inputs
from sagepass.engine.matrix import Matrix, MatrixTooLargeError
from sagepass.engine.planes import Planes
from sagepass.engine.request import Request
from sagepass.engine.request_context import RequestContext
from sagepass.engine.services.rules import has_rules, rules_for
from sagepass.policy.truth import Truth
from sagepass.snapshot.snapshot import Snapshot
from sagepass.source.collector import collector_paused

MAX_BYTES = 2_000_000_000


def decide_matrix(
    snapshot: Snapshot,
    principals: Iterable[str] | None,
    actions: Iterable[str],
    resources: Iterable[str],
    context: Mapping[str, object] | None = None,
    *,
    context_complete: bool = False,
    owners: Mapping[str, str] | None = None,
    max_bytes: int = MAX_BYTES,
    progress: Callable[[int, int], None] | None = None,
) -> Matrix:
    """Decide every request of a grid; each answer is that of :func:`sagepass.engine.authorize.authorize`.

    Args:
        snapshot: the policies.
        principals: as a request names them; ``None`` for all users and roles of the snapshot.
        actions: ``service:Name``, in any case.
        resources: ARNs, or ``*``.
        context: the keys that every request carries; see :class:`~sagepass.engine.request.Request`.
        context_complete: see there.
        owners: the accounts of resources whose ARN does not name them and that the snapshot does not know.
        max_bytes: the memory that the answer may take.
        progress: called now and then with the number of principals done and of all.

    Raises:
        ValueError: a principal is none, or there is no action or no resource.
        UnknownPrincipal: the snapshot has a principal's account in full, but not the principal.
        MatrixTooLargeError: the answer would take more than ``max_bytes``.
        ImportError: numpy is missing, which the extra ``bulk`` installs.
    """
    question = Question(
        actions=tuple(actions),
        resources=tuple(resources),
        context=context or {},
        context_complete=context_complete,
        owners=owners or {},
        max_bytes=max_bytes,
    )
    with collector_paused():
        names = tuple(record.arn for record in snapshot.principals()) if principals is None else tuple(principals)
        return _Filling(snapshot, question).matrix(names, progress or (lambda _done, _all: None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of every principal; see :func:`decide_matrix`."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    context: Mapping[str, object]
    context_complete: bool = False
    owners: Mapping[str, str] = field(default_factory=dict)
    max_bytes: int = MAX_BYTES


def decide_both(
    snapshots: tuple[Snapshot, Snapshot], principals: tuple[Sequence[str], ...], question: Question
) -> tuple[Matrix, Matrix]:
    """Ask two snapshots the same, each about principals of its own.

    If the second is the first under changes of policies, a principal whose policies say what they said keeps its row.
    """
    with collector_paused():
        first = _Filling(snapshots[0], question)
        second = _Filling(snapshots[1], question)
        old = first.matrix(principals[0], lambda _done, _all: None)
        second.after(first)
        return old, second.matrix(principals[1], lambda _done, _all: None)


class _Filling:
    """A matrix on its way."""

    def __init__(self, snapshot: Snapshot, question: Question) -> None:
        self._home: Compiled = compiled(snapshot)
        grid = Grid(
            self._home,
            question.actions,
            question.resources,
            question.context,
            complete=question.context_complete,
            owners=question.owners,
        )
        if not grid.actions or not grid.resources:
            raise ValueError("there is nothing to decide: give at least one action and one resource")
        self._grid = grid
        self._policies = GridPolicies(grid)
        self._theirs: dict[str | None, GridResources] = {}
        self._max_rows = max(1, question.max_bytes // (2 * grid.stride // 8 * len(grid.actions)))
        self._rows: dict[Hashable, int] = {}
        self._planes: list[Planes] = []
        self._earlier: dict[Hashable, Planes] = {}
        self._earlier_said: Hashable = None
        self._by_account: dict[Hashable, tuple[int, int]] = {}
        self._by_rules: dict[Hashable, tuple[Planes, int, int]] = {}
        self._says: dict[Hashable, Says] = {}
        self.decided = 0
        """Rows that were worked out, and not taken from an earlier filling."""

    def after(self, earlier: _Filling) -> None:
        """Keep the rows of a snapshot of which this one is a change."""
        same = earlier._home.snapshot.differs_by_changes_only(self._home.snapshot)
        if earlier._theirs and same:
            self._earlier_said = earlier._signature()
            self._earlier = {key: earlier._planes[number] for key, number in earlier._rows.items()}

    def matrix(self, names: Sequence[str], progress: Callable[[int, int], None]) -> Matrix:
        """Decide for every principal."""
        callers = [self._caller(name) for name in names]
        for caller in callers:
            for layer in (caller.identity, caller.boundary, caller.session):
                self._policies.meet(policy.document for policy in layer.policies)
            for level in caller.service_control.levels:
                self._policies.meet(policy.document for policy in level.policies)
        self._theirs = self._sides(callers)
        if self._earlier_said != self._signature():
            self._earlier = {}
        numbers = []
        for done, caller in enumerate(callers):
            numbers.append(self._row(caller))
            if done % 256 == 0:
                progress(done, len(callers))
        progress(len(callers), len(callers))
        return Matrix.of(
            principals=names,
            actions=self._grid.spelled,
            resources=self._grid.resources,
            rows=numbers,
            planes=self._planes,
            stride=self._grid.stride,
        )

    def _sides(self, callers: Iterable[CallerSide]) -> dict[str | None, GridResources]:
        """The resources' side by the account of the caller, or one for all if each resource has an owner of its own."""
        of_account: dict[str | None, CallerSide] = {}
        for caller in callers:
            account = self._account(caller)
            if account not in of_account or of_account[account].is_service_linked:
                of_account[account] = caller
        found: dict[str | None, GridResources] = {}
        first: GridResources | None = None
        for account, caller in sorted(of_account.items(), key=lambda item: item[1].is_service_linked):
            found[account] = GridResources(self._grid, caller, first)
            first = first or found[account]
        return found

    def _account(self, caller: CallerSide) -> str | None:
        return caller.account if self._grid.names_no_owner else None

    def _signature(self) -> Hashable:
        return frozenset((account, theirs.signature()) for account, theirs in self._theirs.items())

    def _caller(self, name: str) -> CallerSide:
        return self._home.sides.caller(Request(principal=name, action="", resource="*"))

    def _row(self, caller: CallerSide) -> int:
        grid, theirs = self._grid, self._theirs[self._account(caller)]
        inputs = grid.inputs(caller, grid.actions[0], grid.resources[0])
        context = inputs.context
        assert isinstance(context, RequestContext)
        own = (applied_identity(inputs), applied_boundary(inputs), applied_session(inputs))
        levels = applied_service_control(inputs)
        keys = [self._policies.key(applied, caller, context) for applied in (*own, *levels)]
        resource_key = theirs.key(caller, context)
        who = (caller.caller.kind, caller.caller.account, caller.is_service_linked)
        key = (*keys, resource_key, who)
        number = self._rows.get(key)
        if number is not None:
            return number
        if len(self._planes) >= self._max_rows:
            raise MatrixTooLargeError(
                f"the answer for more than {self._max_rows} different principals takes more memory than is allowed; "
                "ask for fewer principals, actions or resources at a time, or raise max_bytes"
            )
        self._rows[key] = len(self._planes)
        self._planes.append(self._earlier.get(key) or self._decided(inputs, own, levels, (keys, resource_key), caller))
        return len(self._planes) - 1

    def _decided(
        self,
        inputs: Inputs,
        own: tuple[Applied, Applied, Applied],
        levels: tuple[Applied, ...],
        found: tuple[list[Hashable], Hashable],
        caller: CallerSide,
    ) -> Planes:
        context, theirs = inputs.context, self._theirs[self._account(caller)]
        assert isinstance(context, RequestContext)
        keys, resource_key = found
        self.decided += 1
        identity, boundary, session = (self._policies.says(applied, caller, context) for applied in own)
        control = [self._said(key, applied, caller, context) for key, applied in zip(keys[3:], levels, strict=True)]
        return self._combined(
            inputs, (identity, boundary, session), control, theirs.says(resource_key, caller, context)
        )

    def _said(self, key: Hashable, applied: Applied, caller: CallerSide, context: RequestContext) -> Says:
        found = self._says.get(key)
        if found is None:
            found = self._says[key] = self._policies.says(applied, caller, context)
        return found

    def _combined(
        self, inputs: Inputs, own: tuple[Says, Says, Says], control: list[Says], theirs: ResourceSays
    ) -> Planes:
        """The formula of the single decision, on planes: see :mod:`sagepass.engine.combine`."""
        identity, boundary, session = own
        optional, never, free = self._rules(inputs)
        allows = Allows(
            direct=theirs.allow[NamedAs.DIRECT],
            role=theirs.allow[NamedAs.ROLE],
            anyone=theirs.allow[NamedAs.ANYONE],
            account=theirs.allow[NamedAs.ACCOUNT],
            identity=identity.allow,
            boundary=boundary.allow,
            session=session.allow,
            key_or_trust_optional=optional,
        )
        granted = self._granted(inputs, allows) & theirs.endpoint_allow
        denied = theirs.control_deny | theirs.endpoint_deny | theirs.deny
        denied |= identity.deny | boundary.deny | session.deny
        for level in control:
            granted &= level.allow
            denied |= level.deny
        full = self._grid.full
        allowed = (granted & ~denied).within(full ^ never)
        return Planes(allowed.definite | free, allowed.possible | free, full)

    def _granted(self, inputs: Inputs, allows: Allows[Planes]) -> Planes:
        if not inputs.has_own_policies:
            return granted_by_resource_alone(allows)
        same, cross = self._relation(inputs)
        full = self._grid.full
        if same == full:
            return granted_in_one_account(allows)
        here, there = granted_in_one_account(allows), granted_across_accounts(allows)
        found = here.within(same) | there.within(cross)
        open_too = full ^ same ^ cross
        return found | here.agreed(there).within(open_too) if open_too else found

    def _relation(self, inputs: Inputs) -> tuple[int, int]:
        """The requests within the caller's account, and those to another; for the rest the owner is not known."""
        account = inputs.caller.account
        found = self._by_account.get(account)
        if found is None:
            grid, same, cross = self._grid, 0, 0
            caller = self._caller_of(inputs)
            for place, resource in enumerate(grid.resources):
                owned = grid.inputs(caller, grid.actions[0], resource).same_account
                same |= 1 << place if owned is Truth.TRUE else 0
                cross |= 1 << place if owned is Truth.FALSE else 0
            found = self._by_account[account] = (grid.all_actions * same, grid.all_actions * cross)
        return found

    def _caller_of(self, inputs: Inputs) -> CallerSide:
        return self._home.sides.caller(
            Request(principal=inputs.caller.arn, action="", resource="*", federated_by=inputs.caller.federated_by)
        )

    def _rules(self, inputs: Inputs) -> tuple[Planes, int, int]:
        """Where the resource's policy need not allow; where a service never allows; where it always does."""
        grid = self._grid
        key = (inputs.caller.kind, inputs.caller.account)
        found = self._by_rules.get(key)
        if found is None:
            must = never = free = 0
            caller = self._caller_of(inputs)
            for action in grid.actions:
                if has_rules(action):
                    for resource in grid.resources:
                        rules, bit = rules_for(grid.inputs(caller, action, resource)), grid.bit(action, resource)
                        must |= bit if rules.resource_must_allow else 0
                        never |= bit if rules.never is not None else 0
                        free |= bit if rules.needs_no_permission is not None else 0
            optional = grid.full ^ must
            found = self._by_rules[key] = (Planes(optional, optional, grid.full), never, free)
        return found
