"""A plan as JSON (``share.schema.json``)."""

from __future__ import annotations

from typing import Any

from sagepass.jobs.share.attempt import Step
from sagepass.jobs.share.plan import Piece
from sagepass.jobs.share.report import ShareReport
from sagepass.jobs.share.trials import blocked_reasons
from sagepass.render.json_form import FORMAT_VERSION
from sagepass.render.share import evidence_words, share_headline
from sagepass.render.share_forms import piece_documents
from sagepass.render.share_proof import proof_to_json


def share_to_json(report: ShareReport, *, redact: bool = False) -> dict[str, Any]:
    """The whole report as plain data."""
    plan = report.plan
    return {
        "format_version": FORMAT_VERSION,
        "redacted": redact,
        "code": report.verdict.value,
        "headline": share_headline(report),
        "resource": plan.subject.text,
        "with": {
            "kind": plan.party.kind.value,
            "name": plan.party.value,
            "account": plan.party.account,
            "external_id": plan.party.external_id,
            "audience": plan.party.audience,
            "subject": plan.party.subject,
        },
        "mechanism": plan.mechanism.value,
        "actions": list(plan.actions),
        "choice": list(report.choice),
        "costs": list(report.costs),
        "gets_in": [_step(step) for step in report.trial.own],
        "stays_out": [
            {"who": trial.label, "kept_out": trial.kept_out, "steps": [_step(step) for step in trial.steps]}
            for trial in report.strangers
        ],
        "conditions": [
            {
                "piece": trial.piece,
                "statement": trial.statement,
                "operator": trial.operator,
                "key": trial.key,
                "value": trial.value,
                "without_it": list(trial.lets_in),
            }
            for trial in report.conditions
        ],
        "proofs": [proof_to_json(proof) for proof in report.proofs],
        "taken_out": list(report.decoration),
        "blocked_by": list(blocked_reasons(report.trial.blocked)),
        "depends_on": list(report.depends_on),
        "pieces": [_piece(piece) for piece in plan.pieces],
        "notes": list(report.notes),
        "evidence": evidence_words(report),
        "in_saved_accounts": report.saved is not None,
        "not_checked": list(report.not_checked),
        "next_command": report.next_command,
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "principal": step.request.principal,
        "action": step.request.action,
        "resource": step.request.resource,
        "effect": step.decision.effect.value,
        "decided_by": [check.value for check in step.decision.decided_by],
        "reason": step.reason,
    }


def _piece(piece: Piece) -> dict[str, Any]:
    return {
        "name": piece.name,
        "side": "owner" if piece.side.name == "OWNER" else "other",
        "account": piece.account,
        "title": piece.title,
        "why": piece.why,
        "documents": [{"name": name, "document": document} for name, document in piece_documents(piece)],
        "warnings": list(piece.warnings),
    }
