# ruff: noqa: PLC0415 - a command imports what it needs when it runs, so that help and errors come at once
"""Account ids and callers that stand in options and arguments."""

from __future__ import annotations

from sagepass.fronts.cli.errors import CliError


def require_account(account: str | None) -> None:
    """Refuse what is no account id.

    Raises:
        CliError: it has other than 12 digits.
    """
    from sagepass.policy.arn import is_account_id

    if account is not None and not is_account_id(account):
        raise CliError(f"{account!r} is no account id", remedy="an account id has 12 digits")


def require_caller(caller: str | None) -> None:
    """Refuse what names no caller.

    Raises:
        CliError: it is no ARN of a user, role, session or root, no service principal and not ``*``.
    """
    from sagepass.policy.caller import parse_caller

    if caller is None:
        return
    try:
        parse_caller(caller)
    except ValueError as error:
        message, _, remedy = str(error).partition("; ")
        raise CliError(message, remedy=remedy) from error
