# ruff: noqa: PLC0415 - a command imports what it needs when it runs, so that help and errors come at once
"""A principal that a snapshot does not know: a slip in the question, or a gap in what was collected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sagepass.fronts.cli.errors import CliError
from sagepass.fronts.cli.exit_code import ExitCode

if TYPE_CHECKING:
    from sagepass.snapshot.snapshot import Snapshot


def unknown_principal(principal: str, snapshot: Snapshot) -> CliError:
    """Why the principal is not there, and what to do: supply what is missing, or name another one."""
    from sagepass.policy.arn import parse_arn

    parts = parse_arn(principal)
    account = parts.account if parts else principal
    if not snapshot.has_account(account):
        known = ", ".join(snapshot.accounts) or "no account"
        return CliError(
            f"the snapshot knows nothing of account {account}, the account of {principal}",
            remedy=f"it holds {known}; add accounts/{account}/iam/get-account-authorization-details.json",
            exit_code=ExitCode.UNDETERMINED,
        )
    missing = snapshot.incomplete(account)
    if missing is not None:
        return CliError(
            f"{principal} is not among the principals collected, and {missing.what} are missing",
            remedy=missing.supply,
            exit_code=ExitCode.UNDETERMINED,
        )
    near = snapshot.nearest_principals(principal)
    remedy = f"did you mean {near[0]}?" if near else "collect the snapshot again if it was created since"
    return CliError(f"{principal} is not in the snapshot", remedy=remedy)
