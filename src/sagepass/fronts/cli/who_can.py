# ruff: noqa: PLC0415 - a command imports what it needs when it runs, so that help and errors come at once
"""``sagepass who-can``: everyone who can perform an action on a resource."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from sagepass.fronts.cli.action_note import note_resource_of_no_type, note_unknown_action
from sagepass.fronts.cli.answer_forms import Renderers, print_in_form
from sagepass.fronts.cli.asked_about import require_action, require_resource
from sagepass.fronts.cli.can import read_context
from sagepass.fronts.cli.errors import CliError
from sagepass.fronts.cli.exit_code import ExitCode
from sagepass.fronts.cli.output import Color
from sagepass.fronts.cli.snapshots import load_snapshot

if TYPE_CHECKING:
    from sagepass.jobs.who_can.record import WhoCan
    from sagepass.jobs.who_can.table import WhoCanTable
    from sagepass.snapshot.snapshot import Snapshot


def who_can(
    action: str,
    /,
    *resource: str,
    snapshot: Path,
    max_hops: int | None = None,
    context: Annotated[tuple[str, ...], Parameter(consume_multiple=False, negative="")] = (),
    no_organization: Annotated[bool, Parameter(negative="")] = False,
    output_format: Annotated[Literal["human", "concise", "json"], Parameter(name="--format")] = "human",
    verbose: Annotated[bool, Parameter(name=["--verbose", "-v"], negative="")] = False,
    color: Color = Color.AUTO,
    redact: Annotated[bool, Parameter(negative="")] = False,
) -> ExitCode:
    """List everyone who can perform an action on a resource: directly or through roles, from inside or outside.

    Args:
        action: The action, such as sagemaker:InvokeEndpoint; patterns and several, separated by commas, give a table.
        resource: ARN of the resource, or * for an action without one; several give a table of who can do it directly.
        snapshot: A folder with saved answers of AWS, or one file with an account's authorization details.
        max_hops: The most roles that may be assumed one after the other on the way; 3 by default, 0 for direct access
            only, which is all that a table tells.
        context: A condition key of the request and its value, KEY=VALUE; repeat it for more.
        no_organization: The accounts belong to no organization: no service or resource control policies.
        output_format: The form of the answer.
        verbose: Show everybody, however many.
        color: When to use colours.
        redact: Put pseudonyms in the place of account ids and names.
    """
    values = read_context(context)
    actions = tuple(part.strip() for part in action.split(",") if part.strip())
    if not resource:
        raise CliError("no resource was given", remedy="give its ARN, or * for an action without a resource")
    for place in resource:
        require_resource(place)
    single = len(actions) == 1 and len(resource) == 1 and not set(actions[0]) & set("*?")
    for name in actions or (action,):
        require_action(name, pattern=not single)
    if max_hops and not single:
        raise CliError(
            "a table tells who has access directly, and --max-hops follows roles",
            remedy="ask about one action and one resource, or leave out --max-hops",
        )
    saved = load_snapshot(snapshot)
    if no_organization:
        saved = saved.without_organization()
    if single:
        note_unknown_action(actions[0])
        note_resource_of_no_type(actions[0], resource[0])
        answer = _ask_one(actions[0], resource[0], saved, values, max_hops)
        _print(answer, output_format, verbose=verbose, color=color, redact=redact)
        return _exit_code(answer)
    table = _ask_many(actions, resource, saved, values)
    _print_table(table, output_format, verbose=verbose, color=color, redact=redact)
    return _exit_code_of_table(table)


def _ask_one(
    action: str, resource: str, snapshot: Snapshot, context: dict[str, object], max_hops: int | None
) -> WhoCan:
    from sagepass.fronts.cli.progress import progress_bar
    from sagepass.jobs.who_can.who_can import DEFAULT_MAX_HOPS, MOST_HOPS
    from sagepass.jobs.who_can.who_can import who_can as ask

    hops = DEFAULT_MAX_HOPS if max_hops is None else max_hops
    if not 0 <= hops <= MOST_HOPS:
        raise CliError(f"--max-hops {hops} is out of range", remedy=f"give a number from 0 to {MOST_HOPS}")
    with progress_bar("asking every principal") as bar:
        return ask(action, resource, snapshot, max_hops=hops, context=context, progress=bar)


def _ask_many(
    actions: tuple[str, ...], resources: tuple[str, ...], snapshot: Snapshot, context: dict[str, object]
) -> WhoCanTable:
    from sagepass.fronts.cli.progress import progress_bar
    from sagepass.jobs.who_can.table import who_can_table

    try:
        with progress_bar("asking every principal") as bar:
            return who_can_table(actions, resources, snapshot, context=context, progress=bar)
    except ValueError as error:
        message, _, remedy = str(error).partition("; ")
        raise CliError(message, remedy=remedy) from error


def _print(answer: WhoCan, output_format: str, *, verbose: bool, color: Color, redact: bool) -> None:
    from sagepass.render.who_can import render_who_can, render_who_can_concise
    from sagepass.render.who_can_json import who_can_to_json

    renderers = Renderers(who_can_to_json, render_who_can_concise, render_who_can)
    print_in_form(answer, renderers, output_format, verbose=verbose, color=color, redact=redact)


def _print_table(table: WhoCanTable, output_format: str, *, verbose: bool, color: Color, redact: bool) -> None:
    from sagepass.render.who_can_table import render_who_can_table, render_who_can_table_concise
    from sagepass.render.who_can_table_json import who_can_table_to_json

    renderers = Renderers(who_can_table_to_json, render_who_can_table_concise, render_who_can_table)
    print_in_form(table, renderers, output_format, verbose=verbose, color=color, redact=redact)


def _exit_code_of_table(table: WhoCanTable) -> ExitCode:
    """0 if somebody certainly can make one of the requests, 3 if that is open for all, 1 if nobody can make any."""
    from sagepass.jobs.who_can.record import Certainty

    certain = any(row.certain or any(one.certainty is Certainty.CERTAIN for one in row.outside) for row in table.rows)
    if certain:
        return ExitCode.FINE
    return ExitCode.FINDINGS if all(row.is_nobody for row in table.rows) else ExitCode.UNDETERMINED


def _exit_code(answer: WhoCan) -> ExitCode:
    """0 if somebody certainly can, 3 if that is open, 1 if nobody can."""
    from sagepass.jobs.who_can.record import Certainty

    if any(access.certainty is Certainty.CERTAIN for access in answer.access):
        return ExitCode.FINE
    return ExitCode.UNDETERMINED if answer.access else ExitCode.FINDINGS
