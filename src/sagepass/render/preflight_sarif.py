"""A preflight as SARIF: each missing authorization at the field of the request that asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sagepass.calls.need import Necessity
from sagepass.jobs.preflight.record import Authorization, Preflight
from sagepass.policy.kinds import Effect
from sagepass.render.json_form import rewritten
from sagepass.render.preflight_concise import authorization_sentence
from sagepass.render.preflight_verdict import authorization_code
from sagepass.render.redact import redactor_for
from sagepass.render.sarif import SarifPlace, SarifResult, sarif_log
from sagepass.source.finding import CodeDoc, Severity
from sagepass.source.origin import Origin

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def preflight_to_sarif(
    preflight: Preflight, *, version: str, pages: Iterable[CodeDoc] = (), redact: bool = False
) -> dict[str, Any]:
    """The log; ``version`` is that of sagepass, ``pages`` are the pages of the codes; redacted if that is asked for."""
    log = sarif_log(_results(preflight), version=version, pages=pages, fingerprints=not redact)
    return rewritten(log, redactor_for(preflight, redact=redact), redact=redact)


def _results(preflight: Preflight) -> Iterator[SarifResult]:
    origins = {call.origin.name: call.origin for call in preflight.calls}
    for finding in preflight.findings:
        origin = origins.get(finding.document, Origin(name=finding.document))
        yield SarifResult(
            code=finding.code,
            level=_LEVELS[finding.severity],
            message=f"{finding.message}; {finding.remedy}" if finding.remedy else finding.message,
            place=SarifPlace(origin=origin, route=finding.route),
        )
    for item in preflight.authorizations:
        if item.effect is not Effect.ALLOW:
            yield _result(item)
    for question in preflight.open_questions:
        yield SarifResult(
            code="PREFLIGHT_NOT_KNOWN",
            level="note",
            message=f"not known: {question.point.what}; look it up: {question.point.look_up}",
            place=SarifPlace(origin=question.asked.origin, route=question.asked.route),
        )


def _result(item: Authorization) -> SarifResult:
    required = item.need.necessity is Necessity.REQUIRED
    level = "error" if item.missing and required else "note" if item.so_far else "warning"
    first, *others = item.asked
    related = [
        SarifPlace(origin=asked.origin, route=asked.route, message=f"{asked.label} asks for it too") for asked in others
    ]
    for check in item.decision.blocking if item.decision else ():
        ref = check.matched[0] if check.matched else check.nearest[0].statement if check.nearest else None
        if ref is not None:
            said = "this denies it" if check.matched else check.nearest[0].sentence or "the nearest Allow"
            related.append(SarifPlace(origin=ref.policy.document.origin, route=ref.statement.route, message=said))
    return SarifResult(
        code=authorization_code(item),
        level=level,
        message=authorization_sentence(item),
        place=SarifPlace(origin=first.origin, route=first.route),
        related=tuple(related),
    )
