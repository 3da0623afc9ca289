"""One pattern against another: whether it covers, or meets, what the other stands for, held against all short texts."""

from __future__ import annotations

from itertools import product

from sagepass.policy.glob import Wildcard, contains, matches, overlaps, read_pattern

TEXTS = ["".join(letters) for length in range(7) for letters in product("ab", repeat=length)]
PATTERNS = ["".join(letters) for length in range(4) for letters in product("ab*?", repeat=length)]
MATCHED = {pattern: frozenset(text for text in TEXTS if matches(read_pattern(pattern), text)) for pattern in PATTERNS}


def test_patterns_meet_where_some_text_matches_both() -> None:
    """Exact in both directions: two patterns of three tokens that meet do so in a text of at most six characters."""
    met = 0
    for one, other in product(PATTERNS, PATTERNS):
        expected = not MATCHED[one].isdisjoint(MATCHED[other])
        assert overlaps(read_pattern(one), read_pattern(other)) is expected, (one, other)
        met += expected
    assert 0 < met < len(PATTERNS) ** 2


def test_what_is_said_to_be_covered_is() -> None:
    """Every text of the covered pattern matches the other; a pattern covers itself, and a run everything."""
    covered = 0
    for one, other in product(PATTERNS, PATTERNS):
        if contains(read_pattern(one), read_pattern(other)):
            assert MATCHED[other] <= MATCHED[one], (one, other)
            covered += one != other
        assert contains(read_pattern("*"), read_pattern(other))
    assert covered > 1000
    assert all(contains(read_pattern(pattern), read_pattern(pattern)) for pattern in PATTERNS)


def test_runs_side_by_side_and_signs_that_are_no_wildcards() -> None:
    """Filled-in variables may bring both: two runs are one, and a literal ``*`` is a character."""
    runs = (Wildcard.RUN, Wildcard.RUN, "b")
    assert overlaps(runs, read_pattern("a?"))
    assert contains(runs, read_pattern("*b"))
    assert not overlaps(("*",), ("?",))
    assert overlaps(("*",), (Wildcard.ONE,))
    assert not contains(("*",), (Wildcard.RUN,))
