"""What explanations can say of a condition key that a request does not give."""

from __future__ import annotations

from collections.abc import Hashable

from sagepass.policy.context import Known


class Told:
    """What is known of a key that is not given, and why it is absent; quickly compared."""

    __slots__ = ("_hash", "known", "reason")

    def __init__(self, known: Known, reason: str | None) -> None:
        self.known = known
        self.reason = reason
        self._hash = hash((known, reason))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Told) and (self.known, self.reason) == (other.known, other.reason)

    def __hash__(self) -> int:
        return self._hash


def states_of(told: tuple[Hashable, ...]) -> tuple[Hashable, ...]:
    """What statements can tell apart of that: all but the reason why a key that is not given is absent."""
    return tuple([one.known if type(one) is Told else one for one in told])
