"""One line for each authorization that is not allowed and each open question: ``file:line:column: CODE: sentence``."""

from __future__ import annotations

from sagepass.jobs.preflight.record import Asked, Authorization, Preflight
from sagepass.policy.kinds import Effect
from sagepass.render.preflight_verdict import authorization_code, preflight_code, preflight_sentence
from sagepass.repair.option import name_of
from sagepass.source.errors import SourceError
from sagepass.source.locate import locate
from sagepass.source.route import render_route
from sagepass.source.terminal import printable


def render_preflight_concise(preflight: Preflight) -> str:
    """The lines; the last one is the verdict."""
    lines = [
        f"{finding.document} {render_route(finding.route)}: {finding.code}: {finding.message}"
        for finding in preflight.findings
    ]
    lines += [
        f"{asked_place(item.asked[0])}: {authorization_code(item)}: {authorization_sentence(item)}"
        for item in preflight.authorizations
        if item.effect is not Effect.ALLOW and not item.so_far
    ]
    lines += [
        f"CANNOT_DETERMINE: {count} authorizations that are allowed so far hang on {missing.what}"
        + (f" (supply: {missing.supply})" if missing.supply else "")
        for missing, count in preflight.hanging
    ]
    lines += [
        f"{asked_place(question.asked)}: PREFLIGHT_NOT_KNOWN: {question.point.what} (look up: {question.point.look_up})"
        for question in preflight.open_questions
    ]
    lines.append(f"{preflight_code(preflight)}: {preflight_sentence(preflight)}")
    return "".join(printable(line, one_line=True) + "\n" for line in lines)


def authorization_sentence(item: Authorization) -> str:
    """Who lacks what, and why."""
    needed = item.need.needed
    usual = "" if item.need.necessity == "required" else f" ({item.need.necessity})"
    remedy = f"; {item.need.remedy}" if item.need.remedy else ""
    return f"{name_of(item.need.principal)}: {needed.action} on {needed.resource}{usual}: {item.reason}{remedy}"


def asked_place(asked: Asked) -> str:
    """``file:line:column`` of the field that asks; the name and the route where the file cannot be read."""
    try:
        place = locate(asked.origin, asked.route)
    except SourceError:
        return f"{asked.origin.name} {render_route(asked.route)}"
    return f"{place.source.name}:{place.line}:{place.column}"
