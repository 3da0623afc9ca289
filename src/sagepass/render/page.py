"""A page of lines for a terminal: wrapped with hanging indents, styled, and safe to print.

Every string that is put on a page goes through :func:`~sagepass.source.terminal.printable`; nothing is ever read as
markup, so that a policy or a log line cannot colour, hide or move what is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from typing import TypeAlias

from rich.console import Console
from rich.text import Text

from sagepass.source.terminal import printable

Part: TypeAlias = str | tuple[str, str]
"""Plain text, or text with the name of its style."""

DEFAULT_WIDTH = 100
"""Columns where the output is no terminal."""
_NARROWEST = 40


def unchanged(text: str) -> str:
    """The rewriting that changes nothing."""
    return text


@dataclass(frozen=True, slots=True)
class _Line:
    text: Text
    indent: int
    hang: int
    wraps: bool


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

    def code(self, *parts: Part, indent: int = 0) -> None:
        """Add one line that is never wrapped: source text, JSON, a command to copy."""
        self._lines.append(_Line(self._text(parts), indent, 0, wraps=False))

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
            for text in _laid_out(line, console, self.width):
                console.print(text, soft_wrap=True)
        return target.getvalue()

    def _text(self, parts: tuple[Part, ...]) -> Text:
        text = Text()
        for part in parts:
            words, style = (part, "") if isinstance(part, str) else part
            text.append(printable(self._rewrite(words), one_line=True), style=style)
        return text


def _laid_out(line: _Line, console: Console, width: int) -> list[Text]:
    first, rest = " " * line.indent, " " * (line.indent + line.hang)
    if not line.wraps:
        return [Text(first).append_text(line.text)]
    room = max(width - line.indent - line.hang, _NARROWEST // 2)
    pieces = _wrapped(line.text, console, room, room + line.hang)
    return [Text(first if index == 0 else rest).append_text(piece) for index, piece in enumerate(pieces)]


def _wrapped(text: Text, console: Console, room: int, first_room: int) -> list[Text]:
    """The first line may be longer than those that hang below it; a word is never cut, so that it can be copied."""
    if text.cell_len <= first_room:
        return [text]
    first = text.wrap(console, first_room, overflow="ignore")[0]
    first.rstrip()
    taken = len(first.plain)
    rest = text[taken:] if taken < len(text) else Text()
    stripped = len(rest.plain) - len(rest.plain.lstrip())
    following = rest[stripped:] if stripped else rest
    if not following.plain:
        return [first]
    pieces = list(following.wrap(console, room, overflow="ignore"))
    for piece in pieces:
        piece.rstrip()
    return [first, *pieces]
