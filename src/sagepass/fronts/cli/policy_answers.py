# ruff: noqa: PLC0415 - a command imports what it needs when it runs, so that help and errors come at once
"""What the commands about policies share: kinds of policies, printing an answer, exit codes."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from sagepass.fronts.cli.answer_forms import Renderers, print_in_form
from sagepass.fronts.cli.errors import CliError
from sagepass.fronts.cli.exit_code import ExitCode
from sagepass.fronts.cli.output import Color, complain
from sagepass.policy.kinds import PolicyType

if TYPE_CHECKING:
    from sagepass.jobs.policy_file import PolicyFile
    from sagepass.jobs.policy_questions import PolicyAnswer
    from sagepass.proof.comparison import Limit


class Kind(StrEnum):
    """The kinds of policies, in the words of the console."""

    IDENTITY = "identity"
    RESOURCE = "resource"
    TRUST = "trust"
    SCP = "scp"
    RCP = "rcp"
    BOUNDARY = "boundary"
    SESSION = "session"
    VPC_ENDPOINT = "vpc-endpoint"


_TYPES = {
    Kind.IDENTITY: PolicyType.IDENTITY_BASED_POLICY,
    Kind.RESOURCE: PolicyType.RESOURCE_BASED_POLICY,
    Kind.TRUST: PolicyType.ROLE_TRUST_POLICY,
    Kind.SCP: PolicyType.SERVICE_CONTROL_POLICY,
    Kind.RCP: PolicyType.RESOURCE_CONTROL_POLICY,
    Kind.BOUNDARY: PolicyType.PERMISSIONS_BOUNDARY,
    Kind.SESSION: PolicyType.SESSION_POLICY,
    Kind.VPC_ENDPOINT: PolicyType.VPC_ENDPOINT_POLICY,
}


class AnswerFormat(StrEnum):
    """The forms of an answer."""

    HUMAN = "human"
    CONCISE = "concise"
    JSON = "json"
    ACCESS_ANALYZER = "access-analyzer"


def policy_type(kind: Kind | None, policies: tuple[PolicyFile, ...]) -> PolicyType:
    """The type that was named, or else what the policies look like.

    Raises:
        CliError: they look like several, which do not add up to anything.
    """
    from sagepass.jobs.policy_file import kind_of

    if kind is not None:
        return _TYPES[kind]
    first, *others = policies
    chosen = kind_of(first)
    for other in others:
        if kind_of(other) is not chosen:
            raise CliError(
                f"{first.name} looks like {_a(chosen)} and {other.name} like {_a(kind_of(other))}, and policies of two kinds "
                "cannot be compared",
                remedy="give policies of one kind, or say with --kind what they are",
            )
    return chosen


def _a(chosen: PolicyType) -> str:
    from sagepass.render.words import type_words
    from sagepass.source.article import with_article

    return with_article(type_words(chosen))


def proof_limit(seconds: float, solver_seconds: float) -> Limit:
    """How long an answer may take, and cvc5 after that, if it is there."""
    from sagepass.proof.comparison import Limit

    if solver_seconds > 0:
        from sagepass.proof.smt import MissingSolverError, require_solver

        try:
            require_solver()
        except MissingSolverError as error:
            raise CliError(str(error), remedy="or leave out --cvc5") from error
    return Limit(seconds=seconds, solver_seconds=max(0.0, solver_seconds))


def print_answer(
    answer: PolicyAnswer,
    output_format: AnswerFormat,
    *,
    color: Color,
    verbose: bool,
    redact: bool,
    certificate: Path | None,
) -> ExitCode:
    """Print an answer, keep its certificate if asked to, and say how it came out."""
    from sagepass.proof.verdict import Verdict
    from sagepass.render.proof_json import answer_to_access_analyzer, answer_to_json
    from sagepass.render.proof_report import render_answer, render_answer_concise

    renderers = Renderers(
        answer_to_json,
        render_answer_concise,
        render_answer,
        {AnswerFormat.ACCESS_ANALYZER: answer_to_access_analyzer},
    )
    print_in_form(answer, renderers, output_format, verbose=verbose, color=color, redact=redact)
    if certificate is not None and answer.comparison.certificate is not None:
        _keep(answer.comparison.certificate.to_json(), certificate)
    elif certificate is not None:
        complain(f"{certificate} was not written: only what is proven here has a certificate")
    match answer.comparison.verdict:
        case Verdict.PROVEN:
            return ExitCode.FINE
        case Verdict.REFUTED:
            return ExitCode.FINDINGS
        case _:
            return ExitCode.UNDETERMINED


def require_whole(certificate: Path | None, *, redact: bool) -> None:
    """Refuse a certificate beside a redacted answer: it holds the policies word for word.

    Raises:
        CliError: both were asked for.
    """
    if redact and certificate is not None:
        raise CliError(
            "a certificate holds the policies as they are, which --redact hides",
            remedy="leave out --redact or --certificate",
        )


def _keep(value: object, path: Path) -> None:
    try:
        path.write_text(json.dumps(value) + "\n", encoding="utf-8")
    except OSError as error:
        raise CliError(
            f"the certificate cannot be written to {path}: {(error.strerror or str(error)).lower()}",
            remedy="name a file in a folder that exists",
        ) from error
