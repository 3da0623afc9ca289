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
_MARKS: Final = re.compile(r"arn:aws(?:-cn|-us-gov|-iso\w?)?:\w+:|:assumed-role/|:federated-user/|s3://|:user/|:role/")
"""Pieces of a name that no writer would break."""
_WORDS: Final = frozenset(
    "access accessdenied accessdeniedexception account action allowed allows anonymous artifacts assume assumed assumerole authorization"
    " authorized based because boundary bucket calling clienterror containing container control create credentials current denied deny download"
    " encoded endpoint ensure error exception exceeded exist exists expired explicit failed failure forbidden found identity image images included"
    " instance invalid limit message model object objects occurred operation perform permission permissions please policy prefix principal"
    " provided reason region relationship request requested resource resources role sagemaker security selected service session signature source"
    " throttlingexception token trust unable unauthorizedoperation upload user validation validationexception".split()
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
    before = text[max(0, place - 64) : place].rpartition("\n")[2]
    after = text[place + 1 : place + 65].partition("\n")[0]
    left, right = re.search(r"[A-Za-z]{1,60}$", before), re.match(r"[A-Za-z]{1,60}", after)
    if left and right:
        word = left.group() + right.group()
        if word.lower() in _WORDS:
            return True
        if word[0].isupper() and is_operation(word) and not is_operation(left.group()):
            return True
    joined, inside = before + after, len(before)
    return any(match.start() < inside < match.end() for match in _MARKS.finditer(joined))
