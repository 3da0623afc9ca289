"""How the gate behaves: what a decision leads to, and who is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from sagepass.endpoint.recorded import Recorded


class Mode(StrEnum):
    """What a decision leads to."""

    ENFORCE = "enforce"
    """A denied call is refused."""
    OBSERVE = "observe"
    """A denied call is carried out; headers and the log say that it was denied."""
    OFF = "off"
    """Nothing is authenticated or decided."""


class Ids(StrEnum):
    """Which denials carry an authorization id in their message."""

    ALL = "all"
    IAM = "iam"
    """Those of IAM, where AWS documents it."""
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class GateOptions:
    """How the gate behaves.

    Attributes:
        mode: what a decision leads to.
        ids: which denials carry an authorization id.
        account: the account of unsigned calls and of new buckets.
        say: where one line for each refused call goes.
        recorded: told of every decided call.
        broke: told of an error in sagepass itself.
        committed: called after a call that may have changed authorization state, before it is answered.
    """

    mode: Mode = Mode.ENFORCE
    ids: Ids = Ids.ALL
    account: str = "123456789012"
    say: Callable[[Recorded, str], None] = lambda _call, _reason: None
    recorded: Callable[[Recorded], object] = lambda _call: None
    broke: Callable[[Exception], None] = lambda _error: None
    committed: Callable[[], None] = lambda: None
