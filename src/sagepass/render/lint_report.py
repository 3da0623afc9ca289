"""The findings about policies: for people with the place in the file, one a line, and as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sagepass.engine.decision import StatementRef
from sagepass.jobs.lint.policies import Linted
from sagepass.policy.document import PolicyForm
from sagepass.policy.statement import Statement
from sagepass.proof.replay import policies_of
from sagepass.render.finding_json import finding_to_json
from sagepass.render.human import HumanView
from sagepass.render.page import Page
from sagepass.render.source_window import Mark, show_statement
from sagepass.render.words import type_words
from sagepass.source.errors import SourceError
from sagepass.source.finding import Finding, Severity
from sagepass.source.locate import locate
from sagepass.source.route import render_route

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "cyan"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LintReport:
    """The policies with their findings, and the files of folders that hold no policy."""

    results: tuple[Linted, ...]
    skipped: tuple[str, ...] = ()


def render_lint(report: LintReport, view: HumanView) -> str:
    """Each finding with a window on the policy, and a count."""
    page = Page(width=view.width, rewrite=view.rewrite)
    for result in report.results:
        for finding in result.findings:
            page.blank()
            page.line(
                (f"{finding.severity}[{finding.code}]", _STYLES[finding.severity]), f": {finding.message}", hang=2
            )
            _where(page, result, finding)
            if finding.remedy:
                page.line(("help: ", "green"), finding.remedy, indent=2, hang=6)
    page.blank()
    page.line(_sum(report), hang=2)
    return page.render(color=view.color)


def _where(page: Page, result: Linted, finding: Finding) -> None:
    statement = _statement(result, finding)
    if statement is None:
        page.line(("--> ", "blue"), _place(result, finding)[0], indent=2, hang=4)
        return
    (policy,) = policies_of([result.document], result.policy_type)
    ref = StatementRef(policy=policy, statement=statement)
    show_statement(page, ref, [Mark(route=finding.route, label="")], of=_what(result))


def _what(result: Linted) -> str:
    """What holds the statement: a file tells what is in it, but neither where it is attached nor whether it is."""
    kind = type_words(result.policy_type)
    if result.policy.origin.path is None:  # named, not read from a file: it comes from the catalog of AWS's own
        return f"policy {result.policy.name} ({PolicyForm.AWS_MANAGED})"
    if result.policy.holder and not result.type_given:
        return result.policy.holder
    name = result.policy.holder or result.policy.origin.path.name
    return f"{name} ({kind}, as --kind says)" if result.type_given else f"{name} (taken for: {kind})"


def _statement(result: Linted, finding: Finding) -> Statement | None:
    return next((item for item in result.document.statements if finding.route[: len(item.route)] == item.route), None)


def _place(result: Linted, finding: Finding) -> tuple[str, int | None, int | None]:
    try:
        place = locate(result.document.origin, finding.route)
    except SourceError:
        return f"{finding.document} {render_route(finding.route)}", None, None
    return f"{place.source.name}:{place.line}:{place.column}", place.line, place.column


def _sum(report: LintReport) -> str:
    number, count, without = (
        sum(len(item.findings) for item in report.results),
        len(report.results),
        len(report.skipped),
    )
    files = f"{count} {'policy' if count == 1 else 'policies'}"
    left = f"; {without} {'file holds' if without == 1 else 'files hold'} no policy" if without else ""
    return f"{number} {'finding' if number == 1 else 'findings'} in {files}{left}"


def render_lint_concise(report: LintReport) -> str:
    """``file:line:column: severity[CODE] message``, one a line."""
    page = Page(width=100_000)
    for result in report.results:
        for finding in result.findings:
            place, _, _ = _place(result, finding)
            page.line(f"{place}: {finding.severity}[{finding.code}] {finding.message}")
    return page.render()


def lint_to_json(report: LintReport, *, redact: bool = False) -> dict[str, Any]:
    """What ``sagepass check --format json`` prints (``check.schema.json``)."""
    return {
        "format_version": "1.0",
        "redacted": redact,
        "policies": [
            {"name": item.policy.name, "holder": item.policy.holder or None, "policy_type": item.policy_type.value}
            for item in report.results
        ],
        "skipped": list(report.skipped),
        "findings": [_finding(result, finding) for result in report.results for finding in result.findings],
    }


def _finding(result: Linted, finding: Finding) -> dict[str, Any]:
    _, line, column = _place(result, finding)
    return {**finding_to_json(finding), "document": result.policy.name, "line": line, "column": column}
