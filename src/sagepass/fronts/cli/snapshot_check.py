# ruff: noqa: PLC0415 - a command imports what it needs when it runs, so that help and errors come at once
"""``sagepass snapshot check``: what a snapshot holds, what is wrong with it, and what it lacks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from sagepass.fronts.cli.exit_code import ExitCode
from sagepass.fronts.cli.output import Color, colored, width, write, write_json
from sagepass.fronts.cli.snapshots import load_snapshot


def check(
    path: Path,
    /,
    *,
    output_format: Annotated[Literal["human", "json"], Parameter(name="--format")] = "human",
    color: Color = Color.AUTO,
) -> ExitCode:
    """Say what a snapshot lacks, what that costs, and which command supplies it.

    Args:
        path: A folder with saved answers of AWS, or one file with an account's authorization details.
        output_format: The form of the answer.
        color: When to use colours.
    """
    from sagepass.render.snapshot_report import (
        render_snapshot_report,
        snapshot_findings,
        snapshot_report_to_json,
    )
    from sagepass.source.finding import Severity

    snapshot = load_snapshot(path)
    findings = snapshot_findings(snapshot)
    if output_format == "json":
        write_json(snapshot_report_to_json(snapshot, findings))
    else:
        write(render_snapshot_report(snapshot, findings, width=width(), color=colored(color)))
    broken = any(finding.severity is Severity.ERROR for finding, _ in findings)
    return ExitCode.FINDINGS if broken else ExitCode.FINE
