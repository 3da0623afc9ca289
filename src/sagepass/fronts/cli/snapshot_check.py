# ruff: noqa: PLC0415 - a command imports what it needs when it runs, so that help and errors come at once
"""``sagepass snapshot check``: what a snapshot holds, what is wrong with it, and what it lacks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from sagepass.fronts.cli.answer_forms import Renderers, print_in_form
from sagepass.fronts.cli.exit_code import ExitCode
from sagepass.fronts.cli.output import Color
from sagepass.fronts.cli.snapshots import load_snapshot


def check(
    path: Path,
    /,
    *,
    output_format: Annotated[Literal["human", "concise", "json"], Parameter(name="--format")] = "human",
    color: Color = Color.AUTO,
    redact: Annotated[bool, Parameter(negative="")] = False,
) -> ExitCode:
    """Say what a snapshot lacks, what that costs, and which command supplies it.

    Args:
        path: A folder with saved answers of AWS, or one file with an account's authorization details.
        output_format: The form of the answer.
        color: When to use colours.
        redact: Put pseudonyms in the place of account ids and names.
    """
    from sagepass.render.snapshot_report import (
        render_snapshot_report,
        render_snapshot_report_concise,
        snapshot_report,
        snapshot_report_to_json,
    )

    report = snapshot_report(load_snapshot(path))
    renderers = Renderers(snapshot_report_to_json, render_snapshot_report_concise, render_snapshot_report)
    print_in_form(report, renderers, output_format, color=color, redact=redact, paths=(str(path),))
    return ExitCode.FINDINGS if report.broken else ExitCode.FINE
