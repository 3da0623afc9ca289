"""The error for a value that a document does not tell: caught where the value stands, and reported there."""

from __future__ import annotations


class OpenValueError(Exception):
    """A value that is only known later.

    Attributes:
        message: why, in lower case.
        code: of the finding.
        remedy: what to do about it, empty for the usual.
    """

    def __init__(self, message: str, *, code: str = "CALL_UNRESOLVED", remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.remedy = remedy
