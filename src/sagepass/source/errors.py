"""The one error of this room: a text that cannot be read."""

from __future__ import annotations


class SourceError(Exception):
    """A file or a text that cannot be read, in words for the person who supplied it.

    Attributes:
        message: the fact, in lower case, without a final period.
        name: what people call the document.
        line: 1-based line of the trouble, if it has one.
        column: 1-based column in characters, if it has one.
        remedy: what to do about it.
    """

    def __init__(
        self, message: str, *, name: str, line: int | None = None, column: int | None = None, remedy: str = ""
    ) -> None:
        super().__init__(message)
        self.message = message
        self.name = name
        self.line = line
        self.column = column
        self.remedy = remedy

    def __str__(self) -> str:
        """``file:line:column: message; remedy``, ready to print."""
        place = self.name
        if self.line is not None:
            place += f":{self.line}"
            if self.column is not None:
                place += f":{self.column}"
        return f"{place}: {self.message}" + (f"; {self.remedy}" if self.remedy else "")
