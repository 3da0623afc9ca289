"""One policy under the lint, and how findings about it are made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sagepass.policy.document import Document
from sagepass.policy.kinds import PolicyType
from sagepass.policy.statement import Condition, Statement, StatementEffect
from sagepass.proof.policy_formula import compiled
from sagepass.proof.statement_formula import Compiled
from sagepass.source.finding import Finding, Severity
from sagepass.source.route import Route


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The policy, what it is, and the boundary that limits it, if one was given."""

    document: Document
    policy_type: PolicyType
    boundary: Document | None = None

    def sound(self) -> Iterator[Compiled]:
        """The statements that AWS would take; of the others the reader has said what is wrong."""
        for item in compiled(self.document):
            if not item.statement.defects:
                yield item

    def finding(
        self, code: str, route: Route, message: str, remedy: str, severity: Severity = Severity.WARNING
    ) -> Finding:
        """A finding at a place of this policy."""
        return Finding(
            code=code,
            severity=severity,
            message=message,
            remedy=remedy,
            document=self.document.origin.name,
            route=route,
        )


def verb(statement: Statement) -> str:
    """What a statement does."""
    return "grants" if statement.effect is StatementEffect.ALLOW else "denies"


def keys_of(conditions: Iterable[Condition]) -> frozenset[str]:
    """The condition keys, in lower case."""
    return frozenset(condition.key.lower() for condition in conditions)


def few(names: Iterable[str], most: int = 3) -> str:
    """A few names of many."""
    listed = list(names)
    more = f" and {len(listed) - most} more" if len(listed) > most else ""
    return ", ".join(listed[:most]) + more
