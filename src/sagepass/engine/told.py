"""What explanations can say of a condition key that a request does not give."""

from __future__ import annotations

from collections.abc import Hashable

from sagepass.policy.context import Known


class Told:
    """What is known of a key that is not given, and why it is absent.

    Two are equal only if they are one: whoever keeps them has one for each origin of the key.
    """

    __slots__ = ("known", "reason")

    def __init__(self, known: Known, reason: str | None) -> None:
        self.known = known
        self.reason = reason


def states_of(told: tuple[Hashable, ...]) -> tuple[Hashable, ...]:
    """What statements can tell apart of that: all but the reason why a key that is not given is absent."""
    return tuple([one.known if type(one) is Told else one for one in told])
