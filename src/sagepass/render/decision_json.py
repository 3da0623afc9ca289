"""A decision as plain data: every check, matched statement, near miss and residual."""

from __future__ import annotations

from typing import Any

from sagepass.engine.decision import (
    Check,
    ContextFact,
    Decision,
    Evaluation,
    NearMiss,
    Residual,
    StatementRef,
    Undecided,
)
from sagepass.engine.request import Request
from sagepass.policy.document import Policy
from sagepass.snapshot.layer import Missing
from sagepass.source.errors import SourceError
from sagepass.source.locate import locate
from sagepass.source.route import Route, render_route


def decision_to_json(decision: Decision) -> dict[str, Any]:
    """Everything a decision holds."""
    return {
        "request": request_to_json(decision.request),
        "effect": decision.effect.value,
        "decided_by": [check.value for check in decision.decided_by],
        "evaluations": [_evaluation(evaluation) for evaluation in decision.evaluations],
        "residual": [_residual(item) for item in decision.residual],
        "assumptions": list(decision.assumptions),
    }


def request_to_json(request: Request) -> dict[str, Any]:
    """A request; session policies by name."""
    session = request.session_policies
    return {
        "principal": request.principal,
        "action": request.action,
        "resource": request.resource,
        "resource_account": request.resource_account,
        "context": {key: _plain(value) for key, value in request.context.items()},
        "session_policies": None if session is None else [policy.name for policy in session],
        "federated_by": request.federated_by,
    }


def check_to_json(check: Check) -> dict[str, Any]:
    """One check."""
    return {
        "type": check.type.value,
        "effect": check.effect.value,
        "reason": check.reason,
        "target": check.target,
        "matched": [statement_to_json(ref) for ref in check.matched],
        "nearest": [near_to_json(near) for near in check.nearest],
        "undecided": [_undecided(item) for item in check.undecided],
        "policies": list(check.policies),
        "evidence": check.evidence.value,
    }


def statement_to_json(ref: StatementRef) -> dict[str, Any]:
    """A statement with its policy and the places of its elements."""
    return {
        "policy": policy_to_json(ref.policy),
        "index": ref.statement.index,
        "sid": ref.statement.sid,
        "effect": ref.statement.effect.value,
        "place": place_to_json(ref, ref.statement.route),
        "elements": [place_to_json(ref, route) for route in ref.elements],
    }


def near_to_json(near: NearMiss) -> dict[str, Any]:
    """The Allow that came closest, and what kept it from matching."""
    return {
        "statement": statement_to_json(near.statement),
        "part": near.part.value,
        "difference": near.difference.name,
        "place": place_to_json(near.statement, near.route, near.piece),
        "expected": list(near.expected),
        "actual": list(near.actual),
        "key": near.key,
        "operator": near.operator,
        "others": near.others,
        "sentence": near.sentence,
    }


def policy_to_json(policy: Policy) -> dict[str, Any]:
    """What identifies a policy."""
    return {
        "name": policy.name,
        "type": policy.type.value,
        "form": policy.form.name,
        "arn": policy.arn,
        "holder": policy.holder,
    }


def place_to_json(ref: StatementRef, route: Route, piece: tuple[int, int] | None = None) -> dict[str, Any]:
    """Route, file, line and column; the last two are ``None`` where the file can no longer be read."""
    origin = ref.policy.document.origin
    written = render_route(route)
    try:
        place = locate(origin, route, within=piece)
    except SourceError:
        return {"route": written, "file": origin.name, "line": None, "column": None, "text": None}
    text = place.source.text[place.span.start : place.span.end]
    return {"route": written, "file": place.source.name, "line": place.line, "column": place.column, "text": text}


def _evaluation(evaluation: Evaluation) -> dict[str, Any]:
    return {
        "action": evaluation.action,
        "resource": evaluation.resource,
        "effect": evaluation.effect.value,
        "checks": [check_to_json(check) for check in evaluation.checks],
        "context": [_fact(fact) for fact in evaluation.context],
    }


def _fact(fact: ContextFact) -> dict[str, Any]:
    return {
        "key": fact.key,
        "values": None if fact.values is None else list(fact.values),
        "known": fact.known,
        "evidence": fact.evidence.value,
        "note": fact.note,
    }


def _undecided(item: Undecided) -> dict[str, Any]:
    return {
        "reason": item.reason,
        "keys": list(item.keys),
        "statement": None if item.statement is None else statement_to_json(item.statement),
        "missing": _missing(item.missing),
    }


def _residual(item: Residual) -> dict[str, Any]:
    return {
        "check": item.check.value,
        "text": item.text,
        "keys": list(item.keys),
        "missing": _missing(item.missing),
        "statement": None if item.statement is None else statement_to_json(item.statement),
    }


def _missing(missing: Missing | None) -> dict[str, Any] | None:
    return None if missing is None else {"what": missing.what, "supply": missing.supply}


def _plain(value: object) -> object:
    if value is None or isinstance(value, str | bool | int | float):
        return value
    return [str(item) for item in value] if isinstance(value, list | tuple) else str(value)
