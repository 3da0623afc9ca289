"""The policy of the VPC endpoint that a request comes through.

It must allow the request; an endpoint without a policy of its own allows everything.
Source: https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html,
https://docs.aws.amazon.com/sagemaker/latest/dg/interface-vpc-endpoint.html
"""

from __future__ import annotations

from sagepass.engine.checks.applied import Applied, takes_no_part
from sagepass.engine.inputs import Inputs
from sagepass.policy.kinds import CheckType


def applied_endpoint(inputs: Inputs) -> Applied:
    """The endpoint policy; no impact if there is none."""
    layer = inputs.vpc_endpoint
    if not layer.exists and not layer.missing:
        return takes_no_part(CheckType.VPC_ENDPOINT, "no VPC endpoint policy is involved")
    return Applied(type=CheckType.VPC_ENDPOINT, policies=layer.policies, missing=layer.missing)
