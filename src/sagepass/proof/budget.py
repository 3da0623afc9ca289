"""What one proof may cost, so that no input can make it run away."""

from __future__ import annotations

import time


class BudgetSpentError(Exception):
    """The search was given up; ``what`` says which part of the budget is spent."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class Budget:
    """Counts the work of one question.

    Args:
        seconds: wall-clock time.
        megabytes: memory that the searches of automata may hold at once, as far as it can be told from their states.
        conflicts: dead ends of the Boolean search.
        solver_seconds: what an SMT solver may take for each class and caller that stays open; 0: it is not asked.
    """

    __slots__ = (
        "_bytes",
        "_conflicts",
        "_deadline",
        "_spent_bytes",
        "_spent_conflicts",
        "_ticks",
        "seconds",
        "solver_seconds",
    )

    def __init__(
        self, *, seconds: float = 4.0, megabytes: int = 150, conflicts: int = 20_000, solver_seconds: float = 0.0
    ) -> None:
        self.solver_seconds = solver_seconds
        self.seconds = seconds
        self._deadline = time.monotonic() + seconds
        self._bytes = megabytes * 1_000_000
        self._conflicts = conflicts
        self._spent_bytes = 0
        self._spent_conflicts = 0
        self._ticks = 0

    def tick(self, *, every: int = 64) -> None:
        """Look at the clock once in a while.

        Raises:
            BudgetSpentError: the time is over.
        """
        self._ticks += 1
        if self._ticks % every == 0 and time.monotonic() > self._deadline:
            raise BudgetSpentError(f"the time of {self.seconds:g} s")

    def hold(self, size: int) -> None:
        """One more state of that many bytes is kept.

        Raises:
            BudgetSpentError: the states would take more memory than allowed, or the time is over.
        """
        self._spent_bytes += size
        if self._spent_bytes > self._bytes:
            raise BudgetSpentError(f"the memory of {self._bytes // 1_000_000} MB for states of patterns")
        self.tick()

    def release(self) -> None:
        """The states of one search are gone."""
        self._spent_bytes = 0

    def conflict(self) -> None:
        """One more dead end.

        Raises:
            BudgetSpentError: there were too many, or the time is over.
        """
        self._spent_conflicts += 1
        if self._spent_conflicts > self._conflicts:
            raise BudgetSpentError(f"{self._conflicts} dead ends of the search")
        self.tick(every=16)
