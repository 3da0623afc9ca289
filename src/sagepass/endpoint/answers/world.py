"""What an answer may look at, and how it refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sagepass.endpoint.recorded import Recorded
from sagepass.snapshot.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The endpoint as one call sees it.

    Attributes:
        snapshot: the live authorization state.
        caller: ARN of the caller.
        account: the caller's account.
        region: where the call went.
        partition: ``aws``, ``aws-cn``, …
        now: the time of the call, with a time zone.
        recorded: a decided call by its authorization id; ``None`` where it is not (or no longer) known.
        recent: the decided calls, newest first, bounded.
    """

    snapshot: Snapshot
    caller: str
    account: str
    region: str
    partition: str
    now: datetime
    recorded: Callable[[str], Recorded | None]
    recent: Callable[[], Iterable[Recorded]]


class ApiError(Exception):
    """An answer that refuses: AWS's error code, its sentence for people, and the HTTP status."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


Answer: TypeAlias = Callable[[Mapping[str, object], World], Mapping[str, object]]
"""The request's members to the answer's members, both as botocore names them."""
