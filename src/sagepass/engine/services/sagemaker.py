"""SageMaker: what the very request brings into being has no policy of its own yet.

A name that is taken makes such a call fail whatever the policies say: names of endpoints and of model package groups are
unique in an account and Region (https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpoint.html,
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModelPackageGroup.html). Calls that write over something or
act on what contains the new thing (PutModelPackageGroupPolicy, CreateModelPackage, ``s3:PutObject``) are none of these.
"""

from __future__ import annotations

from sagepass.catalog.resource_policies import resource_policy_support
from sagepass.catalog.resources import types_of_arn
from sagepass.engine.derive_context import made_by
from sagepass.engine.inputs import Inputs

NO_POLICY_YET = "the request makes the resource, so that it has no policy of its own yet"


def not_there_yet(inputs: Inputs) -> str | None:
    """What is taken for granted where the policy of a resource is asked for that the request itself makes.

    Only of one resource, of a type that carries its policy itself, whose policy was not collected, and which the snapshot
    nowhere tells of; what was collected is looked at as ever.
    """
    layer = inputs.resource_policy
    if layer.policies or not layer.missing or not all(missing.of_unnamed for missing in layer.missing):
        return None
    made = made_by(inputs.action)
    if made is None:
        return None
    kinds = [kind for kind in types_of_arn(inputs.resource) if kind.name.replace("-", "").lower() == made]
    own = any(row.holder == kind.name for kind in kinds for row in resource_policy_support("sagemaker", kind.name))
    return f"{inputs.resource} does not exist before {inputs.action} makes it" if own else None
