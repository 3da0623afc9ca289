"""Sets of the values that one condition key can have: texts by patterns, numbers and moments by intervals, addresses.

Source of what each operator compares:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import ipaddress
import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, localcontext
from enum import StrEnum
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import assert_never

from sagepass.policy.conditions.operator import BaseOperator
from sagepass.policy.conditions.values import read_bool, read_date, read_network, read_number
from sagepass.proof.word import Word, WordKind


class Domain(StrEnum):
    """What kind of value is compared."""

    TEXT = "text"
    NUMBER = "number"
    MOMENT = "moment"
    IPV4_AND_6 = "address"


@dataclass(frozen=True, slots=True)
class Span:
    """An interval. ``None`` as a bound is infinity; addresses carry their version as ``family``."""

    low: Fraction | None
    high: Fraction | None
    low_open: bool = False
    high_open: bool = False
    family: int = 0

    def __contains__(self, point: tuple[int, Fraction]) -> bool:
        """Whether a point of the same family lies in it."""
        family, value = point
        if family != self.family:
            return False
        above = self.low is None or value > self.low or (value == self.low and not self.low_open)
        below = self.high is None or value < self.high or (value == self.high and not self.high_open)
        return above and below


@dataclass(frozen=True, slots=True)
class Values:
    """A set of values: the union of its words (texts) or of its spans (everything else)."""

    domain: Domain
    words: frozenset[Word] = frozenset()
    spans: frozenset[Span] = frozenset()


_COMPARISONS = {
    "Equals": lambda x: Span(x, x),
    "NotEquals": lambda x: Span(x, x),
    "LessThan": lambda x: Span(None, x, high_open=True),
    "LessThanEquals": lambda x: Span(None, x),
    "GreaterThan": lambda x: Span(x, None, low_open=True),
    "GreaterThanEquals": lambda x: Span(x, None),
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FAMILIES = (4, 6)
"""Versions of addresses: what lies in no network of the one may be an address of the other."""


def values_of(base: BaseOperator, text: str, *, variables: bool) -> Values:
    """The values that one policy value stands for, in the positive sense of its operator.

    A policy value of the wrong form stands for none. ``Null`` has no values, and a Bool with a policy variable has no
    meaning that AWS documents: do not ask for these here.
    """
    name = base.value
    if name.startswith("Numeric"):
        number = read_number(text)
        spans = frozenset[Span]() if number is None else frozenset({_COMPARISONS[name[7:]](Fraction(number))})
        return Values(Domain.NUMBER, spans=spans)
    if name.startswith("Date"):
        moment = read_date(text)
        spans = frozenset[Span]() if moment is None else frozenset({_COMPARISONS[name[4:]](seconds(moment))})
        return Values(Domain.MOMENT, spans=spans)
    match base:
        case BaseOperator.IP_ADDRESS | BaseOperator.NOT_IP_ADDRESS:
            return Values(Domain.IPV4_AND_6, spans=_network(text))
        case BaseOperator.BOOL:
            wanted = read_bool(text)
            words = frozenset[Word]() if wanted is None else frozenset({Word(WordKind.FOLDED, str(wanted).lower())})
            return Values(Domain.TEXT, words=words)
        case _:
            return Values(Domain.TEXT, words=frozenset({Word(word_kind(base), text, variables)}))


def word_kind(base: BaseOperator) -> WordKind:
    """How the texts of an operator are compared."""
    name = base.value
    if name.startswith("Arn"):
        return WordKind.ARN
    if name.endswith("Like"):
        return WordKind.LIKE
    return WordKind.FOLDED if name.endswith("IgnoreCase") else WordKind.EQUALS


def seconds(moment: datetime) -> Fraction:
    """Seconds since 1970, exactly."""
    delta = moment - _EPOCH
    return Fraction(delta // timedelta(microseconds=1), 1_000_000)


def _network(text: str) -> frozenset[Span]:
    network = read_network(text)
    if network is None:
        return frozenset()
    low, high = int(network.network_address), int(network.broadcast_address)
    return frozenset({Span(Fraction(low), Fraction(high), family=network.version)})


class _Union:
    """Spans of one family, so that many points can be looked up: by their lower bounds, with the farthest upper bound so far."""

    def __init__(self, spans: Iterable[Span]) -> None:
        bounds = sorted(
            (
                (-math.inf if span.low is None else _number(span.low), int(span.low_open)),
                (math.inf if span.high is None else _number(span.high), -int(span.high_open)),
            )
            for span in spans
        )
        self.lows = [low for low, _ in bounds]
        self.highs = list(accumulate((high for _, high in bounds), max))

    def __contains__(self, value: Fraction) -> bool:
        """Whether a point lies in one of them."""
        point = (_number(value), 0)
        begun = bisect_right(self.lows, point)
        return begun > 0 and self.highs[begun - 1] >= point


def _number(value: Fraction) -> int | Fraction:
    """The same number, where it is a whole one as an integer: these are compared ten times as fast."""
    return value.numerator if value.denominator == 1 else value


def find_point(domain: Domain, required: Sequence[frozenset[Span]], excluded: Iterable[Span]) -> str | None:
    """A value in a span of each group and in none of the excluded ones, as text; ``None`` if there is none.

    Between two neighbouring bounds all values are alike, so the bounds and one value between each two are all there is
    to try. Addresses and seconds are whole numbers.
    """
    out = tuple(excluded)
    spans = [span for group in required for span in group] + list(out)
    families = _FAMILIES if domain is Domain.IPV4_AND_6 else (0,)
    for family in families:
        wanted = [_Union(span for span in group if span.family == family) for group in required]
        unwanted = _Union(span for span in out if span.family == family)
        for value in _candidates(domain, [span for span in spans if span.family == family], family):
            if all(value in union for union in wanted) and value not in unwanted:
                return _text(domain, family, value)
    return None


def _candidates(domain: Domain, spans: Sequence[Span], family: int) -> list[Fraction]:
    bounds = sorted({bound for span in spans for bound in (span.low, span.high) if bound is not None})
    if domain is Domain.IPV4_AND_6:
        most = 2**32 - 1 if family == 4 else 2**128 - 1
        near = {bound + step for bound in bounds for step in (-1, 0, 1)} | {Fraction(0), Fraction(most)}
        return sorted(value for value in near if 0 <= value <= most)
    if not bounds:
        return [Fraction(0)]
    between = [(one + other) / 2 for one, other in pairwise(bounds)]
    later = bounds[-1] + 1
    if domain is Domain.MOMENT and _moment(later) is None:
        later = bounds[-1] + Fraction(1, 2)
    return [*bounds, *between, bounds[0] - 1, later]


def _moment(value: Fraction) -> datetime | None:
    """Seconds since 1970 as a moment; ``None`` outside of the years 1 to 9999."""
    try:
        return _EPOCH + timedelta(microseconds=int(value * 1_000_000))
    except OverflowError:
        return None


def _text(domain: Domain, family: int, value: Fraction) -> str:
    match domain:
        case Domain.NUMBER:
            with localcontext() as context:
                context.prec = 200
                return f"{Decimal(value.numerator) / Decimal(value.denominator):f}"
        case Domain.MOMENT:
            moment = _moment(value)
            if moment is None:  # the engine may not read it; but that there is none is not shown
                return str(int(value))
            return moment.isoformat().replace("+00:00", "Z")
        case Domain.IPV4_AND_6:
            number = int(value)
            return str(ipaddress.IPv4Address(number) if family == 4 else ipaddress.IPv6Address(number))
        case Domain.TEXT:
            raise AssertionError(domain)
    assert_never(domain)
