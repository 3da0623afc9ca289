# ruff: noqa: PLC0415 - a command imports what it needs when it runs, so that help and errors come at once
"""``sagepass share``: let somebody outside the account in, and nobody else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from sagepass.catalog.sharing import Mechanism
from sagepass.fronts.cli.answer_forms import Renderers, print_in_form
from sagepass.fronts.cli.errors import CliError
from sagepass.fronts.cli.exit_code import ExitCode
from sagepass.fronts.cli.output import Color, complain, write
from sagepass.fronts.cli.snapshots import load_snapshot
from sagepass.render.forms import FixForm

if TYPE_CHECKING:
    from sagepass.jobs.share.question import ShareQuestion
    from sagepass.jobs.share.report import ShareReport


def share(
    resource: str,
    /,
    *,
    who: Annotated[str, Parameter(name="--with")],
    actions: Annotated[tuple[str, ...], Parameter(negative="", consume_multiple=True)] = (),
    snapshot: Path | None = None,
    no_organization: Annotated[bool, Parameter(negative="")] = False,
    mechanism: Mechanism | None = None,
    also: Annotated[tuple[str, ...], Parameter(negative="", consume_multiple=False)] = (),
    subject: str | None = None,
    audience: str | None = None,
    external_id: str | None = None,
    source_arn: str | None = None,
    execution_role: str | None = None,
    router: str | None = None,
    role_name: str | None = None,
    session_tags: Annotated[bool, Parameter(negative="")] = False,
    source_identity: Annotated[bool, Parameter(negative="")] = False,
    output_format: Annotated[Literal["human", "concise", "json"], Parameter(name="--format")] = "human",
    show: FixForm | None = None,
    handoff: Annotated[bool, Parameter(negative="")] = False,
    out: Path | None = None,
    verbose: Annotated[bool, Parameter(name=["--verbose", "-v"], negative="")] = False,
    color: Color = Color.AUTO,
    redact: Annotated[bool, Parameter(negative="")] = False,
) -> ExitCode:
    """Plan how somebody outside the account gets to a SageMaker resource, with every document, and show that nobody else does.

    Args:
        resource: ARN of the SageMaker resource.
        who: account:ID, the ARN of a user or role, third-party:ID, org or org:ID, ou:ID, saml:ARN, oidc:ARN,
            sso:PERMISSION-SET@ACCOUNT, cognito:POOL-ID or service:NAME.
        actions: What they may do, such as DescribeModelPackage; left out, what the type of resource is used for.
        snapshot: A folder with saved answers of AWS, of both accounts if you have them.
        no_organization: The accounts belong to no organization: no service or resource control policies.
        mechanism: The way: a role, the resource's own policy, or a share of AWS RAM. Left out, the one that fits is chosen.
        also: What is read besides: an s3:// address, an ECR image, the ARN of a bucket, repository or KMS key. Repeat it.
        subject: Of an OIDC provider's tokens, who is meant; may hold * and ?.
        audience: The audience of SAML assertions or OIDC tokens, where it is not the usual one.
        external_id: Of a third party; left out, one is made up.
        source_arn: For a service, the resource of yours that it works for.
        execution_role: The role of theirs that reads artifacts and image, where it is not the caller.
        router: The inference router of theirs that calls an endpoint.
        role_name: The name of the role that is made.
        session_tags: They send session tags.
        source_identity: They set a source identity.
        output_format: The form of the answer.
        show: The form in which documents are shown and written.
        handoff: Print a note for the administrator of each side, instead of the explanation.
        out: A folder to write every document and note to; it must not exist, or be empty.
        verbose: Show everything, however long.
        color: When to use colours.
        redact: Put pseudonyms in the place of account ids and names, and hide the external id.
    """
    from sagepass.jobs.share.question import ShareQuestion

    question = ShareQuestion(
        resource=resource,
        who=who,
        actions=actions,
        mechanism=mechanism,
        also=also,
        subject=subject,
        audience=audience,
        external_id=external_id,
        source_arn=source_arn,
        execution_role=execution_role,
        router=router,
        role_name=role_name,
        session_tags=session_tags,
        source_identity=source_identity,
    )
    if redact and out is not None:
        raise CliError("--redact makes documents that do not work", remedy="leave out --redact or --out")
    report = _report(question, snapshot, no_organization=no_organization)
    if out is not None:
        _write_files(report, out, show)
    if handoff:
        from sagepass.render.redact import redactor_for
        from sagepass.render.share_handoff import render_share_handoff

        write(redactor_for(report, redact=redact)(render_share_handoff(report, form=show)))
    else:
        _print(report, output_format, show, verbose=verbose, color=color, redact=redact)
    return _exit_code(report)


def _report(question: ShareQuestion, path: Path | None, *, no_organization: bool) -> ShareReport:
    from sagepass.jobs.share.plan_for import plan_share
    from sagepass.jobs.share.subject import ShareError
    from sagepass.jobs.share.who import WhoError

    snapshot = load_snapshot(path) if path is not None else None
    if snapshot is not None and no_organization:
        snapshot = snapshot.without_organization()
    try:
        return plan_share(question, snapshot)
    except (ShareError, WhoError) as error:
        raise CliError(error.message, remedy=error.remedy) from error


def _print(
    report: ShareReport, output_format: str, show: FixForm | None, *, verbose: bool, color: Color, redact: bool
) -> None:
    from sagepass.render.share import render_share
    from sagepass.render.share_concise import render_share_concise
    from sagepass.render.share_json import share_to_json

    renderers = Renderers(share_to_json, render_share_concise, render_share)
    print_in_form(report, renderers, output_format, verbose=verbose, color=color, redact=redact, show=show)


def _write_files(report: ShareReport, folder: Path, form: FixForm | None) -> None:
    """Write the plan; nothing that is there is ever written over."""
    from sagepass.render.share_files import share_files

    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise CliError(f"--out {folder} is not an empty folder", remedy="name one that does not exist yet")
        for name, text in share_files(report, form).items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CliError(
            f"--out {folder}: {error.strerror or error}", remedy="name a folder that can be written"
        ) from error
    complain(f"wrote the documents and notes to {folder}")


def _exit_code(report: ShareReport) -> ExitCode:
    from sagepass.jobs.share.report import ShareVerdict

    match report.verdict:
        case ShareVerdict.READY:
            return ExitCode.FINE
        case ShareVerdict.CONDITIONAL:
            return ExitCode.UNDETERMINED
        case ShareVerdict.BLOCKED | ShareVerdict.TOO_OPEN:
            return ExitCode.FINDINGS
