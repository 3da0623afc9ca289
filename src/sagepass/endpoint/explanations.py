"""The decisions of one call: the reasons of what was refused at once, those of what was allowed when somebody asks.

Most calls are allowed and nobody asks why; working it out takes several times as long as the answer alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import overload

from sagepass.engine.compiled import compiled
from sagepass.engine.decision import Decision
from sagepass.engine.request import Request
from sagepass.snapshot.snapshot import Snapshot


class Explanations(Sequence[Decision]):
    """Decisions, some of which are still requests that are known to be allowed; they are explained from the same state."""

    __slots__ = ("_held", "_snapshot")

    def __init__(self, held: Iterable[Decision | Request], snapshot: Snapshot) -> None:
        self._held = list(held)
        self._snapshot = snapshot

    def __len__(self) -> int:
        return len(self._held)

    @overload
    def __getitem__(self, index: int) -> Decision: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Decision, ...]: ...

    def __getitem__(self, index: int | slice) -> Decision | tuple[Decision, ...]:
        """One decision, or several."""
        if isinstance(index, slice):
            return tuple(self[number] for number in range(*index.indices(len(self))))
        held = self._held[index]
        if isinstance(held, Request):
            held = self._held[index] = compiled(self._snapshot).explain(held)
        return held
