"""``sagepass.record()``: the calls that a program would make, caught before they are sent.

    with sagepass.record() as calls:
        train()
    calls.save("calls.json")        # or calls.read()

Inside the block no request leaves the process through the AWS SDK, whichever client makes it and whichever thread, and no
credentials are looked up. Every call gets an answer of the right shape, so that straight-line code goes on. What the answers
make up is marked: where it comes back in a later call, the value counts as not known.
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from importlib import import_module
from pathlib import Path

from sagepass.aws.fake_answer import made_by
from sagepass.calls.read.read import read_calls
from sagepass.calls.read.record import ReadCalls
from sagepass.calls.request_paths import not_known

FORMAT = "1.0"
_DEEPEST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedCall:
    """One call as it was made: the client's service, the operation, the request, and the client's Region."""

    service: str
    operation: str
    params: Mapping[str, object]
    region: str | None


@dataclass(slots=True)
class Recording:
    """The calls of one ``with sagepass.record()`` block, in the order in which they were made.

    Attributes:
        caller_account: 12 digits if the account is known; it then stands in the ARNs of the answers.
        calls: what was recorded so far.
    """

    caller_account: str | None = None
    calls: list[RecordedCall] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, service: str, operation: str, params: Mapping[str, object], region: str | None) -> int:
        """Record one call; its number, from 1, marks what its answer makes up."""
        plain = _plain(params, self, 0)
        assert isinstance(plain, dict)
        with self._lock:
            self.calls.append(RecordedCall(service=service, operation=operation, params=plain, region=region))
            return len(self.calls)

    def answered(self, number: int) -> str:
        """The operation of a call by its number."""
        with self._lock:
            return self.calls[number - 1].operation if 0 < number <= len(self.calls) else "an earlier call"

    def to_json(self) -> str:
        """The recording as JSON, which :func:`~sagepass.calls.read.read.read_calls` reads."""
        with self._lock:
            calls = [
                {"service": one.service, "operation": one.operation, "region": one.region, "params": one.params}
                for one in self.calls
            ]
        return json.dumps({"sagepass_recording": FORMAT, "calls": calls}, indent=2) + "\n"

    def save(self, path: Path | str) -> None:
        """Write the recording to a file.

        Raises:
            OSError: the file cannot be written.
        """
        Path(path).write_text(self.to_json(), encoding="utf-8")

    def read(self) -> ReadCalls:
        """The calls, ready to be checked, with findings about requests that do not fit their operation."""
        return read_calls(self.to_json(), name="<recording>", caller_account=self.caller_account)

    def __len__(self) -> int:
        """The number of calls."""
        return len(self.calls)


@contextmanager
def record(*, caller_account: str | None = None) -> Iterator[Recording]:
    """Record calls instead of sending them.

    Works for clients made before and inside the block, in all threads. A call belongs to the innermost recording of its own
    thread; in a thread that has none, to the recording that began last.

    Args:
        caller_account: 12 digits, to stand in the ARNs of the answers; without it ARNs that come back in later calls count
            as not known.

    Raises:
        ImportError: the extra ``aws`` is not installed.
    """
    try:
        hook = import_module("sagepass.aws.botocore_hook")
    except ModuleNotFoundError as error:
        raise ImportError("recording needs the extra [aws]; pip install 'sagepass[aws]'") from error
    recording = Recording(caller_account)
    hook.HOOK.begin(recording)
    try:
        yield recording
    finally:
        hook.HOOK.end(recording)


def _plain(value: object, recording: Recording, depth: int) -> object:
    """A request as JSON has it; what an answer made up becomes a reference to that answer."""
    if depth > _DEEPEST:
        return None
    match value:
        case str():
            number = made_by(value)
            return value if number is None else not_known(f"the answer of {recording.answered(number)}")
        case bool() | int() | float() | None:
            return value
        case datetime() | date():
            return value.isoformat()
        case bytes() | bytearray():
            return base64.b64encode(value).decode("ascii")
        case Decimal():
            return float(value)
        case Mapping():
            return {str(key): _plain(one, recording, depth + 1) for key, one in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_plain(one, recording, depth + 1) for one in value]
        case _:
            return f"({type(value).__name__})"
