"""What each snapshot says to a request that changed: the statements, the conditions, the checks that stopped it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field

from sagepass.engine.compiled import compiled
from sagepass.engine.decision import Decision, StatementRef
from sagepass.engine.request import Request
from sagepass.jobs.compare_snapshots.differences import exists
from sagepass.jobs.compare_snapshots.record import Side
from sagepass.jobs.who_can.basis import basis_of, conditions_of
from sagepass.policy.kinds import CheckType, Effect
from sagepass.policy.statement_test import statement_meaning
from sagepass.snapshot.snapshot import Snapshot


@dataclass(frozen=True, kw_only=True)
class Sides:
    """Looks up the same request in two snapshots.

    Attributes:
        before: the old snapshot.
        after: the new one.
        context: condition keys of every request.
    """

    before: Snapshot
    after: Snapshot
    context: Mapping[str, object] = field(default_factory=dict)

    def of(self, principal: str, action: str, resource: str) -> tuple[Decision | None, Decision | None]:
        """Both decisions; ``None`` where a snapshot does not have the principal."""
        request = Request(principal=principal, action=action, resource=resource, context=self.context)
        old, new = (
            compiled(snapshot).explain(request) if exists(snapshot, principal) else None
            for snapshot in (self.before, self.after)
        )
        return old, new


def side_of(decision: Decision | None) -> Side:
    """A decision in short."""
    if decision is None:
        return Side(exists=False)
    if decision.effect in {Effect.ALLOW, Effect.UNKNOWN}:
        grants = basis_of(decision).grants
        return Side(by=grants, conditions=_conditions(decision, granted=bool(grants)))
    checks = [check for check in decision.checks if check.blocks and check.type in decision.decided_by]
    denials = [ref for check in checks if check.effect is Effect.EXPLICIT_DENY for ref in check.matched]
    return Side(stopped_by=tuple(dict.fromkeys(check.type for check in checks)), denials=tuple(denials))


def _conditions(decision: Decision, *, granted: bool) -> tuple[str, ...]:
    """What a decision depends on; of the resource's own policies that were not supplied in one sentence for all resources."""
    unseen = [item for item in decision.residual if item.check is CheckType.RESOURCE and item.missing is not None]
    if not unseen:
        return conditions_of(decision.residual)
    if not granted:
        return ("a policy of the resource that was not supplied grants it",)
    seen = conditions_of([item for item in decision.residual if item not in unseen])
    return (*seen, "no policy of the resource that was not supplied denies it")


def rest_on_the_same(old: Decision | None, new: Decision | None) -> bool:
    """Whether two open decisions depend on the same, statement by statement: then nothing has changed."""
    if old is None or new is None:
        return old is new
    return _what_is_open(old) == _what_is_open(new)


def _what_is_open(decision: Decision) -> Hashable:
    checks = frozenset(
        (check.type, check.effect, check.target, frozenset(_meanings(check.matched))) for check in decision.checks
    )
    open_points = frozenset(
        (item.check, item.text, frozenset(_meanings([item.statement] if item.statement else [])))
        for item in decision.residual
    )
    return checks, open_points


def _meanings(refs: Iterable[StatementRef]) -> Iterable[Hashable]:
    for ref in refs:
        yield statement_meaning(ref.statement, ref.policy.document.variables_enabled)


def key_of(side: Side | None) -> Hashable:
    """Equal for sides that read the same; inline policies of different holders are not the same."""
    if side is None:
        return None
    return (
        side.exists,
        tuple(_ref(ref) for ref in side.by),
        side.conditions,
        side.stopped_by,
        tuple(_ref(ref) for ref in side.denials),
    )


def _ref(ref: StatementRef) -> Hashable:
    policy = ref.policy
    holder = None if policy.arn is not None else policy.holder
    return (policy.arn, policy.name, holder, ref.statement.index)
