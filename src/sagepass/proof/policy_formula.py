"""Policies as formulas: what a list of documents allows and denies, for one class of actions and one caller."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sagepass.policy.document import Document
from sagepass.policy.statement import PrincipalEntry, StatementEffect
from sagepass.proof.compiled_document import Sides, compiled_document
from sagepass.proof.formula import either
from sagepass.proof.statement_formula import Compiled
from sagepass.proof.who import Who


def compiled(document: Document) -> tuple[Compiled, ...]:
    """The statements of a document made ready; the work is done once for each document object."""
    return compiled_document(document).statements


def sides(documents: Sequence[Document], action: int | None, who: Who | None) -> Sides:
    """What some documents say to a class of actions.

    Args:
        documents: they add up.
        action: one bit of the class; ``None`` for the open world, where the action is a variable.
        who: the caller, or ``None`` if nothing is known of it.
    """
    said = [compiled_document(document).sides(action, who) for document in documents]
    if len(said) == 1:
        return said[0]
    return Sides(either(item.deny for item in said), either(item.allow for item in said))


def masks(documents: Iterable[Document]) -> list[int]:
    """The listed actions that the statements are about, statement by statement."""
    return [mask for document in documents for mask in compiled_document(document).masks]


def allowed_actions(documents: Iterable[Document]) -> int:
    """The listed actions that some Allow is about."""
    found = 0
    for document in documents:
        found |= compiled_document(document).allowed
    return found


def denied_actions(documents: Iterable[Document]) -> int:
    """The listed actions that some Deny is about."""
    found = 0
    for document in documents:
        found |= compiled_document(document).denied
    return found


def reach_beyond(documents: Iterable[Document], effects: Iterable[StatementEffect]) -> bool:
    """Whether a statement of one of the effects can be about actions that AWS does not list."""
    wanted = frozenset(effects)
    return any(compiled_document(document).reaches & wanted for document in documents)


def principals_of(documents: Iterable[Document]) -> list[PrincipalEntry]:
    """All principals that the documents name."""
    return [entry for document in documents for item in document.statements for entry in item.principals or ()]
