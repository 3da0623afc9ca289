"""The checks of one decision, put together out of records that many decisions share, and of those that name its request.

Most records of checks say nothing of the action or the resource: that a statement allows, that a check has no impact, what is
open. They follow from what the statements of the check came to. Nothing is decided here: what the statements say comes from
:mod:`sagepass.engine.checks`, what follows from that out of :mod:`sagepass.engine.combine`, the words from
:mod:`sagepass.engine.report`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from sagepass.engine.check_effect import effect_of
from sagepass.engine.checks.facts import Facts, gather_facts
from sagepass.engine.checks.resource import ResourceFacts, resource_facts
from sagepass.engine.combine import AllFacts, Outcome, combine, truths_of
from sagepass.engine.context_facts import keys_looked_at
from sagepass.engine.decision import Check, ContextFact, Evaluation, Explained
from sagepass.engine.inputs import Inputs
from sagepass.engine.report import Denial, Ground, names_request, report_denial, report_named, report_unnamed
from sagepass.engine.request import Request
from sagepass.engine.residual import residuals
from sagepass.engine.taking import Taking
from sagepass.policy.kinds import Effect
from sagepass.policy.match_statement import MatchRequest
from sagepass.policy.truth import Truth


class Records:
    """Where the facts and the records of one request come from: here, all of them are made anew.

    Args:
        taking: which policies take part in it.
    """

    __slots__ = ("taking",)

    def __init__(self, taking: Taking) -> None:
        self.taking = taking

    def gathered(self, place: int, request: MatchRequest) -> Facts:
        """The facts of a check other than that of the resource, by its place in AWS's order."""
        return gather_facts(self.taking.in_order[place], request)

    def of_resource(self, inputs: Inputs) -> ResourceFacts:
        """Those of the resource's policy and grants."""
        return resource_facts(self.taking.resource.resource, inputs)

    def unnamed(self, fact: Facts, effect: Effect, facts: AllFacts, ground: Ground) -> Check:
        """The record of a check that names neither action nor resource."""
        return report_unnamed(fact, effect, facts, ground)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Composed:
    """The part of an explanation that names neither action nor resource.

    Attributes:
        facts: of every check.
        outcome: what they come to.
        effects: of every check, in AWS's order.
        checks: their records.
        denials: by place, those that name the action and nothing else of the request; they stand for a place that is open.
        named: the places of those that are made for each request.
        keys: the condition keys that were looked at, as conditions spell them.
        ground: what else the records follow from.
        must_allow: the resource's policy has to allow; that it does not deny is not enough.
    """

    facts: AllFacts
    outcome: Outcome
    effects: tuple[Effect, ...]
    checks: tuple[Check | None, ...]
    denials: tuple[tuple[int, Denial], ...]
    named: tuple[int, ...]
    keys: tuple[str, ...]
    ground: Ground
    must_allow: bool

    def explained(
        self,
        request: Request,
        context: tuple[ContextFact, ...],
        assumptions: tuple[str, ...],
        inputs: Callable[[], Inputs],
    ) -> Explained:
        """The explanation of one request.

        Args:
            request: it.
            context: what is known of the keys.
            assumptions: what is taken for granted.
            inputs: everything that it is computed from; asked for only where a record names the request.
        """
        effect = self.outcome.effect
        checks = self._filled(request.action, inputs)
        evaluation = Evaluation(
            action=request.action, resource=request.resource, effect=effect, checks=checks, context=context
        )
        open_points = residuals(checks, resource_must_allow=self.must_allow) if effect is Effect.UNKNOWN else ()
        of_the_service = self.ground.rules.assumption
        taken = assumptions if of_the_service is None else (*assumptions, of_the_service)
        return Explained((evaluation,), open_points, taken)

    def _filled(self, action: str, inputs: Callable[[], Inputs]) -> tuple[Check, ...]:
        if not self.denials and not self.named:
            return cast("tuple[Check, ...]", self.checks)
        checks = list(self.checks)
        for place, denial in self.denials:
            checks[place] = denial.of(action)
        if self.named:
            facts, known = self.facts.in_order(), inputs()
            for place in self.named:
                checks[place] = report_named(facts[place], self.effects[place], self.facts, known, self.ground)
        return cast("tuple[Check, ...]", tuple(checks))


def compose(inputs: Inputs, records: Records) -> Composed:
    """Look at every check of a request, and combine what they say."""
    rules = records.taking.resource.rules
    facts = _facts(inputs, records)
    outcome = combine(truths_of(inputs, facts, rules))
    ground = Ground(
        rules=rules,
        service=inputs.service,
        grants_missing=inputs.grants_missing,
        hangs_on_owner=outcome.hangs_on_owner,
    )
    in_order = facts.in_order()
    effects = tuple([effect_of(fact, facts, outcome) for fact in in_order])
    checks: list[Check | None] = []
    denials, named = [], []
    for place, (fact, effect) in enumerate(zip(in_order, effects, strict=True)):
        if effect is Effect.EXPLICIT_DENY:
            denials.append((place, report_denial(fact, ground)))
        elif names_request(fact, effect, facts):
            named.append(place)
        else:
            checks.append(records.unnamed(fact, effect, facts, ground))
            continue
        checks.append(None)
    return Composed(
        facts=facts,
        outcome=outcome,
        effects=effects,
        checks=tuple(checks),
        denials=tuple(denials),
        named=tuple(named),
        keys=keys_looked_at(facts),
        ground=ground,
        must_allow=rules.resource_must_allow or inputs.same_account is Truth.FALSE or not inputs.has_own_policies,
    )


def _facts(inputs: Inputs, records: Records) -> AllFacts:
    request, taking = inputs.match_request, records.taking
    first = len(taking.resource.resource_control)
    then = first + len(taking.caller.service_control)
    gathered = records.gathered
    return AllFacts(
        resource_control=tuple([gathered(place, request) for place in range(first)]),
        service_control=tuple([gathered(place, request) for place in range(first, then)]),
        vpc_endpoint=gathered(then, request),
        resource=records.of_resource(inputs),
        principal=gathered(then + 2, request),  # the resource's policy stands between
        boundary=gathered(then + 3, request),
        session=gathered(then + 4, request),
    )
