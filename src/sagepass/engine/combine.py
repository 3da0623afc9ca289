"""Combines the checks: who is granted what by whom, which Allows were required and absent, and the final effect.

The one place where truths become a decision; the formula of the grant itself is in :mod:`sagepass.engine.grant`. Source:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html (one account),
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html (two accounts)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from sagepass.engine.checks.facts import Facts
from sagepass.engine.checks.resource import ResourceFacts
from sagepass.engine.grant import (
    Allows,
    base_in_one_account,
    granted_across_accounts,
    granted_by_resource_alone,
    granted_in_one_account,
)
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


class Truths(NamedTuple):
    """All that the outcome follows from: what each check denies and allows, and how caller and resource are related.

    A tuple, because it is compared and looked up with every decision. ``same_account`` is unknown if the resource's owner
    is; ``must_allow``, ``never`` and ``free`` are the service's rules (see
    :class:`~sagepass.engine.services.rules.ServiceRules`).
    """

    resource_control_deny: Truth
    service_control_deny: Truth
    service_control_allow: Truth
    endpoint_deny: Truth
    endpoint_allow: Truth
    resource_deny: Truth
    direct: Truth
    role: Truth
    anyone: Truth
    account: Truth
    identity_deny: Truth
    identity_allow: Truth
    boundary_deny: Truth
    boundary_allow: Truth
    session_deny: Truth
    session_allow: Truth
    same_account: Truth
    has_own_policies: bool
    must_allow: bool
    never: CheckType | None
    free: bool

    @property
    def denies(self) -> tuple[tuple[CheckType, Truth], ...]:
        """What each check denies, in AWS's order of checks."""
        return (
            (CheckType.RESOURCE_CONTROL_POLICY, self.resource_control_deny),
            (CheckType.SERVICE_CONTROL_POLICY, self.service_control_deny),
            (CheckType.VPC_ENDPOINT, self.endpoint_deny),
            (CheckType.RESOURCE, self.resource_deny),
            (CheckType.PRINCIPAL, self.identity_deny),
            (CheckType.PERMISSIONS_BOUNDARY, self.boundary_deny),
            (CheckType.SESSION, self.session_deny),
        )

    @property
    def allows(self) -> Allows[Truth]:
        """What each side allows."""
        return Allows(
            direct=self.direct,
            role=self.role,
            anyone=self.anyone,
            account=self.account,
            identity=self.identity_allow,
            boundary=self.boundary_allow,
            session=self.session_allow,
            key_or_trust_optional=Truth.of(not self.must_allow),
        )


