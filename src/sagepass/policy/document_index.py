"""The statements of one document by action: which of them an action leaves in play."""

from __future__ import annotations

from dataclasses import dataclass

from sagepass.policy.document import Document
from sagepass.policy.statement import Statement
from sagepass.policy.statement_test import StatementTest, statement_test

_KEPT = 4096
"""Actions of which an index keeps the answer."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One statement of a document, and the test that it shares with all that mean the same."""

    statement: Statement
    test: StatementTest


class DocumentIndex:
    """The statements of a document, and for each action asked about those that it leaves in play."""

    __slots__ = ("_by_action", "candidates", "tests")

    def __init__(self, document: Document) -> None:
        variables = document.variables_enabled
        self.candidates = tuple(
            Candidate(statement, statement_test(statement, variables=variables)) for statement in document.statements
        )
        self.tests = tuple(candidate.test for candidate in self.candidates)
        self._by_action: dict[str, tuple[Candidate, ...]] = {}

    def of_action(self, action: str) -> tuple[Candidate, ...]:
        """The statements that an action, given in lower case, leaves in play, in their order."""
        found = self._by_action.get(action)
        if found is None:
            if len(self._by_action) >= _KEPT:
                self._by_action.clear()
            found = tuple(candidate for candidate in self.candidates if candidate.test.fits_action(action))
            self._by_action[action] = found
        return found


def document_index(document: Document) -> DocumentIndex:
    """The index of a document, made when it is first asked for and kept with the document."""
    kept = document.memo.get("index")
    if isinstance(kept, DocumentIndex):
        return kept
    index = DocumentIndex(document)
    document.memo["index"] = index
    return index
