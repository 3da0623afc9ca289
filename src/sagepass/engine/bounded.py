"""Collections that grow with what is asked, up to a bound."""

from __future__ import annotations

from typing import TypeVar

MOST = 20_000
"""Callers, resources, actions, sites and plans that are kept; with more, a collection starts anew."""

K = TypeVar("K")
V = TypeVar("V")


def keep(kept: dict[K, V], key: K, value: V) -> V:
    """Put something into a collection that is bounded."""
    if len(kept) >= MOST:
        kept.clear()
    kept[key] = value
    return value
