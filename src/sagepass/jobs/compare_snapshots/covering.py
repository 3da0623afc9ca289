"""Whether a resource that is asked about stands for all, or for some, of what another one stands for."""

from __future__ import annotations

from functools import lru_cache

from sagepass.policy.glob import contains, overlaps, read_pattern


def is_pattern(resource: str) -> bool:
    """Whether it stands for more than itself."""
    return "*" in resource or "?" in resource


def covers(one: str, other: str) -> bool:
    """Whether the first stands for the second and for more; a name covers nothing."""
    return is_pattern(one) and one != other and _contains(one, other)


@lru_cache(maxsize=300_000)
def meets(one: str, other: str) -> bool:
    """Whether something is in both."""
    return overlaps(read_pattern(one), read_pattern(other))


@lru_cache(maxsize=300_000)
def _contains(one: str, other: str) -> bool:
    return contains(read_pattern(one), read_pattern(other))
