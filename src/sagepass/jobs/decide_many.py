"""Many requests at once: the seam between the reverse questions and the engine that answers them.

Whoever asks "who can" or "can what" needs thousands of decisions, of which nearly all are denials that nobody looks at.
So what comes back are the requests that are allowed, or that may be. :func:`decide_one_by_one` is the plain
implementation; any other has to return the same cells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeAlias
from weakref import WeakKeyDictionary

from sagepass.engine.authorize import inputs_of
from sagepass.engine.decide import decide
from sagepass.engine.decision import Decision
from sagepass.engine.inputs import Inputs
from sagepass.engine.reading_of import reading_of
from sagepass.engine.request import Request
from sagepass.engine.resource_owner import belongs_to_caller
from sagepass.engine.services import sts
from sagepass.engine.services.rules import ServiceRules, rules_for
from sagepass.policy.caller import Caller, parse_caller
from sagepass.policy.document import Policy
from sagepass.policy.glob import matches_set, read_pattern
from sagepass.policy.kinds import Effect
from sagepass.policy.match_action import action_matches
from sagepass.policy.match_principal import Naming, match_principals
from sagepass.policy.resource_reading import ResourceReading
from sagepass.policy.statement import Statement, StatementEffect
from sagepass.policy.truth import Truth
from sagepass.snapshot.layer import Layer
from sagepass.snapshot.snapshot import Snapshot

Progress: TypeAlias = Callable[[int, int], None]
"""Told now and then how many of how many requests are done."""

_STEP = 256
"""Requests between two reports of progress."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One request that is allowed (``ALLOW``) or may be (``UNKNOWN``).

    ``decision`` is set where it was made on the way; an engine that answers in bulk leaves it out.
    """

    principal: str
    action: str
    resource: str
    effect: Effect
    decision: Decision | None = None


class DecideMany(Protocol):
    """Decides every combination of principal, action and resource; certain denials are left out of the answer."""

    def __call__(
        self,
        snapshot: Snapshot,
        principals: Sequence[str],
        actions: Sequence[str],
        resources: Sequence[str],
        context: Mapping[str, object],
        *,
        progress: Progress | None = None,
    ) -> Iterator[Cell]:
        """Yield the cells that are allowed or open, by action, resource and principal in the given order."""


def decide_one_by_one(
    snapshot: Snapshot,
    principals: Sequence[str],
    actions: Sequence[str],
    resources: Sequence[str],
    context: Mapping[str, object],
    *,
    progress: Progress | None = None,
) -> Iterator[Cell]:
    """The plain implementation: every request that cannot be ruled out at a glance is decided in full.

    Raises:
        ValueError: a principal is none.
        UnknownPrincipal: a principal of a collected account is not in it.
    """
    total = len(principals) * len(actions) * len(resources)
    done = 0
    known = _SIEVES.setdefault(snapshot, {})
    for principal in principals:
        if principal not in known:
            known[principal] = _PrincipalSieve(snapshot, principal)
    for action in actions:
        for resource in resources:
            target = _ResourceSieve()
            for principal in principals:
                done += 1
                if progress is not None and (done % _STEP == 0 or done == total):
                    progress(done, total)
                request = Request(principal=principal, action=action, resource=resource, context=context)
                inputs = target.inputs(request, snapshot, known[principal])
                if inputs is None:
                    continue
                decision = decide(inputs)
                if decision.effect in {Effect.ALLOW, Effect.UNKNOWN}:
                    yield Cell(
                        principal=principal,
                        action=action,
                        resource=resource,
                        effect=decision.effect,
                        decision=decision,
                    )


class _PrincipalSieve:
    """What can be said of a principal before a request is decided: who it is, and what its own policies can allow."""

    def __init__(self, snapshot: Snapshot, principal: str) -> None:
        record = snapshot.principal(principal)
        caller = parse_caller(principal)
        if record is not None:
            caller = caller.known_as(path=record.path, unique_id=record.unique_id or None)
        self.caller = caller
        self.has_own_policies = caller.account is not None
        self._layer: Layer | None = record.identity if record is not None else None
        self._open: bool | None = None
        self._by_action: dict[str, tuple[Statement, ...]] = {}

    def may_allow(self, action: str, resource: str) -> bool:
        """False if no identity-based policy can allow the action on the resource, whatever the conditions."""
        if self._layer is None:
            return True
        if self._open is None:
            self._open = _is_open(self._layer)
        if self._open:
            return True
        if action not in self._by_action:
            self._by_action[action] = tuple(_allows(self._layer.policies, action))
        named = {resource} if reading_of(action, resource) is ResourceReading.NAMED else {resource, "*"}
        return any(_may_cover(statement, text) for statement in self._by_action[action] for text in named)


_SIEVES: WeakKeyDictionary[Snapshot, dict[str, _PrincipalSieve]] = WeakKeyDictionary()
"""What was learnt of the principals of a snapshot, which never changes: the same ones are asked again at every role."""


@dataclass(slots=True)
class _ResourceSieve:
    """What can be said of one resource's policy, learnt from the first request that is put together."""

    first: Inputs | None = None
    rules: ServiceRules = field(default_factory=ServiceRules)
    open: bool = False
    allows: tuple[Statement, ...] = ()

    def inputs(self, request: Request, snapshot: Snapshot, sieve: _PrincipalSieve) -> Inputs | None:
        """Everything the decision is computed from; ``None`` if it is certain to be a denial."""
        if self.first is None:
            self._learn(inputs_of(request, snapshot))
        if not self.open and self._ruled_out(sieve, request):
            return None
        return inputs_of(request, snapshot)

    def _learn(self, inputs: Inputs) -> None:
        self.first, self.rules = inputs, rules_for(inputs)
        layer = inputs.resource_policy
        free = inputs.service == "sts" and not self.rules.resource_policy_counts
        free = free or inputs.action.lower() in sts.FREE
        self.open = free or _is_open(layer) or bool(inputs.grants) or bool(inputs.grants_missing)
        self.allows = tuple(_allows(layer.policies, inputs.action)) if self.rules.resource_policy_counts else ()

    def _ruled_out(self, sieve: _PrincipalSieve, request: Request) -> bool:
        """Whether a grant is certainly missing: of the resource's policy, of the caller's own, or of both."""
        named = self._naming(sieve.caller)
        if not sieve.has_own_policies:
            return named is Naming.NOT_AT_ALL
        owner = self.first.resource_account if self.first is not None else None
        other_account = owner not in {None, sieve.caller.account} and not belongs_to_caller(request.resource)
        if named is Naming.NOT_AT_ALL and (other_account or self.rules.resource_must_allow):
            return True
        # naming the account only delegates: it grants nothing to whom the account's own policies do not
        enough = named > Naming.ACCOUNT and not other_account
        return not enough and not sieve.may_allow(request.action, request.resource)

    def _naming(self, caller: Caller) -> Naming:
        """The strongest way in which an Allow names the caller, or may."""
        return max((_naming(statement, caller) for statement in self.allows), default=Naming.NOT_AT_ALL)


