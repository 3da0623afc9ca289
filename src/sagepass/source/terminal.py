"""Text from outside made safe to show: nothing in it can move the cursor, recolour, hide or reorder what is printed.

Source: https://www.unicode.org/reports/tr36/ (bidirectional text spoofing), ECMA-48 (control functions).
"""

from __future__ import annotations

import re
from functools import cache

_HIDDEN = (
    "\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f"  # C0 and C1 controls, without tab and line feed
    "\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f"  # soft hyphen, joiners, invisible fillers
    "\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb"
    "\\ud800-\\udfff\\U0001d173-\\U0001d17a\\U000e0000-\\U000e0fff"  # lone surrogates, tag characters
)


def printable(text: str, *, one_line: bool = False) -> str:
    r"""Replace every character that a terminal acts on, or that shows nothing, by a visible escape.

    ``ESC`` becomes ``\x1b``, a right-to-left override ``\u202e``. Tabs and line feeds stay, unless ``one_line`` asks
    for a single line (a name, a cell of a table): then they are escaped too.
    """
    return _pattern(one_line).sub(_escape, text)


@cache
def _pattern(one_line: bool) -> re.Pattern[str]:
    return re.compile("[" + _HIDDEN + ("\\t\\n" if one_line else "") + "]")


def _escape(found: re.Match[str]) -> str:
    code = ord(found.group())
    named = {9: "\\t", 10: "\\n", 13: "\\r"}.get(code)
    if named:
        return named
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
