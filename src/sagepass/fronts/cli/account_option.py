"""Account ids that stand in options."""

from __future__ import annotations

from sagepass.fronts.cli.errors import CliError


def require_account(account: str | None) -> None:
    """Refuse what is no account id.

    Raises:
        CliError: it has other than 12 digits.
    """
    if account is not None and not (len(account) == 12 and account.isascii() and account.isdigit()):
        raise CliError(f"{account!r} is no account id", remedy="an account id has 12 digits")
