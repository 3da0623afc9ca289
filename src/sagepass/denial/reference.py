"""Names in running text: ARNs, ``s3://`` addresses, images, bare names, also where a line break cuts them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

TOKEN: Final = re.compile(
    r"(?:<[A-Za-z_$.][^<>\n\x1e]{0,60}>|\[[^\[\]\n\x1e]{0,60}\]|\$?\{\{?[^{}\n\x1e]{0,60}\}?\}|(?<=[:/])`[^`\s]{1,80}`|[^\s\"'<>`])+"
)
"""One word that may hold masked parts such as ``<account id>``; never fails late, so it cannot backtrack."""
_BREAK: Final = re.compile(r"[ \t]*\n[ \t]*")
_KEYWORDS: Final = re.compile(
    r"(?:because|with|is|are|was|not|on|and|or|but|to|in|for|the|status|request|at|exit|error|code|User|Please|Encoded"
    r"|Traceback|File|RequestId|Go|Service|Caused|raise|during|when)\b|[A-Za-z][\w ]{0,30}:(?:\s|$)|```"
)
_KINDS: Final = re.compile(
    r"(?:role|user|group|policy|instance profile|server certificate|mfa device|access key|saml provider) $",
    re.IGNORECASE,
)
_KIND_AND_BLANK: Final = re.compile(_KINDS.pattern.removesuffix("$"), re.IGNORECASE)
_PAIRS: Final = {")": "(", "]": "[", "}": "{", ">": "<"}


@dataclass(frozen=True, slots=True)
class Reference:
    """A name as read, and where it lies in the cleaned text."""

    value: str
    start: int
    end: int


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Narrow ``text[start:end]``: no quotes, brackets or punctuation that belong to the sentence around it."""
    while start < end and text[start] in " \t\r\n\x1e\"'`([{*,;" and not _opens_pair(text, start, end):
        if text[start] == "*" and (end - start == 1 or text[start + 1] not in "*:"):
            break
        start += 1
    while start < end and _is_trailing(text, start, end):
        end -= 1
    return start, end


def _opens_pair(text: str, start: int, end: int) -> bool:
    closing = {"(": ")", "[": "]", "{": "}", "`": "`"}.get(text[start])
    return closing is not None and closing in text[start + 1 : end - 1]


def _is_trailing(text: str, start: int, end: int) -> bool:
    last = text[end - 1]
    if last in " \t\r\n\x1e\"',;!\\|":
        return True
    if last == ":" and text.startswith(("s3:", "s3a:"), start):
        return True
    if last in _PAIRS:
        return text.count(_PAIRS[last], start, end) < text.count(last, start, end)
    if last == "`":
        return text.count("`", start, end) % 2 == 1
    if last == ".":
        dots = len(text[start:end]) - len(text[start:end].rstrip("."))
        return dots not in {3, end - start}
    return last == "*" and text[start:end].endswith("**") and text[end - 3 : end - 2] not in {"*", "/", ":"}


def token_at(text: str, position: int) -> Reference | None:
    """The name that starts at ``position``, followed over line breaks as long as it is plainly cut."""
    if text[position : position + 1] in {'"', "'", "`"} and (quoted := _quoted(text, position)):
        return quoted
    match = TOKEN.match(text, position)
    if not match:
        return None
    start, end = trimmed(text, *match.span())
    if start >= end:
        return None
    if kind := _KIND_AND_BLANK.match(text, start):
        return _named_kind(text, start, kind.end())
    return Reference(*_followed(text, start, end, match.end()))


def _quoted(text: str, position: int) -> Reference | None:
    close = text.find(text[position], position + 1, position + 2200)
    if close < 0 or "\n\n" in text[position:close]:
        return None
    return joined(text, position + 1, close)


def _named_kind(text: str, start: int, after: int) -> Reference:
    """IAM names some resources by two words: ``role NAME``, ``policy NAME``."""
    match = TOKEN.match(text, after)
    if not match or _KEYWORDS.match(text, after):
        return Reference(text[start : after - 1], start, after - 1)
    _, end = trimmed(text, *match.span())
    return Reference(text[start:end], start, end)


def _followed(text: str, start: int, end: int, raw_end: int) -> tuple[str, int, int]:
    value = text[start:end]
    if raw_end != end and not text[end:raw_end].strip("*"):
        raw_end = end
    while raw_end == end and len(value) < 2048:
        gap = _BREAK.match(text, end)
        following = TOKEN.match(text, gap.end()) if gap else None
        if not gap or not following or not _is_cut(text, value, end, gap, following):
            break
        raw_end = following.end()
        left, end = trimmed(text, *following.span())
        value += text[left:end]
    return value, start, end


def _is_cut(text: str, value: str, end: int, gap: re.Match[str], following: re.Match[str]) -> bool:
    if not re.search(r"\w", following.group()):
        return False
    if value.endswith(("...", "…")) or gap.group().count("\n") > 1 or _KEYWORDS.match(text, following.start()):
        return False
    if value.endswith(("/", "-", "_", "=", "@", ":")):
        return True
    parts = value.split(":", 5)
    if value.startswith("arn:") and len(parts) < 6:
        return bool(re.match(r"[\w:*/.<>\[\]{}$-]+$", following.group())) and ":" in following.group()
    if value.startswith("arn:") and len(parts) == 6 and not parts[5]:
        return True
    return _fills_its_line(text, end, gap) and bool(re.search(r"[\d/_-]", following.group()))


def _fills_its_line(text: str, end: int, gap: re.Match[str]) -> bool:
    """Whether the line that ends here is as long as the longest line nearby: a terminal or editor cut it."""
    if gap.group().startswith((" ", "\t")):
        return False
    first = max(text.rfind("\n", 0, end), text.rfind("\x1e", 0, end)) + 1
    length = end - first
    nearby = text[max(0, first - 600) : end + 600].split("\n")
    return length >= 30 and length >= max(len(line) for line in nearby)


def joined(text: str, start: int, end: int) -> Reference | None:
    """All of ``text[start:end]`` as one name; line breaks inside it are undone.

    A name that has blanks of its own (a Glue job, ``policy NAME``) keeps one blank where a line broke.
    """
    start, end = trimmed(text, start, end)
    if start >= end:
        return None
    pieces = [piece.strip() for piece in re.split(r"[ \t\x1e]*\n[ \t\x1e]*", text[start:end])]
    spaced = any(re.search(r"\s", piece) for piece in pieces) or bool(_KINDS.match(pieces[0] + " "))
    value = pieces[0]
    for piece in pieces[1:]:
        cut = value.endswith(("/", "-", "_", ":")) or not spaced
        value += piece if cut else f" {piece}"
    return Reference(value, start, end)
