"""An account before and after a change."""

from __future__ import annotations

from collections.abc import Callable

from tests.repair.worlds import ACCOUNT, OTHER, allow, deny, policy, trusting
from tests.reverse.worlds import VENDOR, role, user

from sagepass.jobs.compare_snapshots.record import Direction, SnapshotComparison
from sagepass.snapshot.build import SnapshotBuilder
from sagepass.snapshot.snapshot import Snapshot

ANNA, BEN, WORKER = user("anna"), user("ben"), role("worker")
MODEL = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:model/churn"
MODELS = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:model/*"
GROUP = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:model-package-group/churn"
DESCRIBE, DELETE = "sagemaker:DescribeModel", "sagemaker:DeleteModel"
SERVICE = trusting({"Service": "sagemaker.amazonaws.com"})

Change = Callable[[SnapshotBuilder], object]


def world(
    *,
    anna: object = None,
    ben: object = None,
    trust: object = SERVICE,
    group: object = None,
    boundary: object = None,
    more: Change = lambda _builder: None,
) -> Snapshot:
    """Anna, Ben, a role and a model package group, in no organization."""
    builder = SnapshotBuilder().settings(no_organization=True).account(ACCOUNT)
    limit = f"arn:aws:iam::{ACCOUNT}:policy/limit"
    if boundary is not None:
        builder.managed_policy(limit, boundary)
    builder.principal(ANNA, inline={"own": anna} if anna else {}, boundary=limit if boundary is not None else None)
    builder.principal(BEN, inline={"own": ben} if ben else {})
    builder.principal(WORKER, trust=trust)
    builder.resource_policy(GROUP, group)
    builder.answer(ACCOUNT, "ram", "list-resources", {"resources": []}, region="us-east-1")
    more(builder)
    return builder.build()


def told(answer: SnapshotComparison) -> set[tuple[str, str, str, str]]:
    """Direction, who, action, resource."""
    return {
        (group.direction.value, holder.name, action, resource)
        for group in answer.groups
        for holder in group.who
        for action, resources in group.requests
        for resource in resources
    }


def directions(answer: SnapshotComparison) -> set[Direction]:
    """What happened."""
    return {group.direction for group in answer.groups}


__all__ = ["ACCOUNT", "OTHER", "VENDOR", "allow", "deny", "policy", "trusting"]
