"""One decision out of its inputs: every check looked at, combined, and put into words."""

from __future__ import annotations

from sagepass.engine.checks.facts import gather_facts
from sagepass.engine.checks.permissions_boundary import applied_boundary
from sagepass.engine.checks.principal import applied_identity
from sagepass.engine.checks.resource import resource_facts
from sagepass.engine.checks.resource_control_policy import applied_resource_control
from sagepass.engine.checks.service_control_policy import applied_service_control
from sagepass.engine.checks.session import applied_session
from sagepass.engine.checks.vpc_endpoint import applied_endpoint
from sagepass.engine.combine import AllFacts, combine, truths_of
from sagepass.engine.context_facts import context_facts
from sagepass.engine.decision import Decision, Evaluation
from sagepass.engine.inputs import Inputs
from sagepass.engine.report import report_check
from sagepass.engine.residual import residuals
from sagepass.engine.services.rules import rules_for
from sagepass.policy.kinds import Effect
from sagepass.policy.truth import Truth


def decide(inputs: Inputs) -> Decision:
    """Decide one request. Deterministic, and free of input and output."""
    rules = rules_for(inputs)
    request = inputs.match_request
    facts = AllFacts(
        resource_control=tuple(gather_facts(level, request) for level in applied_resource_control(inputs)),
        service_control=tuple(gather_facts(level, request) for level in applied_service_control(inputs)),
        vpc_endpoint=gather_facts(applied_endpoint(inputs), request),
        resource=resource_facts(inputs, rules),
        principal=gather_facts(applied_identity(inputs), request),
        boundary=gather_facts(applied_boundary(inputs), request),
        session=gather_facts(applied_session(inputs), request),
    )
    outcome = combine(truths_of(inputs, facts, rules))
    checks = tuple(report_check(fact, facts, outcome, inputs, rules) for fact in facts.in_order())
    evaluation = Evaluation(
        action=inputs.action,
        resource=inputs.resource,
        effect=outcome.effect,
        checks=checks,
        context=context_facts(inputs, facts),
    )
    must_allow = rules.resource_must_allow or inputs.same_account is Truth.FALSE or not inputs.has_own_policies
    return Decision(
        request=inputs.request,
        effect=outcome.effect,
        decided_by=outcome.decided_by,
        evaluations=(evaluation,),
        residual=residuals(checks, resource_must_allow=must_allow) if outcome.effect is Effect.UNKNOWN else (),
        assumptions=inputs.assumptions,
    )
