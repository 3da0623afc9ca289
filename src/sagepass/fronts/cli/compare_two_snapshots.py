# ruff: noqa: PLC0415 - a command imports what it needs when it runs, so that help and errors come at once
"""``sagepass compare OLD NEW`` for two snapshots: who gained, lost, or may have gained or lost what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sagepass.fronts.cli.answer_forms import Renderers, print_in_form
from sagepass.fronts.cli.errors import CliError
from sagepass.fronts.cli.exit_code import ExitCode
from sagepass.fronts.cli.output import Color
from sagepass.fronts.cli.policy_answers import AnswerFormat
from sagepass.fronts.cli.snapshots import load_snapshot

if TYPE_CHECKING:
    from sagepass.jobs.compare_snapshots.record import SnapshotComparison

_DETAILS = "UserDetailList", "RoleDetailList", "GroupDetailList"
_BEGINNING = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of both snapshots: actions, resources and context; nothing given means the usual."""

    actions: Sequence[str] = ()
    resources: Sequence[str] = ()
    context: Mapping[str, object]
    no_organization: bool = False


def is_snapshot(place: str) -> bool:
    """Whether a place holds the saved answers of an account and not policies: by its form, without reading it all."""
    path = Path(place)
    if path.is_dir():
        return (path / "accounts").is_dir() or (path / "organization").is_dir()
    try:
        with path.open("rb") as file:
            beginning = file.read(_BEGINNING).decode(errors="replace")
    except OSError:
        return False
    return any(f'"{name}"' in beginning for name in _DETAILS)


def compare_two_snapshots(
    places: Sequence[str],
    question: Question,
    output_format: AnswerFormat,
    *,
    verbose: bool,
    color: Color,
    redact: bool,
) -> ExitCode:
    """Compare, print, and say how it came out."""
    from sagepass.fronts.cli.progress import progress_bar
    from sagepass.jobs.compare_snapshots.compare import DEFAULT_ACTIONS, compare_snapshots

    if output_format is AnswerFormat.ACCESS_ANALYZER:
        raise CliError(
            "access-analyzer is the form of an answer about policies", remedy="choose human, concise or json"
        )
    before = load_snapshot(Path(places[0]))
    after = load_snapshot(Path(places[1]), beside=before)
    if question.no_organization:
        before, after = before.without_organization(), after.without_organization()
    try:
        with progress_bar("comparing") as bar:
            answer = compare_snapshots(
                before,
                after,
                actions=question.actions or DEFAULT_ACTIONS,
                resources=question.resources,
                context=question.context,
                progress=bar,
            )
    except ValueError as error:
        message, _, remedy = str(error).partition("; ")
        raise CliError(message, remedy=remedy) from error
    _print(answer, output_format, verbose=verbose, color=color, redact=redact)
    return _exit_code(answer)


def _print(
    answer: SnapshotComparison, output_format: AnswerFormat, *, verbose: bool, color: Color, redact: bool
) -> None:
    from sagepass.render.compare_snapshots import render_snapshot_comparison, render_snapshot_comparison_concise
    from sagepass.render.compare_snapshots_json import snapshot_comparison_to_json

    renderers = Renderers(snapshot_comparison_to_json, render_snapshot_comparison_concise, render_snapshot_comparison)
    print_in_form(answer, renderers, output_format, verbose=verbose, color=color, redact=redact)


def _exit_code(answer: SnapshotComparison) -> ExitCode:
    """0 if nobody gained anything, 1 if somebody did, 3 if that is open."""
    from sagepass.jobs.compare_snapshots.record import Verdict

    match answer.verdict:
        case Verdict.NOTHING_GAINED:
            return ExitCode.FINE
        case Verdict.GAINED:
            return ExitCode.FINDINGS
        case Verdict.UNDECIDED:
            return ExitCode.UNDETERMINED
