"""The answers of a proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """What was shown."""

    PROVEN = "PROVEN"
    """It holds for every request."""
    REFUTED = "REFUTED"
    """It does not hold: there is a request, which was decided again, that shows so."""
    UNKNOWN = "UNKNOWN"
    """Neither could be shown; the reason is named."""


_WEIGHT = (Verdict.PROVEN, Verdict.UNKNOWN, Verdict.REFUTED)


def weakest(verdicts: list[Verdict]) -> Verdict:
    """The verdict on all of several claims together."""
    return max(verdicts, key=_WEIGHT.index, default=Verdict.PROVEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """One request that shows a difference.

    Attributes:
        principal: who makes it, as an access case names it.
        action: ``service:Name``.
        resource: an ARN, or ``*``.
        context: condition key to value: text, a list for several values, ``None`` for absent. The context is
            complete: what is neither in it nor follows from the request is absent.
        has_boundary: whether the caller has a permissions boundary.
        documented: whether the ARN has a form that AWS documents for the action, and the action is a listed one.
    """

    principal: str
    action: str
    resource: str
    context: Mapping[str, object] = field(default_factory=dict)
    has_boundary: bool = False
    documented: bool = True

    def request(self) -> dict[str, Any]:
        """The request of an access case."""
        return {
            "principal": self.principal,
            "action": self.action,
            "resource": self.resource,
            "context": dict(self.context),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """The verdict by how much it covers; each claim contains the one before.

    Attributes:
        documented: listed actions on ARNs of the forms that AWS documents for them.
        listed: listed actions on any ARN.
        everything: any action, also one that AWS adds tomorrow, on any ARN.
    """

    documented: Verdict
    listed: Verdict
    everything: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a proof rests on.

    Attributes:
        catalog: date of the tables of actions and ARNs.
        layers: the policies that it is about, by name.
        taken: what is taken for granted.
    """

    catalog: str
    layers: tuple[str, ...]
    taken: tuple[str, ...] = ()
