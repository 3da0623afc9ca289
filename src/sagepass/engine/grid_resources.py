"""The resources' side of a grid: resource-based policies, grants, resource control policies, a VPC endpoint's policy.

Their statements name principals. Callers that no statement tells apart, by name or by a condition, share one answer.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass

from sagepass.engine.caller_side import CallerSide
from sagepass.engine.checks.applied import Applied
from sagepass.engine.checks.facts import doubt
from sagepass.engine.checks.resource import NamedAs, applied_resource, named_as
from sagepass.engine.checks.resource_control_policy import applied_resource_control
from sagepass.engine.checks.vpc_endpoint import applied_endpoint
from sagepass.engine.grid import Grid
from sagepass.engine.grid_statement import GridStatement
from sagepass.engine.naming import name_by
from sagepass.engine.planes import Planes
from sagepass.engine.request_context import RequestContext
from sagepass.engine.resource_side import service_of
from sagepass.engine.services.kms import grant_facts
from sagepass.engine.services.rules import rules_for
from sagepass.engine.services.sagemaker import makes_a_holder
from sagepass.policy.document_index import document_index
from sagepass.policy.match_principal import Naming
from sagepass.policy.statement_test import StatementTest
from sagepass.policy.truth import Truth


@dataclass(frozen=True, slots=True)
class ResourceSays:
    """What the resources' side denies and allows."""

    control_deny: Planes
    endpoint_deny: Planes
    endpoint_allow: Planes
    deny: Planes
    allow: dict[NamedAs, Planes]


@dataclass(frozen=True, slots=True)
class _Entry:
    """One statement of a policy, for the requests that the policy is asked about."""

    statement: GridStatement
    requests: int


