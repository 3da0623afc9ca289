"""One statement on a grid: for which of its requests it applies, to one caller after another."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from sagepass.engine.caller_side import CallerSide
from sagepass.engine.grid import Grid, Masks, set_bit
from sagepass.engine.planes import Planes
from sagepass.engine.reading_of import reading_of, reading_of_named
from sagepass.engine.request_context import RequestContext
from sagepass.policy.conditions.condition_test import ConditionTest
from sagepass.policy.match_statement import MatchRequest, match_statement
from sagepass.policy.resource_entries import is_set
from sagepass.policy.resource_reading import ResourceReading, covers
from sagepass.policy.statement_test import StatementTest
from sagepass.policy.truth import Truth, all_of


class GridStatement:
    """A statement on a grid, without its Principal element.

    What does not follow from the caller is worked out once; callers who are told apart by nothing that the statement asks
    for share one answer.
    """

    def __init__(self, test: StatementTest, grid: Grid) -> None:
        self.test = test
        self._grid = grid
        covers = grid.all_actions if test.defective else grid.spread_of(test.actions, others=test.statement.not_action)
        self.spread = covers
        self._single = [c for c in test.conditions if not any(grid.varies(key) for key in c.needs)]
        varying = [condition for condition in test.conditions if condition not in self._single]
        self._by_key = [condition for condition in varying if not condition.has_variables]
        self._by_cell = [condition for condition in varying if condition.has_variables]
        entries = test.resources
        self._static = (
            grid.resources_of(entries) if entries and covers else Masks(grid.all_resources, grid.all_resources)
        )
        self._readings = grid.readings if covers and test.narrows else {ResourceReading.NAMED: covers}
        self._variable = entries.dynamic if entries else ()
        self._cells = test.defective or bool(self._by_cell) or any(grid.varies(key) for key in self._variable_keys())
        told = [key for key in sorted(self._needs()) if grid.caller_decides(key)]
        by_value = {*self._variable_keys(), *(key for c in (*self._by_cell, *self._by_key) for key in c.needs)}
        self._told = tuple(key for key in told if test.defective or key in by_value)
        self._asked = tuple(c for c in self._single if any(grid.caller_decides(key) for key in c.needs))
        self.follows_caller = bool(covers) and bool(self._told or self._asked or self._names_in_defect())
        self._kept: dict[Hashable, Planes] = {}

    def _needs(self) -> frozenset[str]:
        conditions = self.test.statement.conditions if self.test.defective else ()
        return self.test.needs | {condition.key.lower() for condition in conditions}

    def _variable_keys(self) -> frozenset[str]:
        return self.test.resources.needs if self.test.resources else frozenset()

    def _names_in_defect(self) -> bool:
        return self.test.defective and self.test.statement.principals is not None

    def state(self, caller: CallerSide, context: RequestContext) -> Hashable:
        """What tells this caller from others, as far as the statement asks for it."""
        if not self.follows_caller:
            return None
        asked = tuple(condition.truth(context) for condition in self._asked)
        told = tuple(self._grid.told(key, caller, context) for key in self._told)
        named = caller.caller.arn if self._names_in_defect() else None
        return asked, told, named

    def effect(self, state: Hashable, caller: CallerSide, context: RequestContext) -> Planes:
        """For which requests it applies; kept for callers of the same state."""
        found = self._kept.get(state)
        if found is None:
            found = self._kept[state] = self._work_out(caller, context)
        return found

    def _work_out(self, caller: CallerSide, context: RequestContext) -> Planes:
        full = self._grid.full
        if not self.spread:
            return Planes(0, 0, full)
        if self._cells:
            return self._cell_by_cell(caller)
        single = all_of(condition.truth(context) for condition in self._single)
        if single is Truth.FALSE:
            return Planes(0, 0, full)
        found = self._covered(context)
        if single is Truth.UNKNOWN:
            found = Planes(0, found.possible, full)
        for condition in self._by_key:
            found &= self._where(condition, caller)
        return found

    def _covered(self, context: RequestContext) -> Planes:
        """Of the requests whose action it is about, those whose resource it covers."""
        named = self._resources(context)
        definite = possible = 0
        for reading, actions in self._readings.items():
            spread = self.spread & actions
            if spread:
                found = named if reading is ResourceReading.NAMED else self._held_against(reading, named, context)
                certain = spread * found.definite
                definite |= certain
                possible |= certain if found.definite == found.possible else spread * found.possible
        return Planes(definite, possible, self._grid.full)

    def _held_against(self, reading: ResourceReading, named: Masks, context: RequestContext) -> Masks:
        """The resources that it covers for the actions of a reading, by what it covers as they are named."""
        test, every = self.test, self._grid.all_resources
        star = test.star_truth(context)
        definite = possible = 0
        groups = {
            Truth.TRUE: named.definite,
            Truth.UNKNOWN: named.possible ^ named.definite,
            Truth.FALSE: every ^ named.possible,
        }
        for truth, resources in groups.items():
            found = covers(reading, named=truth, star=star, denies=test.denies, of_resource=test.names_principals)
            definite |= resources if found is Truth.TRUE else 0
            possible |= resources if found is not Truth.FALSE else 0
        return Masks(definite, possible)

    def _resources(self, context: RequestContext) -> Masks:
        definite, possible = self._static.definite, self._static.possible
        for entry in self._variable:
            filled = self._grid.resources_of_variable(entry, context)
            definite |= filled.definite
            possible |= filled.possible
        if self.test.statement.not_resource:
            every = self._grid.all_resources
            return Masks(every ^ possible, every ^ definite)
        return Masks(definite, possible)

    def _where(self, condition: ConditionTest, caller: CallerSide) -> Planes:
        """Where a condition holds on a key that follows from action and resource."""
        definite = possible = 0
        for kind in self._grid.key_classes(condition.key, caller):
            certain = open_too = 0
            for known, resources in kind.values:
                truth = condition.truth_of(known)
                certain |= resources if truth is Truth.TRUE else 0
                open_too |= resources if truth is not Truth.FALSE else 0
            definite |= kind.spread * certain
            possible |= kind.spread * open_too
        return Planes(definite, possible, self._grid.full)

    def _cell_by_cell(self, caller: CallerSide) -> Planes:
        """The way that is always right: ask for one action of every class, and for each resource."""
        grid = self._grid
        definite = possible = 0
        for actions in grid.action_classes(sorted(self._needs()), caller):
            for group in self._fitting(actions):
                certain = open_too = 0
                for place, resource in enumerate(grid.resources):
                    truth = self._cell(caller, group[0], resource)
                    certain, open_too = set_bit(certain, open_too, 1 << place, truth)
                spread = grid.class_spread(group)
                definite |= spread * certain
                possible |= spread * open_too
        return Planes(definite, possible, grid.full)

    def _fitting(self, actions: list[str]) -> Iterable[list[str]]:
        """The actions that leave the statement in play, by their reading; for a defective one also the others, apart."""
        fits = self.test.actions.fit
        groups: dict[tuple[bool, ResourceReading], list[str]] = {}
        for action in actions:
            inside = fits(action) is not self.test.statement.not_action
            if inside or self.test.defective:
                groups.setdefault((inside, reading_of_named(action)), []).append(action)
        return groups.values()

    def _cell(self, caller: CallerSide, action: str, resource: str) -> Truth:
        context = self._grid.cell(caller, action, resource)
        if not self.test.defective:
            return self.test.truth(resource, is_set(resource), reading_of(action, resource), context)
        request = MatchRequest(
            caller=caller.caller,
            action=action,
            resource=resource,
            reading=reading_of(action, resource),
            context=context,
            has_boundary=caller.has_boundary,
        )
        return match_statement(self.test.statement, request, variables=self.test.variables).truth
