# ruff: noqa: PLC0415 - a command imports what it needs when it runs, so that help and errors come at once
"""``sagepass preflight``: everything a call takes, before it is made."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from sagepass.fronts.cli.errors import CliError
from sagepass.fronts.cli.exit_code import ExitCode
from sagepass.fronts.cli.known_principal import unknown_principal
from sagepass.fronts.cli.output import Color, colored, width, write, write_json
from sagepass.fronts.cli.snapshots import load_snapshot
from sagepass.render.forms import FixForm

if TYPE_CHECKING:
    from sagepass.calls.read.record import ReadCalls
    from sagepass.jobs.preflight.record import Preflight
    from sagepass.jobs.preflight.write_role import NewRole
    from sagepass.snapshot.snapshot import Snapshot


def preflight(
    *file: Path,
    snapshot: Path,
    as_: Annotated[str | None, Parameter(name="--as")] = None,
    operation: str | None = None,
    service: str | None = None,
    region: str | None = None,
    no_organization: Annotated[bool, Parameter(negative="")] = False,
    write_role: str | None = None,
    output_format: Annotated[Literal["human", "concise", "json", "sarif"], Parameter(name="--format")] = "human",
    show: FixForm | None = None,
    verbose: Annotated[bool, Parameter(name=["--verbose", "-v"], negative="")] = False,
    color: Color = Color.AUTO,
    redact: Annotated[bool, Parameter(negative="")] = False,
) -> ExitCode:
    """List everything that a call takes, from everybody involved, and what to change so that it passes.

    Args:
        file: A request, an AWS CLI skeleton, a pipeline definition, a template, a plan or a recording; several are calls in order.
        snapshot: A folder with saved answers of AWS, or one file with an account's authorization details.
        as_: ARN of who makes the call; left out, the only user of the snapshot.
        operation: The API operation, where the file does not tell it, such as CreateTrainingJob.
        service: The client of the operation, if it is not sagemaker.
        region: The AWS Region that the call goes to, where neither the file nor the snapshot tells it.
        no_organization: The accounts belong to no organization: no service or resource control policies.
        write_role: Write a new execution role of this name for exactly this call.
        output_format: The form of the answer.
        show: The form in which changes are shown.
        verbose: Show everything, however long.
        color: When to use colours.
        redact: Put pseudonyms in the place of account ids and names.
    """
    from sagepass.jobs.preflight.run import preflight as run

    if not file:
        raise CliError("no file was given", remedy="name a file with the request, for example request.json")
    saved = load_snapshot(snapshot)
    if no_organization:
        saved = saved.without_organization()
    caller = _caller(as_, saved)
    read = [_read(path, caller, saved, service=service, operation=operation, region=region) for path in file]
    calls = tuple(call for one in read for call in one.calls)
    findings = tuple(finding for one in read for finding in one.findings)
    if not calls and not findings:
        raise CliError(f"there is no call of SageMaker in {file[0]}", remedy="name the operation with --operation")
    if write_role is not None:
        from sagepass.jobs.preflight.write_role import NewRoleError, with_new_role

        try:
            new = with_new_role(calls, saved, caller=caller, name=write_role)
        except NewRoleError as error:
            raise CliError(str(error), remedy=error.remedy) from error
        found = run(new.calls, new.snapshot, caller=caller, findings=findings)
        return _print_role(new, found, output_format, show, verbose=verbose, color=color, redact=redact)
    found = run(calls, saved, caller=caller, findings=findings)
    _print(found, output_format, show, verbose=verbose, color=color, redact=redact)
    return exit_code(found)


def exit_code(found: Preflight) -> ExitCode:
    """1 if anything is missing or the document has an error, 3 if something is open, 0 if all is allowed."""
    from sagepass.policy.kinds import Effect
    from sagepass.source.finding import Severity

    if found.missing or any(finding.severity is Severity.ERROR for finding in found.findings):
        return ExitCode.FINDINGS
    return ExitCode.FINE if found.effect is Effect.ALLOW else ExitCode.UNDETERMINED


def _read(
    path: Path, caller: str, snapshot: Snapshot, *, service: str | None, operation: str | None, region: str | None
) -> ReadCalls:
    try:
        from sagepass.calls.read import read_calls
    except ImportError as error:
        raise CliError("this build cannot read requests", remedy="install the whole package") from error
    from sagepass.jobs.preflight.run import region_for
    from sagepass.policy.caller import parse_caller

    who = parse_caller(caller)
    return read_calls(
        path,
        name=str(path),
        service=service,
        operation=operation,
        caller_account=who.account,
        region=region or region_for(snapshot),
        partition=who.partition or "aws",
    )


def _caller(given: str | None, snapshot: Snapshot) -> str:
    """Who calls: as told, else the only user of the snapshot."""
    from sagepass.policy.caller import parse_caller
    from sagepass.snapshot.principals import PrincipalKind

    if given is None:
        users = [one.arn for one in snapshot.principals() if one.kind is PrincipalKind.USER]
        if len(users) == 1:
            return users[0]
        raise CliError("nothing says who makes the call", remedy="name the caller with --as ARN")
    try:
        parse_caller(given)
    except ValueError as error:
        message, _, remedy = str(error).partition("; ")
        raise CliError(message, remedy=remedy) from error
    parts = given.split(":")
    if len(parts) > 5 and snapshot.has_account(parts[4]) and snapshot.principal(given) is None and ":root" not in given:
        raise unknown_principal(given, snapshot)
    return given


def _print(
    found: Preflight, output_format: str, show: FixForm | None, *, verbose: bool, color: Color, redact: bool
) -> None:
    from sagepass.render.redact import redactor_for

    if output_format == "json":
        from sagepass.render.preflight_json import preflight_to_json

        write_json(preflight_to_json(found, redact=redact))
    elif output_format == "sarif":
        from sagepass import __version__
        from sagepass.jobs.explain import all_codes
        from sagepass.render.preflight_sarif import preflight_to_sarif

        write_json(preflight_to_sarif(found, version=__version__, pages=all_codes(), redact=redact))
    elif output_format == "concise":
        from sagepass.render.preflight_concise import render_preflight_concise

        write(redactor_for(found, redact=redact)(render_preflight_concise(found)))
    else:
        from sagepass.render.human import HumanView
        from sagepass.render.preflight_human import render_preflight

        rewrite = redactor_for(found, redact=redact)
        view = HumanView(width=width(), color=colored(color), verbose=verbose, form=show, rewrite=rewrite)
        write(render_preflight(found, view))


def _print_role(
    new: NewRole,
    found: Preflight,
    output_format: str,
    show: FixForm | None,
    *,
    verbose: bool,
    color: Color,
    redact: bool,
) -> ExitCode:
    """The role first, then what the calls take once it exists."""
    from sagepass.policy.kinds import Effect
    from sagepass.render.new_role import new_role_text, new_role_to_json

    if output_format == "json":
        from sagepass.render.preflight_json import preflight_to_json

        write_json(preflight_to_json(found, redact=redact, new_role=new_role_to_json(new)))
    elif output_format == "human":
        from sagepass.render.redact import redactor_for

        rewrite = redactor_for((found, new.arn), redact=redact)
        write(f"a new role for these calls: {rewrite(new.arn)}\n\n{rewrite(new_role_text(new, show))}")
        write("with this role, which uses it and what is left to do:\n")
        _print(found, output_format, show, verbose=verbose, color=color, redact=redact)
    else:
        _print(found, output_format, show, verbose=verbose, color=color, redact=redact)
    if found.plan is None:
        return ExitCode.FINE if found.effect is Effect.ALLOW else ExitCode.UNDETERMINED
    if found.plan.effect is Effect.UNKNOWN:
        return ExitCode.UNDETERMINED
    return ExitCode.FINE if found.plan.effect is Effect.ALLOW else ExitCode.FINDINGS
