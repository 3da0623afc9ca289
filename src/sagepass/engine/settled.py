"""The checks of one caller, action and resource that come out alike for every request.

A check whose statements ask the request for nothing (no condition, no policy variable, no defect) is looked at once, and what it
says is kept with the three. What is kept is what :mod:`sagepass.engine.checks` and :mod:`sagepass.engine.report` said; nothing is
decided here.
"""

from __future__ import annotations

from dataclasses import dataclass

from sagepass.engine.checks.applied import Applied
from sagepass.engine.checks.facts import Facts, gather_facts
from sagepass.engine.checks.permissions_boundary import applied_boundary
from sagepass.engine.checks.principal import applied_identity
from sagepass.engine.checks.resource import ResourceFacts, resource_facts
from sagepass.engine.checks.resource_control_policy import applied_resource_control
from sagepass.engine.checks.service_control_policy import applied_service_control
from sagepass.engine.checks.session import applied_session
from sagepass.engine.checks.vpc_endpoint import applied_endpoint
from sagepass.engine.combine import AllFacts, Outcome
from sagepass.engine.decision import Check
from sagepass.engine.inputs import Inputs
from sagepass.engine.report import effect_of, report_check
from sagepass.engine.services.rules import ServiceRules, rules_for
from sagepass.policy.kinds import Effect
from sagepass.policy.match_statement import MatchRequest


@dataclass(frozen=True, slots=True, eq=False)
class Taking:
    """Which policies take part in the checks other than that of the resource, and the rules of the service."""

    rules: ServiceRules
    resource_control: tuple[Applied, ...]
    service_control: tuple[Applied, ...]
    others: tuple[Applied, Applied, Applied, Applied]
    """Of the VPC endpoint, the identity, its boundary and its session."""


def taking_part(inputs: Inputs) -> Taking:
    """Ask each check which policies take part."""
    others = (applied_endpoint(inputs), applied_identity(inputs), applied_boundary(inputs), applied_session(inputs))
    return Taking(rules_for(inputs), applied_resource_control(inputs), applied_service_control(inputs), others)


class SettledChecks:
    """What is kept for one caller, action and resource (and VPC endpoint); empty at first."""

    __slots__ = ("_checks", "_facts", "_resource", "_taking")

    def __init__(self) -> None:
        self._taking: Taking | None = None
        self._facts: dict[int, Facts] = {}
        self._resource: ResourceFacts | None = None
        self._checks: dict[tuple[int, Effect], Check] = {}

    def taking(self, inputs: Inputs) -> Taking:
        """Which policies take part."""
        if self._taking is None:
            self._taking = taking_part(inputs)
        return self._taking

    def facts(self, inputs: Inputs) -> AllFacts:
        """What the statements of every check say."""
        taking, request = self.taking(inputs), inputs.match_request
        endpoint, principal, boundary, session = (
            self._gathered(applied, request, -place) for place, applied in enumerate(taking.others, 1)
        )
        first = len(taking.resource_control)
        return AllFacts(
            resource_control=tuple(
                [self._gathered(level, request, place) for place, level in enumerate(taking.resource_control)]
            ),
            service_control=tuple(
                [self._gathered(level, request, place) for place, level in enumerate(taking.service_control, first)]
            ),
            vpc_endpoint=endpoint,
            resource=self._of_resource(inputs, taking.rules),
            principal=principal,
            boundary=boundary,
            session=session,
        )

    def _gathered(self, applied: Applied, request: MatchRequest, place: int) -> Facts:
        found = self._facts.get(place)
        if found is None:
            found = gather_facts(applied, request)
            if found.settled:
                self._facts[place] = found
        return found

    def _of_resource(self, inputs: Inputs, rules: ServiceRules) -> ResourceFacts:
        if self._resource is not None:
            return self._resource
        found = resource_facts(inputs, rules)
        if found.facts.settled and not inputs.grants and not inputs.grants_missing:
            self._resource = found
        return found

    def checks(self, facts: AllFacts, outcome: Outcome, inputs: Inputs) -> tuple[Check, ...]:
        """The record of each check, in AWS's order."""
        rules = self.taking(inputs).rules
        found = []
        for place, fact in enumerate(facts.in_order()):
            effect = effect_of(fact, facts, outcome)
            check = self._checks.get((place, effect))
            if check is None:
                check = report_check(fact, effect, facts, inputs, rules)
                if self._stays(fact, facts, effect):
                    self._checks[place, effect] = check
            found.append(check)
        return tuple(found)

    def _stays(self, fact: Facts, facts: AllFacts, effect: Effect) -> bool:
        """Whether the record is the same for later requests; what is unknown may hang on the resource's own policy."""
        if fact is facts.resource.facts:
            return self._resource is not None and effect is not Effect.UNKNOWN
        return fact.settled and effect is not Effect.UNKNOWN
