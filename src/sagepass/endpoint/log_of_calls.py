"""The calls that were decided, newest first, as far as they are remembered."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable

from sagepass.endpoint.recorded import Recorded

_MOST = 2000


class LogOfCalls:
    """The last calls. Thread-safe; the oldest is forgotten first."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._calls: OrderedDict[str, Recorded] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, call: Recorded) -> None:
        """Remember a call."""
        with self._lock:
            self._calls[call.authorization_id] = call
            while len(self._calls) > self._most:
                self._calls.popitem(last=False)

    def find(self, authorization_id: str) -> Recorded | None:
        """A call by its authorization id."""
        return self._calls.get(authorization_id)

    def recent(self) -> Iterable[Recorded]:
        """All of them, newest first."""
        with self._lock:
            return tuple(reversed(self._calls.values()))
