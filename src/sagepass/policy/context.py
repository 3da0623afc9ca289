"""The request context: condition keys with values, known to be absent, or not known.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from sagepass.policy.kinds import Evidence


@dataclass(frozen=True, slots=True)
class KeyValue:
    """The values of one key.

    ``multivalued`` says that the key can hold several values at once, which only ``ForAllValues`` and ``ForAnyValue``
    are made for. ``evidence`` tells a value that AWS or the user gave from one that was derived.
    """

    key: str
    values: tuple[str, ...]
    multivalued: bool = False
    evidence: Evidence = Evidence.REPORTED
    note: str = ""


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

    def get(self, key: str) -> KeyValue | None:
        """The value, if the key is present; an empty list of values counts as absent (a null value)."""
        found = self.values.get(key.lower())
        return found if found is not None and found.values else None

    def is_unknown(self, key: str) -> bool:
        """True if it is not known whether the request carries the key."""
        lowered = key.lower()
        return not self.complete and lowered not in self.values and lowered not in self.absent

    def with_values(self, values: Iterable[KeyValue]) -> Context:
        """A copy with further values; they win over what was there."""
        merged = dict(self.values)
        merged.update((value.key.lower(), value) for value in values)
        absent = {key: why for key, why in self.absent.items() if key not in merged}
        return Context(values=MappingProxyType(merged), absent=MappingProxyType(absent), complete=self.complete)


def context_from(given: Mapping[str, object], *, complete: bool, evidence: Evidence = Evidence.REPORTED) -> Context:
    """A context from plain data: a string for a single-valued key, a list for a multivalued one.

    Booleans and numbers become text. ``None`` says that the key is absent.
    """
    values: dict[str, KeyValue] = {}
    absent: dict[str, str] = {}
    for key, raw in given.items():
        if raw is None:
            absent[key.lower()] = "given as absent"
            continue
        many = isinstance(raw, list | tuple | set | frozenset)
        items = tuple(_text(item) for item in raw) if isinstance(raw, list | tuple | set | frozenset) else (_text(raw),)
        values[key.lower()] = KeyValue(key, items, multivalued=many, evidence=evidence)
    return Context(values=MappingProxyType(values), absent=MappingProxyType(absent), complete=complete)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
