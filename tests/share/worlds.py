"""Accounts in which plans are tried: with guardrails, with policies that stand there already, with gaps."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.share.asked import IMAGE, KEY, MPG, OTHER, OWNER

from sagepass.policy.kinds import PolicyType
from sagepass.snapshot.build import SnapshotBuilder

BUCKET = "arn:aws:s3:::example-churn-models"
REPOSITORY = f"arn:aws:ecr:us-east-1:{OWNER}:repository/churn-inference"
THEIR_ROLE = f"arn:aws:iam::{OTHER}:role/model-audit"
MANAGEMENT = "999988887777"
FULL = {"FullAWSAccess": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}}
KEY_POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "EnableIamPolicies",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{OWNER}:root"},
            "Action": "kms:*",
            "Resource": "*",
        }
    ],
}
assert IMAGE.startswith(OWNER)


def document(*statements: Mapping[str, object]) -> dict[str, Any]:
    """A policy document."""
    return {"Version": "2012-10-17", "Statement": [dict(statement) for statement in statements]}


def statement(effect: str, action: object, resource: object = "*", **more: object) -> dict[str, object]:
    """A statement for an identity, or with ``Principal`` for a resource."""
    return {"Sid": "Guardrail", "Effect": effect, "Action": action, "Resource": resource, **more}


def accounts(
    *,
    group: Mapping[str, object] | None = None,
    bucket: object = None,
    key: Mapping[str, object] | None = None,
    inline: Mapping[str, object] | None = None,
    boundary: Mapping[str, object] | None = None,
) -> SnapshotBuilder:
    """Both accounts, everything collected; policies of the group, the bucket and the key as given."""
    builder = (
        SnapshotBuilder()
        .account(OWNER)
        .principal(THEIR_ROLE, inline=inline, trust=document(), boundary=_arn(boundary))
        .resource_policy(MPG, group)
        .answer(OWNER, "ram", "list-resources", {"resources": []}, region="us-east-1")
        .answer(OWNER, "s3api", "list-buckets", {"Buckets": [{"Name": "example-churn-models"}]})
        .resource_policy(BUCKET, bucket, account=OWNER)
        .resource_policy(REPOSITORY, None)
        .resource_policy(KEY, key or KEY_POLICY)
        .answer(OWNER, "kms", "list-grants", {"Grants": []}, name=KEY.rpartition("/")[2], region="us-east-1")
    )
    if boundary is not None:
        builder.managed_policy(f"arn:aws:iam::{OTHER}:policy/Limit", boundary)
    return builder


def _arn(boundary: object) -> str | None:
    return None if boundary is None else f"arn:aws:iam::{OTHER}:policy/Limit"


def free(builder: SnapshotBuilder) -> SnapshotBuilder:
    """No account belongs to an organization."""
    return builder.settings(no_organization=True)


def organized(builder: SnapshotBuilder, *, scp: Mapping[str, object], rcp: Mapping[str, object]) -> SnapshotBuilder:
    """Both accounts under one root; ``scp`` stands on the other account, ``rcp`` on the owner's."""
    control, resource = PolicyType.SERVICE_CONTROL_POLICY, PolicyType.RESOURCE_CONTROL_POLICY
    builder.organization(MANAGEMENT, "o-a1b2c3d4e5")
    builder.control_policies("r-root", control, FULL).control_policies("r-root", resource, {})
    for account in (OWNER, OTHER):
        builder.parent(account, "ou-ab12-11112222")
        builder.control_policies(account, control, {**FULL, **(scp if account == OTHER else {})})
        builder.control_policies(account, resource, rcp if account == OWNER else {})
    builder.parent("ou-ab12-11112222", "r-root")
    builder.control_policies("ou-ab12-11112222", control, FULL).control_policies("ou-ab12-11112222", resource, {})
    return builder


def version(number: int, *, image: str, data: str, key: str) -> dict[str, object]:
    """A DescribeModelPackage answer."""
    return {
        "ModelPackageArn": f"arn:aws:sagemaker:us-east-1:{OWNER}:model-package/churn/{number}",
        "InferenceSpecification": {"Containers": [{"Image": image, "ModelDataUrl": data}]},
        "ModelMetrics": {"ModelQuality": {"Statistics": {"S3Uri": "s3://reports/quality.json"}}},
        "SecurityConfig": {"KmsKeyId": key},
    }


def with_text(value: object) -> str:
    """JSON text of a value, to search in."""
    return json.dumps(value)
