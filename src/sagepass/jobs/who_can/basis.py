"""What a decision rests on: the statements that grant, and the conditions under which they do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sagepass.engine.decision import Check, Decision, Residual, StatementRef
from sagepass.jobs.who_can.record import Basis, Certainty
from sagepass.policy.kinds import CheckType, Effect
from sagepass.policy.statement import StatementEffect

_GRANTING = (CheckType.PRINCIPAL, CheckType.RESOURCE)
_OWN = frozenset(
    {CheckType.PRINCIPAL, CheckType.PERMISSIONS_BOUNDARY, CheckType.SESSION, CheckType.SERVICE_CONTROL_POLICY}
)


def basis_of(decision: Decision, *, outside: str | None = None) -> Basis:
    """What an allowed or open decision rests on.

    Args:
        decision: ``ALLOW`` or ``UNKNOWN``.
        outside: the holder's account, where the snapshot does not hold it: its own policies are then left to it.
    """
    granting = [check for check in decision.checks if check.type in _GRANTING]
    theirs = [item for item in decision.residual if outside is not None and _is_theirs(item)]
    ours = [item for item in decision.residual if item not in theirs]
    if decision.effect is Effect.ALLOW:
        certainty = Certainty.CERTAIN
    else:
        certainty = Certainty.CONDITIONAL if ours else Certainty.THEIR_SIDE
    own_account = f"account {outside}" if outside else "the holder's own account"
    return Basis(
        certainty=certainty,
        grants=_statements(granting, ours),
        because=tuple(check.reason for check in granting if _has_other_reason(check)),
        conditions=conditions_of(ours),
        theirs=(f"{own_account} lets its own principal do it",) if theirs else (),
    )


def conditions_of(residual: Sequence[Residual]) -> tuple[str, ...]:
    """The residuals as conditions that all have to hold: of several Allow statements of one check, one is enough."""
    found: list[str] = []
    choices: dict[CheckType, list[str]] = {}
    for item in residual:
        if item.statement is not None and item.statement.statement.effect is StatementEffect.ALLOW:
            choices.setdefault(item.check, []).append(item.text)
        else:
            found.append(item.text)
    found += [_alternatives(texts) for texts in choices.values()]
    return tuple(dict.fromkeys(found))


_ALLOWS_IF = " allows it if "


def _alternatives(texts: list[str]) -> str:
    """One Allow is told by its conditions alone, since the statement is named anyway; several by the statements."""
    return texts[0].rpartition(_ALLOWS_IF)[2] if len(texts) == 1 else ", or ".join(texts)


def _is_theirs(item: Residual) -> bool:
    return item.check in _OWN and item.missing is not None


def _statements(checks: Iterable[Check], residual: Iterable[Residual]) -> tuple[StatementRef, ...]:
    """The statements that certainly allow; where there is none, those that may."""
    found = [ref for check in checks if check.effect in {Effect.ALLOW, Effect.UNKNOWN} for ref in check.matched]
    open_allows = [
        item.statement
        for item in residual
        if item.check in _GRANTING
        and item.statement is not None
        and item.statement.statement.effect is StatementEffect.ALLOW
    ]
    kept: list[StatementRef] = []
    for ref in (*found, *open_allows):
        if ref.statement.effect is StatementEffect.ALLOW and not any(_same(ref, other) for other in kept):
            kept.append(ref)
    return tuple(kept)


def _same(one: StatementRef, other: StatementRef) -> bool:
    mine, theirs = one.policy, other.policy
    same_policy = (mine.holder, mine.name, mine.arn) == (theirs.holder, theirs.name, theirs.arn)
    return same_policy and one.statement.index == other.statement.index


def _has_other_reason(check: Check) -> bool:
    return check.effect is Effect.ALLOW and not check.matched
