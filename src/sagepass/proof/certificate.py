"""A proof as data: small enough to keep, and complete enough for another program to verify.

For each class of actions and each caller it holds the formula (as gates over atoms), what each atom takes, the lemmas (which
atoms about one variable cannot hold together) and the clauses that the solver learned, in order, down to the empty one.
:mod:`sagepass.proof.checker` goes through them again and uses nothing of the solver.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sagepass.policy.document import Document
from sagepass.proof.atom import Ask, Atom, words_of
from sagepass.proof.budget import Budget
from sagepass.proof.formula import FALSE, Formula, conjunction
from sagepass.proof.glob import Glob
from sagepass.proof.search import Search
from sagepass.proof.values import Domain, Values
from sagepass.proof.verdict import Basis
from sagepass.proof.word import Reading, Word, WordKind, variables_of
from sagepass.proof.word_glob import matched_by, symbolic
from sagepass.proof.world import Bound, World

FORMAT = "sagepass-proof/3"
_SECONDS = 60.0
"""For each contradiction that is written out: what was seen at once takes but a moment."""
TRUSTED = (
    "each formula says what the statements say to its actions and its caller",
    "the classes of actions and the callers are all that the statements tell apart",
    "the patterns of an atom under 'yes' match at least what its texts match, and those under 'no' at most that",
)
"""What the checker takes as it stands; random tests against the engine and against another solver look at that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """What one step of a proof is about: a class of listed actions (0: any action at all) and a caller in words."""

    actions: int = 0
    first_action: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One part of a proof: a finished search, or formulas that contradict each other without one."""

    about: Covered
    search: Search | None = None
    impossible: tuple[Formula, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What was proven, on what it rests, and the steps as plain data (:meth:`to_json`)."""

    basis: Basis
    documents: tuple[Document, ...]
    steps: tuple[Step, ...]

    def to_json(self) -> dict[str, Any]:
        """The certificate as JSON values."""
        return {
            "format": FORMAT,
            "catalog": self.basis.catalog,
            "layers": list(self.basis.layers),
            "documents": [_digest(document) for document in self.documents],
            "taken": list(self.basis.taken),
            "trusted": list(TRUSTED),
            "searches": [_step(step) for step in self.steps],
        }


def certificate_of(steps: Sequence[Step], basis: Basis, documents: Iterable[Document]) -> Certificate:
    """The certificate of the steps of a proof about some documents."""
    return Certificate(basis=basis, documents=tuple(documents), steps=tuple(steps))


def _digest(document: Document) -> dict[str, str]:
    """A document by name, with the hash of its JSON value, keys sorted and without blanks."""
    text = json.dumps(document.origin.value, sort_keys=True, separators=(",", ":"), default=str)
    return {"name": document.origin.name, "sha256": hashlib.sha256(text.encode()).hexdigest()}


def _step(step: Step) -> dict[str, Any]:
    about = {"actions": step.about.actions, "first_action": step.about.first_action, "who": step.about.who}
    search = step.search or _contradiction(step.impossible)
    return {"about": about, **_search(search)}


@lru_cache(maxsize=64)
def _contradiction(parts: tuple[Formula, ...]) -> Search:
    """A search through formulas of which :func:`sagepass.proof.formula.both` saw at once that they contradict each other."""
    search = Search(conjunction(parts), World(reading=Reading.ACROSS), Budget(seconds=_SECONDS))
    model = search.next()
    assert model is None, model
    return search


def _search(search: Search) -> dict[str, Any]:
    about = {number: literal.atom for number, literal in search.atoms.items()}
    variables = {atom.variable for atom in about.values()}
    return {
        "reading": search.world.reading.value,
        "never": search.formula is FALSE,
        "roots": list(search.roots),
        "gates": {str(number): [kind, list(children)] for number, (kind, children) in search.gates.items()},
        "atoms": {str(number): _atom(atom, search.world) for number, atom in about.items()},
        "variables": {name: _variable(name, search.world) for name in sorted(variables)},
        "lemmas": [
            {"kind": lemma.kind.value, "clause": [-search.number_of(literal) for literal in lemma.literals]}
            for lemma in search.lemmas
        ],
        "steps": [list(clause) for clause in search.solver.learned] or [[]],
    }


def _variable(name: str, world: World) -> dict[str, Any]:
    """Whether every request has it, and what bounds its values."""
    bound = world.bound_of(name)
    return {"always": name.startswith("(") or world.must_exist(name), "bound": _bound(bound, world)}


def _bound(bound: Bound, world: World) -> dict[str, Any]:
    return {
        "groups": [_words_as(frozenset(group), world.reading, positive=True) for group in bound.groups],
        "excluded": _words_as(bound.excluded, world.reading, positive=False),
    }


def _atom(atom: Atom, world: World) -> dict[str, Any]:
    found: dict[str, Any] = {"variable": atom.variable, "ask": atom.ask.value}
    if atom.name:
        found["name"] = atom.name.partition("\0")[0]
    if atom.values is None:
        return found
    return {**found, **_values(atom.values, world), **_with_variables(atom)}


def _values(values: Values, world: World) -> dict[str, Any]:
    if values.domain is Domain.TEXT:
        return {
            "texts": sorted(word.text for word in values.words),
            "yes": _words_as(values.words, world.reading, positive=True),
            "no": _words_as(values.words, world.reading, positive=False),
        }
    return {
        "domain": values.domain.value,
        "spans": [
            [span.family, _number(span.low), span.low_open, _number(span.high), span.high_open] for span in values.spans
        ],
    }


def _with_variables(atom: Atom) -> dict[str, Any]:
    """For a single text with policy variables: the pattern with a character of its own in the place of each."""
    words = words_of(atom)
    if not atom.depends or len(words) != 1 or atom.ask is Ask.EVERY:
        return {}
    (word,) = words
    keys = [variable.key.lower() for variable in variables_of(word) if variable.default is None]
    glob = symbolic(word)
    return {
        "needs": keys,
        **({} if glob is None else {"symbolic": _glob(glob), "folded": word.kind is WordKind.FOLDED}),
    }


def _number(value: object) -> str | None:
    return None if value is None else str(value)


@lru_cache(maxsize=4096)
def _words_as(words: frozenset[Word], reading: Reading, *, positive: bool) -> list[list[Any]]:
    found = (matched_by(word, reading, positive=positive) for word in words)
    return [_glob(glob) for glob in found if glob is not None]


@lru_cache(maxsize=16384)
def _glob(glob: Glob) -> list[Any]:
    """Steps and loops: ``[characters, negated]`` each; ``null`` for no loop."""
    return [
        [[step.chars, step.negated] for step in glob.steps],
        [None if loop is None else [loop.chars, loop.negated] for loop in glob.loops],
    ]
