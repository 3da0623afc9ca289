"""A trail on disk: CloudTrail log files of every decided call, management and data events alike.

Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html (folders and names).
The files are not compressed, so that they can be read as they are; they are complete JSON after every event.
"""

from __future__ import annotations

import json
import re
import secrets
import threading
from datetime import UTC, datetime
from pathlib import Path

from sagepass.endpoint.answers.cloudtrail_event import cloudtrail_event
from sagepass.endpoint.recorded import Recorded

_HEAD, _TAIL = b'{"Records":[\n', b"\n]}\n"
_MINUTES = 5
"""AWS delivers a file about every five minutes."""
_LARGEST = 32 * 1024 * 1024
_SAFE = re.compile(r"[a-z0-9-]{1,40}")


class Trail:
    """Writes the events of decided calls below a directory; safe to use from several threads."""

    def __init__(self, directory: Path) -> None:
        """The directory is made when the first event is written."""
        self._directory = directory
        self._lock = threading.Lock()
        self._open: dict[tuple[str, str], tuple[str, Path]] = {}

    def write(self, recorded: Recorded) -> Path:
        """Add the event of a call to the log file of its account, Region and time.

        Returns:
            The file.

        Raises:
            OSError: the file cannot be written.
        """
        line = json.dumps(cloudtrail_event(recorded), separators=(",", ":"), ensure_ascii=False).encode()
        with self._lock:
            path = self._file(recorded)
            try:
                _append(path, line)
            except OSError:
                self._open.pop((_safe(recorded.account), _safe(recorded.region)), None)  # what was begun is left alone
                raise
        return path

    def _file(self, recorded: Recorded) -> Path:
        account, region = _safe(recorded.account), _safe(recorded.region)
        window = _window(recorded.time)
        stamp, path = self._open.get((account, region), ("", self._directory))
        if stamp != window or (path.exists() and path.stat().st_size > _LARGEST):
            day = recorded.time.astimezone(UTC)
            folder = self._directory / "AWSLogs" / account / "CloudTrail" / region / day.strftime("%Y/%m/%d")
            path = folder / f"{account}_CloudTrail_{region}_{window}_{secrets.token_hex(8)}.json"
            self._open[account, region] = (window, path)
        return path


def _append(path: Path, line: bytes) -> None:
    """Put an event before the end of the list; the first one begins the file."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_HEAD + line + _TAIL)
        return
    with path.open("r+b") as file:
        file.seek(-len(_TAIL), 2)
        file.write(b",\n" + line + _TAIL)


def _window(time: datetime) -> str:
    """The start of the five minutes that a time lies in."""
    moment = time.astimezone(UTC)
    return moment.replace(minute=moment.minute - moment.minute % _MINUTES).strftime("%Y%m%dT%H%MZ")


def _safe(text: str) -> str:
    """A piece of a path that cannot leave the directory."""
    return text if _SAFE.fullmatch(text) else "unknown"
