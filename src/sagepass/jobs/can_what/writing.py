"""Writes clauses as a policy document, in which text means what it meant in its own document.

In a document without ``"Version": "2012-10-17"`` a policy variable is literal text; here it is written ``${$}{…}``.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sagepass.engine.decision import StatementRef
from sagepass.jobs.can_what.layers import Part
from sagepass.jobs.can_what.record import Clause, Test
from sagepass.policy.statement import Condition


def written_text(ref: StatementRef, text: str) -> str:
    """A resource or a condition value for a document in which variables are in force."""
    return text if ref.policy.document.variables_enabled else text.replace("${", "${$}{")


def written_resources(part: Part) -> tuple[str, ...]:
    """The resources of a statement."""
    return tuple(written_text(part.ref, entry) for entry in part.resources)


def test_values(ref: StatementRef, condition: Condition) -> tuple[str, ...]:
    """The values of a condition. Only string and ARN operators know variables, so others keep their text."""
    name = condition.operator.base.value
    if not name.startswith(("String", "Arn")):
        return tuple(element.value for element in condition.values)
    return tuple(written_text(ref, element.value) for element in condition.values)


def tests_of(part: Part) -> tuple[Test, ...]:
    """The conditions of a statement as they are."""
    return tuple(
        Test(operator=str(condition.operator), key=condition.key, values=test_values(part.ref, condition))
        for condition in part.conditions
    )


def policy_document(clauses: Iterable[Clause]) -> dict[str, Any]:
    """One policy document that says what the clauses say."""
    return {"Version": "2012-10-17", "Statement": [clause_statement(clause) for clause in clauses]}


def clause_statement(clause: Clause) -> dict[str, Any]:
    """One clause as a statement."""
    statement: dict[str, Any] = {
        "Effect": clause.effect.value,
        "NotAction" if clause.not_action else "Action": _one_or_many(clause.actions),
        "NotResource" if clause.not_resource else "Resource": _one_or_many(clause.resources),
    }
    block: dict[str, dict[str, object]] = {}
    for test in clause.conditions:
        block.setdefault(test.operator, {})[test.key] = _one_or_many(test.values)
    if block:
        statement["Condition"] = block
    return statement


def _one_or_many(values: tuple[str, ...]) -> object:
    return values[0] if len(values) == 1 else list(values)
