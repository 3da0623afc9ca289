"""One decision out of its inputs: every check looked at, combined, and put into words."""

from __future__ import annotations

from sagepass.engine.checks.permissions_boundary import boundary_facts
from sagepass.engine.checks.principal import principal_facts
from sagepass.engine.checks.resource import resource_facts
from sagepass.engine.checks.resource_control_policy import resource_control_facts
from sagepass.engine.checks.service_control_policy import service_control_facts
from sagepass.engine.checks.session import session_facts
from sagepass.engine.checks.vpc_endpoint import vpc_endpoint_facts
from sagepass.engine.combine import AllFacts, combine
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
    facts = AllFacts(
        resource_control=resource_control_facts(inputs),
        service_control=service_control_facts(inputs),
        vpc_endpoint=vpc_endpoint_facts(inputs),
        resource=resource_facts(inputs, rules),
        principal=principal_facts(inputs),
        boundary=boundary_facts(inputs),
        session=session_facts(inputs),
    )
    outcome = combine(inputs, facts, rules)
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
