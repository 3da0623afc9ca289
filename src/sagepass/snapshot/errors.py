"""The error of this room: nothing usable was given, or a change that fits nothing."""

from __future__ import annotations


class SnapshotError(Exception):
    """A snapshot that cannot be used.

    Attributes:
        message: the fact, in lower case, with the name of the file or folder.
        remedy: what to do about it.
    """

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        """Message and remedy, ready to print."""
        return f"{self.message}; {self.remedy}" if self.remedy else self.message
