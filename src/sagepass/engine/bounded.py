"""Collections that grow with what is asked, up to a bound."""

from __future__ import annotations

from typing import TypeVar

MOST = 20_000
"""Callers, resources, actions, sites and plans that are kept; with more, a collection starts anew."""

K = TypeVar("K")
V = TypeVar("V")


def keep(kept: dict[K, V], key: K, value: V, most: int | None = None) -> V:
    """Put something into a collection that is bounded: by ``most``, or else by :data:`MOST`."""
    if len(kept) >= (MOST if most is None else most):
        kept.clear()
    kept[key] = value
    return value
