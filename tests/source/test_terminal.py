"""Nothing from outside can steer the terminal."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sagepass.source.terminal import printable

SHOWN = [
    ("plain ärn:aws 漢字 😀", "plain ärn:aws 漢字 😀"),
    ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
    ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
    ("\x9b2J", "\\x9b2J"),
    ("over\rwritten", "over\\rwritten"),
    ("abc\u202egpj.exe", "abc\\u202egpj.exe"),
    ("zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"),
    ("tag\U000e0041", "tag\\U000e0041"),
    ("two\nlines\t.", "two\nlines\t."),
    ("\x00\x7f", "\\x00\\x7f"),
]


@pytest.mark.parametrize(("text", "expected"), SHOWN)
def test_what_acts_or_hides_is_made_visible(text: str, expected: str) -> None:
    """Escapes, overrides and invisible characters show as what they are; all else stays."""
    assert printable(text) == expected


def test_one_line_escapes_line_breaks_too() -> None:
    """A name cannot start a line of its own."""
    assert printable("a\nb\tc", one_line=True) == "a\\nb\\tc"


@given(st.text())
def test_no_control_or_format_character_is_left(text: str) -> None:
    """Of Unicode's control, surrogate and bidirectional characters none passes."""
    left = printable(text, one_line=True)
    assert not [character for character in left if unicodedata.category(character) in ("Cc", "Cs")]
    assert not [
        character for character in left if unicodedata.bidirectional(character) in ("RLO", "LRO", "RLI", "LRI", "FSI")
    ]
