"""How the Principal element of a statement names a caller."""

from __future__ import annotations

from sagepass.engine.bounded import keep
from sagepass.engine.caller_side import CallerSide
from sagepass.policy.match_principal import Naming, match_principals, not_principal_applies
from sagepass.policy.statement_test import StatementTest
from sagepass.policy.truth import Truth

_FALSE, _UNKNOWN, _TRUE = Truth.FALSE, Truth.UNKNOWN, Truth.TRUE


def naming_of(test: StatementTest, caller: CallerSide) -> tuple[Naming, Truth]:
    """How a statement names the caller and whether that fits, kept with the caller."""
    if test.statement.principals is None:
        return Naming.EXACT, _TRUE
    found = caller.namings.get(test)
    if found is None:
        found = keep(caller.namings, test, name_by(test, caller))
    return found


def name_by(test: StatementTest, caller: CallerSide) -> tuple[Naming, Truth]:
    """How the Principal element of a statement names a caller, and whether it fits; see :mod:`sagepass.policy.match_statement`."""
    statement = test.statement
    if statement.principals is None:
        return Naming.EXACT, _TRUE
    if statement.not_principal:
        fits = not_principal_applies(statement.principals, caller.caller, has_boundary=caller.has_boundary)
        return Naming.ANYONE, fits
    found = match_principals(statement.principals, caller.caller)
    if found.naming is Naming.NOT_AT_ALL:
        return found.naming, _FALSE if found.undecided is None else _UNKNOWN
    return found.naming, _TRUE
