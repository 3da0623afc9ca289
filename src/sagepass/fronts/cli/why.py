# ruff: noqa: PLC0415 - a command imports what it needs when it runs, so that help and errors come at once
"""``sagepass why``: why a request was denied, and the change that lets it in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from sagepass.fronts.cli.account_option import require_account, require_caller
from sagepass.fronts.cli.asked_about import require_resource
from sagepass.fronts.cli.errors import CliError
from sagepass.fronts.cli.evidence_input import read_evidence
from sagepass.fronts.cli.exit_code import ExitCode, worst
from sagepass.fronts.cli.output import Color, colored, width, write, write_json
from sagepass.fronts.cli.read import NO_ERROR, NO_ERROR_REMEDY
from sagepass.fronts.cli.snapshots import load_snapshot
from sagepass.render.forms import FixForm

if TYPE_CHECKING:
    from sagepass.jobs.diagnosis import Diagnosis
    from sagepass.snapshot.snapshot import Snapshot


def why(
    *error: str,
    snapshot: Path | None = None,
    endpoint: str | None = None,
    region: str | None = None,
    resource_account: str | None = None,
    caller: Annotated[str | None, Parameter(name="--as")] = None,
    resource: str | None = None,
    no_organization: Annotated[bool, Parameter(negative="")] = False,
    output_format: Annotated[Literal["human", "concise", "json"], Parameter(name="--format")] = "human",
    show: FixForm | None = None,
    handoff: Annotated[bool, Parameter(negative="")] = False,
    verbose: Annotated[bool, Parameter(name=["--verbose", "-v"], negative="")] = False,
    color: Color = Color.AUTO,
    redact: Annotated[bool, Parameter(negative="")] = False,
) -> ExitCode:
    """Say why a request was denied, point at the cause, and propose the smallest change that lets it in.

    Args:
        error: The error in quotes, a file with it, or - for standard input.
        snapshot: A folder with saved answers of AWS, or one file with an account's authorization details.
        endpoint: The address of sagepass serve; the error is then the authorization id of a call that it denied.
        region: The AWS Region of the request, where the error does not tell it.
        resource_account: The account that owns the resource, where neither its ARN nor the snapshot tells it.
        caller: ARN of the caller, where the error does not tell who was refused.
        resource: ARN of the resource, where the error does not tell it.
        no_organization: The accounts belong to no organization: no service or resource control policies.
        output_format: The form of the answer.
        show: The form in which fixes are shown.
        handoff: Print a note for each administrator who has to act, instead of the explanation.
        verbose: Show everything, however long.
        color: When to use colours.
        redact: Put pseudonyms in the place of account ids and names.
    """
    if output_format != "human" and (handoff or show is not None):
        raise CliError(
            f"{'--handoff' if handoff else '--show'} is about the text for people, not about --format {output_format}",
            remedy="leave out one of the two",
        )
    if endpoint is not None:
        diagnoses = _local(endpoint, error, snapshot)
    else:
        evidence = read_evidence(error)
        require_account(resource_account)
        require_caller(caller)
        if resource is not None:
            require_resource(resource)
        stated = {"region": region, "resource_account": resource_account, "caller": caller, "resource": resource}
        loaded = load_snapshot(snapshot) if snapshot is not None else None
        diagnoses = _diagnoses(evidence.text, loaded, stated, no_organization=no_organization)
    if output_format == "json":
        from sagepass.render.json_form import diagnoses_to_json

        write_json(diagnoses_to_json(diagnoses, redact=redact))
    else:
        texts = [
            _text(diagnosis, output_format, show, handoff=handoff, verbose=verbose, color=color, redact=redact)
            for diagnosis in diagnoses
        ]
        write((_separator(handoff=handoff) if output_format == "human" else "").join(texts))
    return worst([_exit_code(diagnosis) for diagnosis in diagnoses])


def _local(endpoint: str, words: tuple[str, ...], snapshot: Path | None) -> list[Diagnosis]:
    from sagepass.fronts.cli.local_endpoint import fetch_call

    if snapshot is not None:
        raise CliError("--endpoint brings the policies itself", remedy="leave --snapshot out")
    if len(words) != 1:
        raise CliError("no authorization id was given", remedy="sagepass why --endpoint URL AUTHORIZATION_ID")
    call = fetch_call(endpoint, words[0])
    return _diagnoses(call.error, call.snapshot, {"region": call.region or None}, no_organization=False)


def _diagnoses(
    text: str, snapshot: Snapshot | None, stated: dict[str, str | None], *, no_organization: bool
) -> list[Diagnosis]:
    from sagepass.denial import read_denials
    from sagepass.jobs.diagnose import diagnose

    denials = read_denials(text)
    if not denials:
        raise CliError(NO_ERROR, remedy=NO_ERROR_REMEDY)
    return [diagnose(denial, snapshot, **stated, no_organization=no_organization) for denial in denials]


def _text(
    diagnosis: Diagnosis,
    output_format: str,
    show: FixForm | None,
    *,
    handoff: bool,
    verbose: bool,
    color: Color,
    redact: bool,
) -> str:
    from sagepass.render.redact import redactor_for

    rewrite = redactor_for(diagnosis, redact=redact)
    if handoff:
        from sagepass.render.handoff import render_handoff

        return rewrite(render_handoff(diagnosis, form=show))
    if output_format == "concise":
        from sagepass.render.concise import render_concise

        return rewrite(render_concise(diagnosis))
    from sagepass.render.human import HumanView, render_human

    view = HumanView(width=width(), color=colored(color), verbose=verbose, form=show, rewrite=rewrite)
    return render_human(diagnosis, view)


def _separator(*, handoff: bool) -> str:
    return "\n" + "-" * (72 if handoff else min(width(), 72)) + "\n\n"


def _exit_code(diagnosis: Diagnosis) -> ExitCode:
    from sagepass.jobs.diagnosis import Verdict

    match diagnosis.verdict:
        case Verdict.DENIED | Verdict.REPORTED:
            return ExitCode.FINDINGS
        case Verdict.CONDITIONAL:
            return ExitCode.UNDETERMINED
        case Verdict.ALLOWED_NOW | Verdict.NOT_A_DENIAL:
            return ExitCode.FINE
