"""Policies as formulas: what a list of documents allows and denies, for one class of actions and one caller."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sagepass.policy.document import Document
from sagepass.policy.statement import PrincipalEntry, StatementEffect
from sagepass.proof.atom import FREE, Ask, atom
from sagepass.proof.formula import Formula, both, either, lit, negated
from sagepass.proof.statement_formula import Compiled, compile_statement
from sagepass.proof.who import Who


@dataclass(frozen=True, slots=True)
class Sides:
    """What documents say about one class of actions: whether a Deny matches, whether an Allow does."""

    deny: Formula
    allow: Formula

    @property
    def grants(self) -> Formula:
        """An Allow matches and no Deny."""
        return both([self.allow, negated(self.deny)])


_CACHE: dict[int, tuple[Document, tuple[Compiled, ...]]] = {}
_CACHED = 4096


def compiled(document: Document) -> tuple[Compiled, ...]:
    """The statements of a document made ready; the work is done once for each document object."""
    found = _CACHE.get(id(document))
    if found is None or found[0] is not document:
        if len(_CACHE) >= _CACHED:
            _CACHE.clear()
        made = tuple(compile_statement(statement, document) for statement in document.statements)
        found = _CACHE[id(document)] = (document, made)
    return found[1]


def sides(documents: Iterable[Document], action: int | None, who: Who | None) -> Sides:
    """What some documents say to a class of actions.

    Args:
        documents: they add up.
        action: one bit of the class; ``None`` for the open world, where the action is a variable.
        who: the caller, or ``None`` if nothing is known of it.
    """
    denies: list[Formula] = []
    allows: list[Formula] = []
    for document in documents:
        if not document.readable:
            denies.append(_unreadable(document, "deny"))
            allows.append(_unreadable(document, "allow"))
        for item in compiled(document):
            if action is not None and not item.mask & action:
                continue
            formula = item.formula(who)
            if action is None:
                formula = both([item.action, formula])
            (denies if item.statement.effect is StatementEffect.DENY else allows).append(formula)
    return Sides(either(denies), either(allows))


def _unreadable(document: Document, what: str) -> Formula:
    made = atom(FREE, Ask.FREE, name=f"what {document.origin.name} would {what}\0{id(document)}")
    made.__dict__["owner"] = document  # no other document can come to lie at its address while the atom is used
    return lit(made)


def masks(documents: Iterable[Document], effect: StatementEffect | None = None) -> list[int]:
    """The action masks of all statements, or of those of one effect."""
    return [
        item.mask
        for document in documents
        for item in compiled(document)
        if effect is None or item.statement.effect is effect
    ]


def allowed_actions(documents: Sequence[Document]) -> int:
    """The listed actions that some Allow is about."""
    found = 0
    for mask in masks(documents, StatementEffect.ALLOW):
        found |= mask
    return found


def principals_of(documents: Iterable[Document]) -> list[PrincipalEntry]:
    """All principals that the documents name."""
    return [entry for document in documents for item in document.statements for entry in item.principals or ()]
