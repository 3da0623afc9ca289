"""What holds for the variables of a request whatever the policies say, and the values that a set of literals allows.

A key is absent, or has one value, or (a multivalued key) has several; a resource always has one.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from sagepass.catalog.condition_keys import KeyType, condition_key
from sagepass.catalog.global_keys import GLOBAL_KEYS, Presence
from sagepass.proof.atom import ACTION, FREE, RESOURCE, Ask, Literal
from sagepass.proof.budget import Budget
from sagepass.proof.emptiness import Group, accepts, find_text
from sagepass.proof.values import Domain, Span, Values, find_point
from sagepass.proof.word import Reading, Word, WordKind, variables_of
from sagepass.proof.word_glob import filled, matched_by

Value: TypeAlias = str | tuple[str, ...] | None
"""One value; several values; ``None``: absent."""
Assignment: TypeAlias = dict[str, Value]
"""Variable to value; a variable that is not in it can have any value, or none."""


class NoValue:
    """The answer "no value will do"."""


NO_VALUE = NoValue()
_ALWAYS = frozenset({Presence.ALWAYS, Presence.SIGNED})
_MINIMISING = 0.05
"""Seconds for making one conflict smaller."""
_NOT_EMPTY = frozenset({Word(WordKind.SHAPE, "?*")})


@dataclass(frozen=True, slots=True)
class Bound:
    """The values that a variable can have at all: one word of each group, none of the excluded ones."""

    groups: tuple[frozenset[Word], ...] = ()
    excluded: frozenset[Word] = frozenset()


_NO_BOUND = Bound()
_TRUE_OR_FALSE = Bound((frozenset({Word(WordKind.EQUALS, "true"), Word(WordKind.EQUALS, "false")}),))


@lru_cache(maxsize=4096)
def _key_bound(variable: str) -> Bound:
    known = condition_key(variable) if ":" in variable else None
    return _TRUE_OR_FALSE if known is not None and known.type is KeyType.BOOL else _NO_BOUND


@dataclass(frozen=True, kw_only=True, slots=True)
class World:
    """How words are read, and what bounds the variables."""

    reading: Reading = Reading.SURE
    bounds: Mapping[str, Bound] = field(default_factory=dict)

    def read_as(self, reading: Reading) -> World:
        """The same in another way of reading."""
        return self if self.reading is reading else World(reading=reading, bounds=self.bounds)

    def must_exist(self, variable: str) -> bool:
        """Whether every request carries the key: that of a caller who has an ARN."""
        bound = self.bounds.get(variable)
        return bound is not None and bool(bound.groups)

    def bound_of(self, variable: str) -> Bound:
        """What bounds a variable; a key of type Bool holds true or false."""
        return self.bounds.get(variable) or _key_bound(variable)


@dataclass(slots=True)
class _Wanted:
    """What one value has to be and must not be."""

    world: World
    known: Mapping[str, str] | None
    groups: list[Values] = field(default_factory=list)
    excluded: list[Values] = field(default_factory=list)

    def also(self, *, group: Values | None = None, excluded: Values | None = None) -> _Wanted:
        """The same and more."""
        return _Wanted(
            self.world,
            self.known,
            [*self.groups, *([group] if group else [])],
            [*self.excluded, *([excluded] if excluded else [])],
        )


def value_for(
    variable: str, literals: Sequence[Literal], world: World, budget: Budget, known: Mapping[str, str] | None = None
) -> Value | NoValue:
    """A value of a variable with which all the literals hold, or :data:`NO_VALUE`.

    Args:
        variable: the variable that all the literals are about.
        literals: what has to hold.
        world: how open points are read, and what bounds the variable.
        budget: what the search may cost.
        known: values for policy variables; without them a policy variable can be any text.

    Raises:
        BudgetSpentError: the search took too much.
    """
    if variable == FREE:
        return None
    if variable in {RESOURCE, ACTION}:
        return _single(variable, literals, world, budget, known)
    absent_fits = not world.must_exist(variable) and all(_when_absent(literal) for literal in literals)
    present_first = not absent_fits or _always_present(variable)
    if not present_first:
        return None
    found = _present(variable, literals, world, budget, known)
    return None if isinstance(found, NoValue) and absent_fits else found


def _when_absent(literal: Literal) -> bool:
    """Whether the literal holds where the request does not carry the key."""
    return (literal.atom.ask is Ask.EVERY) is literal.positive


@lru_cache(maxsize=1024)
def _always_present(key: str) -> bool:
    row = GLOBAL_KEYS.get(key)
    return row is not None and row.presence in _ALWAYS


def _present(
    variable: str, literals: Sequence[Literal], world: World, budget: Budget, known: Mapping[str, str] | None
) -> Value | NoValue:
    asks = {literal.atom.ask for literal in literals}
    if any(literal.atom.ask is Ask.PRESENT and not literal.positive for literal in literals):
        return NO_VALUE
    if asks & {Ask.SOME, Ask.EVERY}:
        return _several(variable, literals, world, budget, known)
    return _single(variable, literals, world, budget, known)


def _single(
    variable: str, literals: Iterable[Literal], world: World, budget: Budget, known: Mapping[str, str] | None
) -> str | NoValue:
    wanted = _Wanted(world, known)
    for literal in literals:
        if literal.atom.values is not None:
            (wanted.groups if literal.positive else wanted.excluded).append(literal.atom.values)
    return _find(variable, wanted, budget)


def _several(
    variable: str, literals: Iterable[Literal], world: World, budget: Budget, known: Mapping[str, str] | None
) -> tuple[str, ...] | NoValue:
    """One value for each literal that asks for one; all of them as the others demand."""
    common = _Wanted(world, known)
    one_each: list[tuple[Values | None, Values | None]] = []
    for literal in literals:
        values = literal.atom.values
        match literal.atom.ask, literal.positive:
            case Ask.EVERY, True:
                common.groups.extend([values] if values else [])
            case Ask.SOME, False:
                common.excluded.extend([values] if values else [])
            case Ask.SOME, True:
                one_each.append((values, None))
            case Ask.EVERY, False:
                one_each.append((None, values))
            case _:
                pass
    found: dict[str, None] = {}
    for group, excluded in one_each or [(None, None)]:
        one = _find(variable, common.also(group=group, excluded=excluded), budget)
        if isinstance(one, NoValue):
            return NO_VALUE
        found[one] = None
    return tuple(sorted(found))


def _find(variable: str, wanted: _Wanted, budget: Budget) -> str | NoValue:
    domains = {values.domain for values in (*wanted.groups, *wanted.excluded)}
    if not domains - {Domain.TEXT}:
        text = _find_text(variable, wanted, budget)
        return NO_VALUE if text is None else text
    points = [_find_point(domain, wanted) for domain in Domain if domain in domains and domain is not Domain.TEXT]
    point = next((point for point in points if point is not None), None)
    if point is None or None in points:
        return NO_VALUE
    if Domain.TEXT in domains or len(points) > 1:
        return _mixed(variable, wanted, budget, point)
    return point


def _mixed(variable: str, wanted: _Wanted, budget: Budget, point: str) -> str | NoValue:
    """A key that is compared in two ways at once: each way is looked at by itself, which can only say yes too often."""
    text = _find_text(variable, wanted, budget)
    if text is None:
        return NO_VALUE
    groups, excluded = _texts(variable, wanted)
    fits = all(accepts(group, point) for group in groups) and not accepts(excluded, point)
    return point if fits or wanted.world.reading is not Reading.SURE else NO_VALUE


def _find_point(domain: Domain, wanted: _Wanted) -> str | None:
    groups = [values.spans for values in wanted.groups if values.domain is domain]
    excluded: list[Span] = [span for values in wanted.excluded if values.domain is domain for span in values.spans]
    return find_point(domain, groups, excluded)


def _find_text(variable: str, wanted: _Wanted, budget: Budget) -> str | None:
    groups, excluded = _texts(variable, wanted)
    found = find_text(groups, excluded, budget)
    if found != "":
        return found
    return find_text([*groups, _globs(_NOT_EMPTY, wanted.world.reading, True)], excluded, budget) or found


def _texts(variable: str, wanted: _Wanted) -> tuple[list[Group], Group]:
    reading, known = wanted.world.reading, wanted.known
    bound = wanted.world.bound_of(variable)
    groups = [_globs(words, reading, True) for words in bound.groups]
    groups += [
        _globs_with(values.words, reading, known, positive=True)
        for values in wanted.groups
        if values.domain is Domain.TEXT
    ]
    out: set[frozenset[Word]] = {bound.excluded} if bound.excluded else set()
    out.update(values.words for values in wanted.excluded if values.domain is Domain.TEXT)
    excluded: Group = frozenset().union(*(_globs_with(words, reading, known, positive=False) for words in out))
    return groups, excluded


def _globs_with(words: frozenset[Word], reading: Reading, known: Mapping[str, str] | None, *, positive: bool) -> Group:
    if known is None or not any(variables_of(word) for word in words):
        return _globs(words, reading, positive)
    found = (filled(word, known, reading, positive=positive) for word in words)
    return frozenset(glob for glob in found if glob is not None)


@lru_cache(maxsize=32768)
def _globs(words: frozenset[Word], reading: Reading, positive: bool) -> Group:
    found = (matched_by(word, reading, positive=positive) for word in words)
    return frozenset(glob for glob in found if glob is not None)


def core(variable: str, literals: Sequence[Literal], world: World, budget: Budget) -> list[Literal]:
    """A small part of literals that cannot hold together, which is still enough for that.

    Where one look at the variable is slow already, what has been left out by then is enough.
    """
    kept = list(literals)
    deadline = time.monotonic() + _MINIMISING
    size = max(1, len(kept) // 2)
    while True:
        place = 0
        while place < len(kept) and len(kept) > 1:
            rest = kept[:place] + kept[place + size :]
            if time.monotonic() > deadline:
                return kept
            if rest and isinstance(value_for(variable, rest, world, budget), NoValue):
                kept = rest
            else:
                place += size
        if size == 1:
            return kept
        size //= 2
