"""The findings about policies as SARIF: each at its place in the file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sagepass.render.lint_report import LintReport
from sagepass.render.sarif import SarifPlace, SarifResult, sarif_log
from sagepass.source.finding import CodeDoc, Severity

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def lint_to_sarif(
    report: LintReport, *, version: str, pages: Iterable[CodeDoc] = (), redact: bool = False
) -> dict[str, Any]:
    """The log; ``version`` is that of sagepass, ``pages`` are the pages of the codes, ``redact`` keeps out fingerprints."""
    return sarif_log(
        (
            SarifResult(
                code=finding.code,
                level=_LEVELS[finding.severity],
                message=f"{finding.message}; {finding.remedy}" if finding.remedy else finding.message,
                place=SarifPlace(origin=result.document.origin, route=finding.route),
            )
            for result in report.results
            for finding in result.findings
        ),
        version=version,
        pages=pages,
        fingerprints=not redact,
    )
