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

from sagepass.denial.hard_wrap import without_hard_wraps
from sagepass.denial.mapped_text import MappedText, MappedTextBuilder

RECORD = "\x1e"
"""Stands where a log line's own prefix stood; counts as white space for ``\\s`` but not for ``[ \\t\\r\\n]``."""

_TAGS = (
    "a|b|i|em|u|s|p|q|td|tr|th|ul|ol|li|h[1-6]|div|pre|code|span|strong|font|kbd|samp|tt|small|table|tbody|thead|details"
    "|summary|blockquote|script|style|img|html|body|section|article|br|hr|rh-code-block"
)
_INLINE_TAGS = frozenset({"a", "b", "i", "em", "u", "s", "q", "code", "span", "strong", "font", "kbd", "samp", "tt"})
_ESCAPED = {"n": "\n", "r": "\n", "t": " "}
_CHARACTERS = {
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'", "`": "`",
    "\u00a0": " ", "\u2007": " ", "\u202f": " ", "\u2009": " ", "\u3000": " ", "\u2028": "\n", "\u2029": "\n",
    "\u200b": "", "\u200c": "", "\u200d": "", "\u2060": "", "\ufeff": "", "\u00ad": "",
    "：": ":", "‑": "-", "‐": "-", "\x00": "",
}  # fmt: skip
_RULES = "─━═┄┈╌│┃║╷╵╹╻┌┐└┘├┤┬┴┼╭╮╯╰╔╗╚╝╠╣"

_STAMP = (
    r"\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d{1,9})?(?: ?Z| ?[+-]\d\d:?\d\d| UTC)?\]?"
    r"|\[?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\]?"
    r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {1,2}\d{1,2} \d\d:\d\d:\d\d"
)


@cache
def _pattern() -> re.Pattern[str]:
    """One alternation, so that one pass over the text finds everything."""
    return re.compile(
        r"(?P<ansi>\x1b(?:\[[0-?]{0,32}[ -/]{0,4}[@-~]|\][^\x07\x1b\n]{0,512}(?:\x07|\x1b\\)?|[()][0-9A-B]|[=>cM78])?"
        r"|\[(?:\d{1,3};){0,4}\d{1,3}m)"
        r"|(?P<concat>[\"'`][ \t]{0,20}(?P<plus>\+?)[ \t]{0,20}\\?\r?\n[ \t]{0,80}(?P<plus2>\+?)[ \t]{0,4}[frbu]{0,2}[\"'`](?=[^\s,:;)\]}\"'`]))"
        r"|(?P<escape>\\+(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[nrt](?![A-Za-z]:)|[\"'/`()\[\]_*#.+<>{}|~!&$-]|\r?\n)?)"
        r"|(?P<entity>&(?:amp;){0,6}(?:quot|apos|lt|gt|amp|nbsp|ldquo|rdquo|lsquo|rsquo|hellip|\#\d{1,6}|\#x[0-9a-fA-F]{1,5});)"
        rf"|(?P<tag></?(?P<name>{_TAGS})(?:\s[^<>\n]{{0,300}})?/?>)"
        r"|(?P<bold>(?<![\w:/*])\*\*(?=[\w\"'`…]|\.\.\.)|(?<=[\w.:!\"'`)])\*\*(?![\w:/*]))"
        r"|(?P<prefix>(?m:^)(?=.)[^\S\r\n]{0,200}(?:" + _line_prefix() + r"))"
        rf"|(?P<rule>[{_RULES}]+)"
        rf"|(?P<char>[{re.escape(''.join(_CHARACTERS))}])"
    )


def _line_prefix() -> str:
    """What may stand before a line's own text: a log stamp, a container name and a bar, quote and comment marks."""
    marks = rf"(?:(?:[>#+|{_RULES}]|//|\*(?=[ \t])|-(?=[ \t])|--(?=[ \t])|;;)[^\S\r\n]{{0,40}}){{1,8}}"
    container = r"[\w./-]{2,60}[ \t]{0,20}\|[ \t]{0,200}"
    stamp = rf"(?P<stamp>(?:{_STAMP})[ \t]{{0,8}}(?:(?:stdout|stderr) [FP] )?(?:{marks})?)"
    return rf"{stamp}|(?:{container}(?P<stamp2>(?:{_STAMP})[ \t]{{0,8}})?)|{marks}(?P<stamp3>(?:{_STAMP})[ \t]{{0,8}})?"


def normalise(text: str) -> MappedText:
    """Clean ``text`` for reading; every character of the result maps back to ``text``.

    Args:
        text: any text, of any size; time and memory are linear in it.
    """
    builder = MappedTextBuilder(text)
    position = 0
    for match in _pattern().finditer(text):
        start, end = match.span()
        builder.keep(position, start)
        builder.put(_replacement(text, match), start, end)
        position = end
    builder.keep(position, len(text))
    mapped = without_hard_wraps(builder.build())
    return _unquoted_url(mapped) if "%3A" in mapped.text or "%20" in mapped.text else mapped


def _replacement(text: str, match: re.Match[str]) -> str:
    kind = match.lastgroup
    found = match.group()
    if match["escape"] is not None:
        return _unescaped(found)
    if match["concat"] is not None:
        return _concatenated(text, match)
    if match["entity"] is not None:
        return _CHARACTERS.get(decoded := unescape(re.sub(r"&(?:amp;)+", "&", found)), decoded)
    if match["tag"] is not None:
        return "" if match["name"].lower() in _INLINE_TAGS else "\n"
    if match["prefix"] is not None:
        return RECORD if match["stamp"] or match["stamp2"] or match["stamp3"] else ""
    if kind == "char":
        return _CHARACTERS[found]
    return ""


def _unescaped(found: str) -> str:
    rest = found.lstrip("\\")
    if not rest:
        return found
    if rest in _ESCAPED:
        return _ESCAPED[rest]
    if rest[0] in "ux" and len(rest) > 1:
        character = chr(int(rest[1:], 16))
        return _CHARACTERS.get(character, character) if character.isprintable() else " "
    return rest if rest.strip() else "\n"


def _concatenated(text: str, match: re.Match[str]) -> str:
    """Two string literals in a row are one string; without a ``+`` only where the first ends like half a sentence."""
    before = text[match.start() - 1 : match.start()]
    return "" if match["plus"] or match["plus2"] or before == " " else match.group()


def _unquoted_url(mapped: MappedText) -> MappedText:
    """Undo percent-encoding where a whole message was put into an address; keys of S3 objects stay as they are."""
    text = mapped.text
    if "arn%3A" not in text and "not%20authorized" not in text:
        return mapped
    builder = MappedTextBuilder(text)
    position = 0
    for match in re.finditer(r"%[2-7][0-9A-Fa-f]", text):
        builder.keep(position, match.start())
        builder.put(chr(int(match.group()[1:], 16)), *match.span())
        position = match.end()
    builder.keep(position, len(text))
    inner = builder.build()
    for index, (start, end) in enumerate(zip(inner.starts, inner.ends, strict=True)):
        inner.starts[index], inner.ends[index] = mapped.starts[start], mapped.ends[end - 1]
    return inner
