"""Many patterns as one regular expression that cannot be made slow.

Each stretch between two wildcards is found at its leftmost place, in an atomic group, and never looked for again: a text of
``n`` characters against patterns of ``m`` characters in all takes at most about ``n * m`` steps, whatever the patterns. That
the leftmost place is enough is shown in :func:`sagepass.policy.glob.matches`, which answers the same for one pattern.
Source: https://docs.python.org/3/library/re.html (atomic groups), for the syntax
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from sagepass.policy.glob import Pattern, Token, Wildcard

Matcher = Callable[[str], re.Match[str] | None]
"""Matches a whole text, or not."""


def matcher_of(patterns: Iterable[Pattern]) -> Matcher:
    """A test whether one of the patterns matches the whole of a text. At least one pattern is needed."""
    return _compiled(_expression(pattern, _anything) for pattern in patterns)


def matcher_within_segments(patterns: Iterable[Pattern]) -> Matcher:
    """A test that finds most matches in which no ``*`` inside a segment of an ARN runs over a colon.

    What it finds is such a match; what it does not find may still be one (see
    :func:`sagepass.policy.match_resource.within_segments`), since here the leftmost place is not always the right one.
    """
    return _compiled(_expression(pattern, _inside) for pattern in patterns)


def _compiled(expressions: Iterable[str]) -> Matcher:
    return re.compile("|".join(expressions), re.DOTALL).fullmatch


def _anything(_after: Token | None) -> str:
    return "."


def _inside(after: Token | None) -> str:
    """What a run may cover, by what follows it."""
    return "." if after is None or (isinstance(after, str) and after.startswith(":")) else "[^:]"


def _expression(pattern: Pattern, covers: Callable[[Token | None], str]) -> str:
    parts: list[str] = []
    run = segment = ""
    for token, after in zip(pattern, (*pattern, None)[1:], strict=True):
        if token is Wildcard.RUN:
            parts.append(f"(?>{run}*?{segment})" if run else segment)
            run, segment = covers(after), ""
        else:
            segment += "." if token is Wildcard.ONE else re.escape(token)
    parts.append(f"{run}*{segment}" if run else segment)
    return "".join(parts)
