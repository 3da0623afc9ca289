"""The policies of one check on a grid: what they deny and allow, to one caller after another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from sagepass.engine.caller_side import CallerSide
from sagepass.engine.checks.applied import Applied
from sagepass.engine.checks.facts import doubt
from sagepass.engine.grid import Grid
from sagepass.engine.grid_statement import GridStatement
from sagepass.engine.planes import Planes
from sagepass.engine.request_context import RequestContext
from sagepass.policy.document import Document
from sagepass.policy.document_index import document_index
from sagepass.policy.statement_test import StatementTest
from sagepass.policy.truth import Truth


@dataclass(frozen=True, slots=True)
class Says:
    """What policies deny and allow on a grid."""

    deny: Planes
    allow: Planes


@dataclass(frozen=True, slots=True)
class _Shared:
    """A document that several callers have: its statements, those that follow from the caller, and what it says to whom."""

    statements: tuple[GridStatement, ...]
    following: tuple[GridStatement, ...]
    kept: dict[Hashable, Says]


class GridPolicies:
    """The documents of a grid. Those that are met more than once are kept, the others forgotten at once.

    Two documents whose statements mean the same, one by one, count as one.
    """

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._met: Counter[tuple[StatementTest, ...]] = Counter()
        self._shared: dict[tuple[StatementTest, ...], _Shared] = {}
        self._none = Planes(0, 0, grid.full)
        self._all = Planes(grid.full, grid.full, grid.full)
        self._open = Planes(0, grid.full, grid.full)

    def meet(self, documents: Iterable[Document]) -> None:
        """Count documents, so that it is known which are shared before they are worked out."""
        self._met.update(_tests(document) for document in documents)

    def key(self, applied: Applied, caller: CallerSide, context: RequestContext) -> Hashable:
        """What tells the policies of a check for one caller from those for another; the same key, the same answer."""
        parts: list[Hashable] = [applied.takes_part, applied.allows_anyway, doubt(applied)]
        for policy in applied.policies:
            tests = _tests(policy.document)
            if self._met[tests] > 1:
                shared = self._of(tests)
                parts.append((tests, tuple(s.state(caller, context) for s in shared.following)))
            else:
                parts.append((tests, caller.caller.arn))
        return tuple(parts)

    def says(self, applied: Applied, caller: CallerSide, context: RequestContext) -> Says:
        """What the policies of a check that names no principals say."""
        if not applied.takes_part or applied.allows_anyway:
            return Says(self._none, self._all)
        may_deny, may_allow = doubt(applied)
        deny = self._open if may_deny is Truth.UNKNOWN else self._none
        allow = self._open if may_allow is Truth.UNKNOWN else self._none
        for policy in applied.policies:
            found = self._document(_tests(policy.document), caller, context)
            deny |= found.deny
            allow |= found.allow
        return Says(deny, allow)

    def _document(self, tests: tuple[StatementTest, ...], caller: CallerSide, context: RequestContext) -> Says:
        if self._met[tests] <= 1:
            return self._sum([GridStatement(test, self._grid) for test in tests], caller, context)
        shared = self._of(tests)
        state = tuple(statement.state(caller, context) for statement in shared.following)
        found = shared.kept.get(state)
        if found is None:
            found = shared.kept[state] = self._sum(shared.statements, caller, context)
        return found

    def _of(self, tests: tuple[StatementTest, ...]) -> _Shared:
        found = self._shared.get(tests)
        if found is None:
            statements = tuple(GridStatement(test, self._grid) for test in tests)
            following = tuple(statement for statement in statements if statement.follows_caller)
            found = self._shared[tests] = _Shared(statements, following, {})
        return found

    def _sum(self, statements: Iterable[GridStatement], caller: CallerSide, context: RequestContext) -> Says:
        deny = allow = self._none
        for statement in statements:
            if statement.spread:
                effect = statement.effect(statement.state(caller, context), caller, context)
                if statement.test.denies:
                    deny |= effect
                else:
                    allow |= effect
        return Says(deny, allow)


def _tests(document: Document) -> tuple[StatementTest, ...]:
    return document_index(document).tests
