"""Streams, colour and width: results on standard output, everything else on standard error."""

from __future__ import annotations

import json
import os
import shutil
import sys
from enum import StrEnum

from sagepass.source.terminal import printable


class Color(StrEnum):
    """When to colour."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


def write(text: str) -> None:
    """Print a result; characters that the terminal's encoding lacks become escapes."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")
    sys.stdout.flush()


def write_json(value: object) -> None:
    """Print a result as JSON."""
    write(json.dumps(value, indent=2, ensure_ascii=True))


def complain(message: str, remedy: str = "") -> None:
    """Print an error of the tool itself."""
    sys.stderr.write(f"sagepass: {printable(message)}\n")
    if remedy:
        sys.stderr.write(f"  help: {printable(remedy)}\n")


def note(message: str) -> None:
    """Print something to know beside a result that a program reads."""
    sys.stderr.write(f"sagepass: {printable(message)}\n")


def colored(choice: Color) -> bool:
    """Whether to colour: https://no-color.org and https://force-color.org, then whether the output is a terminal."""
    if choice is not Color.AUTO:
        return choice is Color.ALWAYS
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty()


def width() -> int:
    """Columns of the terminal; 100 where there is none, at most 120."""
    if not sys.stdout.isatty():
        return 100
    return min(shutil.get_terminal_size((100, 40)).columns, 120)
