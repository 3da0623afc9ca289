"""The exit codes."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What a script can rely on."""

    FINE = 0
    """Allowed, or nothing to report."""
    FINDINGS = 1
    """Denied, or an expectation that does not hold."""
    USAGE = 2
    """The command, a file or a snapshot cannot be used."""
    UNDETERMINED = 3
    """What was supplied does not settle the question."""
    CREDENTIALS = 4
    """AWS credentials are needed, or were refused."""
    BUG = 5
    """An error in sagepass."""
    INTERRUPTED = 130
    """Stopped with Ctrl-C."""


_WEIGHT = (ExitCode.FINE, ExitCode.UNDETERMINED, ExitCode.FINDINGS)


def worst(codes: list[ExitCode]) -> ExitCode:
    """The code of several answers together: one denial outweighs what is open, which outweighs what is fine."""
    return max(codes, key=_WEIGHT.index, default=ExitCode.FINE)
