# ruff: noqa: PLC0415 - a command imports what it needs when it runs, so that help and errors come at once
"""``sagepass can-what``: everything that a principal can do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from sagepass.fronts.cli.answer_forms import Renderers, print_in_form
from sagepass.fronts.cli.asked_about import require_resource
from sagepass.fronts.cli.can import read_context
from sagepass.fronts.cli.errors import CliError
from sagepass.fronts.cli.exit_code import ExitCode
from sagepass.fronts.cli.known_principal import unknown_principal
from sagepass.fronts.cli.output import Color, write_json
from sagepass.fronts.cli.snapshots import load_snapshot

if TYPE_CHECKING:
    from sagepass.jobs.can_what.record import CanWhat


def can_what(
    principal: str,
    /,
    *,
    snapshot: Path,
    service: str | None = None,
    resource: str | None = None,
    context: Annotated[tuple[str, ...], Parameter(consume_multiple=False, negative="")] = (),
    show: Literal["json"] | None = None,
    no_organization: Annotated[bool, Parameter(negative="")] = False,
    output_format: Annotated[Literal["human", "concise", "json"], Parameter(name="--format")] = "human",
    verbose: Annotated[bool, Parameter(name=["--verbose", "-v"], negative="")] = False,
    color: Color = Color.AUTO,
    redact: Annotated[bool, Parameter(negative="")] = False,
) -> ExitCode:
    """Show everything that a principal can do: as a table, or as one policy document.

    Args:
        principal: ARN of a user, role, role session or root user.
        snapshot: A folder with saved answers of AWS, or one file with an account's authorization details.
        service: Only the actions of this service, such as sagemaker.
        resource: Only this resource; every action on it is decided as well.
        context: A condition key of the requests on the resource and its value, KEY=VALUE; repeat it for more.
        show: json prints the one policy document alone, and on standard error what it cannot say.
        no_organization: The accounts belong to no organization: no service or resource control policies.
        output_format: The form of the answer.
        verbose: Show everything, however long.
        color: When to use colours.
        redact: Put pseudonyms in the place of account ids and names.
    """
    from sagepass.engine.authorize import UnknownPrincipal
    from sagepass.fronts.cli.progress import progress_bar
    from sagepass.jobs.can_what.can_what import can_what as ask

    values = read_context(context)
    if resource is not None:
        require_resource(resource, star=False)
    saved = load_snapshot(snapshot)
    if no_organization:
        saved = saved.without_organization()
    try:
        with progress_bar("deciding every action") as bar:
            answer = ask(principal, saved, service=service, resource=resource, context=values, progress=bar)
    except UnknownPrincipal as error:
        raise unknown_principal(principal, saved) from error
    except ValueError as error:
        message, _, remedy = str(error).partition("; ")
        raise CliError(message, remedy=remedy) from error
    _print(answer, output_format, show, verbose=verbose, color=color, redact=redact)
    return ExitCode.FINE


def _print(answer: CanWhat, output_format: str, show: str | None, *, verbose: bool, color: Color, redact: bool) -> None:
    if show == "json":
        _print_document(answer, redact=redact)
        return
    from sagepass.render.can_what import render_can_what, render_can_what_concise
    from sagepass.render.can_what_json import can_what_to_json

    renderers = Renderers(can_what_to_json, render_can_what_concise, render_can_what)
    print_in_form(answer, renderers, output_format, verbose=verbose, color=color, redact=redact)


def _print_document(answer: CanWhat, *, redact: bool) -> None:
    """The document on standard output; what it leaves out on standard error."""
    from sagepass.fronts.cli.output import note
    from sagepass.jobs.can_what.writing import policy_document
    from sagepass.render.json_form import rewritten
    from sagepass.render.redact import redactor_for

    rewrite = redactor_for(answer, redact=redact)
    write_json(rewritten(policy_document(answer.clauses), rewrite, redact=redact))
    for text in answer.inexact:
        note(rewrite(f"not in the document: {text}"))
    for text in answer.depends:
        note(rewrite(f"not supplied: {text}"))
