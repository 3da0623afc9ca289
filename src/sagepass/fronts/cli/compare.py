# ruff: noqa: PLC0415 - a command imports what it needs when it runs, so that help and errors come at once
"""``sagepass compare``: whether a policy allows more than another, or any of some actions; or two snapshots, who gained what."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from sagepass.fronts.cli.asked_about import require_action
from sagepass.fronts.cli.can import read_context
from sagepass.fronts.cli.errors import CliError
from sagepass.fronts.cli.exit_code import ExitCode
from sagepass.fronts.cli.output import Color
from sagepass.fronts.cli.policy_answers import AnswerFormat, Kind, policy_type, print_answer, proof_limit, require_whole

if TYPE_CHECKING:
    from sagepass.jobs.policy_questions import PolicyAnswer
    from sagepass.proof.comparison import Limit


def compare(
    *policies: str,
    kind: Kind | None = None,
    not_granted: Annotated[tuple[str, ...], Parameter(consume_multiple=False, negative="")] = (),
    resource: Annotated[tuple[str, ...], Parameter(consume_multiple=False, negative="")] = (),
    actions: Annotated[tuple[str, ...], Parameter(consume_multiple=False, negative="")] = (),
    resources: Annotated[tuple[str, ...], Parameter(consume_multiple=False, negative="")] = (),
    context: Annotated[tuple[str, ...], Parameter(consume_multiple=False, negative="")] = (),
    no_organization: Annotated[bool, Parameter(negative="")] = False,
    output_format: Annotated[AnswerFormat, Parameter(name="--format")] = AnswerFormat.HUMAN,
    certificate: Path | None = None,
    seconds: float = 4.0,
    cvc5: float = 0.0,
    verbose: Annotated[bool, Parameter(name=["--verbose", "-v"], negative="")] = False,
    color: Color = Color.AUTO,
    redact: Annotated[bool, Parameter(negative="")] = False,
) -> ExitCode:
    """Prove that a new policy allows nothing that the old one does not; or say who gained what between two snapshots.

    Args:
        policies: OLD and NEW, or with --not-granted one policy: a file, a folder of files that add up, or the name of an
            AWS managed policy. Or OLD and NEW snapshots: folders with saved answers of AWS, or files with authorization
            details.
        kind: What the policies are; by default what they look like.
        not_granted: Ask instead whether one policy grants none of these actions; repeat it, or separate them by commas.
        resource: With --not-granted, the resources that are meant; all by default.
        actions: With two snapshots, the actions to compare, as in policies; repeat it, or separate them by commas. By
            default sagemaker:*, iam:PassRole and sts:AssumeRole with its two forms for identity providers.
        resources: With two snapshots, ARNs and patterns of ARNs; by default those that the policies name.
        context: With two snapshots, a condition key of every request and its value, KEY=VALUE; repeat it for more.
        no_organization: With two snapshots, the accounts belong to no organization.
        output_format: The form of the answer; access-analyzer is that of AWS's CheckNoNewAccess.
        certificate: Write the proof to this file, for another program to verify.
        seconds: How long it may take.
        cvc5: For each part that stays open, the seconds that cvc5 may take for it (extra [smt]); it is not asked by default.
        verbose: Show everything, however long.
        color: When to use colours.
        redact: Put pseudonyms in the place of account ids and names.
    """
    for_snapshots: dict[str, object] = {"--actions": actions, "--resources": resources, "--context": context}
    for_snapshots |= {"--no-organization": no_organization}
    for_policies = {"--kind": kind, "--not-granted": not_granted, "--resource": resource, "--certificate": certificate}
    if _are_snapshots(policies, for_snapshots, for_policies):
        from sagepass.fronts.cli.compare_two_snapshots import Question, compare_two_snapshots

        question = Question(
            actions=_parts(actions),
            resources=_parts(resources),
            context=read_context(context),
            no_organization=no_organization,
        )
        return compare_two_snapshots(policies, question, output_format, verbose=verbose, color=color, redact=redact)
    require_whole(certificate, redact=redact)
    answer = _ask(policies, kind, _parts(not_granted), resource, proof_limit(seconds, cvc5))
    return print_answer(answer, output_format, color=color, verbose=verbose, redact=redact, certificate=certificate)


def _parts(entries: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part.strip() for entry in entries for part in entry.split(",") if part.strip())


def _are_snapshots(
    places: tuple[str, ...], for_snapshots: Mapping[str, object], for_policies: Mapping[str, object]
) -> bool:
    """Whether two snapshots were given.

    Raises:
        CliError: one snapshot was, or an option that does not go with what was given.
    """
    from sagepass.fronts.cli.compare_two_snapshots import is_snapshot

    found = [is_snapshot(place) for place in places]
    both = found == [True, True]
    if any(found) and not both:
        other = f"{places[found.index(False)]} is no snapshot; " if len(places) > 1 else ""
        raise CliError(
            f"{other}{places[found.index(True)]} is a snapshot, and a snapshot is compared with another",
            remedy="sagepass compare OLDSNAPSHOT NEWSNAPSHOT",
        )
    for option, value in (for_policies if both else for_snapshots).items():
        if value:
            given = "policies, and these are snapshots" if both else "two snapshots, and these are policies"
            raise CliError(f"{option} is about {given}", remedy=f"leave out {option}")
    return both


def _ask(
    places: tuple[str, ...],
    kind: Kind | None,
    actions: tuple[str, ...],
    resources: tuple[str, ...],
    limit: Limit,
) -> PolicyAnswer:
    from sagepass.jobs.policy_file import read_policies
    from sagepass.jobs.policy_questions import ask_no_new_access, ask_not_granted

    if not places or bool(actions or resources) != (len(places) == 1):
        raise CliError(
            f"{_count(places)} given" + (" with --not-granted" if actions or resources else ""),
            remedy="sagepass compare OLD NEW, or sagepass compare POLICY --not-granted ACTIONS",
        )
    if len(places) > 2:
        raise CliError(f"{_count(places)} given", remedy="put the files that add up into a folder")
    for action in actions:
        require_action(action, pattern=True)
    found = [read_policies(place) for place in places]
    chosen = policy_type(kind, tuple(policy for policies in reversed(found) for policy in policies))
    if len(found) == 1:
        return ask_not_granted(found[0], actions or ("*",), resources or ("*",), chosen, limit=limit)
    return ask_no_new_access(found[0], found[1], chosen, limit=limit)


def _count(policies: tuple[str, ...]) -> str:
    return "1 policy was" if len(policies) == 1 else f"{len(policies) or 'no'} policies were"
