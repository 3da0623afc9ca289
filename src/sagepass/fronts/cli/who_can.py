# ruff: noqa: PLC0415 - a command imports what it needs when it runs, so that help and errors come at once
"""``sagepass who-can``: everyone who can perform an action on a resource."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from sagepass.fronts.cli.can import read_context
from sagepass.fronts.cli.errors import CliError
from sagepass.fronts.cli.exit_code import ExitCode
from sagepass.fronts.cli.output import Color, colored, width, write, write_json
from sagepass.fronts.cli.snapshots import load_snapshot

if TYPE_CHECKING:
    from sagepass.jobs.who_can.record import WhoCan


def who_can(
    action: str,
    resource: str,
    /,
    *,
    snapshot: Path,
    max_hops: int = 3,
    context: Annotated[tuple[str, ...], Parameter(consume_multiple=False, negative="")] = (),
    no_organization: Annotated[bool, Parameter(negative="")] = False,
    output_format: Annotated[Literal["human", "concise", "json"], Parameter(name="--format")] = "human",
    verbose: Annotated[bool, Parameter(name=["--verbose", "-v"], negative="")] = False,
    color: Color = Color.AUTO,
    redact: Annotated[bool, Parameter(negative="")] = False,
) -> ExitCode:
    """List everyone who can perform an action on a resource: directly or through roles, from inside or outside.

    Args:
        action: The action, such as sagemaker:InvokeEndpoint.
        resource: ARN of the resource, or * for an action without one.
        snapshot: A folder with saved answers of AWS, or one file with an account's authorization details.
        max_hops: The most roles that may be assumed one after the other on the way; 0 for direct access only.
        context: A condition key of the request and its value, KEY=VALUE; repeat it for more.
        no_organization: The accounts belong to no organization: no service or resource control policies.
        output_format: The form of the answer.
        verbose: Show everybody, however many.
        color: When to use colours.
        redact: Put pseudonyms in the place of account ids and names.
    """
    from sagepass.fronts.cli.progress import progress_bar
    from sagepass.jobs.who_can.who_can import MOST_HOPS
    from sagepass.jobs.who_can.who_can import who_can as ask

    values = read_context(context)
    require_action(action)
    if resource != "*" and not resource.startswith("arn:"):
        raise CliError(f"{resource!r} is no resource", remedy="give its ARN, or * for an action without a resource")
    if not 0 <= max_hops <= MOST_HOPS:
        raise CliError(f"--max-hops {max_hops} is out of range", remedy=f"give a number from 0 to {MOST_HOPS}")
    saved = load_snapshot(snapshot)
    if no_organization:
        saved = saved.without_organization()
    with progress_bar("asking every principal") as bar:
        answer = ask(action, resource, saved, max_hops=max_hops, context=values, progress=bar)
    _print(answer, output_format, verbose=verbose, color=color, redact=redact)
    return _exit_code(answer)


def require_action(action: str) -> None:
    """One action, spelled out.

    Raises:
        CliError: it is none, or a pattern.
    """
    if action.count(":") != 1 or not all(action.split(":")) or set(action) & set("*?"):
        raise CliError(f"{action!r} is no action", remedy="write service:Name, for example sagemaker:InvokeEndpoint")


def _print(answer: WhoCan, output_format: str, *, verbose: bool, color: Color, redact: bool) -> None:
    from sagepass.render.redact import redactor_for

    rewrite = redactor_for(answer, redact=redact)
    if output_format == "json":
        from sagepass.render.json_form import rewritten
        from sagepass.render.who_can_json import who_can_to_json

        write_json(rewritten(who_can_to_json(answer, redact=redact), rewrite, redact=redact))
    elif output_format == "concise":
        from sagepass.render.who_can import render_who_can_concise

        write(rewrite(render_who_can_concise(answer)))
    else:
        from sagepass.render.human import HumanView
        from sagepass.render.who_can import render_who_can

        view = HumanView(width=width(), color=colored(color), verbose=verbose, rewrite=rewrite)
        write(render_who_can(answer, view))


def _exit_code(answer: WhoCan) -> ExitCode:
    """0 if somebody certainly can, 3 if that is open, 1 if nobody can."""
    from sagepass.jobs.who_can.record import Certainty

    if any(access.certainty is Certainty.CERTAIN for access in answer.access):
        return ExitCode.FINE
    return ExitCode.UNDETERMINED if answer.access else ExitCode.FINDINGS
