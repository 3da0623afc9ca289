"""What a snapshot holds, what is wrong with it, and what it lacks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sagepass.policy.document import Document
from sagepass.render.finding_json import finding_to_json
from sagepass.render.page import DEFAULT_WIDTH, Page
from sagepass.snapshot.snapshot import Snapshot
from sagepass.source.errors import SourceError
from sagepass.source.finding import Finding, Severity
from sagepass.source.locate import locate
from sagepass.source.route import render_route

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}


def snapshot_findings(snapshot: Snapshot) -> tuple[tuple[Finding, str], ...]:
    """Findings about the files and about every policy of a principal, each once, with the place it stands at."""
    found: dict[tuple[str, str, object, str], tuple[Finding, str]] = {}
    for finding in snapshot.findings:
        found[(finding.code, finding.document, finding.route, finding.message)] = (finding, finding.document)
    for document in _documents(snapshot):
        for finding in document.findings:
            key = (finding.code, finding.document, finding.route, finding.message)
            if key not in found:
                found[key] = (finding, _place(document, finding))
    return tuple(found.values())


def render_snapshot_report(
    snapshot: Snapshot,
    findings: Sequence[tuple[Finding, str]],
    *,
    width: int = DEFAULT_WIDTH,
    color: bool = False,
) -> str:
    """For people: the accounts, the findings, the gaps with the command that closes each."""
    page = Page(width=width)
    gaps = snapshot.check()
    page.line((f"snapshot {snapshot.name}", "bold"), f": {_accounts(snapshot)}", hang=2)
    for finding, place in findings:
        page.blank()
        page.line((f"{finding.severity}[{finding.code}]", _STYLES[finding.severity]), f": {finding.message}", hang=2)
        page.line(("--> ", "blue"), place, indent=2, hang=4)
        if finding.remedy:
            page.line(("help: ", "green"), finding.remedy, indent=2, hang=6)
    for gap in gaps:
        page.blank()
        page.line(("missing: ", "yellow"), gap.what, hang=2)
        page.line(gap.costs, indent=2, hang=2)
        if gap.command:
            page.line(("supply: ", "cyan"), gap.command, indent=2, hang=8)
    page.blank()
    page.line(_sum(findings, len(gaps)))
    return page.render(color=color)


def snapshot_report_to_json(snapshot: Snapshot, findings: Sequence[tuple[Finding, str]]) -> dict[str, Any]:
    """What ``sagepass snapshot check --format json`` prints (``snapshot-check.schema.json``)."""
    return {
        "format_version": "1.0",
        "snapshot": snapshot.name,
        "accounts": list(snapshot.accounts),
        "findings": [{**finding_to_json(finding), "place": place} for finding, place in findings],
        "gaps": [{"what": gap.what, "costs": gap.costs, "command": gap.command} for gap in snapshot.check()],
    }


def _documents(snapshot: Snapshot) -> Iterator[Document]:
    for record in snapshot.principals():
        for layer in (record.identity, record.boundary):
            for policy in layer.policies:
                yield policy.document


def _place(document: Document, finding: Finding) -> str:
    try:
        place = locate(document.origin, finding.route)
    except SourceError:
        return f"{finding.document} {render_route(finding.route)}"
    return f"{place.source.name}:{place.line}:{place.column}"


def _accounts(snapshot: Snapshot) -> str:
    if not snapshot.accounts:
        return "no account"
    return ", ".join(
        f"{account} ({_principals(sum(1 for _ in snapshot.principals(account)))})" for account in snapshot.accounts
    )


def _principals(count: int) -> str:
    return "1 principal" if count == 1 else f"{count} principals"


def _sum(findings: Sequence[tuple[Finding, str]], gaps: int) -> str:
    problems = f"{len(findings)} {'finding' if len(findings) == 1 else 'findings'}"
    return f"{problems}, {gaps} {'thing' if gaps == 1 else 'things'} missing"
