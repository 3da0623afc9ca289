"""Policies of model package groups and of endpoints, which the emulation cannot store.

Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_PutModelPackageGroupPolicy.html,
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_PutEndpointPolicy.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from sagepass.endpoint.answers import ApiError
from sagepass.endpoint.moto_adapter.resources import sagemaker_exists
from sagepass.endpoint.own.scene import Scene, text

_LONGEST = 20480
_KINDS = {"ModelPackageGroup": "model-package-group", "Endpoint": "endpoint"}


def _arn(params: Mapping[str, object], scene: Scene, word: str) -> tuple[str, str]:
    """The ARN of the resource (named, or given as an ARN), and the ARN up to the account."""
    name = text(params, f"{word}Name") or text(params, f"{word}Arn") or ""
    if name.startswith("arn:"):
        return name, name
    kind = _KINDS[word]
    return f"arn:{scene.partition}:sagemaker:{scene.region}:{scene.account}:{kind}/{name}", name


def _require(arn: str, word: str, name: str) -> None:
    parts = arn.split(":", 5)
    if len(parts) != 6 or not sagemaker_exists(parts[4], parts[3], parts[5]):
        raise ApiError("ValidationException", f"{word} {name} does not exist.")


def put_policy(params: Mapping[str, object], scene: Scene, word: str) -> Mapping[str, object]:
    """Store the policy of an existing resource."""
    arn, name = _arn(params, scene, word)
    _require(arn, word, name)
    policy = text(params, "ResourcePolicy") or ""
    if not _is_policy(policy):
        raise ApiError("ValidationException", "The provided resource policy is not a valid JSON policy document.")
    scene.state.held.resource_policies[arn] = policy
    return {f"{word}Arn": arn}


def _is_policy(policy: str) -> bool:
    try:
        value = json.loads(policy) if len(policy) <= _LONGEST else None
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and "Statement" in value


def get_policy(params: Mapping[str, object], scene: Scene, word: str) -> Mapping[str, object]:
    """The policy of a resource."""
    arn, name = _arn(params, scene, word)
    policy = scene.state.held.resource_policies.get(arn)
    if policy is None:
        raise ApiError("ValidationException", f"Cannot find resource policy for: {name}")
    return {"ResourcePolicy": policy, f"{word}Arn": arn}


def delete_policy(params: Mapping[str, object], scene: Scene, word: str) -> Mapping[str, object]:
    """Forget the policy of a resource."""
    arn, name = _arn(params, scene, word)
    if scene.state.held.resource_policies.pop(arn, None) is None:
        raise ApiError("ValidationException", f"Cannot find resource policy for: {name}")
    return {}


HANDLERS = {
    "PutModelPackageGroupPolicy": lambda params, scene: put_policy(params, scene, "ModelPackageGroup"),
    "GetModelPackageGroupPolicy": lambda params, scene: get_policy(params, scene, "ModelPackageGroup"),
    "DeleteModelPackageGroupPolicy": lambda params, scene: delete_policy(params, scene, "ModelPackageGroup"),
    "PutEndpointPolicy": lambda params, scene: put_policy(params, scene, "Endpoint"),
    "GetEndpointPolicy": lambda params, scene: get_policy(params, scene, "Endpoint"),
    "DeleteEndpointPolicy": lambda params, scene: delete_policy(params, scene, "Endpoint"),
}
