# ruff: noqa: PLC0415 - a command imports what it needs when it runs, so that help and errors come at once
"""``sagepass explain``: what a code means."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import Parameter

from sagepass.fronts.cli.errors import CliError
from sagepass.fronts.cli.exit_code import ExitCode
from sagepass.fronts.cli.output import Color, colored, width, write, write_json


def explain(
    code: str | None = None,
    subject: str | None = None,
    /,
    *,
    output_format: Annotated[Literal["human", "json"], Parameter(name="--format")] = "human",
    color: Color = Color.AUTO,
) -> ExitCode:
    """Explain a code that stands in an answer, or a topic; without one, list all codes.

    Args:
        code: The code, such as PRINCIPAL_IMPLICIT_DENY; or the topic sharing.
        subject: Of the topic sharing, a type of SageMaker resource, such as model-package-group.
        output_format: The form of the answer.
        color: When to use colours.
    """
    from sagepass.jobs.explain import UnknownCodeError, all_codes, find_code
    from sagepass.render.code_page import code_to_json, render_code, render_code_list

    if code is not None and code.lower() == "sharing":
        return _explain_sharing(subject, output_format, color)
    if subject is not None:
        raise CliError(f"{code} takes no further word", remedy="sagepass explain lists all codes")
    if code is None:
        pages = all_codes()
        if output_format == "json":
            write_json({"format_version": "1.0", "codes": [code_to_json(page) for page in pages]})
        else:
            write(render_code_list(pages, width=width(), color=colored(color)))
        return ExitCode.FINE
    try:
        page = find_code(code)
    except UnknownCodeError as error:
        raise CliError(error.message, remedy=error.remedy) from error
    if output_format == "json":
        write_json({"format_version": "1.0", "codes": [code_to_json(page)]})
    else:
        write(render_code(page, width=width(), color=colored(color)))
    return ExitCode.FINE


def _explain_sharing(subject: str | None, output_format: str, color: Color) -> ExitCode:
    from sagepass.jobs.topics.sharing import TOPIC
    from sagepass.render.code_page import render_code

    try:
        if output_format == "json":
            write_json({"format_version": "1.0", **TOPIC.data(subject)})
        else:
            write(render_code(TOPIC.page(subject), width=width(), color=colored(color)))
    except LookupError as error:
        near = f"did you mean {error.args[0]}?" if error.args else "sagepass explain sharing lists the types"
        raise CliError(f"SageMaker has no resource type {subject!r}", remedy=near) from error
    return ExitCode.FINE
