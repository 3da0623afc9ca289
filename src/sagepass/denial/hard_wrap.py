"""Undo line breaks that a terminal or an editor set at a fixed column, in the middle of words.

Such a break is told from a real line's end by two signs: the lines are equally long, and at least one of the breaks
cuts a phrase of AWS's own.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from sagepass.denial.mapped_text import MappedText, MappedTextBuilder

_LEAST: Final = 20
"""Shorter lines are not the work of a terminal."""
_PHRASES: Final = (
    "is not authorized to perform:", "authorized to perform", " on resource: arn:", "because no ", "-based policy allows the", "identity-based policy",
    "resource-based policy", "service control policy", "permissions boundary", "session policy", "VPC endpoint policy", "resource control policy",
    "with an explicit deny in a", "An error occurred (", "when calling the ", " operation: ", "AccessDeniedException", "UnauthorizedOperation",
    "arn:aws:iam::", "arn:aws:sts::", "arn:aws:sagemaker:", "arn:aws:s3:::", ":assumed-role/", ":user/", ":role/", "User: arn:", "Encoded authorization failure message",
    "ValidationException", "Could not assume role", "No S3 objects found under S3 URL", "Please ensure that the ", "arn:aws-cn:", "arn:aws-us-gov:", "AccessDenied",
)  # fmt: skip
_LONGEST: Final = max(len(phrase) for phrase in _PHRASES)


@cache
def _phrases() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(phrase) for phrase in _PHRASES))


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
    inner = builder.build()
    for index, start in enumerate(inner.starts):
        inner.starts[index], inner.ends[index] = mapped.starts[start], mapped.ends[start]
    return inner


def _blocks(text: str) -> list[int]:
    """The line breaks to take away."""
    breaks: list[int] = []
    run: list[int] = []
    width, start = -1, 0
    while (end := text.find("\n", start)) >= 0:
        length = end - start
        if length >= _LEAST and _goes_on(text, end) and (length == width or not run):
            width = length
            run.append(end)
        else:
            if run and 0 < length <= width:
                breaks.extend(_checked(text, run))
                run = []
            elif run:
                breaks.extend(_checked(text, run[:-1]) if length > width else _checked(text, run))
                run = []
            if length >= _LEAST and _goes_on(text, end):
                width, run = length, [end]
            else:
                width = -1
        start = end + 1
    if run:
        breaks.extend(_checked(text, run if len(text) - start <= width else run[:-1]))
    return breaks


def _goes_on(text: str, end: int) -> bool:
    """Whether the next line could continue a cut word or sentence."""
    following = text[end + 1 : end + 2]
    return bool(following) and following not in "\n\x1e\t{}[" and text[end + 1 : end + 3] != "  "


def _checked(text: str, run: list[int]) -> list[int]:
    """The breaks of one block, if one of them cuts a phrase."""
    return run if any(_cuts_phrase(text, place) for place in run) else []


def _cuts_phrase(text: str, place: int) -> bool:
    before, after = text[max(0, place - _LONGEST) : place], text[place + 1 : place + 1 + _LONGEST].partition("\n")[0]
    before = before.rpartition("\n")[2]
    for match in _phrases().finditer(before + after):
        inside = len(before) - match.start()
        if 0 < inside < match.end() - match.start():
            phrase = match.group()
            if phrase[inside - 1] not in " -" and phrase[inside] != " ":
                return True
    return False
