"""Parsing JSON: what is accepted, what is refused, and in which words."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sagepass.source.errors import SourceError
from sagepass.source.json_text import MAX_DEPTH, nesting_exceeds, parse_json

REFUSED = [
    ("  \n ", "the text is empty", None),
    ("hello", "this is not JSON", (1, 1)),
    ("<html></html>", "this is HTML or XML", (1, 1)),
    ('{"a": [1, 2', "the JSON ends in the middle", (1, 12)),
    ('{"a": "cut', "the JSON ends in the middle", (1, 7)),
    ('{"a": 1,\n "b" 2}', "syntax error: expecting ':' delimiter", (2, 6)),
    ('{"a": 1,}', "syntax error", None),
    ("{'a': 1}", "syntax error", (1, 2)),
    ('{"a": 1} {"b": 2}', "more text after the end", (1, 10)),
    ('{"s": "NaN",\n "a": NaN}', "NaN is not a JSON value", (2, 7)),
    ('{"a": -Infinity}', "-Infinity is not a JSON value", (1, 7)),
    ("{" + '"a":[' * 1000 + "]" * 1000 + "}", "nested more than 200 levels", None),
    ("[" * 1_000_000, "nested more than 200 levels", None),
    ('{"a": ' + "9" * 5000 + "}", "a number is too long", None),
    ("\nAn error occurred (AccessDenied) when calling X: no", "an error message of the AWS CLI", (2, None)),
]


@pytest.mark.parametrize(("text", "message", "place"), REFUSED, ids=[repr(row[0][:20]) for row in REFUSED])
def test_refusals_say_what_where_and_what_to_do(text: str, message: str, place: tuple[int, int | None] | None) -> None:
    """Every text that is no strict JSON is refused with a fact in lower case, its place, and a remedy."""
    with pytest.raises(SourceError) as refused:
        parse_json(text, "policy.json")
    assert message in refused.value.message
    assert refused.value.remedy
    assert str(refused.value).startswith("policy.json")
    if place is not None:
        assert (refused.value.line, refused.value.column) == place


def test_size_is_bounded() -> None:
    """A text over the limit is refused before it is parsed."""
    with pytest.raises(SourceError, match="more than the limit of 10"):
        parse_json("[1, 2, 3, 4]", "big.json", max_size=10)


def test_doubled_keys_are_noted_and_the_last_one_counts() -> None:
    """The value is what AWS reads; the side table knows which object had which key twice."""
    parsed = parse_json('{"a": 1, "b": {"x": 1, "y": 2, "x": 3}, "a": 4}', "d.json")
    assert parsed.value == {"a": 4, "b": {"x": 3, "y": 2}}
    assert isinstance(parsed.value, dict)
    assert parsed.duplicates[id(parsed.value)] == ("a",)
    assert parsed.duplicates[id(parsed.value["b"])] == ("x",)
    assert len(parsed.duplicates) == 2


def test_byte_order_mark_is_skipped() -> None:
    """A mark in front of the text, as some editors write it, does not matter."""
    assert parse_json("\ufeff[1]", "b.json").value == [1]


@given(st.recursive(st.none() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_valid_json_is_read_as_the_standard_library_reads_it(value: object) -> None:
    """Bounds and hooks change no value."""
    assert parse_json(json.dumps(value), "x").value == value


@given(st.integers(min_value=1, max_value=60), st.integers(min_value=0, max_value=60))
def test_nesting_is_counted_exactly(depth: int, limit: int) -> None:
    """Brackets inside strings do not count, closed siblings do not add up."""
    text = '[{"[[[": "]]{\\"["}, [], ' * depth + "1" + "]" * depth
    assert nesting_exceeds(text, limit) == (max(depth, 1) + 1 > limit)


def test_nesting_of_hostile_text_is_checked_in_linear_time() -> None:
    """Unclosed strings and endless quotes do not slow the check down."""
    start = time.perf_counter()
    for text in ('"' * 1_000_000, '"\\' * 500_000, "[]" * 500_000, '{"a' * 300_000):
        nesting_exceeds(text, MAX_DEPTH)
    assert time.perf_counter() - start < 5
