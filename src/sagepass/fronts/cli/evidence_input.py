"""What the person gave: the text of an error, a file with it, or standard input."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sagepass.fronts.cli.errors import CliError
from sagepass.source.errors import SourceError
from sagepass.source.read import MAX_SIZE, decode_text, read_text

STANDARD_INPUT = "<stdin>"
"""What the argument ``-`` is passed on as."""
_LONGEST_PATH = 4096
_LOOKS_LIKE_A_FILE = re.compile(r"[^\s]*[/\\.][A-Za-z]{2,5}")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A text and what people call it."""

    name: str
    text: str


def read_evidence(words: Sequence[str]) -> Evidence:
    """Read the evidence that a command was given.

    Several words are one error that was pasted without quotes. Nothing at all means standard input.

    Raises:
        SourceError: the file or standard input is no text.
        CliError: nothing was given, or several files.
    """
    given = " ".join(words)
    if not words or given == STANDARD_INPUT:
        return _standard_input(asked=bool(words))
    if len(words) > 1 and all(_existing(word) for word in words):
        raise CliError(
            f"{len(words)} files were given, and one error is explained at a time",
            remedy=f"cat {given} | sagepass why -",
        )
    path = _existing(given)
    if path is not None:
        evidence = Evidence(given, read_text(path))
    elif _LOOKS_LIKE_A_FILE.fullmatch(given) and ":" not in given:
        raise SourceError("there is no such file", name=given, remedy="check the path, or paste the error in quotes")
    else:
        evidence = Evidence("<argument>", given)
    return _not_empty(evidence)


def _existing(given: str) -> Path | None:
    if len(given) > _LONGEST_PATH or "\n" in given or "\0" in given:
        return None
    path = Path(given)
    try:
        return path if path.exists() else None
    except OSError:  # a part of the name is too long for a file: it is a text
        return None


def _standard_input(*, asked: bool) -> Evidence:
    if sys.stdin is None or (sys.stdin.isatty() and not asked):
        raise NothingGivenError
    data = sys.stdin.buffer.read(MAX_SIZE + 1)
    return _not_empty(Evidence("<stdin>", decode_text(data, "<stdin>")))


def _not_empty(evidence: Evidence) -> Evidence:
    if not evidence.text.strip():
        raise SourceError("there is nothing in it", name=evidence.name, remedy="paste the error that AWS gave you")
    return evidence


class NothingGivenError(CliError):
    """Neither an argument nor anything on standard input."""

    def __init__(self) -> None:
        super().__init__(
            "no error text was given", remedy="paste the error in quotes, name a file with it, or pipe it in"
        )
