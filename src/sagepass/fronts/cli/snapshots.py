# ruff: noqa: PLC0415 - a command imports what it needs when it runs, so that help and errors come at once
"""The snapshot that a command was given."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sagepass.snapshot.snapshot import Snapshot


def load_snapshot(path: Path, *, beside: Snapshot | None = None) -> Snapshot:
    """Load it; beside another one, files that are the same in both are parsed once.

    Raises:
        SnapshotError: nothing usable is there.
    """
    from sagepass.snapshot.snapshot import Snapshot

    return Snapshot.load(path, beside=beside)
