"""Texts in some patterns and outside of others, against trying all short texts."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sagepass.policy.glob import matches, read_pattern
from sagepass.proof.budget import Budget, BudgetSpentError
from sagepass.proof.emptiness import find_text
from sagepass.proof.glob import Glob
from sagepass.proof.word import Reading, Word, WordKind
from sagepass.proof.word_glob import matched_by

PATTERNS = st.text(alphabet="ab*?", max_size=5)
SHORT = ["".join(text) for size in range(6) for text in product("abc", repeat=size)]


def glob(text: str, kind: WordKind = WordKind.LIKE, reading: Reading = Reading.SURE) -> Glob:
    """A pattern compiled."""
    found = matched_by(Word(kind, text), reading, positive=True)
    assert found is not None
    return found


FEW = st.lists(PATTERNS, min_size=1, max_size=2)
MANY = st.lists(PATTERNS, min_size=8, max_size=12, unique=True)
"""As many as are looked at one by one."""


@given(st.lists(FEW | MANY, max_size=2), st.lists(PATTERNS, max_size=2))
def test_the_text_is_the_shortest_one(groups: list[list[str]], excluded: list[str]) -> None:
    """A text is found if and only if there is one, it fits, and none is shorter."""
    found = find_text(
        [frozenset(map(glob, group)) for group in groups], frozenset(map(glob, excluded)), Budget(seconds=5)
    )

    def fits(text: str) -> bool:
        inside = all(any(matches(read_pattern(item), text) for item in group) for group in groups)
        return inside and not any(matches(read_pattern(item), text) for item in excluded)

    shortest = min((len(text) for text in SHORT if fits(text)), default=None)
    if found is None:
        assert shortest is None
    else:
        assert fits(found)
        assert shortest is None or len(found) == shortest


@given(st.text(alphabet="ab:*?", max_size=6), st.text(alphabet="abc:", max_size=8))
def test_a_compiled_pattern_matches_what_the_engine_matches(pattern: str, text: str) -> None:
    """The bit-parallel automaton and the engine's matcher agree on every pattern and text."""
    assert glob(pattern).accepts(text) == matches(read_pattern(pattern), text)


@pytest.mark.parametrize(
    ("kind", "reading", "pattern", "text", "fits"),
    [
        (WordKind.RESOURCE, Reading.ACROSS, "arn:aws:s3:::*data", "arn:aws:s3:::a:data", True),
        (WordKind.RESOURCE, Reading.WITHIN, "arn:aws:s3:::*data", "arn:aws:s3:::a:data", False),
        (WordKind.RESOURCE, Reading.WITHIN, "arn:aws:s3:::*data", "arn:aws:s3:::a/data", True),
        (WordKind.RESOURCE, Reading.WITHIN, "arn:aws:logs:*:x", "arn:aws:logs:a:b:x", True),
        (WordKind.ARN, Reading.SURE, "arn:aws:sns:*:*:a", "arn:aws:sns:us-east-1:111122223333:a", True),
        (WordKind.ARN, Reading.SURE, "arn:aws:*:x:1:a", "arn:aws:sns:us:x:1:a", False),
        (WordKind.ARN, Reading.SURE, "arn:aws:sns:*:1:a*", "arn:aws:sns:x:1:a:b", True),
        (WordKind.ARN, Reading.SURE, "*:aws:sns:*:1:a", "arn:aws:sns:x:1:a", True),
        (WordKind.ARN, Reading.SURE, "*:aws:sns:*:1:a", "urn:aws:sns:x:1:a", False),
        (WordKind.EQUALS, Reading.SURE, "a*", "a*", True),
        (WordKind.EQUALS, Reading.SURE, "a*", "ab", False),
        (WordKind.FOLDED, Reading.SURE, "Team", "tEAM", True),
        (WordKind.SHAPE, Reading.SURE, "arn:{seg1}:{12}:?*", "arn:aws:111122223333:x", True),
        (WordKind.SHAPE, Reading.SURE, "arn:{seg1}:{12}:?*", "arn:aws:11112222333:x", False),
        (WordKind.SHAPE, Reading.SURE, "arn:{seg1}:{12}:?*", "arn::111122223333:x", False),
    ],
)
def test_words_are_read_as_documented(kind: WordKind, reading: Reading, pattern: str, text: str, fits: bool) -> None:
    """Each kind of word has its own wildcards, and what AWS leaves open has two readings."""
    assert glob(pattern, kind, reading).accepts(text) is fits


def test_a_hundred_patterns_are_one_search() -> None:
    """Many patterns side by side are no product of many automata: 100 of them against 99 take well under a second."""
    rng = Random(1)
    names = [f"arn:aws:sagemaker:*:*:model/{''.join(rng.choices('abcdef', k=12))}*" for _ in range(100)]
    budget = Budget(seconds=2)
    assert find_text([frozenset(map(glob, names))], frozenset(map(glob, names)), budget) is None
    found = find_text([frozenset(map(glob, names))], frozenset(map(glob, names[1:])), budget)
    assert found is not None
    assert matches(read_pattern(names[0]), found)


def test_an_exponential_search_ends_with_the_budget() -> None:
    """The classic bad case is given up with the budget named, and does not hang."""
    pattern, other = "*a" + "?" * 26, "*b" + "?" * 27
    with pytest.raises(BudgetSpentError, match=r"memory|time"):
        find_text(
            [frozenset({glob("*a" + "?" * 26 + "*a" + "?" * 30)})],
            frozenset({glob(pattern), glob(other)}),
            Budget(seconds=1, megabytes=30),
        )
