"""SageMaker: what the very request brings into being has no policy of its own yet.

A name that is taken makes such a call fail whatever the policies say: names of endpoints and of model package groups are
unique in an account and Region (https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpoint.html,
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModelPackageGroup.html). Calls that write over something or
act on what contains the new thing (PutModelPackageGroupPolicy, CreateModelPackage, ``s3:PutObject``) are none of these.
"""

from __future__ import annotations

from functools import cache

from sagepass.catalog.resource_policies import resource_policy_support
from sagepass.engine.inputs import Inputs
from sagepass.engine.tags_of_resources import is_made_by, made_by

NO_POLICY_YET = "the request makes the resource, so that it has no policy of its own yet"


@cache
def _with_policies() -> frozenset[str]:
    """The types that carry a policy themselves, spelled as :func:`~sagepass.engine.tags_of_resources.made_by` does."""
    rows = resource_policy_support("sagemaker")
    return frozenset(row.holder.replace("-", "").lower() for row in rows if row.holder == row.resource_type)


def makes_a_holder(action: str) -> str | None:
    """The type that an action makes, if it is one that carries a policy itself."""
    made = made_by(action)
    return made if made in _with_policies() else None


def not_there_yet(inputs: Inputs) -> str | None:
    """What is taken for granted where the policy of a resource is asked for that the request itself makes.

    Only of one resource, of a type that carries its policy itself, whose policy was not collected, and which the snapshot
    nowhere tells of; what was collected is looked at as ever.
    """
    layer = inputs.resource_policy
    if layer.policies or not layer.missing or not all(missing.of_unnamed for missing in layer.missing):
        return None
    if makes_a_holder(inputs.action) is None or not is_made_by(inputs.resource, inputs.action):
        return None
    return f"{inputs.resource} does not exist before {inputs.action} makes it"
