"""The identity-based policies of the caller: its own and, for a user, those of its groups.

Root has everything by default; a role session has its role's policies; a federated user those of the user who called
GetFederationToken.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
"""

from __future__ import annotations

from dataclasses import replace

from sagepass.engine.checks.facts import Facts, gather_facts, not_applicable
from sagepass.engine.inputs import Inputs
from sagepass.policy.caller import CallerKind
from sagepass.policy.kinds import CheckType
from sagepass.policy.truth import Truth


def principal_facts(inputs: Inputs) -> Facts:
    """What the identity-based policies say."""
    if not inputs.has_own_policies:
        return not_applicable(CheckType.PRINCIPAL, "this kind of caller has no identity-based policies")
    layer = inputs.identity
    facts = gather_facts(CheckType.PRINCIPAL, layer.policies, inputs.match_request, exists=True, missing=layer.missing)
    if inputs.caller.kind is CallerKind.ROOT:
        return replace(facts, deny=Truth.FALSE, allow=Truth.TRUE, note="the root user is allowed by default")
    return facts
