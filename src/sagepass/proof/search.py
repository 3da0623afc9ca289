"""Looks for a request with which a formula holds: Boolean search first, then one look at each variable.

The scheme is lazy SMT, "CDCL(T)": the SAT solver proposes which atoms to make true, the theory of each variable says
whether some value makes them so, and if not, a small conflict among them becomes a new clause. What is left when no
proposal remains is a proof (R. Nieuwenhuis, A. Oliveras, C. Tinelli, JACM 53(6), 2006).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sagepass.proof.atom import Ask, Atom, Literal, atom, by_variable, words_of
from sagepass.proof.budget import Budget
from sagepass.proof.cdcl import Solver
from sagepass.proof.emptiness import find_text
from sagepass.proof.formula import FALSE, TRUE, And, Formula, Lit, Or, atoms_in
from sagepass.proof.values import Domain
from sagepass.proof.word import Reading, WordKind, variables_of
from sagepass.proof.word_glob import holds_symbols, symbolic
from sagepass.proof.world import Assignment, NoValue, World, core, value_for

_MOST_COMPARED = 40
"""Atoms with policy variables that are compared with each other, pair by pair."""

_CASE_SENSITIVE = frozenset({WordKind.LIKE, WordKind.EQUALS, WordKind.ARN})


@dataclass(frozen=True, slots=True)
class Model:
    """Literals that make the formula true, and a value for each of their variables."""

    literals: tuple[Literal, ...]
    assignment: Assignment


class LemmaKind(StrEnum):
    """Why literals cannot hold together."""

    EMPTY = "empty"
    """No value of the variable makes all of them true."""
    CONTAINS = "contains"
    """The second word matches whatever the first one does."""
    NEEDS = "needs"
    """A policy variable without a value matches nothing."""


@dataclass(frozen=True, slots=True)
class Lemma:
    """Literals that cannot hold together, and why."""

    kind: LemmaKind
    literals: tuple[Literal, ...]


class Search:
    """One formula in one world; models come one by one.

    Raises:
        BudgetSpentError: from every method.
    """

    def __init__(self, formula: Formula, world: World, budget: Budget) -> None:
        self.world = world
        self.budget = budget
        self.formula = formula
        self.solver = Solver(budget)
        self.numbers: dict[tuple[int, bool], int] = {}
        self.atoms: dict[int, Literal] = {}
        self.nodes: dict[int, int] = {}
        self.keep: list[Formula] = []
        self.gates: dict[int, tuple[str, tuple[int, ...]]] = {}
        self.roots: tuple[int, ...] = ()
        self.lemmas: list[Lemma] = []
        if formula is FALSE:
            self.solver.add(())
        elif formula is not TRUE:
            parts = formula.children if isinstance(formula, And) else (formula,)
            self.roots = tuple(self._number(part) for part in parts)
            for root in self.roots:
                self.solver.add((root,))
        self._relate()

    def next(self) -> Model | None:
        """A model that has not been blocked, or ``None`` if there is none left."""
        while self.solver.solve():
            literals = self._reasons()
            assignment: Assignment = {}
            clash: list[Literal] | None = None
            for variable, own in by_variable(literals).items():
                value = value_for(variable, own, self.world, self.budget)
                if isinstance(value, NoValue):
                    clash = core(variable, own, self.world, self.budget)
                    break
                assignment[variable] = value
            if clash is None:
                return Model(tuple(literals), assignment)
            self._lemma(LemmaKind.EMPTY, clash)
        return None

    def block(self, literals: Iterable[Literal]) -> None:
        """Let these literals not hold all together again."""
        self.solver.add([-self._literal(literal.atom, literal.positive) for literal in literals])

    def number_of(self, literal: Literal) -> int:
        """The number of a literal in the clauses."""
        return self._literal(literal.atom, literal.positive)

    def _lemma(self, kind: LemmaKind, literals: Sequence[Literal]) -> None:
        self.lemmas.append(Lemma(kind, tuple(literals)))
        self.solver.add([-self.number_of(literal) for literal in literals])

    def _literal(self, about: Atom, positive: bool) -> int:
        """The number of an atom, or of its opposite; for an open one both have a number, and neither need hold."""
        rail = positive if about.open and self.world.reading is Reading.SURE else True
        key = (id(about), rail)
        number = self.numbers.get(key)
        if number is None:
            number = self.numbers[key] = self.solver.new_variable()
            self.atoms[number] = Literal(about, rail)
            if about.open and self.world.reading is Reading.SURE:
                self._open(about, number, positive)
        return number if rail is positive else -number

    def _open(self, about: Atom, number: int, positive: bool) -> None:
        """An open atom is never surely true and surely false; of the unknown nothing is sure."""
        if about.ask is Ask.FREE:
            self.solver.add((-number,))
            return
        other = self.numbers.get((id(about), not positive))
        if other is not None:
            self.solver.add((-number, -other))

    def _number(self, formula: Formula) -> int:
        """The number of a formula; the clauses say that it implies the formula."""
        if isinstance(formula, Lit):
            return self._literal(formula.atom, formula.positive)
        found = self.nodes.get(id(formula))
        if found is not None:
            return found
        self.budget.tick()
        assert isinstance(formula, And | Or)
        children = [self._number(child) for child in formula.children]
        number = self.nodes[id(formula)] = self.solver.new_variable()
        self.keep.append(formula)
        if isinstance(formula, And):
            self.gates[number] = ("and", tuple(children))
            for child in children:
                self.solver.add((-number, child))
        else:
            self.gates[number] = ("or", tuple(children))
            self.solver.add((-number, *children))
        return number

    def _reasons(self) -> list[Literal]:
        """Literals of the solver's proposal that are enough to make the formula true."""
        found: dict[tuple[int, bool], Literal] = {}
        todo: list[Formula] = [self.formula]
        seen: set[int] = set()
        while todo:
            node = todo.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            if isinstance(node, Lit):
                found[id(node.atom), node.positive] = Literal(node.atom, node.positive)
            elif isinstance(node, And):
                todo.extend(node.children)
            elif isinstance(node, Or):
                todo.append(next(child for child in node.children if self._holds(child)))
        return list(found.values())

    def _holds(self, formula: Formula) -> bool:
        if isinstance(formula, Lit):
            return self.solver.value(self._literal(formula.atom, formula.positive)) == 1
        return self.solver.value(self.nodes[id(formula)]) == 1

    def _relate(self) -> None:
        """What holds between atoms with policy variables: a missing value matches nothing, one word contains another."""
        depending = [found for found in atoms_in(self.formula) if found.depends]
        for one in depending:
            self._needs_values(one)
        single = [found for found in depending if _one_word(found)] if depending else ()
        for one in single[:_MOST_COMPARED]:
            for other in single[:_MOST_COMPARED]:
                if one is not other and _contains(other, one, self.budget):
                    self._lemma(LemmaKind.CONTAINS, [Literal(one), Literal(other, False)])

    def _needs_values(self, about: Atom) -> None:
        words = words_of(about)
        if len(words) != 1 or about.ask is Ask.EVERY:
            return
        for variable in variables_of(words[0]):
            if variable.default is None:
                present = atom(variable.key.lower(), Ask.PRESENT)
                self._lemma(LemmaKind.NEEDS, [Literal(about), Literal(present, False)])


def _one_word(about: Atom) -> bool:
    values = about.values
    return values is not None and values.domain is Domain.TEXT and len(values.words) == 1 and about.ask is not Ask.EVERY


def _contains(outer: Atom, inner: Atom, budget: Budget) -> bool:
    """Whether the one word of an atom matches all that another's does, whatever values their variables have."""
    if (outer.variable, outer.ask) != (inner.variable, inner.ask):
        return False
    (one,), (other,) = words_of(outer), words_of(inner)
    if one.kind is not other.kind and not {one.kind, other.kind} <= _CASE_SENSITIVE:
        return False
    inside, outside = symbolic(other), symbolic(one)
    if inside is None or outside is None or not holds_symbols(one):
        return False
    return find_text([frozenset({inside})], frozenset({outside}), budget) is None
