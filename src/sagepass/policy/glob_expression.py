"""Many patterns as one regular expression that cannot be made slow.

Each stretch between two wildcards is found at its leftmost place, in an atomic group, and never looked for again: a text of
``n`` characters against patterns of ``m`` characters in all takes at most about ``n * m`` steps, whatever the patterns. That
the leftmost place is enough is shown in :func:`sagepass.policy.glob.matches`, which answers the same for one pattern.
Source: https://docs.python.org/3/library/re.html (atomic groups), for the syntax
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from sagepass.policy.glob import Pattern, Wildcard

Matcher = Callable[[str], re.Match[str] | None]
"""Matches a whole text, or not."""


def matcher_of(patterns: Iterable[Pattern]) -> Matcher:
    """A test whether one of the patterns matches the whole of a text. At least one pattern is needed."""
    return re.compile("|".join(_expression(pattern) for pattern in patterns), re.DOTALL).fullmatch


def _expression(pattern: Pattern) -> str:
    parts: list[str] = []
    segment = ""
    runs = 0
    for token in pattern:
        if token is Wildcard.RUN:
            parts.append(f"(?>.*?{segment})" if runs else segment)
            segment = ""
            runs += 1
        else:
            segment += "." if token is Wildcard.ONE else re.escape(token)
    parts.append(f".*{segment}" if runs else segment)
    return "".join(parts)
