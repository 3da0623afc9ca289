"""Undo line breaks that a terminal or an editor set at a fixed column, in the middle of words.

Such a break is told from a real line's end by two signs: the lines are equally long, and at least one of the breaks
cuts a phrase of AWS's own.
"""

from __future__ import annotations

import re
from typing import Final

from sagepass.denial.mapped_text import MappedText, MappedTextBuilder
from sagepass.denial.operation import is_operation

_LEAST: Final = 20
"""Shorter lines are not the work of a terminal."""
_TELLING: Final = 5
"""So many lines of one length in a row are no chance."""
_MARKS: Final = re.compile(
    r"arn:aws(?:-cn|-us-gov|-iso\w?)?:\w+:|:assumed-role/|:federated-user/|s3://|:user/|:role/|AWSCloudFormationStackSet\w+|\.amazonaws\.com|git-codecommit\.|\.codeartifact\."
)
"""Pieces of a name that no writer would break."""
_WORDS: Final = frozenset(
    [
        "access",
        "accessdenied",
        "accessdeniedexception",
        "account",
        "action",
        "allowed",
        "allows",
        "anonymous",
        "artifacts",
        "assume",
        "assumed",
        "assumerole",
        "authentication",
        "authorization",
        "authorized",
        "based",
        "because",
        "boundary",
        "bucket",
        "calling",
        "client",
        "clienterror",
        "container",
        "containing",
        "control",
        "create",
        "credentials",
        "current",
        "denied",
        "deny",
        "download",
        "encoded",
        "endpoint",
        "ensure",
        "error",
        "exceeded",
        "exception",
        "exist",
        "exists",
        "expired",
        "explicit",
        "failed",
        "failure",
        "forbidden",
        "found",
        "identity",
        "image",
        "images",
        "included",
        "instance",
        "invalid",
        "limit",
        "listing",
        "message",
        "model",
        "multifactorauthentication",
        "object",
        "objects",
        "occurred",
        "operation",
        "perform",
        "permission",
        "permissions",
        "permitted",
        "please",
        "policy",
        "prefix",
        "principal",
        "provided",
        "reading",
        "reason",
        "region",
        "relationship",
        "request",
        "requested",
        "resource",
        "resources",
        "returned",
        "role",
        "sagemaker",
        "security",
        "selected",
        "service",
        "session",
        "should",
        "signature",
        "source",
        "throttlingexception",
        "token",
        "trust",
        "unable",
        "unauthorizedoperation",
        "upload",
        "user",
        "validation",
        "validationexception",
    ]
)
"""Words of AWS's messages; a line that ends within one of them was cut."""


def without_hard_wraps(mapped: MappedText) -> MappedText:
    """Join the lines of every block that was wrapped at a fixed column."""
    text = mapped.text
    breaks = _blocks(text)
    if not breaks:
        return mapped
    builder = MappedTextBuilder(text)
    position = 0
    for place in breaks:
        builder.keep(position, place)
        position = place + 1
    builder.keep(position, len(text))
    return builder.build_over(mapped)


def _blocks(text: str) -> list[int]:
    """The line breaks to take away: those of runs of equally long lines, together with a shorter last line."""
    breaks: list[int] = []
    run: list[int] = []
    width, start = -1, 0
    while (end := text.find("\n", start)) >= 0:
        length = end - start - text.startswith("\r", end - 1)
        if run and length != width:
            breaks.extend(_checked(text, run if length < width else run[:-1]))
            run = []
        if length >= _LEAST and _goes_on(text, end):
            width = length
            run.append(end)
        elif run:
            breaks.extend(_checked(text, run))
            run = []
        start = end + 1
    return [*breaks, *_checked(text, run if len(text) - start <= width else run[:-1])] if run else breaks


def _goes_on(text: str, end: int) -> bool:
    """Whether the next line could continue a cut word or sentence."""
    following = text[end + 1 : end + 2]
    return bool(following) and following not in "\r\n\x1e\t{}" and text[end + 1 : end + 3] != "  "


def _checked(text: str, run: list[int]) -> list[int]:
    """The breaks of one run, if one of them plainly cuts something."""
    return run if len(run) >= _TELLING or any(_is_cut(text, place, several=len(run) > 1) for place in run) else []


def _is_cut(text: str, place: int, *, several: bool) -> bool:
    before = text[max(0, place - 64) : place].rpartition("\n")[2].rstrip("\r")
    after = text[place + 1 : place + 65].partition("\n")[0]
    if several and place and (before.endswith(" ") or after.startswith(" ")) and len(before) >= _LEAST:
        return True
    left, right = re.search(r"[A-Za-z]{1,60}$", before), re.match(r"[A-Za-z]{1,60}", after)
    if left and right and _is_word(left.group(), right.group(), before, after):
        return True
    number = re.search(r":(\d{1,11})$", before), re.match(r"(\d{1,11})[:.]", after)
    if number[0] and number[1] and len(number[0][1]) + len(number[1][1]) == 12:
        return True
    joined, inside = before + after, len(before)
    return any(match.start() < inside < match.end() for match in _MARKS.finditer(joined))


def _is_word(left: str, right: str, before: str, after: str) -> bool:
    """Whether two pieces on either side of a break are one word; only ``a`` and ``I`` are words of one letter."""
    word = left + right
    if word.lower() in _WORDS:
        return True
    if len(left) == 1 and left not in "aAI" and before.endswith(f" {left}"):
        return True
    if len(right) == 1 and right not in "aAI" and after.startswith(f"{right} "):
        return True
    return (
        (len(left) > 1 or before.endswith(f":{left}"))
        and word[0].isupper()
        and is_operation(word)
        and not is_operation(left)
    )
