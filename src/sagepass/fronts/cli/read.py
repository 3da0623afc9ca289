# ruff: noqa: PLC0415 - a command imports what it needs when it runs, so that help and errors come at once
"""``sagepass read``: what an error text says."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import Parameter

from sagepass.fronts.cli.errors import CliError
from sagepass.fronts.cli.evidence_input import read_evidence
from sagepass.fronts.cli.exit_code import ExitCode
from sagepass.fronts.cli.output import Color, colored, width, write, write_json

NO_ERROR = "there is no error in this text that could be recognised"
NO_ERROR_REMEDY = (
    "paste the whole error as AWS, boto3, the console or a log gave it, with the line that says 'not authorized'"
)


def read(
    *error: str,
    output_format: Annotated[Literal["human", "json"], Parameter(name="--format")] = "human",
    color: Color = Color.AUTO,
    redact: Annotated[bool, Parameter(negative="")] = False,
) -> ExitCode:
    """Read the denials out of an error text, a log, or an event, without any policy.

    Args:
        error: The error in quotes, a file with it, or - for standard input.
        output_format: The form of the answer.
        color: When to use colours.
        redact: Put pseudonyms in the place of account ids and names, and leave out ids and messages that work like secrets.
    """
    from sagepass.denial import read_denials

    evidence = read_evidence(error)
    denials = read_denials(evidence.text)
    if not denials:
        raise CliError(NO_ERROR, remedy=NO_ERROR_REMEDY)
    if output_format == "json":
        from sagepass.render.json_form import denials_to_json

        write_json(denials_to_json(denials, redact=redact))
    else:
        from sagepass.render.denial_text import render_denials
        from sagepass.render.redact import redactor_for

        rewrite = redactor_for(denials, redact=redact)
        write(render_denials(denials, width=width(), color=colored(color), rewrite=rewrite))
    return ExitCode.FINE
