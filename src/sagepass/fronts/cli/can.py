# ruff: noqa: PLC0415 - a command imports what it needs when it runs, so that help and errors come at once
"""``sagepass can``: whether a principal may do something."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from sagepass.fronts.cli.account_option import require_account, require_caller
from sagepass.fronts.cli.action_note import note_action_without_resource, note_resource_of_no_type, note_unknown_action
from sagepass.fronts.cli.asked_about import require_action, require_resource
from sagepass.fronts.cli.errors import CliError
from sagepass.fronts.cli.exit_code import ExitCode
from sagepass.fronts.cli.known_principal import unknown_principal
from sagepass.fronts.cli.output import Color, colored, width, write, write_json
from sagepass.fronts.cli.snapshots import load_snapshot

if TYPE_CHECKING:
    from sagepass.snapshot.snapshot import Snapshot


def can(
    principal: str,
    action: str,
    resource: str,
    /,
    *,
    snapshot: Path,
    context: Annotated[tuple[str, ...], Parameter(consume_multiple=False, negative="")] = (),
    resource_account: str | None = None,
    no_organization: Annotated[bool, Parameter(negative="")] = False,
    output_format: Annotated[Literal["human", "concise", "json"], Parameter(name="--format")] = "human",
    verbose: Annotated[bool, Parameter(name=["--verbose", "-v"], negative="")] = False,
    color: Color = Color.AUTO,
    redact: Annotated[bool, Parameter(negative="")] = False,
) -> ExitCode:
    """Decide whether a principal may perform an action on a resource.

    Args:
        principal: ARN of a user, role, role session or root; a service principal; or * for an anonymous caller.
        action: The action, such as sagemaker:DescribeTrainingJob.
        resource: ARN of the resource, or * for an action without one.
        snapshot: A folder with saved answers of AWS, or one file with an account's authorization details.
        context: A condition key and its value, KEY=VALUE; repeat it for more keys, or for more values of one key.
        resource_account: The account that owns the resource, where its ARN does not tell it.
        no_organization: The accounts belong to no organization: no service or resource control policies.
        output_format: The form of the answer.
        verbose: Show everything, however long.
        color: When to use colours.
        redact: Put pseudonyms in the place of account ids and names.
    """
    from sagepass.engine.authorize import UnknownPrincipal, authorize
    from sagepass.engine.request import Request

    values = read_context(context)
    _require(principal, action, resource, resource_account)
    saved = load_snapshot(snapshot)
    if no_organization:
        saved = saved.without_organization()
    _require_known(principal, saved)
    note_unknown_action(action)
    note_action_without_resource(action, resource)
    note_resource_of_no_type(action, resource)
    request = Request(
        principal=principal, action=action, resource=resource, resource_account=resource_account, context=values
    )
    try:
        decision = authorize(request, saved)
    except UnknownPrincipal as error:
        raise CliError(str(error)) from error
    from sagepass.policy.kinds import Effect
    from sagepass.render.redact import redactor_for

    rewrite = redactor_for(decision, redact=redact)
    if output_format == "json":
        from sagepass.render.json_form import decision_document

        write_json(decision_document(decision, redact=redact))
    elif output_format == "concise":
        from sagepass.render.concise import render_decision_concise

        write(rewrite(render_decision_concise(decision)))
    else:
        from sagepass.render.human import HumanView, render_decision

        view = HumanView(width=width(), color=colored(color), verbose=verbose, rewrite=rewrite)
        write(render_decision(decision, view))
    if decision.effect is Effect.UNKNOWN:
        return ExitCode.UNDETERMINED
    return ExitCode.FINE if decision.effect is Effect.ALLOW else ExitCode.FINDINGS


def read_context(pairs: Sequence[str]) -> dict[str, object]:
    """``KEY=VALUE`` pairs; a key that comes twice has several values.

    Raises:
        CliError: a pair has no ``=``.
    """
    found: dict[str, list[str]] = {}
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not sign or not key:
            raise CliError(
                f"--context {pair!r} is not KEY=VALUE", remedy="for example --context aws:SourceVpce=vpce-0a1b2c3d"
            )
        found.setdefault(key, []).append(value)
    return {key: values[0] if len(values) == 1 else values for key, values in found.items()}


def _require(principal: str, action: str, resource: str, resource_account: str | None) -> None:
    require_caller(principal)
    require_action(action)
    require_resource(resource)
    require_account(resource_account)


def _require_known(principal: str, snapshot: Snapshot) -> None:
    """A principal of a collected account that is not there is a mistake in the question, not a denial."""
    from sagepass.policy.arn import parse_arn

    parts = parse_arn(principal)
    if parts is None or not parts.resource.startswith(("user/", "role/", "assumed-role/")):
        return
    if snapshot.principal(principal) is None:
        raise unknown_principal(principal, snapshot)
