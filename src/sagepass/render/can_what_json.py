"""What ``sagepass can-what --format json`` prints (``can-what.schema.json``)."""

from __future__ import annotations

from typing import Any

from sagepass.jobs.can_what.record import CanWhat, Clause, Idle, OnResource
from sagepass.jobs.can_what.writing import policy_document
from sagepass.render.decision_json import statement_to_json
from sagepass.render.json_form import FORMAT_VERSION


def can_what_to_json(answer: CanWhat, *, redact: bool = False) -> dict[str, Any]:
    """The whole answer as plain data, with the policy document; the caller puts in the pseudonyms."""
    return {
        "format_version": FORMAT_VERSION,
        "redacted": redact,
        "principal": answer.principal,
        "service": answer.service,
        "resource": answer.resource,
        "exact": answer.exact,
        "document": policy_document(answer.clauses),
        "clauses": [_clause(clause) for clause in answer.clauses],
        "idle": [_idle(item) for item in answer.idle],
        "on_resource": [_on_resource(item) for item in answer.on_resource],
        "levels": [{"level": level, "allowed": allowed, "total": total} for level, allowed, total in answer.levels],
        "inexact": list(answer.inexact),
        "depends": list(answer.depends),
        "assumptions": list(answer.assumptions),
    }


def _clause(clause: Clause) -> dict[str, Any]:
    return {
        "effect": clause.effect.value,
        "actions": list(clause.actions),
        "not_action": clause.not_action,
        "resources": list(clause.resources),
        "not_resource": clause.not_resource,
        "conditions": [
            {"operator": test.operator, "key": test.key, "values": list(test.values)} for test in clause.conditions
        ],
        "because": clause.because,
        "sources": [statement_to_json(ref) for ref in clause.sources],
    }


def _idle(item: Idle) -> dict[str, Any]:
    return {"actions": list(item.actions), "source": statement_to_json(item.source), "because": item.because}


def _on_resource(item: OnResource) -> dict[str, Any]:
    return {
        "action": item.action,
        "effect": item.effect.value,
        "conditions": list(item.conditions),
        "grants": [statement_to_json(ref) for ref in item.grants],
    }
