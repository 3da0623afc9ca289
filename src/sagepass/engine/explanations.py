"""Explanations of one snapshot, with what they share; it grows with what is asked, up to a bound."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

from sagepass.engine.alike import Alike, CheckAlike, CheckScheme, Scheme, check_scheme, fit
from sagepass.engine.bounded import keep
from sagepass.engine.checks.applied import Applied
from sagepass.engine.checks.facts import Facts, gather_facts
from sagepass.engine.checks.resource import ResourceFacts, resource_facts
from sagepass.engine.checks.vpc_endpoint import applied_endpoint
from sagepass.engine.combine import AllFacts
from sagepass.engine.compose import Composed, Records, compose
from sagepass.engine.context_facts import context_fact
from sagepass.engine.decision import Check, ContextFact, Explained
from sagepass.engine.inputs import Inputs
from sagepass.engine.report import Ground, report_unnamed
from sagepass.engine.taking import ResourceTaking, Taking, taking_part
from sagepass.engine.told import states_of
from sagepass.policy.kinds import CheckType, Effect
from sagepass.policy.match_statement import MatchRequest

if TYPE_CHECKING:
    from sagepass.engine.asked import Asked
    from sagepass.engine.request_context import RequestContext
    from sagepass.engine.site import Site

MOST_EXPLAINED = 4_000
"""Explanations, compositions, facts and records that are kept, of each."""

Keys = tuple[tuple[str, int], ...]
"""Condition keys as conditions spell them, each with its place among all that are asked for."""


class Explanations:
    """What is kept of explanations.

    ``whole`` holds those of requests that differ in nothing that a statement in play asks for. The rest is for requests that were
    never asked: the facts of a check by which of its elements fit and by what is known of the keys that it asks for, its
    record by that and its effect, and all checks of a request together.
    """

    __slots__ = (
        "_alike",
        "_by_check",
        "_by_checks",
        "_by_said",
        "_check_schemes",
        "_composed",
        "_facts",
        "_of_keys",
        "_of_resource",
        "_schemes",
        "_sites",
        "_takings",
        "records",
        "whole",
    )

    def __init__(self) -> None:
        self.whole: dict[Hashable, Explained] = {}
        self.records: dict[Hashable, Check] = {}
        self._facts: dict[Hashable, Facts] = {}
        self._of_resource: dict[Hashable, ResourceFacts] = {}
        self._of_keys: dict[tuple[str, Hashable], ContextFact] = {}
        self._composed: dict[Hashable, tuple[Composed, Keys]] = {}
        self._check_schemes: dict[Hashable, CheckScheme] = {}
        self._by_check: dict[Hashable, CheckAlike] = {}
        self._by_said: dict[Hashable, CheckScheme] = {}
        self._by_checks: dict[Hashable, Scheme] = {}
        self._schemes: dict[Hashable, Scheme] = {}
        self._alike: dict[tuple[Scheme, tuple[Hashable, ...]], Alike] = {}
        self._takings: dict[Hashable, ResourceTaking] = {}
        self._sites: dict[tuple[Site, str | None], Alike] = {}

    def of(self, asked: Asked) -> Explained:
        """The explanation of a request."""
        site, endpoint = asked.site, asked.endpoint_id()
        alike = self._sites.get((site, endpoint))
        if alike is None:
            if asked.stands_alone:
                return _alone(asked)
            alike = self._alike_at(asked, endpoint)
        told = asked.context.told(alike.needs)
        found = self.whole.get((site, endpoint, told))
        if found is None:
            states = states_of(told)
            composed, keys = self._composed.get((alike, states)) or self._compose(asked, alike, states)
            made = _explained(asked, composed, self._context(asked.context, keys, told))
            found = keep(self.whole, (site, endpoint, told), made, MOST_EXPLAINED)
        return found

    def _compose(self, asked: Asked, alike: Alike, states: Hashable) -> tuple[Composed, Keys]:
        composed = compose(asked.inputs(), _SharedRecords(self, alike, asked.context))
        keys = tuple([(key, alike.needs.index(key.lower())) for key in composed.keys])
        return keep(self._composed, (alike, states), (composed, keys), MOST_EXPLAINED)

    def _context(self, context: RequestContext, keys: Keys, told: tuple[Hashable, ...]) -> tuple[ContextFact, ...]:
        """What is known of the keys; each record is the same for all requests that say the same of the key."""
        kept = self._of_keys
        found = []
        for key, place in keys:
            said = (key, told[place])
            fact = kept.get(said)
            if fact is None:
                fact = keep(kept, said, context_fact(key, context), MOST_EXPLAINED)
            found.append(fact)
        return tuple(found)

    def _alike_at(self, asked: Asked, endpoint: str | None) -> Alike:
        """The requests that are explained like those at this site."""
        site = asked.site
        theirs = asked.resource_taking()
        theirs = self._takings.get(theirs.said) or keep(self._takings, theirs.said, theirs)
        key = (site.caller, asked.request.action, endpoint, site.resource.account, theirs)
        scheme = self._schemes.get(key) or keep(self._schemes, key, self._scheme(asked, theirs))
        fits = tuple([fit(test, site.resource, site.reading) for test in scheme.narrowing])
        alike = self._alike.get((scheme, fits)) or keep(self._alike, (scheme, fits), self._alike_by(scheme, fits))
        return keep(self._sites, (site, endpoint), alike)

    def _scheme(self, asked: Asked, theirs: ResourceTaking) -> Scheme:
        """All checks for the caller and the action; the same for other actions and callers of which the same is in play."""
        inputs, site = asked.inputs(), asked.site
        taking = Taking(asked.caller_taking(), theirs, applied_endpoint(inputs))
        checks = tuple([self._check_scheme(applied, site) for applied in taking.in_order])
        key = (inputs.service, inputs.same_account, site.caller.has_own_policies, theirs.rules, checks)
        found = self._by_checks.get(key)
        if found is None:
            narrowing = tuple([test for check in checks for test in check.narrowing])
            found = keep(self._by_checks, key, Scheme(taking, checks, narrowing))
        return found

    def _check_scheme(self, applied: Applied, site: Site) -> CheckScheme:
        """The statements of a check for the action; one object for all that say the same, whoever calls unless they name principals."""
        kept, said = self._check_schemes, (applied.said, site.action if applied.policies else None)
        found = kept.get(said) or kept.get((said, site.caller))
        if found is None:
            made = check_scheme(applied, site.action, site.caller)
            found = self._by_said.get(made.said) or keep(self._by_said, made.said, made)
            keep(kept, (said, site.caller) if made.by_caller else said, found)
        return found

    def _alike_by(self, scheme: Scheme, fits: tuple[Hashable, ...]) -> Alike:
        checks, place = [], 0
        for check in scheme.checks:
            own = fits[place : place + len(check.narrowing)]
            place += len(own)
            checks.append(self._check(check, own))
        needs = tuple(sorted({key for check in checks for key in check.needs}))
        return Alike(scheme.taking, tuple(checks), needs)

    def _check(self, check: CheckScheme, fits: tuple[Hashable, ...]) -> CheckAlike:
        key = (check, fits)
        found = self._by_check.get(key)
        if found is None:
            found = keep(self._by_check, key, CheckAlike(check.applied, check.needs), MOST_EXPLAINED)
        return found

    # what the checks of one request take from here

    def gathered(self, check: CheckAlike, request: MatchRequest, told: Hashable) -> Facts:
        """The facts of a check."""
        key = (check, told)
        found = self._facts.get(key)
        if found is None:
            found = keep(self._facts, key, gather_facts(check.applied, request), MOST_EXPLAINED)
        return found

    def of_resource(self, check: CheckAlike, inputs: Inputs, told: Hashable) -> ResourceFacts:
        """The facts of the policy of a resource, which has no grants."""
        key = (check, told)
        found = self._of_resource.get(key)
        if found is None:
            found = keep(self._of_resource, key, resource_facts(check.applied, inputs), MOST_EXPLAINED)
        return found


def _explained(asked: Asked, composed: Composed, context: tuple[ContextFact, ...]) -> Explained:
    outcome, answer = composed.outcome, asked.answer
    assert answer is not None, "an explanation is that of an answer"
    assert (outcome.effect, outcome.decided_by) == answer[:2], "both ways ask the same statements"
    return composed.explained(asked.request, context, asked.assumptions(), asked.inputs)


def _alone(asked: Asked) -> Explained:
    inputs = asked.inputs()
    composed = compose(inputs, Records(taking_part(inputs)))
    return _explained(asked, composed, tuple([context_fact(key, inputs.context) for key in composed.keys]))


class _SharedRecords(Records):
    """Facts and records of one request, shared with all others of which they are the same."""

    __slots__ = ("_alike", "_context", "_kept")

    def __init__(self, kept: Explanations, alike: Alike, context: RequestContext) -> None:
        super().__init__(alike.taking)
        self._kept = kept
        self._alike = alike
        self._context = context

    def gathered(self, place: int, request: MatchRequest) -> Facts:
        check = self._alike.checks[place]
        return self._kept.gathered(check, request, states_of(self._context.told(check.needs)))

    def of_resource(self, inputs: Inputs) -> ResourceFacts:
        check = self._alike.checks[self.taking.place_of_resource]
        return self._kept.of_resource(check, inputs, states_of(self._context.told(check.needs)))

    def unnamed(self, fact: Facts, effect: Effect, facts: AllFacts, ground: Ground) -> Check:
        if effect is Effect.UNKNOWN:  # the reason may lie with other checks
            return report_unnamed(fact, effect, facts, ground)
        free = ground.rules.needs_no_permission if fact.type is CheckType.PRINCIPAL else None
        key = (fact, effect, ground.service, free)
        kept = self._kept.records
        return kept.get(key) or keep(kept, key, report_unnamed(fact, effect, facts, ground), MOST_EXPLAINED)
