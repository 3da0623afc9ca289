"""Decides one authorization that a call needs, for every set of values that the request leaves possible.

A need is allowed only if it is with each of the values a key may have, denied if it is with none, else not settled: the answer
names the key and what would settle it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import islice, product

from sagepass.calls.call import Values
from sagepass.calls.need import CallNeed
from sagepass.catalog.condition_keys import condition_key, template_matches
from sagepass.engine.authorize import UnknownPrincipal, authorize
from sagepass.engine.decision import Decision
from sagepass.engine.request import Request
from sagepass.policy.document import PolicyForm
from sagepass.policy.kinds import Effect, PolicyType
from sagepass.snapshot.changes import PolicyChange
from sagepass.snapshot.snapshot import Snapshot

_MOST_VARIANTS = 32
"""Sets of possible values that are tried; a request that leaves more open than this counts as not settled."""
_ROUNDS = 4
_DENIES = frozenset({Effect.IMPLICIT_DENY, Effect.EXPLICIT_DENY})


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedDecision:
    """What a need comes to; see :class:`sagepass.jobs.preflight.record.Authorization`."""

    effect: Effect
    decisions: tuple[Decision, ...] = ()
    decision: Decision | None = None
    reason: str = ""
    by_instead: bool = False


def decide_need(need: CallNeed, snapshot: Snapshot, changed: Mapping[str, object] | None = None) -> NeedDecision:
    """Decide one need; ``changed`` holds condition keys that the request is to carry with other values."""
    if need.refused:
        return NeedDecision(effect=Effect.IMPLICIT_DENY, reason=need.refused)
    own = _decide(need, snapshot, changed or {})
    if own.effect is Effect.ALLOW or need.instead is None:
        return own
    other = _decide(need.instead, snapshot, changed or {})
    if other.effect is Effect.ALLOW or (other.effect is Effect.UNKNOWN and own.effect is not Effect.UNKNOWN):
        return replace(other, by_instead=True)
    return own


def _decide(need: CallNeed, snapshot: Snapshot, changed: Mapping[str, object]) -> NeedDecision:
    requests, complete = requests_of(need, changed)
    ask = asker(need)
    try:
        decisions = tuple(ask(request, snapshot) for request in requests)
    except UnknownPrincipal as unknown:
        return NeedDecision(effect=Effect.UNKNOWN, reason=str(unknown))
    effect = _together([decision.effect for decision in decisions])
    if effect is Effect.ALLOW and not complete:
        effect = Effect.UNKNOWN
    decision = next((one for one in decisions if one.effect in _DENIES), None) or next(
        (one for one in decisions if one.effect is not Effect.ALLOW), decisions[0]
    )
    return NeedDecision(
        effect=effect, decisions=decisions, decision=decision, reason=_reason(need, effect, decision, decisions)
    )


def requests_of(need: CallNeed, changed: Mapping[str, object] | None = None) -> tuple[tuple[Request, ...], bool]:
    """The requests that a need stands for, and whether they are all of them."""
    one = need.needed
    base: dict[str, object] = {key: _typed(key, values) for key, values in one.context}
    base |= {key: None for key in one.absent if "${" not in key}
    choices: list[list[tuple[str, Values | None]]] = []
    for unsettled in one.unsettled:
        if unsettled.choices:
            choices.append([(unsettled.key, values) for values in unsettled.choices])
        else:
            base.pop(unsettled.key, None)
    rows = list(islice(product(*choices), _MOST_VARIANTS + 1))
    requests = [
        Request(
            principal=need.principal,
            action=one.action,
            resource=one.resource,
            context={
                **base,
                **{key: None if values is None else _typed(key, values) for key, values in row},
                **_overriding(changed or {}, base, row),
            },
        )
        for row in rows[:_MOST_VARIANTS]
    ]
    return tuple(requests), len(rows) <= _MOST_VARIANTS


def asker(need: CallNeed) -> Asker:
    """Decides requests of a need; keys of families that the request certainly does not carry count as absent."""
    return Asker(
        families=tuple(key for key in need.needed.absent if "${" in key),
        made=need.needed.resource if need.makes_resource else "",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Decides a request, with what is known to be absent from it."""

    families: tuple[str, ...] = ()
    made: str = ""
    """The resource that the call makes: whatever is not saved of its policy does not exist."""

    def __call__(self, request: Request, snapshot: Snapshot) -> Decision:
        """Decide the request; a key that the answer hangs on and that belongs to an absent family is absent."""
        decision = authorize(request, snapshot)
        if self.made and decision.effect is Effect.UNKNOWN:
            snapshot = snapshot.with_changes([_no_policy(self.made)])
            decision = authorize(request, snapshot)
        for _ in range(_ROUNDS):
            given = {key.lower() for key in request.context}
            absent = {key for key in _open_keys(decision) if key.lower() not in given and self._covers(key)}
            if not absent:
                return decision
            request = replace(request, context={**request.context, **dict.fromkeys(absent)})
            decision = authorize(request, snapshot)
        return decision

    def _covers(self, key: str) -> bool:
        return any(template_matches(family, key.lower()) for family in self.families)


def _no_policy(resource: str) -> PolicyChange:
    return PolicyChange(
        holder=resource, type=PolicyType.RESOURCE_BASED_POLICY, name="none yet", form=PolicyForm.RESOURCE
    )


def _open_keys(decision: Decision) -> Iterable[str]:
    for check in decision.checks:
        for undecided in check.undecided:
            yield from undecided.keys


def _typed(key: str, values: Values) -> object:
    known = condition_key(key)
    if (known is not None and known.multivalued) or len(values) != 1:
        return list(values)
    return values[0]


def _overriding(
    changed: Mapping[str, object], base: Mapping[str, object], row: Iterable[tuple[str, object]]
) -> dict[str, object]:
    """The values of a changed request, for the keys that this request carries."""
    carried = {key.lower(): key for key in (*base, *(key for key, _ in row))}
    return {carried[key.lower()]: value for key, value in changed.items() if key.lower() in carried}


def _together(effects: list[Effect]) -> Effect:
    if all(effect is Effect.ALLOW for effect in effects):
        return Effect.ALLOW
    if all(effect in _DENIES for effect in effects):
        return Effect.EXPLICIT_DENY if Effect.EXPLICIT_DENY in effects else Effect.IMPLICIT_DENY
    return Effect.UNKNOWN


def _reason(need: CallNeed, effect: Effect, decision: Decision, decisions: tuple[Decision, ...]) -> str:
    if effect is Effect.ALLOW:
        return ""
    if effect is Effect.UNKNOWN and any(one.effect in _DENIES for one in decisions):
        keys = [item for item in need.needed.unsettled if len(item.choices) > 1]
        why = "; ".join(f"{item.key}: {item.why}" for item in keys)
        return f"it depends on {why or 'values that the request does not settle'}"
    if effect is Effect.UNKNOWN:
        ordered = sorted(decision.residual, key=lambda item: item.missing is not None)
        return f"allowed provided that {ordered[0].text}" if ordered else "not settled"
    blocking = [check for check in decision.blocking if check.type in decision.decided_by] or list(decision.blocking)
    return blocking[0].reason if blocking else "denied"
