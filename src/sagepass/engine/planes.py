"""Truths of many requests at once: two long integers with one bit per request.

Bit ``n`` of ``definite`` is set where request ``n`` is certainly true, of ``possible`` where it is true or unknown. Python's
integers are as fast as any library at "and" and "or" on some thousand bits, and need none.
"""

from __future__ import annotations


class Planes:
    """Kleene truths of all requests of a grid; see :class:`sagepass.engine.grant.Kleene`.

    Attributes:
        definite: the requests for which it certainly holds.
        possible: those for which it holds or is unknown; never less than ``definite``.
        full: all requests of the grid.
    """

    __slots__ = ("definite", "full", "possible")

    def __init__(self, definite: int, possible: int, full: int) -> None:
        self.definite = definite
        self.possible = possible
        self.full = full

    def __and__(self, other: Planes) -> Planes:
        """And, request by request."""
        return Planes(self.definite & other.definite, self.possible & other.possible, self.full)

    def __or__(self, other: Planes) -> Planes:
        """Or, request by request."""
        return Planes(self.definite | other.definite, self.possible | other.possible, self.full)

    def __invert__(self) -> Planes:
        """Not: what is unknown stays so."""
        return Planes(self.full ^ self.possible, self.full ^ self.definite, self.full)

    def softened(self) -> Planes:
        """What certainly holds stays; anything else is not settled."""
        return Planes(self.definite, self.full, self.full)

    def agreed(self, other: Planes) -> Planes:
        """The common answer of two readings of which one is right; unknown where they differ."""
        return Planes(self.definite & other.definite, self.possible | other.possible, self.full)

    def within(self, requests: int) -> Planes:
        """The same, and false for all but some requests."""
        return Planes(self.definite & requests, self.possible & requests, self.full)
