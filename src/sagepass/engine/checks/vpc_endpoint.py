"""The policy of the VPC endpoint that a request comes through.

It must allow the request; an endpoint without a policy of its own allows everything.
Source: https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html,
https://docs.aws.amazon.com/sagemaker/latest/dg/interface-vpc-endpoint.html
"""

from __future__ import annotations

from sagepass.engine.checks.facts import Facts, gather_facts, not_applicable
from sagepass.engine.inputs import Inputs
from sagepass.policy.kinds import CheckType


def vpc_endpoint_facts(inputs: Inputs) -> Facts:
    """What the endpoint policy says; no impact if there is none."""
    layer = inputs.vpc_endpoint
    if not layer.exists and not layer.missing:
        return not_applicable(CheckType.VPC_ENDPOINT, "no VPC endpoint policy is involved")
    return gather_facts(
        CheckType.VPC_ENDPOINT, layer.policies, inputs.match_request, exists=True, missing=layer.missing
    )
