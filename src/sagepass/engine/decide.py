"""One decision out of its inputs: every check looked at, combined, and put into words."""

from __future__ import annotations

from sagepass.engine.combine import combine, truths_of
from sagepass.engine.context_facts import context_facts
from sagepass.engine.decision import Decision, Evaluation
from sagepass.engine.inputs import Inputs
from sagepass.engine.residual import residuals
from sagepass.engine.settled import SettledChecks
from sagepass.policy.kinds import Effect
from sagepass.policy.truth import Truth


def decide(inputs: Inputs, kept: SettledChecks | None = None) -> Decision:
    """Decide one request. Deterministic, and free of input and output.

    Args:
        inputs: everything that it is computed from.
        kept: what was kept for the same caller, action, resource, policies and VPC endpoint; it grows.
    """
    kept = SettledChecks() if kept is None else kept
    rules, facts = kept.taking(inputs).rules, kept.facts(inputs)
    outcome = combine(truths_of(inputs, facts, rules))
    checks = kept.checks(facts, outcome, inputs)
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
        assumptions=(*inputs.assumptions, *([rules.assumption] if rules.assumption is not None else [])),
    )
