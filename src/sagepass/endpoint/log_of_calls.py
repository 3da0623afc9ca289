"""The calls that were decided, newest first, as far as they are remembered.

A call remembers the state that it was decided from. States that differ in their resources share the identities, which are
the bulk; of other states only the latest are kept, and of older ones the policies that decided remain.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Iterable
from dataclasses import replace

from sagepass.endpoint.recorded import Recorded
from sagepass.engine.compiled import compiled

_MOST = 2000
_STATES = 64


class LogOfCalls:
    """The last calls. Thread-safe; the oldest is forgotten first."""

    def __init__(self, most: int = _MOST, states: int = _STATES) -> None:
        self._most, self._states = most, states
        self._decided_from: OrderedDict[int, deque[str]] = OrderedDict()
        self._calls: OrderedDict[str, Recorded] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, call: Recorded) -> None:
        """Remember a call."""
        with self._lock:
            self._calls[call.authorization_id] = call
            while len(self._calls) > self._most:
                self._calls.popitem(last=False)
            if call.snapshot is not None:
                shared = id(compiled(call.snapshot).sides.callers)
                self._decided_from.setdefault(shared, deque(maxlen=self._most)).append(call.authorization_id)
                if len(self._decided_from) > self._states:
                    self._forget_a_state()

    def _forget_a_state(self) -> None:
        """What was to be explained from the oldest state is explained now."""
        _, calls = self._decided_from.popitem(last=False)
        for ident in calls:
            held = self._calls.get(ident)
            if held is not None:
                self._calls[ident] = replace(held, decisions=tuple(held.decisions), snapshot=None)

    def find(self, authorization_id: str) -> Recorded | None:
        """A call by its authorization id."""
        return self._calls.get(authorization_id)

    def recent(self) -> Iterable[Recorded]:
        """All of them, newest first."""
        with self._lock:
            return tuple(reversed(self._calls.values()))
