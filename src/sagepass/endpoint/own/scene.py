"""What a handler of the endpoint's own operations works with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sagepass.endpoint.identity import Identity, KeyRing
from sagepass.endpoint.live_state import LiveState
from sagepass.endpoint.sessions import Sessions
from sagepass.snapshot.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One call that was authorized, and the state that it works on.

    Attributes:
        identity: the caller.
        snapshot: the state in which it was decided.
        account: the account that the call is about.
        region: where it went.
        partition: ``aws``, ``aws-cn``, …
        now: the time of the call.
        claims: what a verified token of an identity provider says, where the call brought one.
    """

    identity: Identity
    snapshot: Snapshot
    state: LiveState
    sessions: Sessions
    keys: KeyRing
    account: str
    region: str
    partition: str
    now: datetime
    claims: object = None


def text(params: Mapping[str, object], name: str) -> str | None:
    """A text member; ``None`` if it is left out."""
    value = params.get(name)
    return value if isinstance(value, str) else None


def number(params: Mapping[str, object], name: str, usual: int) -> int:
    """A whole number; ``usual`` if it is left out."""
    value = params.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else usual


def objects(params: Mapping[str, object], name: str) -> list[Mapping[str, object]]:
    """A list of structures."""
    value = params.get(name)
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def texts(params: Mapping[str, object], name: str) -> list[str]:
    """A list of texts."""
    value = params.get(name)
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
