"""A proof as data: small enough to keep, and complete enough for another program to verify.

For each search it holds the clauses (what the formula says), the lemmas (which literals about one variable cannot hold
together) and the clauses that the solver learned, in order, down to the empty one. :mod:`sagepass.proof.checker` goes
through them again and uses nothing of the solver.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from sagepass.proof.atom import Literal, words_of
from sagepass.proof.glob import Glob
from sagepass.proof.search import Lemma, LemmaKind, Search
from sagepass.proof.values import Domain, Values
from sagepass.proof.verdict import Basis
from sagepass.proof.word import Word
from sagepass.proof.word_glob import matched_by, symbolic
from sagepass.proof.world import Bound, World

FORMAT = "sagepass-proof/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What was proven, on what it rests, and the steps as plain data (:meth:`to_json`)."""

    basis: Basis
    searches: tuple[Search, ...]

    def to_json(self) -> dict[str, Any]:
        """The certificate as JSON values."""
        return {
            "format": FORMAT,
            "catalog": self.basis.catalog,
            "layers": list(self.basis.layers),
            "taken": list(self.basis.taken),
            "searches": [_search(search) for search in self.searches],
        }


def certificate_of(searches: Sequence[Search], basis: Basis) -> Certificate:
    """The certificate of some finished searches."""
    return Certificate(basis=basis, searches=tuple(searches))


def _search(search: Search) -> dict[str, Any]:
    return {
        "reading": search.world.reading.value,
        "clauses": [list(clause) for clause in search.clauses],
        "lemmas": [_lemma(search, lemma) for lemma in search.lemmas],
        "steps": [list(clause) for clause in search.solver.learned] or [[]],
    }


def _lemma(search: Search, lemma: Lemma) -> dict[str, Any]:
    clause = [-search.number_of(literal) for literal in lemma.literals]
    about: dict[str, Any] = {"kind": lemma.kind.value, "clause": clause}
    match lemma.kind:
        case LemmaKind.EMPTY:
            variable = lemma.literals[0].atom.variable
            return {
                **about,
                "variable": variable,
                "always": variable.startswith("(") or search.world.must_exist(variable),
                "bound": _bound(search.world.bound_of(variable), search.world),
                "literals": [_literal(literal, search.world) for literal in lemma.literals],
            }
        case LemmaKind.CONTAINS:
            (inner,), (outer,) = (words_of(literal.atom) for literal in lemma.literals)
            return {**about, "inner": _glob(symbolic(inner)), "outer": _glob(symbolic(outer))}
        case LemmaKind.NEEDS:
            (word,) = words_of(lemma.literals[0].atom)
            return {**about, "text": word.text, "key": lemma.literals[1].atom.variable}
    assert_never(lemma.kind)


def _bound(bound: Bound, world: World) -> dict[str, Any]:
    return {
        "groups": [_words_as(frozenset(group), world, positive=True) for group in bound.groups],
        "excluded": _words_as(bound.excluded, world, positive=False),
    }


def _literal(literal: Literal, world: World) -> dict[str, Any]:
    values = literal.atom.values
    return {
        "ask": literal.atom.ask.value,
        "positive": literal.positive,
        **({} if values is None else _values(values, world, positive=literal.positive)),
    }


def _values(values: Values, world: World, *, positive: bool) -> dict[str, Any]:
    if values.domain is Domain.TEXT:
        return {"globs": _words_as(values.words, world, positive=positive)}
    return {
        "domain": values.domain.value,
        "spans": [
            [span.family, _number(span.low), span.low_open, _number(span.high), span.high_open] for span in values.spans
        ],
    }


def _number(value: object) -> str | None:
    return None if value is None else str(value)


def _words_as(words: frozenset[Word], world: World, *, positive: bool) -> list[list[Any]]:
    found = (matched_by(word, world.reading, positive=positive) for word in words)
    return [_glob(glob) for glob in found if glob is not None]


def _glob(glob: Glob) -> list[Any]:
    """Steps and loops: ``[characters, negated]`` each; ``null`` for no loop."""
    return [
        [[step.chars, step.negated] for step in glob.steps],
        [None if loop is None else [loop.chars, loop.negated] for loop in glob.loops],
    ]
