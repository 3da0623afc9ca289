"""Undo what terminals, forums, loggers and serialisers do to an error text.

Escapes of any depth (JSON in JSON, shell, Markdown), HTML entities and tags, terminal codes, typographic quotes, quote
and comment prefixes, box drawing, log prefixes and string concatenation in source code are taken away; line breaks
stay, because the grammar needs them to tell one line's end from the next line's beginning. A timestamp at the start of
a line becomes :data:`RECORD`, so that one log record is not read into the next.
"""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from typing import TYPE_CHECKING

from sagepass.denial.hard_wrap import without_hard_wraps
from sagepass.denial.mapped_text import MappedText, MappedTextBuilder

if TYPE_CHECKING:
    from collections.abc import Callable

RECORD = "\x1e"
"""Stands where a log line's own prefix stood; counts as white space for ``\\s`` but not for ``[ \\t\\r\\n]``."""

_TAGS = (
    "a|b|i|em|u|s|p|q|td|tr|th|ul|ol|li|h[1-6]|div|pre|code|span|strong|font|kbd|samp|tt|small|table|tbody|thead|details"
    "|summary|blockquote|script|style|img|html|body|section|article|br|hr|rh-code-block"
)
_INLINE_TAGS = frozenset({"a", "b", "i", "em", "u", "s", "q", "code", "span", "strong", "font", "kbd", "samp", "tt"})
_ESCAPED = {"n": "\n", "r": "\n", "t": " "}
_CHARACTERS = {
    **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"'),  # double quotation marks
    **dict.fromkeys("\u2018\u2019\u201a", "'"),  # single quotation marks
    **dict.fromkeys("\u00a0\u2007\u2009\u202f\u3000", " "),  # blanks that do not break
    **dict.fromkeys("\u2028\u2029", "\n"),
    **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad\x00", ""),  # characters of no width
    **dict.fromkeys("\u2010\u2011", "-"),
    "\uff1a": ":",
}
_RULES = "─━═┄┈╌│┃║╷╵╹╻┌┐└┘├┤┬┴┼╭╮╯╰╔╗╚╝╠╣"

_STAMP = (
    r"\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d{1,9})?(?: ?Z| ?[+-]\d\d:?\d\d| UTC)?\]?"
    r"|\[?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\]?"
    r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {1,2}\d{1,2} \d\d:\d\d:\d\d"
)


@cache
def _terminal() -> re.Pattern[str]:
    return re.compile(
        r"(?P<ansi>\x1b(?:\[[0-?]{0,32}[ -/]{0,4}[@-~]|\][^\x07\x1b\n]{0,512}(?:\x07|\x1b\\)?|[()][0-9A-B]|[=>cM78])?"
        r"|\[(?:\d{1,3};){0,4}\d{1,3}m|\r(?=\n))"
        r"|(?P<entity>&(?:amp;){0,6}(?:quot|apos|lt|gt|amp|nbsp|ldquo|rdquo|lsquo|rsquo|hellip|\#\d{1,6}|\#x[0-9a-fA-F]{1,5});)"
        rf"|(?P<char>[{re.escape(''.join(_CHARACTERS))}\r])"
    )


@cache
def _escapes() -> re.Pattern[str]:
    return re.compile(
        r"\\+(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[nrt](?![A-Za-z]:)|[\"'/`()\[\]_*#.+<>{}|~!&$-]|\r?\n|[\u201c\u201d\u2018\u2019]|&(?:amp;){0,6}(?:quot|\#34|\#x27|\#39);)?"
    )


@cache
def _lines() -> re.Pattern[str]:
    return re.compile(rf"(?P<prefix>(?m:^)(?=.)[^\S\r\n]{{0,200}}(?:{_line_prefix()}))|[{_RULES}]+")


@cache
def _markup() -> re.Pattern[str]:
    return re.compile(
        r"(?P<concat>[\"'`][ \t]{0,20}(?P<plus>\+?)[ \t]{0,20}\\?\n[ \t]{0,80}(?P<plus2>\+?)[ \t]{0,4}[frbu]{0,2}[\"'`](?=[^\s,:;)\]}\"'`]))"
        rf"|(?P<tag></?(?P<name>{_TAGS})(?:\s[^<>\n]{{0,300}})?/?>)"
        r"|(?P<bold>(?<![\w:/*])\*\*(?=[\w\"'`…]|\.\.\.)|(?<=[\w.:!\"'`)])\*\*(?![\w:/*]))"
    )


