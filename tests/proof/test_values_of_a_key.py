"""Which values a key can have, against trying all small sets of short texts; and the checker of lemmas against the same."""

from __future__ import annotations

from itertools import combinations
from random import Random
from typing import Any, TypeAlias

import pytest

from sagepass.policy.glob import matches, read_pattern
from sagepass.proof.atom import Ask, Literal, atom
from sagepass.proof.budget import Budget
from sagepass.proof.certificate import _atom, _variable
from sagepass.proof.checker import _impossible, _side
from sagepass.proof.formula import FALSE, both, lit
from sagepass.proof.smt import holds_for_none
from sagepass.proof.values import Domain, Values
from sagepass.proof.word import Reading, Word, WordKind
from sagepass.proof.world import NoValue, Value, World, value_for

KEY = "aws:tagkeys"
WORDS = ("a", "b", "ab", "a*", "?", "*", "?*", "*b")
TEXTS = ("", "a", "b", "c", "d", "ab", "aa", "aba", "abb", "cb", "bb", "cc", "ba")
"""Of every class of texts that the words tell apart at least two, where there are two."""
SETS: tuple[tuple[str, ...] | None, ...] = (None, *(s for size in (1, 2, 3, 4) for s in combinations(TEXTS, size)))
Case: TypeAlias = tuple[Literal, ...]
CASES, PARTS = 1200, 4


def _literal(rng: Random) -> Literal:
    ask = rng.choice((Ask.PRESENT, Ask.SOME, Ask.EVERY, Ask.ONLY, Ask.ONLY))
    words = frozenset(Word(WordKind.LIKE, text) for text in rng.sample(WORDS, rng.choice((1, 1, 2))))
    bare = ask is Ask.PRESENT or (ask is Ask.ONLY and rng.random() < 0.3)
    values = None if bare else Values(Domain.TEXT, words=words)
    return Literal(atom(KEY, ask, values), rng.random() < 0.5)


def _holds(literal: Literal, values: tuple[str, ...] | None) -> bool:
    """What a literal means, without any of the searching."""
    listed = literal.atom.values

    def fits(text: str) -> bool:
        return listed is None or any(matches(read_pattern(word.text), text) for word in listed.words)

    found = {
        Ask.PRESENT: values is not None,
        Ask.SOME: values is not None and any(map(fits, values)),
        Ask.EVERY: values is None or all(map(fits, values)),
        Ask.ONLY: values is not None and len(values) == 1 and fits(values[0]),
    }[literal.atom.ask]
    return found is literal.positive


def _exists(literals: Case) -> bool:
    return any(all(_holds(literal, values) for literal in literals) for values in SETS)


def _set(value: Value) -> tuple[str, ...] | None:
    return (value,) if isinstance(value, str) else value


@pytest.mark.parametrize("part", range(PARTS))
def test_a_value_is_found_exactly_where_there_is_one(part: int) -> None:
    """Absent, one value, or several: the theory finds some if and only if a set makes every literal hold, and it does."""
    rng = Random(part)
    world = World(reading=Reading.SURE)
    none = 0
    for _ in range(CASES // PARTS):
        literals = tuple(_literal(rng) for _ in range(rng.randint(1, 4)))
        value = value_for(KEY, literals, world, Budget(seconds=5))
        if isinstance(value, NoValue):
            none += 1
            assert not _exists(literals), literals
        else:
            assert all(_holds(literal, _set(value)) for literal in literals), (literals, value)
    assert none > CASES // PARTS // 10


@pytest.mark.parametrize("part", range(PARTS))
def test_the_checker_of_lemmas_says_the_same(part: int) -> None:
    """The second program takes a lemma about a key if and only if no set makes all its literals hold."""
    rng = Random(part + 100)
    world = World(reading=Reading.SURE)
    refused = 0
    for _ in range(CASES // PARTS):
        literals = tuple(_literal(rng) for _ in range(rng.randint(1, 4)))
        sides = [_side(_atom(literal.atom, world), literal.positive) for literal in literals]
        taken = _impossible(sides, _variable(KEY, world))
        refused += not taken
        assert taken is not _exists(literals), literals
    assert 0 < refused < CASES // PARTS


def test_the_other_solver_says_the_same() -> None:
    """What is put to cvc5 about several values has a solution if and only if a set makes all literals hold."""
    pytest.importorskip("cvc5")
    rng = Random(7)
    shown = 0
    for _ in range(120):
        literals = tuple(_literal(rng) for _ in range(rng.randint(1, 4)))
        formula = both(lit(literal.atom, literal.positive) for literal in literals)
        none = holds_for_none(formula, World(reading=Reading.SURE), 2.0) if formula is not FALSE else True
        shown += none
        assert none is not _exists(literals), literals
    assert 0 < shown < 120


SPAN = [[0, "1", False, "1", False]]


@pytest.mark.parametrize(
    ("others", "taken"),
    [
        ([{"ask": "every", "positive": True, "domain": "number", "spans": SPAN}], False),
        ([{"ask": "every", "positive": True, "domain": "number", "spans": []}], True),
    ],
)
def test_one_number_can_be_two_texts(others: list[dict[str, Any]], taken: bool) -> None:
    """``1`` and ``1.0``: that all values are one number does not rule out that there are two of them."""
    several = [{"ask": "only", "positive": False}, {"ask": "present", "positive": True}]
    variable = {"always": False, "bound": {"groups": [], "excluded": []}}
    assert _impossible([*several, *others], variable) is taken
