"""What one check comes to: whether it blocks, lets through, has no say, or is open, given what all of them came to.

Whether a check that is silent blocks follows from the others: see :mod:`sagepass.engine.combine`.
"""

from __future__ import annotations

from sagepass.engine.checks.facts import Facts
from sagepass.engine.combine import AllFacts, Outcome
from sagepass.policy.kinds import CheckType, Effect
from sagepass.policy.truth import Truth


def effect_of(fact: Facts, facts: AllFacts, outcome: Outcome) -> Effect:
    """What one check comes to."""
    if fact.deny is Truth.TRUE:
        return Effect.EXPLICIT_DENY
    if fact.type in outcome.required and _blocks(fact, facts):
        return Effect.IMPLICIT_DENY
    if outcome.effect is Effect.ALLOW:
        return _positive(fact, facts)
    if outcome.effect is Effect.UNKNOWN and silent_before_anyone(fact, facts):
        return Effect.UNKNOWN
    if outcome.granted is Truth.UNKNOWN and _hangs_on_an_open_grant(fact, facts):
        return Effect.UNKNOWN
    if fact.deny is Truth.UNKNOWN:
        return Effect.UNKNOWN
    if outcome.hangs_on_owner and fact is facts.resource.facts:
        return Effect.UNKNOWN
    if _allow(fact, facts) is Truth.UNKNOWN and fact.type is not CheckType.RESOURCE_CONTROL_POLICY:
        return Effect.UNKNOWN if outcome.granted is not Truth.TRUE else Effect.NO_IMPACT
    return _positive(fact, facts)


def silent_before_anyone(fact: Facts, facts: AllFacts) -> bool:
    """A silent boundary or session policy against a grant to ``*``: AWS does not say whether it counts."""
    limit = fact is facts.boundary or fact is facts.session
    return limit and fact.allow is Truth.FALSE and facts.resource.anyone is not Truth.FALSE


def own_allow_may_be_needed(fact: Facts, facts: AllFacts) -> bool:
    """Silent identity-based policies suffice only if the resource grants it by itself, of which that is not known.

    Naming the account as a whole is no such grant: it leaves the decision to the policies that are silent.
    """
    resource = facts.resource
    by_itself = max(resource.direct, resource.role, resource.anyone)
    silent = facts.principal.applies and facts.principal.allow is Truth.FALSE
    return fact is facts.principal and silent and by_itself is Truth.UNKNOWN


def _hangs_on_an_open_grant(fact: Facts, facts: AllFacts) -> bool:
    """Both sides of the same doubt: silent policies of the caller, and the resource that may grant it past them."""
    silent = own_allow_may_be_needed(facts.principal, facts)
    passed = [limit for limit in (facts.boundary, facts.session) if passed_by_a_direct_grant(limit, facts)]
    if fact is facts.resource.facts:
        return silent or bool(passed)
    return (fact is facts.principal and silent) or any(fact is limit for limit in passed)


def passed_by_a_direct_grant(fact: Facts, facts: AllFacts) -> bool:
    """A silent boundary or session policy does not limit what the resource grants the user or session itself, if it does.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-eval-logic
    """
    limit = fact is facts.boundary or fact is facts.session
    return limit and fact.applies and fact.allow is Truth.FALSE and facts.resource.direct is Truth.UNKNOWN


def _blocks(fact: Facts, facts: AllFacts) -> bool:
    """For control policies only the level that is silent blocks."""
    if fact.type is CheckType.SERVICE_CONTROL_POLICY:
        return fact.allow is Truth.FALSE
    return fact.type is not CheckType.RESOURCE_CONTROL_POLICY or fact is facts.resource_control[0]


def _allow(fact: Facts, facts: AllFacts) -> Truth:
    return facts.resource.any_allow if fact.type is CheckType.RESOURCE else fact.allow


def _positive(fact: Facts, facts: AllFacts) -> Effect:
    """A check that does not stand in the way: it allows, or it has nothing to say."""
    if not fact.applies:
        return Effect.NO_IMPACT
    if fact.type is CheckType.RESOURCE_CONTROL_POLICY:
        return Effect.ALLOW
    if fact.type is CheckType.RESOURCE:
        only_account = max(facts.resource.direct, facts.resource.role, facts.resource.anyone) is not Truth.TRUE
        return Effect.ALLOW if facts.resource.any_allow is Truth.TRUE and not only_account else _delegating(facts)
    return Effect.ALLOW if fact.allow is Truth.TRUE else Effect.NO_IMPACT


def _delegating(facts: AllFacts) -> Effect:
    return Effect.ALLOW if facts.resource.account is Truth.TRUE else Effect.NO_IMPACT
