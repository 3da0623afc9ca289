# ruff: noqa: PLC0415 - a command imports what it needs when it runs, so that help and errors come at once
"""``sagepass public``: whether anyone outside can use what a policy grants."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from sagepass.fronts.cli.errors import CliError
from sagepass.fronts.cli.exit_code import ExitCode
from sagepass.fronts.cli.output import Color
from sagepass.fronts.cli.policy_answers import AnswerFormat, Kind, policy_type, print_answer, proof_limit, require_whole


def public(
    policy: str,
    /,
    *,
    account: Annotated[tuple[str, ...], Parameter(consume_multiple=False, negative="")] = (),
    org: str | None = None,
    kind: Kind | None = None,
    output_format: Annotated[AnswerFormat, Parameter(name="--format")] = AnswerFormat.HUMAN,
    certificate: Path | None = None,
    seconds: float = 4.0,
    cvc5: float = 0.0,
    verbose: Annotated[bool, Parameter(name=["--verbose", "-v"], negative="")] = False,
    color: Color = Color.AUTO,
    redact: Annotated[bool, Parameter(negative="")] = False,
) -> ExitCode:
    """Prove that nobody outside can use what a policy grants, or show who can.

    Without --account and --org, only those are outside whom the policy does not name.

    Args:
        policy: A file with the policy of a resource or the trust policy of a role.
        account: An account that counts as inside; repeat it for more.
        org: The organization that counts as inside: o-…
        kind: What the policy is; by default what it looks like.
        output_format: The form of the answer; access-analyzer is that of AWS's CheckNoPublicAccess.
        certificate: Write the proof to this file, for another program to verify.
        seconds: How long it may take.
        cvc5: For each part that stays open, the seconds that cvc5 may take for it (extra [smt]); it is not asked by default.
        verbose: Show everything, however long.
        color: When to use colours.
        redact: Put pseudonyms in the place of account ids and names.
    """
    from sagepass.jobs.policy_file import read_policies
    from sagepass.jobs.policy_questions import ask_from_outside
    from sagepass.policy.arn import is_account_id
    from sagepass.proof.comparison import HAS_PRINCIPALS

    for item in account:
        if not is_account_id(item):
            raise CliError(f"{item!r} is no account id", remedy="an account id has 12 digits")
    if org is not None and not org.startswith("o-"):
        raise CliError(f"{org!r} is no id of an organization", remedy="it begins with o-, for example o-a1b2c3d4e5")
    require_whole(certificate, redact=redact)
    limit = proof_limit(seconds, cvc5)
    found = read_policies(policy)
    chosen = policy_type(kind, found)
    if chosen not in HAS_PRINCIPALS:
        raise CliError(
            f"{policy} has no principals: it is about whoever it is attached to",
            remedy="give the policy of a resource, or the trust policy of a role",
        )
    answer = ask_from_outside(found, chosen, accounts=account, organization=org, limit=limit)
    return print_answer(answer, output_format, color=color, verbose=verbose, redact=redact, certificate=certificate)
