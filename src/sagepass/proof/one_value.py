"""One value of a variable: a text that words take and others do not, a number, a moment or an address in spans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from sagepass.policy.conditions.operator import BaseOperator
from sagepass.proof.budget import Budget
from sagepass.proof.emptiness import Group, accepts, find_text
from sagepass.proof.values import Domain, Span, Values, find_point, values_of
from sagepass.proof.word import Reading, Word, WordKind, variables_of
from sagepass.proof.word_glob import filled, matched_by

_EXACTLY = {
    Domain.TEXT: BaseOperator.STRING_EQUALS,
    Domain.NUMBER: BaseOperator.NUMERIC_EQUALS,
    Domain.MOMENT: BaseOperator.DATE_EQUALS,
    Domain.IPV4_AND_6: BaseOperator.IP_ADDRESS,
}
"""The operator of each domain that means one value alone."""
_NOT_EMPTY = frozenset({Word(WordKind.SHAPE, "?*")})


@dataclass(slots=True)
class Wanted:
    """What one value has to be and must not be.

    Attributes:
        reading: how open points are read.
        known: values for policy variables; without them a policy variable can be any text.
        within: one word of each of these, whatever the literals say.
        outside: none of these, whatever the literals say.
        groups: it is one of each.
        excluded: it is none of these.
    """

    reading: Reading
    known: Mapping[str, str] | None
    within: tuple[frozenset[Word], ...]
    outside: frozenset[Word]
    groups: list[Values] = field(default_factory=list)
    excluded: list[Values] = field(default_factory=list)

    def also(self, *, group: Values | None = None, excluded: Values | None = None) -> Wanted:
        """The same and more."""
        return replace(
            self,
            groups=[*self.groups, *([group] if group else [])],
            excluded=[*self.excluded, *([excluded] if excluded else [])],
        )

    def without(self, value: str) -> Wanted:
        """The same, and not this value."""
        found = self
        for domain in self.domains or {Domain.TEXT}:
            found = found.also(excluded=values_of(_EXACTLY[domain], value, variables=False))
        return found

    @property
    def domains(self) -> frozenset[Domain]:
        """The ways in which it is compared."""
        return frozenset(values.domain for values in (*self.groups, *self.excluded))


def find_value(wanted: Wanted, budget: Budget) -> str | None:
    """A value that is all that is wanted; ``None`` if there is none.

    Raises:
        BudgetSpentError: the search took too much.
    """
    domains = wanted.domains
    if not domains - {Domain.TEXT}:
        return _find_text(wanted, budget)
    points = [_find_point(domain, wanted) for domain in Domain if domain in domains and domain is not Domain.TEXT]
    point = next((point for point in points if point is not None), None)
    if point is None or None in points:
        return None
    if Domain.TEXT in domains or len(points) > 1:
        return _mixed(wanted, budget, point)
    return point


def _mixed(wanted: Wanted, budget: Budget, point: str) -> str | None:
    """A key that is compared in two ways at once: each way is looked at by itself, which can only say yes too often."""
    text = _find_text(wanted, budget)
    if text is None:
        return None
    groups, excluded = _texts(wanted)
    fits = all(accepts(group, point) for group in groups) and not accepts(excluded, point)
    return point if fits or wanted.reading is not Reading.SURE else None


def _find_point(domain: Domain, wanted: Wanted) -> str | None:
    groups = [values.spans for values in wanted.groups if values.domain is domain]
    excluded: list[Span] = [span for values in wanted.excluded if values.domain is domain for span in values.spans]
    return find_point(domain, groups, excluded)


def _find_text(wanted: Wanted, budget: Budget) -> str | None:
    groups, excluded = _texts(wanted)
    found = find_text(groups, excluded, budget)
    if found != "":
        return found
    return find_text([*groups, _globs(_NOT_EMPTY, wanted.reading, True)], excluded, budget) or found


def _texts(wanted: Wanted) -> tuple[list[Group], Group]:
    reading, known = wanted.reading, wanted.known
    groups = [_globs(words, reading, True) for words in wanted.within]
    groups += [
        _globs_with(values.words, reading, known, positive=True)
        for values in wanted.groups
        if values.domain is Domain.TEXT
    ]
    out: set[frozenset[Word]] = {wanted.outside} if wanted.outside else set()
    out.update(values.words for values in wanted.excluded if values.domain is Domain.TEXT)
    excluded: Group = frozenset().union(*(_globs_with(words, reading, known, positive=False) for words in out))
    return groups, excluded


def _globs_with(words: frozenset[Word], reading: Reading, known: Mapping[str, str] | None, *, positive: bool) -> Group:
    if known is None or not any(variables_of(word) for word in words):
        return _globs(words, reading, positive)
    found = (filled(word, known, reading, positive=positive) for word in words)
    return frozenset(glob for glob in found if glob is not None)


@lru_cache(maxsize=32768)
def _globs(words: frozenset[Word], reading: Reading, positive: bool) -> Group:
    found = (matched_by(word, reading, positive=positive) for word in words)
    return frozenset(glob for glob in found if glob is not None)