class _Group:
    """The statements of one check, and the requests for which something is missing."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._statements: dict[StatementTest, GridStatement] = {}
        self.entries: dict[StatementTest, int] = {}
        self.may_deny = 0
        self.may_allow = 0
        self.silent = 0
        """Requests for which the check takes no part."""

    def copy(self) -> _Group:
        """The same, to add more to."""
        other = _Group(self._grid)
        other._statements, other.entries = self._statements, dict(self.entries)
        other.may_deny, other.may_allow, other.silent = self.may_deny, self.may_allow, self.silent
        return other

    def add(self, applied: Applied, requests: int) -> None:
        """The policies that decide some requests."""
        if not applied.takes_part:
            self.silent |= requests
            return
        may_deny, may_allow = doubt(applied)
        self.may_deny |= requests if may_deny is Truth.UNKNOWN else 0
        self.may_allow |= requests if may_allow is Truth.UNKNOWN else 0
        for policy in applied.policies:
            for candidate in document_index(policy.document).candidates:
                if candidate.test.denies or not applied.ignore_allow:
                    self.entries[candidate.test] = self.entries.get(candidate.test, 0) | requests

    def statements(self) -> Iterable[_Entry]:
        """The statements that may apply to any request."""
        for test, requests in self.entries.items():
            statement = self._statements.get(test)
            if statement is None:
                statement = self._statements[test] = GridStatement(test, self._grid)
            if statement.spread:
                yield _Entry(statement, requests)


class GridResources:
    """What the resources' side says to one caller after another.

    Args:
        grid: the requests.
        first: a caller. What is gathered for it holds for every caller if each resource has an owner of its own, else for those
            of its account. If one of them is no service-linked role it has to be such a one: resource control policies do not
            restrict those, which is no matter of the policies.
        other: the same for another account, of which that is kept which does not hang on it.

    Attributes:
        owned: what the policies of resources with an owner of their own say, and the control policies over them.
    """

    def __init__(self, grid: Grid, first: CallerSide, other: GridResources | None = None) -> None:
        self._grid = grid
        self._cases = list(self._service_cases())
        self.owned: tuple[_Group, _Group] = (_Group(grid), _Group(grid)) if other is None else other.owned
        if other is None:
            self._gather(first, self.owned, grid.owned)
        self._control, self._policy = self.owned[0].copy(), self.owned[1].copy()
        self._gather(first, (self._control, self._policy), grid.ownerless)
        self._endpoint = self._of_endpoint(first)
        groups = (self._control, self._policy, self._endpoint)
        self._all = [[*group.statements()] for group in groups]
        entries = [entry for found in self._all for entry in found]
        self._naming = _NamingClasses(entry.statement.test for entry in entries)
        self._following = [entry.statement for entry in entries if entry.statement.follows_caller]
        self._with_grants = list(self._keys_with_grants(first))
        self._kept: dict[Hashable, ResourceSays] = {}

    def key(self, caller: CallerSide, context: RequestContext) -> Hashable:
        """What tells callers apart; the same key, the same answer."""
        return (
            caller.is_service_linked,
            caller.by_arn,
            caller.caller.account if self._grid.names_no_owner else None,
            self._naming.of(caller),
            tuple(statement.state(caller, context) for statement in self._following),
            caller.caller.arn if any(granted for _, _, granted in self._with_grants) else None,
        )

    def says(self, key: Hashable, caller: CallerSide, context: RequestContext) -> ResourceSays:
        """What it says to a caller whose key this is."""
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = self._work_out(caller, context)
        return found

    def signature(self) -> Hashable:
        """All that the resources' policies say: equal signatures, the same answers to the same callers.

        Grants of keys are not compared; a grid with some is never like another.
        """
        if self._with_grants:
            return object()
        groups = (self._control, self._policy, self._endpoint)
        return tuple(
            (tuple(sorted((id(test), requests) for test, requests in group.entries.items())),
             group.may_deny, group.may_allow, group.silent)
            for group in groups
        )  # fmt: skip

    # what there is

    def _service_cases(self) -> Iterable[tuple[str, int]]:
        """One action for all that resources answer alike, with the spread of these."""
        cases: dict[tuple[str, str | None, bool], list[str]] = {}
        for action in self._grid.actions:
            service = service_of(action)
            made = makes_a_holder(action) if service == "sagemaker" else None
            cases.setdefault((service, made, action == "kms:retiregrant"), []).append(action)
        for actions in cases.values():
            yield actions[0], self._grid.class_spread(actions)

    def _gather(self, first: CallerSide, groups: tuple[_Group, _Group], places: Iterable[int]) -> None:
        grid, (control, policy) = self._grid, groups
        for action, spread in self._cases:
            for place in places:
                inputs = grid.inputs(first, action, grid.resources[place])
                requests = spread << place
                policy.add(applied_resource(inputs, rules_for(inputs)), requests)
                for level in applied_resource_control(inputs):
                    control.add(level, requests)

    def _of_endpoint(self, first: CallerSide) -> _Group:
        grid, found = self._grid, _Group(self._grid)
        found.add(applied_endpoint(grid.inputs(first, grid.actions[0], grid.resources[0])), grid.full)
        return found

    def _keys_with_grants(self, first: CallerSide) -> Iterable[tuple[str, str, bool]]:
        """Actions on KMS keys to which grants, or missing ones, may have something to say."""
        for action in self._grid.actions:
            if service_of(action) == "kms":
                for resource in self._grid.resources:
                    inputs = self._grid.inputs(first, action, resource)
                    if inputs.grants or inputs.grants_missing:
                        yield action, resource, bool(inputs.grants)

    # what it says

    def _work_out(self, caller: CallerSide, context: RequestContext) -> ResourceSays:
        full = self._grid.full
        control, policy, endpoint = self._all
        ways = {way: Planes(0, self._policy.may_allow, full) for way in NamedAs}

        def by_naming(naming: Naming, entry: _Entry, effect: Planes) -> None:
            by_arn = entry.statement.test.names_principal_arn and caller.by_arn
            way = named_as(naming, names_principal_arn=by_arn)
            if way is not None:
                ways[way] |= effect

        deny = self._sum(policy, self._policy.may_deny, caller, context, by_naming)
        self._add_grants(ways, caller)
        through = [Planes(0, self._endpoint.may_allow, full)]
        endpoint_deny = self._sum(
            endpoint, self._endpoint.may_deny, caller, context, lambda _naming, _entry, effect: through.append(effect)
        )
        allowed = Planes(self._endpoint.silent, self._endpoint.silent, full)
        for effect in through:
            allowed |= effect
        exempt = caller.is_service_linked
        return ResourceSays(
            control_deny=Planes(0, 0, full)
            if exempt
            else self._sum(control, self._control.may_deny, caller, context, lambda *_: None),
            endpoint_deny=endpoint_deny,
            endpoint_allow=allowed,
            deny=deny,
            allow=ways,
        )

    def _sum(
        self,
        entries: list[_Entry],
        may_deny: int,
        caller: CallerSide,
        context: RequestContext,
        on_allow: Callable[[Naming, _Entry, Planes], None],
    ) -> Planes:
        """What some statements deny; what they allow goes to ``on_allow``."""
        deny = Planes(0, may_deny, self._grid.full)
        for entry in entries:
            naming, fits = name_by(entry.statement.test, caller)
            if fits is Truth.FALSE and not entry.statement.test.defective:
                continue
            effect = entry.statement.effect(entry.statement.state(caller, context), caller, context)
            effect = effect.within(entry.requests)
            if fits is Truth.UNKNOWN and not entry.statement.test.defective:
                effect = Planes(0, effect.possible, effect.full)
            if entry.statement.test.denies:
                deny |= effect
            else:
                on_allow(naming, entry, effect)
        return deny

    def _add_grants(self, ways: dict[NamedAs, Planes], caller: CallerSide) -> None:
        for action, resource, _ in self._with_grants:
            facts = grant_facts(self._grid.inputs(caller, action, resource))
            bit = self._grid.bit(action, resource)
            ways[NamedAs.DIRECT] |= _at(bit, facts.direct, self._grid.full)
            ways[NamedAs.ROLE] |= _at(bit, facts.role, self._grid.full)


def _at(bit: int, truth: Truth, full: int) -> Planes:
    return Planes(bit if truth is Truth.TRUE else 0, bit if truth is not Truth.FALSE else 0, full)


class _NamingClasses:
    """Tells callers apart by how Principal elements name them, and asks only for those that any of them names itself."""

    def __init__(self, tests: Iterable[StatementTest]) -> None:
        naming = {test.statement.principals: test for test in tests if test.statement.principals is not None}
        self._tests = tuple(naming.values())
        self._names = {
            value
            for test in self._tests
            for entry in test.statement.principals or ()
            for value in (entry.value, entry.value.rpartition("/")[2])
        }
        self._kept: dict[Hashable, Hashable] = {}

    def of(self, caller: CallerSide) -> Hashable:
        """The class of a caller: how each Principal element names it."""
        who = caller.caller
        named = {who.arn, who.name, who.unique_id, who.session_name, who.federated_by} - {None}
        by_name = not named.isdisjoint(self._names) or (who.federated_by or "").rpartition("/")[2] in self._names
        if by_name or who.account is None:
            return tuple(name_by(test, caller) for test in self._tests)
        kind = (who.kind, who.account, who.partition, caller.has_boundary)
        if kind not in self._kept:
            self._kept[kind] = tuple(name_by(test, caller) for test in self._tests)
        return self._kept[kind]
