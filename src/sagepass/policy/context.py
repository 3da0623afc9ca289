"""The request context: condition keys with values, known to be absent, or not known.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from types import MappingProxyType
from typing import TypeAlias

from sagepass.policy.kinds import Evidence


@dataclass(frozen=True, slots=True)
class KeyValue:
    """The values of one key.

    ``multivalued`` says that the key can hold several values at once, which only ``ForAllValues`` and ``ForAnyValue``
    are made for; its values are a set. ``evidence`` tells a value that AWS or the user gave from one that was derived.
    """

    key: str
    values: tuple[str, ...]
    multivalued: bool = False
    evidence: Evidence = Evidence.REPORTED
    note: str = ""

    def __hash__(self) -> int:
        """Quicker than over all fields, and as good: few values of a key differ in the rest."""
        return hash(self.values)


class NoValue(Enum):
    """Why a key has no value: the request does not carry it, or nobody knows."""

    ABSENT = "absent"
    UNKNOWN = "unknown"


Known: TypeAlias = KeyValue | NoValue
"""What is known of one key."""


@dataclass(frozen=True, slots=True)
class Context:
    """The context of one request.

    Key names are compared without regard to case, the tag part included
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html).

    Attributes:
        values: lower-cased key to its value.
        absent: lower-cased keys that the request certainly does not carry, each with the reason.
        complete: true if every key that is not in ``values`` is absent (an access case); false if it is unknown.
    """

    values: Mapping[str, KeyValue] = field(default_factory=lambda: MappingProxyType({}))
    absent: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    complete: bool = False

    def state(self, lowered: str) -> Known:
        """What is known of a key, which is given in lower case; an empty list of values is a null value: absent."""
        found = self.values.get(lowered)
        if found is not None:
            return found if found.values else NoValue.ABSENT
        return NoValue.ABSENT if self.complete or lowered in self.absent else NoValue.UNKNOWN

    def text(self, lowered: str) -> str | None:
        """The one text that a key, given in lower case, holds, where that is quickly told; ``None`` says nothing."""
        found = self.values.get(lowered)
        return found.values[0] if found is not None and len(found.values) == 1 and not found.multivalued else None

    def get(self, key: str) -> KeyValue | None:
        """The value, if the key is present."""
        found = self.state(key.lower())
        return None if isinstance(found, NoValue) else found

    def is_unknown(self, key: str) -> bool:
        """True if it is not known whether the request carries the key."""
        return self.state(key.lower()) is NoValue.UNKNOWN

    def with_values(self, values: Iterable[KeyValue]) -> Context:
        """A copy with further values; they win over what was there."""
        merged = dict(self.values)
        merged.update((value.key.lower(), value) for value in values)
        absent = {key: why for key, why in self.absent.items() if key not in merged}
        return Context(values=MappingProxyType(merged), absent=MappingProxyType(absent), complete=self.complete)


NO_CONTEXT = Context(complete=True)
"""For what depends on no key."""


def context_from(given: Mapping[str, object], *, complete: bool, evidence: Evidence = Evidence.REPORTED) -> Context:
    """A context from plain data: a string for a single-valued key, a list for a multivalued one.

    Booleans and numbers become text. ``None`` says that the key is absent.
    """
    values: dict[str, KeyValue] = {}
    absent: dict[str, str] = {}
    for key, raw in given.items():
        value = given_value(key, raw, evidence)
        if value is None:
            absent[key.lower()] = GIVEN_AS_ABSENT
        else:
            values[key.lower()] = value
    return Context(values=MappingProxyType(values), absent=MappingProxyType(absent), complete=complete)


GIVEN_AS_ABSENT = "given as absent"


def given_value(key: str, raw: object, evidence: Evidence = Evidence.REPORTED) -> KeyValue | None:
    """The value of one key given as plain data; ``None`` for ``None``: the key is absent."""
    if isinstance(raw, str):
        return text_value(key, raw, evidence)
    if raw is None:
        return None
    if isinstance(raw, list | tuple) and set(map(type, raw)) == _ONLY_TEXT:
        return texts_value(key, tuple(raw), evidence)
    if isinstance(raw, list | tuple | set | frozenset):
        return KeyValue(key, tuple(_text(item) for item in raw), multivalued=True, evidence=evidence)
    return KeyValue(key, (_text(raw),), evidence=evidence)


@lru_cache(maxsize=16384)
def text_value(key: str, text: str, evidence: Evidence = Evidence.REPORTED) -> KeyValue:
    """A key that holds one text, as most do; requests repeat them, so that they are kept."""
    return KeyValue(key, (text,), evidence=evidence)


@lru_cache(maxsize=16384)
def texts_value(key: str, texts: tuple[str, ...], evidence: Evidence = Evidence.REPORTED) -> KeyValue:
    """A key that holds a list of texts."""
    return KeyValue(key, texts, multivalued=True, evidence=evidence)


_ONLY_TEXT = {str}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
