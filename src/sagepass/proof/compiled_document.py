"""One document made ready for proofs: its statements, and what they say to each action.

What is worked out here is kept with the document, so that a policy that is compared with many others is read once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from sagepass.policy.document import Document
from sagepass.policy.statement import StatementEffect
from sagepass.proof.actions import action_mask, every_action
from sagepass.proof.atom import FREE, Ask, atom
from sagepass.proof.budget import Budget
from sagepass.proof.formula import Formula, both, either, lit, negated
from sagepass.proof.shapes import Place, place_in
from sagepass.proof.statement_formula import compile_statement
from sagepass.proof.who import Who

_KEPT = 4096
"""Actions of which a document keeps what it says."""


@dataclass(frozen=True, slots=True)
class Sides:
    """What documents say about one class of actions: whether a Deny matches, whether an Allow does."""

    deny: Formula
    allow: Formula

    @property
    def grants(self) -> Formula:
        """An Allow matches and no Deny."""
        return both([self.allow, negated(self.deny)])


class CompiledDocument:
    """The statements of a document, what they are about, and what they come to for an action.

    Attributes:
        readable: as the document has it; what an unreadable one says is unknown.
        statements: one for each statement, in order.
    """

    def __init__(self, document: Document) -> None:
        self.readable = document.readable
        self.statements = tuple(compile_statement(statement, document) for statement in document.statements)
        self._unreadable = () if document.readable else (_unreadable(document, "deny"), _unreadable(document, "allow"))
        self._looked_up = False
        self._sides_by_action: dict[int, Sides] = {}
        self._alike_by_action: dict[int, int] = {}

    def tell_actions_apart(self, budget: Budget) -> None:
        """Look up what the patterns of all statements match, which can be slow the first time.

        Raises:
            BudgetSpentError: there are too many.
        """
        if self._looked_up:
            return
        for item in self.statements:
            for element in item.statement.actions:
                action_mask((element.value,))
                budget.tick(every=1)
        self._looked_up = True

    @cached_property
    def masks(self) -> tuple[int, ...]:
        """The listed actions that each statement is about, each set once."""
        return tuple(dict.fromkeys(item.mask for item in self.statements))

    @cached_property
    def allowed(self) -> int:
        """The listed actions that some Allow is about."""
        return _union(item.mask for item in self.statements if item.statement.effect is StatementEffect.ALLOW)

    @cached_property
    def denied(self) -> int:
        """The listed actions that some Deny is about."""
        return _union(item.mask for item in self.statements if item.statement.effect is StatementEffect.DENY)

    @cached_property
    def reaches(self) -> frozenset[StatementEffect]:
        """The effects of statements that can be about actions that AWS does not list; both if the document is unreadable."""
        if not self.readable:
            return frozenset(StatementEffect)
        return frozenset(item.statement.effect for item in self.statements if item.names_unlisted)

    @cached_property
    def place(self) -> Place:
        """The first Region and the first account that its resources name."""
        entries = (element for item in self.statements for element in item.statement.resources or ())
        return place_in(element.value for element in entries)

    def sides(self, action: int | None, who: Who | None) -> Sides:
        """See :func:`sagepass.proof.policy_formula.sides`."""
        if action is None or who is not None:
            return self._sides(action, who)
        number = action.bit_length()
        found = self._sides_by_action.get(number)
        if found is None:
            if len(self._sides_by_action) >= _KEPT:
                self._sides_by_action.clear()
            found = self._sides_by_action[number] = self._sides(action, None)
        return found

    def alike(self, action: int) -> int:
        """The listed actions that no statement tells apart from one, given as a bit."""
        number = action.bit_length()
        found = self._alike_by_action.get(number)
        if found is None:
            if len(self._alike_by_action) >= _KEPT:
                self._alike_by_action.clear()
            found = every_action()
            for mask in self.masks:
                found &= mask if mask & action else ~mask
            self._alike_by_action[number] = found
        return found

    def _sides(self, action: int | None, who: Who | None) -> Sides:
        denies, allows = [*self._unreadable[:1]], [*self._unreadable[1:]]
        for item in self.statements:
            if action is not None and not item.mask & action:
                continue
            formula = item.formula(who)
            if action is None:
                formula = both([item.action, formula])
            (denies if item.statement.effect is StatementEffect.DENY else allows).append(formula)
        return Sides(either(denies), either(allows))


def compiled_document(document: Document) -> CompiledDocument:
    """A document made ready; the work is done once for each document object."""
    kept = document.memo.get("proof")
    if isinstance(kept, CompiledDocument):
        return kept
    made = CompiledDocument(document)
    document.memo["proof"] = made
    return made


def _union(masks: Iterable[int]) -> int:
    found = 0
    for mask in masks:
        found |= mask
    return found


def _unreadable(document: Document, what: str) -> Formula:
    made = atom(FREE, Ask.FREE, name=f"what {document.origin.name} would {what}\0{id(document)}")
    made.__dict__["owner"] = document  # no other document can come to lie at its address while the atom is used
    return lit(made)
