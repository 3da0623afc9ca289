"""What a decision that is not settled still depends on, said so that it completes "allowed provided that …"."""

from __future__ import annotations

from collections.abc import Iterable

from sagepass.engine.decision import Check, Residual, Undecided
from sagepass.policy.kinds import CheckType, Effect


def residuals(checks: Iterable[Check], *, resource_must_allow: bool = False) -> tuple[Residual, ...]:
    """One residual per open point of the undecided checks, without repetition.

    ``resource_must_allow``: the policy of the resource has to allow the request; that it does not deny it is not enough.
    """
    found: dict[str, Residual] = {}
    for check in checks:
        if check.effect is Effect.UNKNOWN:
            for item in check.undecided:
                text = _text(check.type, item, resource_must_allow=resource_must_allow)
                found.setdefault(text, _residual(check.type, item, text))
    return tuple(found.values())


def _residual(kind: CheckType, item: Undecided, text: str) -> Residual:
    return Residual(check=kind, text=text, keys=item.keys, missing=item.missing, statement=item.statement)


def _text(kind: CheckType, item: Undecided, *, resource_must_allow: bool) -> str:
    if item.missing is not None:
        silent = kind is CheckType.RESOURCE and not resource_must_allow
        verb = "does not deny it" if silent else "allows it"
        plural = item.missing.what.split(" of ")[0].split(" over ")[0].endswith("s")
        if plural:
            verb = verb.replace("does not", "do not").replace("allows", "allow")
        return f"{item.missing.what} {verb} [not supplied]"
    if item.statement is not None and item.statement.statement.effect.value == "Deny":
        statement, _, when = item.reason.partition(" denies it if ")
        return f"{statement} does not deny it (it does if {when})"
    return item.reason
