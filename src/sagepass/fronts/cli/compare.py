# ruff: noqa: PLC0415 - a command imports what it needs when it runs, so that help and errors come at once
"""``sagepass compare``: whether a policy allows more than another, or any of some actions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from sagepass.fronts.cli.errors import CliError
from sagepass.fronts.cli.exit_code import ExitCode
from sagepass.fronts.cli.output import Color
from sagepass.fronts.cli.policy_answers import AnswerFormat, Kind, policy_type, print_answer


def compare(
    *policies: str,
    kind: Kind | None = None,
    not_granted: Annotated[tuple[str, ...], Parameter(consume_multiple=False, negative="")] = (),
    resource: Annotated[tuple[str, ...], Parameter(consume_multiple=False, negative="")] = (),
    output_format: Annotated[AnswerFormat, Parameter(name="--format")] = AnswerFormat.HUMAN,
    certificate: Path | None = None,
    seconds: float = 4.0,
    verbose: Annotated[bool, Parameter(name=["--verbose", "-v"], negative="")] = False,
    color: Color = Color.AUTO,
) -> ExitCode:
    """Prove that a new policy allows nothing that the old one does not, or show what it allows.

    Args:
        policies: OLD and NEW, or with --not-granted one policy: a file, a folder of files that add up, or the name of an
            AWS managed policy.
        kind: What the policies are; by default what they look like.
        not_granted: Ask instead whether one policy grants none of these actions; repeat it, or separate them by commas.
        resource: With --not-granted, the resources that are meant; all by default.
        output_format: The form of the answer; access-analyzer is that of AWS's CheckNoNewAccess.
        certificate: Write the proof to this file, for another program to verify.
        seconds: How long it may take.
        verbose: Show everything, however long.
        color: When to use colours.
    """
    from sagepass.jobs.policy_file import read_policies
    from sagepass.jobs.policy_questions import ask_no_new_access, ask_not_granted

    actions = tuple(action.strip() for entry in not_granted for action in entry.split(",") if action.strip())
    if not policies or bool(actions or resource) != (len(policies) == 1):
        raise CliError(
            f"{_count(policies)} given" + (" with --not-granted" if actions or resource else ""),
            remedy="sagepass compare OLD NEW, or sagepass compare POLICY --not-granted ACTIONS",
        )
    if len(policies) > 2:
        raise CliError(f"{_count(policies)} given", remedy="put the files that add up into a folder")
    for action in actions:
        if action != "*" and action.count(":") != 1:
            raise CliError(f"{action!r} is no action", remedy="write service:Name, for example iam:PassRole")
    found = [read_policies(place) for place in policies]
    chosen = policy_type(kind, found[-1])
    if len(found) == 1:
        answer = ask_not_granted(found[0], actions or ("*",), resource or ("*",), chosen, seconds=seconds)
    else:
        answer = ask_no_new_access(found[0], found[1], chosen, seconds=seconds)
    return print_answer(answer, output_format, color=color, verbose=verbose, certificate=certificate)


def _count(policies: tuple[str, ...]) -> str:
    return "1 policy was" if len(policies) == 1 else f"{len(policies) or 'no'} policies were"
