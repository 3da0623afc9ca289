"""What a snapshot holds, what is wrong with it, and what it lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sagepass.policy.document import Document, Policy
from sagepass.render.finding_json import finding_to_json
from sagepass.render.human import HumanView
from sagepass.render.page import Page
from sagepass.snapshot.gaps import Gap
from sagepass.snapshot.snapshot import Snapshot
from sagepass.source.errors import SourceError
from sagepass.source.finding import Finding, Severity
from sagepass.source.locate import locate
from sagepass.source.route import render_route
from sagepass.source.terminal import printable

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}


def snapshot_findings(snapshot: Snapshot) -> tuple[tuple[Finding, str], ...]:
    """Findings about the files and about every policy of a principal, each once, with the place it stands at."""
    found: dict[tuple[str, str, object, str], tuple[Finding, str]] = {}
    for finding in snapshot.findings:
        found[(finding.code, finding.document, finding.route, finding.message)] = (finding, finding.document)
    for document in (policy.document for policy in _policies(snapshot)):
        for finding in document.findings:
            key = (finding.code, finding.document, finding.route, finding.message)
            if key not in found:
                found[key] = (finding, _place(document, finding))
    return tuple(found.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotReport:
    """What there is to say about a snapshot.

    Attributes:
        name: of the snapshot.
        accounts: each with its number of principals.
        findings: each with the place that it is about.
        gaps: what is missing.
        policies: those of the principals, which tell which words are names.
        principals: their ARNs.
    """

    name: str
    accounts: Mapping[str, int]
    findings: tuple[tuple[Finding, str], ...]
    gaps: tuple[Gap, ...]
    policies: tuple[Policy, ...]
    principals: tuple[str, ...]

    @property
    def broken(self) -> bool:
        """Whether something in it is an error."""
        return any(finding.severity is Severity.ERROR for finding, _ in self.findings)


def snapshot_report(snapshot: Snapshot) -> SnapshotReport:
    """Everything that is wrong with a snapshot, and everything that it lacks."""
    return SnapshotReport(
        name=snapshot.name,
        accounts={account: sum(1 for _ in snapshot.principals(account)) for account in snapshot.accounts},
        findings=snapshot_findings(snapshot),
        gaps=tuple(snapshot.check()),
        policies=tuple(_policies(snapshot)),
        principals=tuple(record.arn for record in snapshot.principals()),
    )


def render_snapshot_report(report: SnapshotReport, view: HumanView) -> str:
    """For people: the accounts, the findings, the gaps with the command that closes each."""
    page = Page(width=view.width, rewrite=view.rewrite)
    page.line((report.name, "bold"), f": {_accounts(report)}", hang=2)
    for finding, place in report.findings:
        page.blank()
        page.line((f"{finding.severity}[{finding.code}]", _STYLES[finding.severity]), f": {finding.message}", hang=2)
        page.line(("--> ", "blue"), place, indent=2, hang=4)
        if finding.remedy:
            page.line(("help: ", "green"), finding.remedy, indent=2, hang=6)
    for gap in report.gaps:
        page.blank()
        page.line(("missing: ", "yellow"), gap.what, hang=2)
        page.line(gap.costs, indent=2, hang=2)
        if gap.command:
            page.command(("supply: ", "cyan"), gap.command, indent=2)
    page.blank()
    page.line(_sum(report))
    return page.render(color=view.color)


def render_snapshot_report_concise(report: SnapshotReport) -> str:
    """``place: CODE: sentence`` for each finding, a line for each gap, and the count."""
    lines = [f"{place}: {finding.code}: {finding.message}" for finding, place in report.findings]
    lines += [
        f"MISSING: {gap.what}: {gap.costs}" + (f" (supply: {gap.command})" if gap.command else "")
        for gap in report.gaps
    ]
    lines.append(f"{report.name}: {_accounts(report)}: {_sum(report)}")
    return "".join(printable(line, one_line=True) + "\n" for line in lines)


def snapshot_report_to_json(report: SnapshotReport, *, redact: bool = False) -> dict[str, Any]:
    """What ``sagepass snapshot check --format json`` prints (``snapshot-check.schema.json``)."""
    return {
        "format_version": "1.0",
        "redacted": redact,
        "snapshot": report.name,
        "accounts": list(report.accounts),
        "findings": [{**finding_to_json(finding), "place": place} for finding, place in report.findings],
        "gaps": [{"what": gap.what, "costs": gap.costs, "command": gap.command} for gap in report.gaps],
    }


def _policies(snapshot: Snapshot) -> Iterator[Policy]:
    for record in snapshot.principals():
        for layer in (record.identity, record.boundary):
            yield from layer.policies


def _place(document: Document, finding: Finding) -> str:
    try:
        place = locate(document.origin, finding.route)
    except SourceError:
        return f"{finding.document} {render_route(finding.route)}"
    return f"{place.source.name}:{place.line}:{place.column}"


def _accounts(report: SnapshotReport) -> str:
    if not report.accounts:
        return "no account"
    return ", ".join(f"{account} ({_principals(count)})" for account, count in report.accounts.items())


def _principals(count: int) -> str:
    return "1 principal" if count == 1 else f"{count} principals"


def _sum(report: SnapshotReport) -> str:
    findings, gaps = len(report.findings), len(report.gaps)
    problems = f"{findings} {'finding' if findings == 1 else 'findings'}"
    return f"{problems}, {gaps} {'thing' if gaps == 1 else 'things'} missing"
