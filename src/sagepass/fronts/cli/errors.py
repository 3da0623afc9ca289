"""The error of this room: something the person can put right."""

from __future__ import annotations

from sagepass.fronts.cli.exit_code import ExitCode


class CliError(Exception):
    """A command that cannot be carried out.

    Attributes:
        message: the fact, in lower case, without a final period.
        remedy: what to do about it.
        exit_code: what the process returns.
    """

    def __init__(self, message: str, *, remedy: str = "", exit_code: ExitCode = ExitCode.USAGE) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.exit_code = exit_code
