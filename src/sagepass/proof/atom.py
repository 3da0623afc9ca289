"""The atoms of a proof: one statement about one variable of the request.

The variables are the resource, the action (only where actions outside of the catalog count) and each condition key.
Without policy variables every element of a policy is a statement about one of them, so that a policy is a Boolean
formula over atoms, and the atoms of one variable can be looked at without the others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TypeAlias
from weakref import WeakValueDictionary

from sagepass.proof.values import Values
from sagepass.proof.word import Word, is_open, open_point, variables_of

RESOURCE = "(resource)"
ACTION = "(action)"
FREE = "(free)"
"""The pseudo-variable of atoms that are about no part of the request: unknowns and facts."""


class Ask(StrEnum):
    """What an atom asks of its variable."""

    PRESENT = "present"
    """The request carries the key."""
    ONE = "one"
    """The key has one value, and it is one of these."""
    SOME = "some"
    """The key has several values, and at least one of them is one of these (ForAnyValue)."""
    EVERY = "every"
    """The key is absent, or every one of its values is one of these (ForAllValues)."""
    ONLY = "only"
    """The key can have several values, and has one alone, which is one of these; without values: has one alone."""
    FREE = "free"
    """Not known; the name says what."""
    FACT = "fact"
    """A fact about the request that is either so or not; the name says which."""


class Atom:
    """One atom; equal atoms are one object (:func:`atom`).

    Attributes:
        variable: ``(resource)``, ``(action)``, or a lower-cased condition key.
        ask: what is asked.
        values: the values it is about; ``None`` for presence, for one value alone, and for the unknown.
        name: for the unknown, what is not known.
    """

    __slots__ = ("__dict__", "__weakref__", "ask", "name", "values", "variable")

    def __init__(self, variable: str, ask: Ask, values: Values | None, name: str) -> None:
        self.variable = variable
        self.ask = ask
        self.values = values
        self.name = name

    @cached_property
    def open(self) -> bool:
        """Whether AWS's documentation leaves open what it matches, or nothing is known of it."""
        if self.values is not None:
            return any(is_open(word) for word in self.values.words)
        return self.ask is Ask.FREE

    @cached_property
    def depends(self) -> bool:
        """Whether it holds a policy variable, and so depends on another part of the request."""
        return self.values is not None and any(variables_of(word) for word in self.values.words)

    @property
    def open_point(self) -> str:
        """What keeps it from being exact."""
        if self.values is None:
            return self.name
        return next((point for word in self.values.words if (point := open_point(word))), "")


_Key: TypeAlias = tuple[str, Ask, Values | None, str]
_INTERNED: WeakValueDictionary[_Key, Atom] = WeakValueDictionary()


def atom(variable: str, ask: Ask, values: Values | None = None, name: str = "") -> Atom:
    """The atom that says this."""
    key = (variable, ask, values, name)
    found = _INTERNED.get(key)
    if found is None:
        found = Atom(*key)
        _INTERNED[key] = found
    return found


@dataclass(frozen=True, slots=True)
class Literal:
    """An atom, or its opposite."""

    atom: Atom
    positive: bool = True


def by_variable(literals: Iterable[Literal]) -> dict[str, list[Literal]]:
    """The literals of each variable."""
    groups: dict[str, list[Literal]] = {}
    for literal in literals:
        groups.setdefault(literal.atom.variable, []).append(literal)
    return groups


def words_of(about: Atom) -> tuple[Word, ...]:
    """The words of an atom."""
    return () if about.values is None else tuple(about.values.words)