def truths_of(inputs: Inputs, facts: AllFacts, rules: ServiceRules) -> Truths:
    """The truths in the facts; of the levels of control policies each must allow, and any may deny."""
    resource = facts.resource
    return Truths(
        resource_control_deny=any_of(level.deny for level in facts.resource_control),
        service_control_deny=any_of(level.deny for level in facts.service_control),
        service_control_allow=all_of(level.allow for level in facts.service_control),
        endpoint_deny=facts.vpc_endpoint.deny,
        endpoint_allow=facts.vpc_endpoint.allow,
        resource_deny=resource.facts.deny,
        direct=resource.direct,
        role=resource.role,
        anyone=resource.anyone,
        account=resource.account,
        identity_deny=facts.principal.deny,
        identity_allow=facts.principal.allow,
        boundary_deny=facts.boundary.deny,
        boundary_allow=facts.boundary.allow,
        session_deny=facts.session.deny,
        session_allow=facts.session.allow,
        same_account=inputs.same_account,
        has_own_policies=inputs.has_own_policies,
        must_allow=rules.resource_must_allow,
        never=rules.never[0] if rules.never is not None else None,
        free=rules.needs_no_permission is not None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the checks come to.

    ``required`` are the checks whose Allow was required and is certainly absent. ``hangs_on_owner``: within one account it would
    be granted otherwise than across two, and the account of the resource is not known.
    """

    effect: Effect
    granted: Truth
    required: frozenset[CheckType]
    decided_by: tuple[CheckType, ...]
    hangs_on_owner: bool = False


@dataclass(frozen=True, slots=True)
class _Grant:
    granted: Truth
    required: frozenset[CheckType]
    by_resource: bool
    hangs_on_owner: bool = False


@lru_cache(maxsize=16384)
def combine(truths: Truths) -> Outcome:
    """Fold the truths into one outcome. Few combinations occur, so that each is worked out once."""
    if truths.free:
        return Outcome(effect=Effect.ALLOW, granted=Truth.TRUE, required=frozenset(), decided_by=(CheckType.PRINCIPAL,))
    grant = _grant(truths)
    guardrails = (
        (CheckType.SERVICE_CONTROL_POLICY, truths.service_control_allow),
        (CheckType.VPC_ENDPOINT, truths.endpoint_allow),
    )
    required = set(grant.required)
    required.update(kind for kind, allow in guardrails if allow is Truth.FALSE)
    granted = all_of([grant.granted, *(allow for _, allow in guardrails)])
    if truths.never is not None:
        required.add(truths.never)
        granted = Truth.FALSE
    denied = any_of(deny for _, deny in truths.denies)
    if denied is Truth.TRUE:
        deciding = [kind for kind, deny in truths.denies if deny is Truth.TRUE]
        effect = Effect.EXPLICIT_DENY
    elif granted is Truth.FALSE:
        deciding = [kind for kind in CheckType if kind in required]
        effect = Effect.IMPLICIT_DENY
    elif denied is Truth.UNKNOWN or granted is Truth.UNKNOWN:
        deciding = []
        effect = Effect.UNKNOWN
    else:
        deciding = _allowed_by(truths, grant)
        effect = Effect.ALLOW
    return Outcome(
        effect=effect,
        granted=granted,
        required=frozenset(required),
        decided_by=tuple(deciding),
        hangs_on_owner=effect is Effect.UNKNOWN and grant.hangs_on_owner,
    )


def _allowed_by(truths: Truths, grant: _Grant) -> list[CheckType]:
    if not truths.has_own_policies:
        return [CheckType.RESOURCE]
    if truths.same_account is Truth.FALSE:
        return [CheckType.PRINCIPAL, CheckType.RESOURCE]
    return [CheckType.RESOURCE if grant.by_resource else CheckType.PRINCIPAL]


def _grant(truths: Truths) -> _Grant:
    allows = truths.allows
    if not truths.has_own_policies:
        granted = granted_by_resource_alone(allows)
        required = {CheckType.RESOURCE} if granted is Truth.FALSE else set()
        return _Grant(granted, frozenset(required), by_resource=True)
    match truths.same_account:
        case Truth.TRUE:
            return _same_account(truths, allows)
        case Truth.FALSE:
            return _cross_account(allows)
        case _:
            return _either(_same_account(truths, allows), _cross_account(allows))


def _either(same: _Grant, cross: _Grant) -> _Grant:
    """The owner of the resource is not known: certain only where both readings agree."""
    required = same.required & cross.required or same.required
    hangs = same.granted is not cross.granted
    return _Grant(same.granted.agreed(cross.granted), required, same.by_resource, hangs)


def _same_account(truths: Truths, allows: Allows[Truth]) -> _Grant:
    granted = granted_in_one_account(allows)
    required: set[CheckType] = set()
    if granted is not Truth.TRUE:
        if max(base_in_one_account(allows), allows.anyone) is Truth.FALSE:
            silent = truths.must_allow and allows.resource is Truth.FALSE
            required.add(CheckType.RESOURCE if silent else CheckType.PRINCIPAL)
        if allows.direct is Truth.FALSE and allows.anyone is Truth.FALSE:
            required.update(_silent_limits(allows))
    by_resource = max(allows.direct, allows.anyone, allows.role) is Truth.TRUE
    return _Grant(granted, frozenset(required), by_resource)


def _silent_limits(allows: Allows[Truth]) -> set[CheckType]:
    limits = ((CheckType.PERMISSIONS_BOUNDARY, allows.boundary), (CheckType.SESSION, allows.session))
    return {kind for kind, allow in limits if allow is Truth.FALSE}


def _cross_account(allows: Allows[Truth]) -> _Grant:
    required = _silent_limits(allows)
    if allows.resource is Truth.FALSE:
        required.add(CheckType.RESOURCE)
    if allows.identity is Truth.FALSE:
        required.add(CheckType.PRINCIPAL)
    return _Grant(granted_across_accounts(allows), frozenset(required), by_resource=True)