def _line_prefix() -> str:
    """What may stand before a line's own text: a log stamp, a container name and a bar, quote and comment marks."""
    marks = rf"(?:(?:[>#+|{_RULES}]|//|\*(?=[ \t])|-(?=[ \t])|--(?=[ \t])|;;)[^\S\r\n]{{0,40}}){{1,8}}"
    container = rf"[\w./-]{{2,60}}[ \t]{{0,20}}\|[ \t]{{0,200}}(?:{marks})?"
    stamp = rf"(?P<stamp>(?:{_STAMP})[ \t]{{0,8}}(?:(?:stdout|stderr) [FP] )?(?:{marks})?)"
    return rf"{stamp}|(?:{container}(?P<stamp2>(?:{_STAMP})[ \t]{{0,8}})?)|{marks}(?P<stamp3>(?:{_STAMP})[ \t]{{0,8}})?"


def normalise(text: str) -> MappedText:
    """Clean ``text`` for reading; every character of the result maps back to ``text``.

    Args:
        text: any text, of any size; time and memory are linear in it.
    """
    builder = MappedTextBuilder(text)
    builder.keep(0, len(text))
    mapped = without_hard_wraps(builder.build())
    for pattern, replacement in (
        (_escapes, _unescaped),
        (_terminal, _printed),
        (_escapes, _unescaped),
        (_lines, _without_prefix),
        (_markup, _unmarked),
    ):
        mapped = _replaced(mapped, pattern(), replacement)
    mapped = without_hard_wraps(mapped)
    return _unquoted_url(mapped) if "%3A" in mapped.text or "%20" in mapped.text else mapped


def _replaced(mapped: MappedText, pattern: re.Pattern[str], replacement: Callable[[re.Match[str]], str]) -> MappedText:
    """One pass over a text; the result maps back to where the text itself maps to."""
    text = mapped.text
    first = pattern.search(text)
    if first is None:
        return mapped
    builder = MappedTextBuilder(text)
    position = 0
    for match in pattern.finditer(text, first.start()):
        start, end = match.span()
        builder.keep(position, start)
        builder.put(replacement(match), start, end)
        position = end
    builder.keep(position, len(text))
    return builder.build_over(mapped)


def _printed(match: re.Match[str]) -> str:
    found = match.group()
    if match["entity"] is not None:
        return _CHARACTERS.get(decoded := unescape(re.sub(r"&(?:amp;)+", "&", found)), decoded)
    if match["char"] is not None:
        return _CHARACTERS.get(found, "\n")
    return ""


def _without_prefix(match: re.Match[str]) -> str:
    return RECORD if match["stamp"] or match["stamp2"] or match["stamp3"] else ""


def _unmarked(match: re.Match[str]) -> str:
    if match["concat"] is not None:
        return _concatenated(match)
    if match["tag"] is not None:
        return "" if match["name"].lower() in _INLINE_TAGS else "\n"
    return ""


def _unescaped(match: re.Match[str]) -> str:
    found = match.group()
    rest = found.lstrip("\\")
    if not rest:
        return found
    if rest in _ESCAPED:
        return _ESCAPED[rest]
    if rest[0] in "ux" and len(rest) > 1:
        character = chr(int(rest[1:], 16))
        return _CHARACTERS.get(character, character) if character.isprintable() or character == "\x1b" else " "
    return rest if rest.strip() else "\n"


def _concatenated(match: re.Match[str]) -> str:
    """Two string literals in a row are one string; without a ``+`` only where the first ends like half a sentence."""
    before = match.string[match.start() - 1 : match.start()]
    return "" if match["plus"] or match["plus2"] or before == " " else match.group()


def _unquoted_url(mapped: MappedText) -> MappedText:
    """Undo percent-encoding where a whole message was put into an address; keys of S3 objects stay as they are."""
    if "arn%3A" not in mapped.text and "not%20authorized" not in mapped.text:
        return mapped
    return _replaced(mapped, re.compile(r"%[2-7][0-9A-Fa-f]"), lambda match: chr(int(match.group()[1:], 16)))
