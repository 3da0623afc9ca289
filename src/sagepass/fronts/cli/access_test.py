# ruff: noqa: PLC0415 - a command imports what it needs when it runs, so that help and errors come at once
"""``sagepass test``: a team's own expectations about its policies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from sagepass.fronts.cli.answer_forms import Renderers, print_in_form
from sagepass.fronts.cli.errors import CliError
from sagepass.fronts.cli.exit_code import ExitCode
from sagepass.fronts.cli.output import Color
from sagepass.source.errors import SourceError
from sagepass.source.read import read_text

if TYPE_CHECKING:
    from sagepass.jobs.access_case import CaseResult


def run_tests(
    *files: Path,
    output_format: Annotated[Literal["human", "concise", "json"], Parameter(name="--format")] = "human",
    verbose: Annotated[bool, Parameter(name=["--verbose", "-v"], negative="")] = False,
    color: Color = Color.AUTO,
    redact: Annotated[bool, Parameter(negative="")] = False,
) -> ExitCode:
    """Run access cases: requests with their policies and the outcome they are expected to have.

    Args:
        files: Files with one case, a list of cases, or one case a line.
        output_format: The form of the answer.
        verbose: List the cases that pass as well.
        color: When to use colours.
        redact: Put pseudonyms in the place of account ids and names.
    """
    from sagepass.render.case_report import (
        case_report_to_json,
        render_case_report,
        render_case_report_concise,
    )

    if not files:
        raise CliError("no file with access cases was given", remedy="sagepass test cases.jsonl")
    results = [(str(path), result) for path in files for result in _results(path)]
    renderers = Renderers(case_report_to_json, render_case_report_concise, render_case_report)
    paths = [str(path) for path in files]
    print_in_form(results, renderers, output_format, verbose=verbose, color=color, redact=redact, paths=paths)
    return ExitCode.FINE if all(result.passed for _, result in results) else ExitCode.FINDINGS


def _results(path: Path) -> Iterator[CaseResult]:
    from sagepass.jobs.access_case import CaseError, check_case

    found = False
    for line, case in _cases(path):
        found = True
        try:
            yield check_case(case)
        except CaseError as error:
            raise SourceError(
                str(error), name=str(path), line=line, remedy="docs/ci.md shows the form of a case"
            ) from error
    if not found:
        raise SourceError(
            "there is no access case in it", name=str(path), remedy="give one case a line, or a list of them"
        )


def _cases(path: Path) -> Iterator[tuple[int | None, Mapping[str, Any]]]:
    """The cases of a file with the line they begin at: a document with one or a list, else one case a line."""
    from sagepass.source.json_text import parse_json

    text = read_text(path)
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    by_line = len(lines) > 1 and all(line.lstrip().startswith("{") and line.rstrip().endswith("}") for _, line in lines)
    if not by_line:
        value = parse_json(text, str(path)).value if lines else []
        for case in value if isinstance(value, list) else [value]:
            yield None, _an_object(case, str(path), None)
        return
    for number, line in lines:
        try:
            value = parse_json(line, str(path)).value
        except SourceError as error:
            raise SourceError(
                error.message, name=str(path), line=number, column=error.column, remedy=error.remedy
            ) from error
        yield number, _an_object(value, str(path), number)


def _an_object(value: object, name: str, line: int | None) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise SourceError(
            "an access case is a JSON object", name=name, line=line, remedy="docs/ci.md shows the form of a case"
        )
    return value
