"""A small SAT solver: unit propagation over watched literals, clauses learned from conflicts, activities, restarts.

Every learned clause follows from the ones before it by unit propagation alone, so that the list of them is a proof that
:mod:`sagepass.proof.checker` verifies (https://en.wikipedia.org/wiki/Conflict-driven_clause_learning and the RUP proofs
of E. Goldberg, Y. Novikov, DATE 2003).
"""

from __future__ import annotations

from collections.abc import Iterable
from heapq import heapify, heappop, heappush
from typing import TypeAlias

from sagepass.proof.budget import Budget

Clause: TypeAlias = list[int]
"""Literals: a variable's number, negative for its opposite."""
_OUT_OF_DATE = 8
"""Entries of the heap for each variable, from which on it is made anew."""


class Solver:
    """Variables are numbered from 1; clauses can be added between two runs of :meth:`solve`."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.values: list[int] = [0]
        self.levels: list[int] = [0]
        self.reasons: list[Clause | None] = [None]
        self.activity: list[float] = [0.0]
        # a heap, in which every open variable stands with the activity that it has, and perhaps also with earlier ones
        self.waiting: list[tuple[float, int]] = []
        self.watches: dict[int, list[Clause]] = {}
        self.trail: list[int] = []
        self.limits: list[int] = []
        self.head = 0
        self.contradiction = False
        self.bump = 1.0
        self.learned: list[tuple[int, ...]] = []

    def new_variable(self) -> int:
        """The number of one more variable."""
        self.values.append(0)
        self.levels.append(0)
        self.reasons.append(None)
        self.activity.append(0.0)
        number = len(self.values) - 1
        heappush(self.waiting, (0.0, number))
        self.watches[number] = []
        self.watches[-number] = []
        return number

    def value(self, literal: int) -> int:
        """1 for true, -1 for false, 0 for open."""
        value = self.values[abs(literal)]
        return value if literal > 0 else -value

    def add(self, literals: Iterable[int]) -> None:
        """Add a clause; everything that was only tried is taken back."""
        self._back_to(0)
        each = dict.fromkeys(literals)
        clause = list(each)
        if any(-literal in each for literal in clause) or any(self.value(x) == 1 for x in clause):
            return
        clause = [literal for literal in clause if self.value(literal) == 0]
        if not clause:
            self.contradiction = True
        elif len(clause) == 1:
            self._assign(clause[0], None)
            self.contradiction = self.contradiction or self._propagate() is not None
        else:
            self._watch(clause)

    def solve(self) -> bool:
        """Whether all clauses can hold at once; the values are then in :attr:`values`.

        Raises:
            BudgetSpentError: there were too many conflicts.
        """
        self._back_to(0)
        restart = 64
        while not self.contradiction:
            conflict = self._propagate()
            if conflict is not None:
                if not self.limits:
                    break
                self.budget.conflict()
                self._learn(conflict)
                restart -= 1
                if restart <= 0:
                    restart = 128
                    self._back_to(0)
                continue
            self.budget.tick()
            choice = self._choose()
            if choice == 0:
                return True
            self.limits.append(len(self.trail))
            self._assign(choice, None)
        self.contradiction = True
        self.learned.append(())
        return False

    def _choose(self) -> int:
        """The open variable that conflicts point at most; it is tried as false, so that little is asked for."""
        while self.waiting:
            _, variable = heappop(self.waiting)
            if self.values[variable] == 0:
                return -variable
        return 0

    def _line_up(self) -> None:
        """The open variables anew, without what is out of date."""
        self.waiting = [(-self.activity[v], v) for v in range(1, len(self.values)) if self.values[v] == 0]
        heapify(self.waiting)

    def _assign(self, literal: int, reason: Clause | None) -> None:
        variable = abs(literal)
        self.values[variable] = 1 if literal > 0 else -1
        self.levels[variable] = len(self.limits)
        self.reasons[variable] = reason
        self.trail.append(literal)

    def _watch(self, clause: Clause) -> None:
        self.watches[clause[0]].append(clause)
        self.watches[clause[1]].append(clause)

    def _propagate(self) -> Clause | None:
        """Draw all conclusions; a clause that has become false, or ``None``."""
        while self.head < len(self.trail):
            false = -self.trail[self.head]
            self.head += 1
            watching, kept = self.watches[false], []
            for index, clause in enumerate(watching):
                if clause[0] == false:
                    clause[0], clause[1] = clause[1], clause[0]
                if self.value(clause[0]) == 1 or not self._moves(clause):
                    kept.append(clause)
                    if self.value(clause[0]) == -1:
                        self.watches[false] = kept + watching[index + 1 :]
                        return clause
                    if self.value(clause[0]) == 0:
                        self._assign(clause[0], clause)
            self.watches[false] = kept
        return None

    def _moves(self, clause: Clause) -> bool:
        """Watch another literal in the place of the second one, if one is not false."""
        values = self.values
        for place in range(2, len(clause)):
            literal = clause[place]
            if values[abs(literal)] != (-1 if literal > 0 else 1):
                clause[1], clause[place] = clause[place], clause[1]
                self.watches[clause[1]].append(clause)
                return True
        return False

    def _learn(self, conflict: Clause) -> None:
        """Go back to where the conflict could first have been seen, with a clause that keeps it from coming again."""
        learned, seen, open_paths = [0], set[int](), 0
        clause, index, literal = conflict, len(self.trail) - 1, 0
        while True:
            for other in clause:
                variable = abs(other)
                if other == literal or variable in seen or self.levels[variable] == 0:
                    continue
                seen.add(variable)
                self.activity[variable] += self.bump  # it has a value now, and is lined up anew when it loses that
                if self.levels[variable] == len(self.limits):
                    open_paths += 1
                else:
                    learned.append(other)
            while abs(self.trail[index]) not in seen:
                index -= 1
            literal = self.trail[index]
            index -= 1
            open_paths -= 1
            if open_paths == 0:
                break
            reason = self.reasons[abs(literal)]
            assert reason is not None
            clause = reason
        learned[0] = -literal
        self.bump *= 1.05
        if self.bump > 1e100:
            self._rescale()
        self.learned.append(tuple(learned))
        self._jump(learned)

    def _jump(self, learned: Clause) -> None:
        if len(learned) == 1:
            self._back_to(0)
            self._assign(learned[0], None)
            return
        second = max(range(1, len(learned)), key=lambda place: self.levels[abs(learned[place])])
        learned[1], learned[second] = learned[second], learned[1]
        self._back_to(self.levels[abs(learned[1])])
        self._watch(learned)
        self._assign(learned[0], learned)

    def _rescale(self) -> None:
        self.activity = [score * 1e-100 for score in self.activity]
        self.bump *= 1e-100
        self._line_up()

    def _back_to(self, level: int) -> None:
        if len(self.limits) <= level:
            return
        start = self.limits[level]
        for literal in self.trail[start:]:
            variable = abs(literal)
            self.values[variable] = 0
            heappush(self.waiting, (-self.activity[variable], variable))
        if len(self.waiting) > _OUT_OF_DATE * len(self.values):
            self._line_up()
        del self.trail[start:]
        del self.limits[level:]
        self.head = len(self.trail)
