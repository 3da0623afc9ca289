"""The answer to a question about policies as JSON, and in the form of AWS's Access Analyzer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sagepass.jobs.policy_file import PolicyFile
from sagepass.jobs.policy_questions import PolicyAnswer, QuestionKind
from sagepass.proof.case import access_case
from sagepass.proof.comparison import Difference, StatementPlace
from sagepass.proof.verdict import Verdict
from sagepass.render.proof_report import headline, line_of, route_of
from sagepass.source.route import render_route


def answer_to_json(answer: PolicyAnswer, *, redact: bool = False) -> dict[str, Any]:
    """What ``sagepass compare`` and ``sagepass public`` print with ``--format json`` (``comparison.schema.json``)."""
    comparison = answer.comparison
    claims = comparison.claims
    return {
        "format_version": "1.0",
        "redacted": redact,
        "question": answer.kind.value,
        "verdict": comparison.verdict.value,
        "headline": headline(answer),
        "claims": {
            "documented": claims.documented.value,
            "listed": claims.listed.value,
            "everything": claims.everything.value,
        },
        "policy_type": answer.policy_type.value,
        "old": [item.name for item in answer.old],
        "new": [item.name for item in answer.new],
        "differences": [_difference(item, answer, number) for number, item in enumerate(comparison.differences)],
        "open": [{"actions": list(item.actions), "who": item.who, "reason": item.reason} for item in comparison.open],
        "shown_by": list(comparison.shown_by),
        "basis": {
            "catalog": comparison.basis.catalog,
            "layers": list(comparison.basis.layers),
            "taken": list(comparison.basis.taken),
        },
    }


def _difference(difference: Difference, answer: PolicyAnswer, number: int) -> dict[str, Any]:
    documents = [item.value for item in answer.new]
    return {
        "actions": list(difference.actions),
        "who": difference.who,
        "documented": difference.documented,
        "by": [_place(answer.new, place, answer) for place in difference.by],
        "no_longer_denied_by": [_place(answer.old, place, answer) for place in difference.no_longer_denied_by],
        "case": access_case(difference.witness, answer.policy_type, documents, f"difference-{number + 1}"),
    }


def _place(policies: Sequence[PolicyFile], place: StatementPlace, answer: PolicyAnswer) -> dict[str, Any]:
    policy = policies[place.document]
    route, sid = route_of(policy, place.index, answer)
    line, column = line_of(policy, route) or (None, None)
    return {
        "document": policy.name,
        "route": render_route(route),
        "index": place.index,
        "sid": sid,
        "line": line,
        "column": column,
    }


def answer_to_access_analyzer(answer: PolicyAnswer, *, redact: bool = False) -> dict[str, Any]:  # noqa: ARG001 - AWS's form has no member for it
    """The response form of CheckNoNewAccess, CheckAccessNotGranted and CheckNoPublicAccess.

    What could not be settled is a FAIL, as it is there: the policy might allow it
    (https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckNoNewAccess.html).
    """
    passed = answer.comparison.verdict is Verdict.PROVEN
    reasons: dict[tuple[int, int], dict[str, Any]] = {}
    for difference in answer.comparison.differences:
        for place in difference.by:
            if (place.document, place.index) not in reasons:
                reasons[place.document, place.index] = _reason(place, answer)
    found = list(reasons.values())
    found += [{"description": f"Not settled: {item.reason}."} for item in answer.comparison.open]
    return {"result": "PASS" if passed else "FAIL", "message": f"{headline(answer)}.", "reasons": found}


def _reason(place: StatementPlace, answer: PolicyAnswer) -> dict[str, Any]:
    _, sid = route_of(answer.new[place.document], place.index, answer)
    what = {
        QuestionKind.NO_NEW_ACCESS: "New access",
        QuestionKind.NOT_GRANTED: "One or more of the listed accesses",
        QuestionKind.NOT_FROM_OUTSIDE: "Access from outside",
    }
    reason: dict[str, Any] = {
        "description": f"{what[answer.kind]} in the statement with index: {place.index}.",
        "statementIndex": place.index,
    }
    return {**reason, "statementId": sid} if sid else reason
