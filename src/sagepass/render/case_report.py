"""How access cases came out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sagepass.engine.decision import Decision
from sagepass.jobs.access_case import CaseResult
from sagepass.render.human import HumanView
from sagepass.render.page import Page


def render_case_report_concise(results: Sequence[tuple[str, CaseResult]]) -> str:
    """The cases that fail, and a count, without breaking lines."""
    return render_case_report(results, HumanView(width=100_000))


def render_case_report(results: Sequence[tuple[str, CaseResult]], view: HumanView) -> str:
    """The cases that fail, each with what differs, and a count."""
    page = Page(width=view.width, rewrite=view.rewrite)
    for name, result in results:
        if result.passed and not view.verbose:
            continue
        word, style = ("pass", "green") if result.passed else ("FAIL", "bold red")
        page.line((word, style), f" {result.id}: {result.message or name}", hang=5)
        why = "" if result.passed or result.outcome is None else _reason(result.outcome.decision)
        if why:
            page.line(("because: ", "cyan"), why, indent=5, hang=9)
    failed = sum(not result.passed for _, result in results)
    page.line(f"{len(results) - failed} of {len(results)} access cases as expected")
    return page.render(color=view.color)


def _reason(decision: Decision) -> str:
    """Why the decision is as it is: what it still depends on, or the first check that decided."""
    if decision.residual:
        return f"allowed provided that {decision.residual[0].text}"
    deciding = (
        check for check in decision.checks if check.type in decision.decided_by and check.effect is decision.effect
    )
    return next((check.reason for check in deciding), "")


def case_report_to_json(results: Sequence[tuple[str, CaseResult]], *, redact: bool = False) -> dict[str, Any]:
    """What ``sagepass test --format json`` prints (``test.schema.json``)."""
    return {
        "format_version": "1.0",
        "redacted": redact,
        "passed": sum(result.passed for _, result in results),
        "failed": sum(not result.passed for _, result in results),
        "results": [
            {
                "file": name,
                "id": result.id,
                "passed": result.passed,
                "message": result.message,
                "effect": None if result.outcome is None else result.outcome.effect.value,
                "decided_by": [] if result.outcome is None else [check.value for check in result.outcome.decided_by],
            }
            for name, result in results
        ],
    }
