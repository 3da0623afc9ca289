"""The JSON documents: versioned, additive within a major version, described in ``docs/schema``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sagepass.denial.json_form import denial_to_json
from sagepass.denial.record import Denial
from sagepass.engine.decision import Decision
from sagepass.jobs.diagnosis import Candidate, Cause, Diagnosis
from sagepass.render.decision_json import check_to_json, decision_to_json, near_to_json, statement_to_json
from sagepass.render.redact import redactor_for
from sagepass.render.verdict import decision_code, verdict_code, verdict_level
from sagepass.repair.fix import Edit, Fix

FORMAT_VERSION = "1.0"
"""Raised in its minor part when something is added, in its major part when something is taken away or changed."""
_NAMING = frozenset(
    {
        "document", "GroupName", "holder", "id", "label", "name", "names", "new", "old", "policies", "policy", "policy_name",
        "PolicyName", "principal", "role", "role_name", "RoleName", "session_policies", "sid", "Sid", "statement", "statementId", "UserName", "who",
    }
)  # fmt: skip
"""Members whose values name somebody or something, so that a common word there is a name as well."""


def denials_to_json(denials: Iterable[Denial], *, redact: bool = False) -> dict[str, Any]:
    """What ``sagepass read --format json`` prints (``denials.schema.json``)."""
    found = list(denials)
    document = {
        "format_version": FORMAT_VERSION,
        "redacted": redact,
        "denials": [denial_to_json(denial, redact=redact) for denial in found],
    }
    return rewritten(document, redactor_for(found, redact=redact), redact=redact)


def diagnoses_to_json(diagnoses: Iterable[Diagnosis], *, redact: bool = False) -> dict[str, Any]:
    """What ``sagepass why --format json`` prints (``diagnoses.schema.json``)."""
    found = list(diagnoses)
    document = {
        "format_version": FORMAT_VERSION,
        "redacted": redact,
        "diagnoses": [diagnosis_to_json(diagnosis, redact=redact) for diagnosis in found],
    }
    return rewritten(document, redactor_for(found, redact=redact), redact=redact)


def decision_document(decision: Decision, *, redact: bool = False) -> dict[str, Any]:
    """What ``sagepass can --format json`` prints (``decision.schema.json``)."""
    document = {
        "format_version": FORMAT_VERSION,
        "redacted": redact,
        "code": decision_code(decision),
        "decision": decision_to_json(decision),
    }
    return rewritten(document, redactor_for(decision, redact=redact), redact=redact)


def diagnosis_to_json(diagnosis: Diagnosis, *, redact: bool = False) -> dict[str, Any]:
    """One diagnosis with everything in it. ``redact`` leaves out the secrets only; names are the caller's concern."""
    return {
        "code": verdict_code(diagnosis),
        "level": verdict_level(diagnosis),
        "verdict": diagnosis.verdict.value,
        "effect": None if diagnosis.effect is None else diagnosis.effect.value,
        "headline": diagnosis.headline,
        "denial": denial_to_json(diagnosis.denial, redact=redact),
        "identity": list(diagnosis.identity),
        "decision": None if diagnosis.decision is None else decision_to_json(diagnosis.decision),
        "candidates": [_candidate(candidate) for candidate in diagnosis.candidates],
        "causes": [_cause(cause) for cause in diagnosis.causes],
        "contradictions": list(diagnosis.contradictions),
        "fixes": [fix_to_json(fix) for fix in diagnosis.fixes],
        "next_denials": list(diagnosis.next_denials),
        "evidence": list(diagnosis.evidence),
        "limits": list(diagnosis.limits),
        "next_command": diagnosis.next_command,
    }


def fix_to_json(fix: Fix) -> dict[str, Any]:
    """One fix with its edits and the effect of the request once it is made."""
    names = ("principal", "action", "resource", "conditions")
    return {
        "title": fix.title,
        "applicability": fix.applicability.value,
        "optional": fix.optional,
        "minimal": fix.minimal,
        "edits": [_edit(edit) for edit in fix.edits],
        "grants": list(fix.grants),
        "grants_data": [dict(zip(names, entry, strict=True)) for entry in fix.grants_data],
        "proof": _proof(fix),
        "result_effect": None if fix.result is None else fix.result.effect.value,
        "result_residual": [] if fix.result is None else [item.text for item in fix.result.residual],
        "not_checked": list(fix.not_checked),
        "warnings": list(fix.warnings),
        "after": list(fix.after),
        "steps": list(fix.steps),
    }


def _proof(fix: Fix) -> dict[str, Any] | None:
    proof = fix.proof
    if proof is None:
        return None
    return {
        "verdict": proof.verdict.value,
        "reason": proof.reason,
        "changed": list(proof.basis.layers),
        "taken": list(proof.basis.taken),
        "catalog": proof.basis.catalog,
    }


def _edit(edit: Edit) -> dict[str, Any]:
    return {
        "where": edit.where,
        "owner": edit.owner.name,
        "account": edit.account,
        "policy_type": edit.policy_type.value,
        "check": edit.check.value,
        "form": edit.change.form.name,
        "holder": edit.change.holder,
        "policy_name": edit.change.name,
        "policy_arn": edit.change.arn,
        "removes": edit.change.document is None,
        "before": edit.before,
        "after": edit.after,
        "statement": edit.statement,
    }


def _candidate(candidate: Candidate) -> dict[str, Any]:
    return {"label": candidate.label, "decision": decision_to_json(candidate.decision)}


def _cause(cause: Cause) -> dict[str, Any]:
    return {
        "headline": cause.headline,
        "check": None if cause.check is None else check_to_json(cause.check),
        "statement": None if cause.statement is None else statement_to_json(cause.statement),
        "near": None if cause.near is None else near_to_json(cause.near),
        "notes": list(cause.notes),
    }


def rewritten(document: dict[str, Any], rewrite: Callable[[str], str], *, redact: bool) -> dict[str, Any]:
    """The document with every string rewritten; keys of the format itself stay."""
    if not redact:
        return document
    return {key: _rewritten(value, rewrite, named=key in _NAMING) for key, value in document.items()}


def _rewritten(value: object, rewrite: Callable[[str], str], *, named: bool) -> object:
    """A value; under a key that holds names a word is quoted for the rewriting, which tells that it is a name."""
    if isinstance(value, str):
        return rewrite(f'"{value}"')[1:-1] if named else rewrite(value)
    if isinstance(value, dict):
        return {key: _rewritten(inner, rewrite, named=key in _NAMING) for key, inner in value.items()}
    return [_rewritten(item, rewrite, named=named) for item in value] if isinstance(value, list | tuple) else value