def _is_open(layer: Layer) -> bool:
    """Whether something in the layer keeps it from being judged by its Allow statements alone."""
    return bool(layer.missing) or any(
        not policy.document.readable or any(statement.defects for statement in policy.document.statements)
        for policy in layer.policies
    )


def _allows(policies: Sequence[Policy], action: str) -> Iterator[Statement]:
    for policy in policies:
        for statement in policy.document.statements:
            if statement.effect is not StatementEffect.ALLOW:
                continue
            hit = any(action_matches(element.value, action) for element in statement.actions)
            if hit is not statement.not_action:
                yield statement


def _may_cover(statement: Statement, resource: str) -> bool:
    """Whether the Resource element can cover the resource; variables and NotResource are not looked into."""
    if statement.resources is None or statement.not_resource:
        return True
    target = (resource,) if resource == "*" else read_pattern(resource)
    return any(
        "${" in entry.value or matches_set(read_pattern(entry.value), target) is not Truth.FALSE
        for entry in statement.resources
    )


def _naming(statement: Statement, caller: Caller) -> Naming:
    if statement.principals is None or statement.not_principal:
        return Naming.EXACT
    found = match_principals(statement.principals, caller)
    return Naming.EXACT if found.undecided is not None else found.naming


def decision_of(cell: Cell, snapshot: Snapshot, context: Mapping[str, object]) -> Decision:
    """The decision behind a cell, made now if it did not come along."""
    if cell.decision is not None:
        return cell.decision
    request = Request(principal=cell.principal, action=cell.action, resource=cell.resource, context=context)
    return decide(inputs_of(request, snapshot))


def without_keys(inputs: Inputs, unknown: Callable[[str], bool]) -> Inputs:
    """The inputs with some condition keys not known: neither with a value nor certainly absent."""
    context = inputs.context
    values = {key: value for key, value in context.values.items() if not unknown(key)}
    absent = {key: why for key, why in context.absent.items() if not unknown(key)}
    return replace(inputs, context=replace(context, values=values, absent=absent))
