# ruff: noqa: PLC0415 - a progress bar is loaded only where work takes long enough to show one
"""A progress bar for long work: on standard error, on a terminal only, and only after a moment."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

DELAY = 0.3
"""Seconds of work before the bar appears."""


class Bar:
    """Told how many of how many are done; shows itself once that takes longer than :data:`DELAY`."""

    def __init__(self, words: str, *, visible: bool) -> None:
        self._words = words
        self._visible = visible
        self._started = time.monotonic()
        self._shown: tuple[Progress, TaskID] | None = None

    def __call__(self, done: int, total: int) -> None:
        """Report progress."""
        if not self._visible or time.monotonic() - self._started < DELAY:
            return
        progress, task = self._shown or self._show(total)
        progress.update(task, completed=done, total=total)

    def _show(self, total: int) -> tuple[Progress, TaskID]:
        from rich.console import Console
        from rich.progress import Progress

        progress = Progress(console=Console(stderr=True), transient=True)
        self._shown = (progress, progress.add_task(self._words, total=total))
        progress.start()
        return self._shown

    def stop(self) -> None:
        """Take the bar away."""
        if self._shown is not None:
            self._shown[0].stop()


@contextmanager
def progress_bar(words: str) -> Iterator[Bar]:
    """A bar for the work inside the ``with`` block."""
    bar = Bar(words, visible=sys.stderr.isatty())
    try:
        yield bar
    finally:
        bar.stop()
