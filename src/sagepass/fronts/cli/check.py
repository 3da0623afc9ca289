# ruff: noqa: PLC0415 - a command imports what it needs when it runs, so that help and errors come at once
"""``sagepass check``: what statements of policies do not do, or do too well."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from sagepass.fronts.cli.answer_forms import Renderers, print_in_form
from sagepass.fronts.cli.errors import CliError
from sagepass.fronts.cli.exit_code import ExitCode
from sagepass.fronts.cli.output import Color
from sagepass.fronts.cli.policy_answers import Kind, policy_type

if TYPE_CHECKING:
    from sagepass.jobs.policy_file import PolicyFile
    from sagepass.render.lint_report import LintReport


def check(
    *paths: str,
    kind: Kind | None = None,
    boundary: Path | None = None,
    output_format: Annotated[Literal["human", "concise", "json", "sarif"], Parameter(name="--format")] = "human",
    seconds: float = 4.0,
    color: Color = Color.AUTO,
    redact: Annotated[bool, Parameter(negative="")] = False,
) -> ExitCode:
    """Say what statements of policies do not do, or do too well.

    Args:
        paths: Files with policies or an account's authorization details, folders of them, or names of AWS managed policies.
        kind: What the policies are; by default what each looks like.
        boundary: The permissions boundary of whoever has the policies; statements that it stops are reported.
        output_format: The form of the answer.
        seconds: How long each policy may take.
        color: When to use colours.
        redact: Put pseudonyms in the place of account ids and names.
    """
    from sagepass.jobs.lint.policies import lint_policies
    from sagepass.jobs.policy_file import read_policy
    from sagepass.render.lint_report import LintReport

    if not paths:
        raise CliError("no policy was given", remedy="sagepass check policies/")
    policies, skipped = _read(paths)
    chosen = policy_type(kind, tuple(policies)) if kind is not None and policies else None
    limit = read_policy(boundary) if boundary is not None else None
    results = lint_policies(policies, chosen, boundary=limit, seconds=seconds)
    report = LintReport(results=results, skipped=tuple(skipped))
    _print(report, output_format, color=color, redact=redact)
    return ExitCode.FINDINGS if any(result.findings for result in results) else ExitCode.FINE


def _print(report: LintReport, output_format: str, *, color: Color, redact: bool) -> None:
    from sagepass.render.lint_report import lint_to_json, render_lint, render_lint_concise

    renderers = Renderers(lint_to_json, render_lint_concise, render_lint, {"sarif": _sarif})
    print_in_form(report, renderers, output_format, color=color, redact=redact, paths=report.skipped)


def _sarif(report: LintReport, *, redact: bool) -> dict[str, Any]:
    from sagepass import __version__
    from sagepass.jobs.explain import all_codes
    from sagepass.render.lint_sarif import lint_to_sarif

    return lint_to_sarif(report, version=__version__, pages=all_codes(), redact=redact)


def _read(paths: tuple[str, ...]) -> tuple[list[PolicyFile], list[str]]:
    """The policies; files of a folder that hold none are left out and named.

    Raises:
        CliError: a folder holds no policy at all, as where its path is wrong.
        SourceError: something cannot be read; in a folder, a file that begins like JSON and is none.
    """
    from sagepass.jobs.policy_file import json_files, read_policies
    from sagepass.jobs.saved_policies import policies_in

    found: list[PolicyFile] = []
    skipped: list[str] = []
    for place in paths:
        path = Path(place)
        if not path.is_dir():
            found.extend(policies_in(path) if path.exists() else read_policies(place))
            continue
        before = len(found)
        for file in json_files(path):
            policies = _of_a_folder(file)
            found.extend(policies)
            skipped.extend([] if policies else [str(file)])
        if len(found) == before:
            raise CliError(
                f"{place}: there is no policy in this folder", remedy="name a folder with policies as .json files"
            )
    return found, skipped


def _of_a_folder(file: Path) -> tuple[PolicyFile, ...]:
    """The policies of one file of a folder; none if it is about something else, such as the text of an error."""
    from sagepass.jobs.policy_file import NoPolicyError
    from sagepass.jobs.saved_policies import policies_in
    from sagepass.source.errors import SourceError

    try:
        return policies_in(file)
    except NoPolicyError:
        return ()
    except SourceError:
        with file.open("rb") as content:
            if content.read(64).lstrip().startswith(b"{"):
                raise
        return ()
