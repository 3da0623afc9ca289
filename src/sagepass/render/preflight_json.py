"""A preflight as JSON (``preflight.schema.json``)."""

from __future__ import annotations

from typing import Any

from sagepass.calls.call import Needed
from sagepass.jobs.preflight.record import Asked, Authorization, OpenQuestion, OwnerPart, Plan, Preflight
from sagepass.policy.kinds import Effect
from sagepass.render.decision_json import decision_to_json
from sagepass.render.finding_json import finding_to_json
from sagepass.render.json_form import FORMAT_VERSION, fix_to_json, rewritten
from sagepass.render.preflight_verdict import (
    authorization_code,
    preflight_code,
    preflight_level,
    preflight_sentence,
)
from sagepass.render.redact import redactor_for
from sagepass.source.errors import SourceError
from sagepass.source.locate import locate
from sagepass.source.route import render_route


def preflight_to_json(
    preflight: Preflight, *, redact: bool = False, new_role: dict[str, Any] | None = None
) -> dict[str, Any]:
    """What ``sagepass preflight --format json`` prints; ``new_role`` is the role that was written for it."""
    document = {
        "format_version": FORMAT_VERSION,
        "redacted": redact,
        "code": preflight_code(preflight),
        "level": preflight_level(preflight),
        "headline": preflight_sentence(preflight),
        "effect": preflight.effect.value,
        "caller": preflight.caller,
        "calls": [
            {
                "label": call.label,
                "service": call.call.service,
                "operation": call.call.operation,
                "account": call.call.caller_account,
                "region": call.call.region,
                "made_by": call.made_by,
                "after": list(call.after),
                "added_tags": call.call.added_tags.value,
            }
            for call in preflight.calls
        ],
        "authorizations": [_authorization(item) for item in preflight.authorizations],
        "open_questions": [_question(item) for item in preflight.open_questions],
        "findings": [finding_to_json(item) for item in preflight.findings],
        "plan": None if preflight.plan is None else _plan(preflight.plan),
        "new_role": new_role,
        "assumptions": list(preflight.assumptions),
    }
    return rewritten(document, redactor_for(preflight, redact=redact), redact=redact)


def _authorization(item: Authorization) -> dict[str, Any]:
    need = item.need
    return {
        "code": "ALLOWED" if item.effect is Effect.ALLOW else authorization_code(item),
        "effect": item.effect.value,
        "who": need.needed.who.value,
        "principal": need.principal,
        "other_account": item.other_account,
        "block": need.block.value,
        "necessity": need.necessity.value,
        "request": _needed(need.needed),
        "asked_by": [_asked(asked) for asked in item.asked],
        "source": need.source,
        "reason": item.reason,
        "remedy": need.remedy,
        "so_far": item.so_far,
        "by_instead": item.by_instead,
        "note": item.note,
        "supply": item.supply,
        "decision": None if item.decision is None else decision_to_json(item.decision),
    }


def _needed(needed: Needed) -> dict[str, Any]:
    return {
        "action": needed.action,
        "resource": needed.resource,
        "resource_state": needed.resource_state.value,
        "context": [{"key": key, "values": list(values)} for key, values in needed.context],
        "absent": list(needed.absent),
        "unsettled": [
            {
                "key": one.key,
                "choices": [None if values is None else list(values) for values in one.choices],
                "why": one.why,
            }
            for one in needed.unsettled
        ],
        "confidence": needed.confidence.value,
    }


def _asked(asked: Asked) -> dict[str, Any]:
    line = column = None
    try:
        place = locate(asked.origin, asked.route)
        line, column = place.line, place.column
    except SourceError:
        pass
    return {
        "call": asked.label,
        "field": render_route(asked.field) if asked.field else None,
        "document": asked.origin.name,
        "route": render_route(asked.route),
        "line": line,
        "column": column,
    }


def _question(item: OpenQuestion) -> dict[str, Any]:
    return {"what": item.point.what, "look_up": item.point.look_up, "asked_by": _asked(item.asked)}


def _plan(plan: Plan) -> dict[str, Any]:
    return {
        "effect": plan.effect.value,
        "minimal": plan.minimal,
        "remaining": list(plan.remaining),
        "parts": [_part(part) for part in plan.parts],
    }


def _part(part: OwnerPart) -> dict[str, Any]:
    return {
        "who": part.who,
        "steps": list(part.steps),
        "fix": None if part.fix is None else fix_to_json(part.fix),
    }
