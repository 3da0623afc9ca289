"""A denial with what its text leaves out, as somebody who knows it has stated."""

from __future__ import annotations

from dataclasses import replace

from sagepass.denial.principal import principal_type
from sagepass.denial.record import Denial
from sagepass.policy.arn import account_of
from sagepass.policy.caller import CallerKind, parse_caller

_WITHOUT_ACCOUNT = frozenset({CallerKind.SERVICE, CallerKind.FEDERATED, CallerKind.ANONYMOUS})


def completed(denial: Denial, *, caller: str | None = None, resource: str | None = None) -> Denial:
    """Fill in the caller and the resource where the text does not tell them, or tells them masked.

    What the text tells as an ARN is kept: it is evidence, and the statement is not.
    """
    if caller is not None and not _is_told(denial.principal):
        denial = replace(
            denial,
            principal=caller,
            principal_type=principal_type(caller),
            account=account_of(caller),
            basis=(*denial.basis, ("principal", f"{caller} was stated; the text does not tell it")),
        )
    if resource is not None and not (denial.resource or "").startswith("arn:"):
        basis = (*denial.basis, ("resource", f"{resource} was stated; the text does not tell it"))
        denial = replace(denial, resource=resource, basis=basis)
    return denial


def _is_told(principal: str | None) -> bool:
    """Whether the text names the caller, neither masked nor shortened."""
    if principal is None:
        return False
    try:
        parsed = parse_caller(principal)
    except ValueError:
        return False
    return parsed.account is not None or parsed.kind in _WITHOUT_ACCOUNT
