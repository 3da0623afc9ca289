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
from sagepass.proof.one_value import Wanted, find_value
from sagepass.proof.values import Domain, Values
from sagepass.proof.word import Reading, Word, WordKind

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
    if any(literal.atom.ask is Ask.PRESENT and not literal.positive for literal in literals):
        return NO_VALUE
    asks = {literal.atom.ask for literal in literals}
    if Ask.ONLY in asks:
        return _one_or_several(variable, literals, world, budget, known)
    if asks & {Ask.SOME, Ask.EVERY}:
        return _several(variable, literals, world, budget, known)
    return _single(variable, literals, world, budget, known)


def _one_or_several(
    variable: str, literals: Sequence[Literal], world: World, budget: Budget, known: Mapping[str, str] | None
) -> tuple[str, ...] | NoValue:
    """One value alone, of which every literal holds; where none will do and none has to stand alone, two or more."""
    alone = [literal for literal in literals if literal.atom.ask is Ask.ONLY]
    if all(literal.positive or literal.atom.values is not None for literal in alone):
        one = _single(variable, literals, world, budget, known)
        if not isinstance(one, NoValue):
            return (one,)
    if any(literal.positive for literal in alone):
        return NO_VALUE
    others = [literal for literal in literals if literal.atom.ask is not Ask.ONLY]
    return _several(variable, others, world, budget, known, least=2)


def _single(
    variable: str, literals: Iterable[Literal], world: World, budget: Budget, known: Mapping[str, str] | None
) -> str | NoValue:
    wanted = _wanted(variable, world, known)
    for literal in literals:
        if literal.atom.values is not None:
            (wanted.groups if literal.positive else wanted.excluded).append(literal.atom.values)
    found = find_value(wanted, budget)
    return NO_VALUE if found is None else found


def _wanted(variable: str, world: World, known: Mapping[str, str] | None) -> Wanted:
    """Nothing yet but what bounds the variable."""
    bound = world.bound_of(variable)
    return Wanted(world.reading, known, bound.groups, bound.excluded)


def _several(
    variable: str,
    literals: Iterable[Literal],
    world: World,
    budget: Budget,
    known: Mapping[str, str] | None,
    *,
    least: int = 1,
) -> tuple[str, ...] | NoValue:
    """One value for each literal that asks for one, ``least`` one or two; all of them as the others demand."""
    common = _wanted(variable, world, known)
    found: dict[str, None] = {}
    for group, excluded in _one_each(literals, common) or [(None, None)]:
        value = find_value(common.also(group=group, excluded=excluded), budget)
        if value is None:
            return NO_VALUE
        found[value] = None
    if len(found) < least:
        (one,) = found
        another = find_value(common.without(one), budget)
        if another is not None:
            found[another] = None
        elif world.reading is Reading.SURE or not common.domains - {Domain.TEXT}:
            return NO_VALUE  # otherwise: one number, moment or address can be written in two ways
    return tuple(sorted(found))


def _one_each(literals: Iterable[Literal], common: Wanted) -> list[tuple[Values | None, Values | None]]:
    """What some value has to be, or must not be; what all of them have to be goes into ``common``."""
    found: list[tuple[Values | None, Values | None]] = []
    for literal in literals:
        values = literal.atom.values
        match literal.atom.ask, literal.positive:
            case Ask.EVERY, True:
                common.groups.extend([values] if values else [])
            case Ask.SOME, False:
                common.excluded.extend([values] if values else [])
            case Ask.SOME, True:
                found.append((values, None))
            case Ask.EVERY, False:
                found.append((None, values))
            case _:
                pass
    return found


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
