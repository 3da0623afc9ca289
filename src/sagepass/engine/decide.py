"""One decision out of its inputs: every check looked at, combined, and put into words."""

from __future__ import annotations

from sagepass.engine.compose import Records, compose
from sagepass.engine.context_facts import context_fact
from sagepass.engine.decision import Decision
from sagepass.engine.inputs import Inputs
from sagepass.engine.taking import taking_part


def decide(inputs: Inputs) -> Decision:
    """Decide one request. Deterministic, and free of input and output."""
    composed = compose(inputs, Records(taking_part(inputs)))
    context = tuple([context_fact(key, inputs.context) for key in composed.keys])
    explained = composed.explained(inputs.request, context, inputs.assumptions, lambda: inputs)
    return Decision(
        request=inputs.request,
        effect=composed.outcome.effect,
        decided_by=composed.outcome.decided_by,
        evaluations=explained.evaluations,
        residual=explained.residual,
        assumptions=explained.assumptions,
    )
