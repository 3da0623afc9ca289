"""A page of lines for a terminal: wrapped with hanging indents, styled, and safe to print.

Every string that is put on a page goes through :func:`~sagepass.source.terminal.printable`; nothing is ever read as
markup, so that a policy or a log line cannot colour, hide or move what is shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from typing import TypeAlias

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from sagepass.source.terminal import printable

Part: TypeAlias = str | tuple[str, str]
"""Plain text, or text with the name of its style."""

DEFAULT_WIDTH = 100
"""Columns where the output is no terminal."""
_NARROWEST = 40
_CONTINUED = " \\"
_QUOTED_SPACE = re.compile(r"'[^']*\s[^']*'")
"""A shell keeps a backslash and a new line between single quotes."""
_WORD = re.compile(r"\s*\S+\s*|\s+")


def unchanged(text: str) -> str:
    """The rewriting that changes nothing."""
    return text


@dataclass(frozen=True, slots=True)
class _Line:
    text: Text
    indent: int
    hang: int
    wraps: bool
    end: str = ""
    """What stands at the end of a line that goes on in the next."""


class Page:
    """Lines in order.

    Args:
        width: columns of the terminal.
        rewrite: applied to every text before it is laid out, for example to put pseudonyms in the place of names. It
            must keep the length of what stands in a source window.
    """

    def __init__(self, *, width: int = DEFAULT_WIDTH, rewrite: Callable[[str], str] = unchanged) -> None:
        self.width = max(width, _NARROWEST)
        self._rewrite = rewrite
        self._lines: list[_Line] = []

    def line(self, *parts: Part, indent: int = 0, hang: int = 0) -> None:
        """Add one line; where it is too long the rest is indented by ``hang`` more."""
        self._lines.append(_Line(self._text(parts), indent, hang, wraps=True))

    def command(self, label: Part, command: str, *, indent: int = 0) -> None:
        """Add a command behind its label; where it is too long, lines end so that a shell joins them when they are copied."""
        hang = len(label if isinstance(label, str) else label[0])
        joins = command.startswith(("aws ", "sagepass ")) and not _QUOTED_SPACE.search(command)
        text = self._text((label, command))
        self._lines.append(_Line(text, indent, hang, wraps=True, end=_CONTINUED if joins else ""))

    def code(self, *parts: Part, indent: int = 0) -> None:
        """Add one line that is never wrapped: source text, JSON, a command to copy."""
        self._lines.append(_Line(self._text(parts), indent, 0, wraps=False))

    def source(self, *parts: Part, indent: int = 0) -> None:
        """Add one line of a window on a source; it is not rewritten again, because its text went through :meth:`rewritten`."""
        self._lines.append(_Line(_styled(parts, unchanged), indent, 0, wraps=False))

    def rewritten(self, text: str) -> str:
        """A text as the page shows it: a line that is cut has to be rewritten before, or half a name would stay."""
        return self._rewrite(text)

    def blank(self) -> None:
        """Add an empty line, unless the page is empty or ends with one."""
        if self._lines and self._lines[-1].text.plain:
            self._lines.append(_Line(Text(), 0, 0, wraps=False))

    def render(self, *, color: bool = False) -> str:
        """The page as text, with ANSI styles if ``color``."""
        target = StringIO()
        console = Console(
            file=target,
            width=self.width,
            color_system="standard" if color else None,
            force_terminal=color,
            no_color=not color,
            highlight=False,
            markup=False,
            emoji=False,
            legacy_windows=False,
        )
        for line in self._lines:
            for text in _laid_out(line, self.width):
                console.print(text, soft_wrap=True)
        return target.getvalue()

    def _text(self, parts: tuple[Part, ...]) -> Text:
        return _styled(parts, self._rewrite)


def _styled(parts: tuple[Part, ...], rewrite: Callable[[str], str]) -> Text:
    text = Text()
    for part in parts:
        words, style = (part, "") if isinstance(part, str) else part
        text.append(printable(rewrite(words), one_line=True), style=style)
    return text


def _laid_out(line: _Line, width: int) -> list[Text]:
    first, rest = " " * line.indent, " " * (line.indent + line.hang)
    if not line.wraps:
        return [Text(first).append_text(line.text)]
    room = max(width - line.indent - len(line.end), _NARROWEST // 2)
    pieces = line.text.divide(_breaks(line.text.plain, room, max(room - line.hang, _NARROWEST // 2)))
    for index, piece in enumerate(pieces, start=1):
        piece.rstrip()
        piece.append(line.end if index < len(pieces) else "")
    return [Text(first if index == 0 else rest).append_text(piece) for index, piece in enumerate(pieces)]


def _breaks(plain: str, first_room: int, room: int) -> list[int]:
    """Where lines end. A word is never cut, so that an ARN can be copied; a line holds at least one word."""
    breaks: list[int] = []
    used, limit = 0, first_room
    for word in _WORD.finditer(plain):
        length = cell_len(word.group().rstrip())
        if used and used + length > limit:
            breaks.append(word.start())
            used, limit = 0, room
        used += cell_len(word.group())
    return breaks
