"""Authorization state that outlives the process.

Every call that changes it is appended to a journal, and the journal is on the disk before the call is answered. A journal whose
last line was cut is complete without it: that call was never answered.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import IO, Any

from sagepass.endpoint.live_state import LiveState
from sagepass.endpoint.moto_adapter import identities, load_identities, load_resources, organizations, resources
from sagepass.endpoint.moto_adapter.identities import UserKey
from sagepass.endpoint.sessions import Sessions

_JOURNAL = "journal.jsonl"
_SNAPSHOT = "snapshot"
_VERSION = 1
_NOT_KEPT = (
    "what was emulated beside it (training jobs, models, endpoints, objects in buckets, images) was not kept",
    "keys of KMS have new key material",
)

Rows = dict[str, Any]


class StoreError(Exception):
    """The state folder cannot be used; the message names it, ``remedy`` says what to do."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class Store:
    """The state folder: ``journal.jsonl``, and ``snapshot/`` with the same state as any snapshot folder has it."""

    def __init__(self, folder: Path, state: LiveState, sessions: Sessions) -> None:
        """Open the folder; it is made if it is not there, readable for its owner only.

        Raises:
            StoreError: it cannot be made or written.
        """
        self._folder = folder
        self._state = state
        self._sessions = sessions
        self._written: dict[str, str] = {}
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._rows = _read(folder / _JOURNAL)
            self._journal: IO[bytes] = _open_private(folder / _JOURNAL)
        except OSError as error:
            raise StoreError(
                f"the folder {folder} cannot be used: {error.strerror}", "give another one with --state"
            ) from error

    @property
    def has_state(self) -> bool:
        """Whether there is anything to load."""
        return bool(self._rows)

    def load(self) -> tuple[str, ...]:
        """Make the state again.

        Returns:
            What was not kept, in words.
        """
        details: dict[str, dict[str, list[Any]]] = {}
        for key, row in self._rows.items():
            kind, _, rest = key.partition("/")
            if kind == "identity":
                account, name = rest.split("/", 2)[:2]
                details.setdefault(account, {}).setdefault(name, []).append(row)
        for account, lists in details.items():
            load_identities.load_details(account, lists)
        for key, row in self._rows.items():
            self._load_row(key, row)
        self._written = {key: _line(row) for key, row in self._rows.items()}
        self._compact()
        return _NOT_KEPT

    def _load_row(self, key: str, row: dict[str, Any]) -> None:
        match key.partition("/")[0]:
            case "access-key":
                identities.put_key(UserKey(**row))
            case "organization":
                organizations.load_organization(key, row)
            case "session":
                self._sessions.load_row(row)
            case "user-boundary" | "resource-policy":
                self._state.held.load_row(key, row)
            case "bucket" | "key" | "repository" | "log-policy":
                load_resources.load_row(key, row)
            case _:
                pass

    def rows(self) -> Rows:
        """All authorization state, by keys that say what each row is."""
        rows: Rows = {}
        accounts = self._state.accounts()
        for account in accounts:
            for name, listed in identities.read_details(account).items():
                rows |= {f"identity/{account}/{name}/{row['Arn']}": row for row in listed}
            for key in identities.user_keys(account):
                rows[f"access-key/{key.access_key_id}"] = {
                    "access_key_id": key.access_key_id,
                    "secret": key.secret,
                    "user_arn": key.user_arn,
                    "account": key.account,
                    "active": key.active,
                }
        rows |= resources.resource_rows(accounts)
        rows |= organizations.organization_rows()
        return rows | self._state.held.rows() | self._sessions.rows()

    def commit(self) -> None:
        """Write what has changed since the last time, and wait until it is on the disk."""
        current = {key: _line(row) for key, row in self.rows().items()}
        put = [key for key, row in current.items() if self._written.get(key) != row]
        drop = [key for key in self._written if key not in current]
        if not put and not drop:
            return
        rows = ",".join(f"{json.dumps(key)}:{current[key]}" for key in put)
        self._journal.write(f'{{"v":{_VERSION},"put":{{{rows}}},"drop":{json.dumps(drop)}}}\n'.encode())
        self._journal.flush()
        os.fsync(self._journal.fileno())
        self._written = current

    def _compact(self) -> None:
        """One line in the place of many; the old journal stays until the new one is complete."""
        path = self._folder / _JOURNAL
        fresh = self._folder / f"{_JOURNAL}.new"
        with _open_private(fresh, fresh=True) as file:
            file.write(_line({"v": _VERSION, "put": self._rows, "drop": []}).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        self._journal.close()
        fresh.replace(path)
        self._journal = _open_private(path)

    def close(self) -> None:
        """Close the journal, and leave the state as a snapshot folder beside it."""
        self._journal.close()
        self._state.export().write(self._folder / _SNAPSHOT)


def _line(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), default=str)


def _open_private(path: Path, *, fresh: bool = False) -> IO[bytes]:
    flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if fresh else os.O_APPEND)
    return os.fdopen(os.open(path, flags, 0o600), "ab")


def _read(path: Path) -> Rows:
    """The rows of a journal; a last line without its end, or that is no JSON, was never acknowledged."""
    rows: Rows = {}
    if not path.exists():
        return rows
    whole = path.read_bytes()
    end = whole.rfind(b"\n") + 1
    lines = whole[:end].splitlines()
    for number, line in enumerate(lines, start=1):
        try:
            entry = json.loads(line)
        except ValueError:
            raise StoreError(f"{path}: line {number} is damaged", "move the file away to begin anew") from None
        if not isinstance(entry, dict) or entry.get("v") != _VERSION:
            raise StoreError(f"{path}: line {number} is of another version", "move the file away to begin anew")
        rows |= entry["put"]
        for key in entry["drop"]:
            rows.pop(key, None)
    if end < len(whole):
        with path.open("r+b") as file:
            file.truncate(end)
    return rows
