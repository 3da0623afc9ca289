"""The findings about policies as SARIF: each at its place in the file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sagepass.jobs.lint.policies import Linted
from sagepass.render.sarif import SarifPlace, SarifResult, sarif_log
from sagepass.source.finding import CodeDoc, Severity

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def lint_to_sarif(results: Sequence[Linted], *, version: str, pages: Iterable[CodeDoc] = ()) -> dict[str, Any]:
    """The log; ``version`` is that of sagepass, ``pages`` are the pages of the codes."""
    return sarif_log(
        (
            SarifResult(
                code=finding.code,
                level=_LEVELS[finding.severity],
                message=f"{finding.message}; {finding.remedy}" if finding.remedy else finding.message,
                place=SarifPlace(origin=result.document.origin, route=finding.route),
            )
            for result in results
            for finding in result.findings
        ),
        version=version,
        pages=pages,
    )
