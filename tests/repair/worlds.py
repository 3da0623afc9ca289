"""Small accounts in which a request is denied, each for its own reason."""

from __future__ import annotations

from collections.abc import Mapping

from sagepass.policy.kinds import PolicyType
from sagepass.snapshot.build import SnapshotBuilder

ACCOUNT, OTHER, MANAGEMENT = "123456789012", "444455556666", "999988887777"
USER = f"arn:aws:iam::{ACCOUNT}:user/mateojackson"
STRANGER = f"arn:aws:iam::{ACCOUNT}:user/stranger"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/team/Execution"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/Execution/SageMaker"
JOB = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:training-job/my-example-widget"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/Boundary"
DESCRIBE = "sagemaker:DescribeTrainingJob"


def policy(*statements: Mapping[str, object]) -> dict[str, object]:
    """A document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: object, resource: object = "*", **more: object) -> dict[str, object]:
    """An Allow."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: object, resource: object = "*", **more: object) -> dict[str, object]:
    """A Deny."""
    return {"Sid": "Guardrail", "Effect": "Deny", "Action": action, "Resource": resource, **more}


ADMIN = policy(allow("*"))
FULL = ADMIN


def trusting(principal: object, *, action: object = "sts:AssumeRole", **more: object) -> dict[str, object]:
    """A trust policy of one statement."""
    return policy({"Effect": "Allow", "Principal": principal, "Action": action, **more})


def alone() -> SnapshotBuilder:
    """No organization; a stranger who may do nothing."""
    return SnapshotBuilder().settings(no_organization=True).principal(STRANGER)


def organized(
    *, root: Mapping[str, object], account: Mapping[str, object], rcp: Mapping[str, object] | None = None
) -> SnapshotBuilder:
    """An organization with the account right under its root."""
    scp, rcps = PolicyType.SERVICE_CONTROL_POLICY, PolicyType.RESOURCE_CONTROL_POLICY
    return (
        SnapshotBuilder()
        .organization(MANAGEMENT)
        .parent(ACCOUNT, "r-root")
        .control_policies("r-root", scp, root)
        .control_policies(ACCOUNT, scp, account)
        .control_policies("r-root", rcps, {})
        .control_policies(ACCOUNT, rcps, rcp or {})
        .principal(STRANGER, inline={"all": ADMIN})
    )
