"""Three-valued truth: what is certain, and what the evidence does not settle."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum


class Truth(IntEnum):
    """Kleene's three values, ordered so that "and" is the minimum and "or" the maximum."""

    FALSE = 0
    UNKNOWN = 1
    TRUE = 2

    def __invert__(self) -> Truth:
        """Not: certain answers turn round, an unknown stays unknown."""
        return _NOT[self]

    def __and__(self, other: int) -> Truth:
        """And: the lower of the two."""
        return self if self <= other else Truth(other)

    def __or__(self, other: int) -> Truth:
        """Or: the higher of the two."""
        return self if self >= other else Truth(other)

    def softened(self) -> Truth:
        """What certainly holds stays; anything else is not settled."""
        return self if self is Truth.TRUE else Truth.UNKNOWN

    def agreed(self, other: Truth) -> Truth:
        """The common answer of two readings of which one is right; unknown if they differ."""
        return self if self is other else Truth.UNKNOWN

    @staticmethod
    def of(value: bool) -> Truth:
        """A certain answer."""
        return Truth.TRUE if value else Truth.FALSE


_NOT = {Truth.FALSE: Truth.TRUE, Truth.UNKNOWN: Truth.UNKNOWN, Truth.TRUE: Truth.FALSE}


def all_of(values: Iterable[Truth]) -> Truth:
    """And: false if one is false; true for none at all."""
    return min(values, default=Truth.TRUE)


def any_of(values: Iterable[Truth]) -> Truth:
    """Or: true if one is true; false for none at all."""
    return max(values, default=Truth.FALSE)
