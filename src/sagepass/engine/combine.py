"""Combines the checks: who is granted what by whom, which Allows were required and absent, and the final effect.

The one place where truths become a decision. Source:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html (one account),
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html (two accounts)
"""

from __future__ import annotations

from dataclasses import dataclass

from sagepass.engine.checks.facts import Facts
from sagepass.engine.checks.resource import ResourceFacts
from sagepass.engine.inputs import Inputs
from sagepass.engine.services.rules import ServiceRules
from sagepass.policy.kinds import CheckType, Effect
from sagepass.policy.truth import Truth, all_of, any_of


@dataclass(frozen=True, slots=True, kw_only=True)
class AllFacts:
    """The facts of every check."""

    resource_control: tuple[Facts, ...]
    service_control: tuple[Facts, ...]
    vpc_endpoint: Facts
    resource: ResourceFacts
    principal: Facts
    boundary: Facts
    session: Facts

    def in_order(self) -> tuple[Facts, ...]:
        """All facts in AWS's order of checks."""
        return (
            *self.resource_control,
            *self.service_control,
            self.vpc_endpoint,
            self.resource.facts,
            self.principal,
            self.boundary,
            self.session,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the checks come to.

    ``required`` are the checks whose Allow was required and is certainly absent; ``needed`` those whose Allow would
    still settle the request.
    """

    effect: Effect
    granted: Truth
    required: frozenset[CheckType]
    decided_by: tuple[CheckType, ...]


@dataclass(frozen=True, slots=True)
class _Grant:
    granted: Truth
    required: frozenset[CheckType]
    by_resource: bool


def combine(inputs: Inputs, facts: AllFacts, rules: ServiceRules) -> Outcome:
    """Fold the facts into one outcome."""
    if rules.needs_no_permission is not None:
        return Outcome(effect=Effect.ALLOW, granted=Truth.TRUE, required=frozenset(), decided_by=(CheckType.PRINCIPAL,))
    grant = _grant(inputs, facts, rules)
    guardrails = [(level.type, level.allow) for level in facts.service_control]
    guardrails.append((CheckType.VPC_ENDPOINT, facts.vpc_endpoint.allow))
    required = set(grant.required)
    required.update(kind for kind, allow in guardrails if allow is Truth.FALSE)
    granted = all_of([grant.granted, *(allow for _, allow in guardrails)])
    if rules.never is not None:
        required.add(rules.never[0])
        granted = Truth.FALSE
    denied = any_of(fact.deny for fact in facts.in_order())
    if denied is Truth.TRUE:
        deciding = [fact.type for fact in facts.in_order() if fact.deny is Truth.TRUE]
        effect = Effect.EXPLICIT_DENY
    elif granted is Truth.FALSE:
        deciding = [kind for kind in CheckType if kind in required]
        effect = Effect.IMPLICIT_DENY
    elif denied is Truth.UNKNOWN or granted is Truth.UNKNOWN:
        deciding = []
        effect = Effect.UNKNOWN
    else:
        deciding = _allowed_by(inputs, grant)
        effect = Effect.ALLOW
    return Outcome(
        effect=effect,
        granted=granted,
        required=frozenset(required),
        decided_by=tuple(dict.fromkeys(deciding)),
    )


def _allowed_by(inputs: Inputs, grant: _Grant) -> list[CheckType]:
    if not inputs.has_own_policies:
        return [CheckType.RESOURCE]
    if inputs.same_account is Truth.FALSE:
        return [CheckType.PRINCIPAL, CheckType.RESOURCE]
    return [CheckType.RESOURCE if grant.by_resource else CheckType.PRINCIPAL]


def _grant(inputs: Inputs, facts: AllFacts, rules: ServiceRules) -> _Grant:
    resource = facts.resource
    if not inputs.has_own_policies:
        granted = max(resource.direct, resource.anyone)
        required = {CheckType.RESOURCE} if granted is Truth.FALSE else set()
        return _Grant(granted, frozenset(required), by_resource=True)
    match inputs.same_account:
        case Truth.TRUE:
            return _same_account(facts, rules)
        case Truth.FALSE:
            return _cross_account(facts)
        case _:
            return _either(_same_account(facts, rules), _cross_account(facts))


def _either(same: _Grant, cross: _Grant) -> _Grant:
    """The owner of the resource is not known: certain only where both readings agree."""
    granted = same.granted if same.granted is cross.granted else Truth.UNKNOWN
    return _Grant(granted, same.required & cross.required or same.required, same.by_resource)


def _same_account(facts: AllFacts, rules: ServiceRules) -> _Grant:
    """One account: the resource's policy and the identity's add up, limited by boundary and session policy.

    A grant to the caller itself is limited by neither; for ``*`` without ``aws:PrincipalArn`` AWS does not say.
    """
    resource, identity = facts.resource, facts.principal.allow
    boundary, session = facts.boundary.allow, facts.session.allow
    limits = min(boundary, session)
    if rules.resource_must_allow:
        base = max(resource.role, min(resource.account, identity))
    else:
        base = max(resource.role, identity)
    by_anyone = min(resource.anyone, _soft(boundary), _soft(session))
    granted = any_of([resource.direct, min(base, limits), by_anyone])
    required: set[CheckType] = set()
    if granted is not Truth.TRUE:
        if max(base, resource.anyone) is Truth.FALSE:
            silent = rules.resource_must_allow and resource.any_allow is Truth.FALSE
            required.add(CheckType.RESOURCE if silent else CheckType.PRINCIPAL)
        if resource.direct is Truth.FALSE and resource.anyone is Truth.FALSE:
            required.update(_silent_limits(facts))
    by_resource = max(resource.direct, resource.anyone, resource.role) is Truth.TRUE
    return _Grant(granted, frozenset(required), by_resource)


def _soft(limit: Truth) -> Truth:
    return Truth.TRUE if limit is Truth.TRUE else Truth.UNKNOWN


def _silent_limits(facts: AllFacts) -> set[CheckType]:
    return {fact.type for fact in (facts.boundary, facts.session) if fact.allow is Truth.FALSE}


def _cross_account(facts: AllFacts) -> _Grant:
    """Two accounts: the resource's policy and everything on the caller's side must allow, without short-cuts."""
    resource = facts.resource.any_allow
    required = _silent_limits(facts)
    if resource is Truth.FALSE:
        required.add(CheckType.RESOURCE)
    if facts.principal.allow is Truth.FALSE:
        required.add(CheckType.PRINCIPAL)
    granted = all_of([resource, facts.principal.allow, facts.boundary.allow, facts.session.allow])
    return _Grant(granted, frozenset(required), by_resource=True)
