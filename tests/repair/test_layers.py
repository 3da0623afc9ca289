"""For each kind of cause in each layer: the fix works, is minimal, and lets nobody else in."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from tests.repair.holds import DENIED, assert_sound, edits_alone, proposed, with_edits
from tests.repair.worlds import (
    ACCOUNT,
    ADMIN,
    BOUNDARY,
    DESCRIBE,
    FULL,
    JOB,
    OTHER,
    ROLE,
    SESSION,
    STRANGER,
    USER,
    allow,
    alone,
    deny,
    organized,
    policy,
    trusting,
)

from sagepass.engine.authorize import authorize
from sagepass.engine.request import Request
from sagepass.policy.kinds import CheckType, PolicyType
from sagepass.repair.fix import Owner
from sagepass.snapshot.build import SnapshotBuilder

OBJECT = "arn:aws:s3:::sagemaker-data/train.csv"
BUCKET = "arn:aws:s3:::sagemaker-data"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ENDPOINT = "vpce-0123456789abcdef0"


@dataclass(frozen=True)
class World:
    """A denial: who must change what, check by check."""

    builder: SnapshotBuilder
    request: Request
    owners: dict[CheckType, Owner]
    stranger: str = STRANGER


def ask(action: str = DESCRIBE, resource: str = JOB, principal: str = USER, **more: object) -> Request:
    """A request of the user."""
    return Request(principal=principal, action=action, resource=resource, **more)  # type: ignore[arg-type]


def endpoint(document: object) -> dict[str, object]:
    """One VPC endpoint."""
    row = {
        "VpcEndpointId": ENDPOINT,
        "VpcId": "vpc-1",
        "ServiceName": "com.amazonaws.us-east-1.sagemaker.api",
        "OwnerId": ACCOUNT,
        "PolicyDocument": document,
    }
    return {"VpcEndpoints": [row]}


def bounded(document: object) -> SnapshotBuilder:
    """Two administrators under one boundary."""
    return (
        SnapshotBuilder()
        .settings(no_organization=True)
        .managed_policy(BOUNDARY, document)
        .principal(USER, inline={"all": ADMIN}, boundary=BOUNDARY)
        .principal(STRANGER, inline={"all": ADMIN}, boundary=BOUNDARY)
    )


ACCOUNTS_OWN = {CheckType.PRINCIPAL: Owner.ACCOUNT}
WORLDS = {
    "identity silent": World(alone().principal(USER), ask(), ACCOUNTS_OWN),
    "identity silent, role session under a path": World(
        alone().principal(ROLE, trust=trusting({"Service": "sagemaker.amazonaws.com"})),
        ask(principal=SESSION),
        ACCOUNTS_OWN,
    ),
    "identity names another job": World(
        alone().principal(USER, inline={"jobs": policy(allow(DESCRIBE, f"{JOB}-2"))}), ask(), ACCOUNTS_OWN
    ),
    "identity names another action": World(
        alone().principal(USER, inline={"jobs": policy(allow("sagemaker:DescribeModel", JOB))}), ask(), ACCOUNTS_OWN
    ),
    "identity misspells the action": World(
        alone().principal(USER, inline={"jobs": policy(allow("sagemaker:DescribeTraningJob", JOB))}),
        ask(),
        ACCOUNTS_OWN,
    ),
    "identity denies": World(
        alone().principal(USER, inline={"a": ADMIN, "no": policy(deny("sagemaker:*"))}), ask(), ACCOUNTS_OWN
    ),
    "identity silent and boundary silent": World(
        alone().principal(USER, boundary=BOUNDARY).managed_policy(BOUNDARY, policy(allow("s3:*"))),
        ask(),
        {CheckType.PRINCIPAL: Owner.ACCOUNT, CheckType.PERMISSIONS_BOUNDARY: Owner.ACCOUNT},
    ),
    "shared boundary silent": World(
        bounded(policy(allow("s3:*"))), ask(), {CheckType.PERMISSIONS_BOUNDARY: Owner.ACCOUNT}
    ),
    "shared boundary denies": World(
        bounded(policy(allow("*"), deny("sagemaker:*"))), ask(), {CheckType.PERMISSIONS_BOUNDARY: Owner.ACCOUNT}
    ),
    "a level of the organization silent": World(
        organized(root={"Full": FULL}, account={"S3": policy(allow("s3:*"))}).principal(USER, inline={"a": ADMIN}),
        ask(),
        {CheckType.SERVICE_CONTROL_POLICY: Owner.ORGANIZATION},
    ),
    "a level silent, another denies, identity silent": World(
        organized(root={"Full": FULL, "No": policy(deny(DESCRIBE))}, account={"S3": policy(allow("s3:*"))}).principal(
            USER
        ),
        ask(),
        {CheckType.SERVICE_CONTROL_POLICY: Owner.ORGANIZATION, CheckType.PRINCIPAL: Owner.ACCOUNT},
    ),
    "resource control policy denies": World(
        organized(
            root={"Full": FULL},
            account={"Full2": FULL},
            rcp={"Closed": policy(deny("s3:*", Principal="*"))},
        )
        .principal(USER, inline={"a": ADMIN})
        .resource_policy(BUCKET, None, account=ACCOUNT),
        ask("s3:GetObject", OBJECT, resource_account=ACCOUNT),
        {CheckType.RESOURCE_CONTROL_POLICY: Owner.ORGANIZATION},
    ),
    "VPC endpoint policy silent": World(
        SnapshotBuilder()
        .settings(no_organization=True)
        .principal(USER, inline={"a": ADMIN})
        .principal(STRANGER, inline={"a": ADMIN})
        .answer(
            ACCOUNT, "ec2", "describe-vpc-endpoints", endpoint(policy(allow("s3:*", Principal="*"))), region="us-east-1"
        ),
        ask(context={"aws:SourceVpce": ENDPOINT}),
        {CheckType.VPC_ENDPOINT: Owner.ENDPOINT},
    ),
    "VPC endpoint policy denies, identity silent": World(
        alone()
        .principal(USER)
        .answer(
            ACCOUNT,
            "ec2",
            "describe-vpc-endpoints",
            endpoint(policy(allow("*", Principal="*"), deny("sagemaker:*", Principal="*"))),
            region="us-east-1",
        ),
        ask(context={"aws:SourceVpce": ENDPOINT}),
        {CheckType.VPC_ENDPOINT: Owner.ENDPOINT, CheckType.PRINCIPAL: Owner.ACCOUNT},
    ),
    "bucket policy denies": World(
        SnapshotBuilder()
        .settings(no_organization=True)
        .principal(USER, inline={"a": ADMIN})
        .principal(STRANGER, inline={"a": ADMIN})
        .resource_policy(BUCKET, policy(deny("s3:*", [BUCKET, f"{BUCKET}/*"], Principal="*")), account=ACCOUNT),
        ask("s3:GetObject", OBJECT, resource_account=ACCOUNT),
        {CheckType.RESOURCE: Owner.RESOURCE_ACCOUNT},
    ),
    "bucket of another account, both sides silent": World(
        alone().principal(USER).account(OTHER).resource_policy(BUCKET, None, account=OTHER),
        ask("s3:GetObject", OBJECT, resource_account=OTHER),
        {CheckType.RESOURCE: Owner.RESOURCE_ACCOUNT, CheckType.PRINCIPAL: Owner.ACCOUNT},
    ),
    "key policy without the account": World(
        SnapshotBuilder()
        .settings(no_organization=True)
        .principal(USER, inline={"a": ADMIN})
        .principal(STRANGER, inline={"a": ADMIN})
        .resource_policy(KEY, policy(allow("kms:*", Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:role/KeyAdmin"})))
        .answer(ACCOUNT, "kms", "list-grants", {"Grants": []}, name=KEY.rpartition("/")[2], region="us-east-1"),
        ask("kms:Decrypt", KEY),
        {CheckType.RESOURCE: Owner.KEY},
    ),
    "trust policy names a service only": World(
        alone().principal(USER).principal(ROLE, trust=trusting({"Service": "sagemaker.amazonaws.com"})),
        ask("sts:AssumeRole", ROLE),
        {CheckType.RESOURCE: Owner.RESOURCE_ACCOUNT},
    ),
    "role of another account, both sides silent": World(
        alone()
        .principal(USER)
        .principal(f"arn:aws:iam::{OTHER}:role/Shared", trust=trusting({"Service": "sagemaker.amazonaws.com"})),
        ask("sts:AssumeRole", f"arn:aws:iam::{OTHER}:role/Shared"),
        {CheckType.RESOURCE: Owner.RESOURCE_ACCOUNT, CheckType.PRINCIPAL: Owner.ACCOUNT},
    ),
}


@pytest.mark.parametrize("name", WORLDS)
def test_fix_of_each_layer(name: str) -> None:
    """The first fix that leaves the request as it is edits exactly the layers that block, each by its owner."""
    world = WORLDS[name]
    snapshot = world.builder.build()
    fixes = proposed(world.request, snapshot)
    assert_sound(fixes, snapshot)
    first = edits_alone(fixes)[0]
    assert first.minimal
    assert {edit.check: edit.owner for edit in first.edits} == world.owners


@pytest.mark.parametrize("name", WORLDS)
def test_nobody_else_gets_in(name: str) -> None:
    """After the first fix another principal of the account is denied the same request as before."""
    world = WORLDS[name]
    snapshot = world.builder.build()
    first = edits_alone(proposed(world.request, snapshot))[0]
    theirs = replace(world.request, principal=world.stranger)
    assert authorize(theirs, snapshot).effect in DENIED
    assert authorize(theirs, with_edits(snapshot, first.edits)).effect in DENIED


NEIGHBOURS = {
    "sagemaker": "sagemaker:StopTrainingJob",
    "s3": "s3:DeleteObject",
    "kms": "kms:ScheduleKeyDeletion",
    "sts": "sts:TagSession",
}


@pytest.mark.parametrize("name", [name for name in WORLDS if "denies" not in name])
def test_no_other_action_gets_allowed(name: str) -> None:
    """A statement that is added allows no neighbouring action on the same resource."""
    world = WORLDS[name]
    snapshot = world.builder.build()
    first = edits_alone(proposed(world.request, snapshot))[0]
    asked = replace(world.request, action=NEIGHBOURS[world.request.action.partition(":")[0]])
    before = authorize(asked, snapshot).effect
    assert authorize(asked, with_edits(snapshot, first.edits)).effect is before


@pytest.mark.parametrize("name", [name for name in WORLDS if not name.startswith(("key", "trust", "role"))])
def test_no_other_resource_gets_allowed(name: str) -> None:
    """An exception from a deny, like a statement that is added, is for the one resource."""
    world = WORLDS[name]
    snapshot = world.builder.build()
    first = edits_alone(proposed(world.request, snapshot))[0]
    asked = replace(world.request, resource=f"{world.request.resource}-other")
    before = authorize(asked, snapshot).effect
    assert authorize(asked, with_edits(snapshot, first.edits)).effect is before


def test_organization_policy_on_two_targets_still_lets_only_the_caller_in() -> None:
    """A statement added at a level carries the caller's ARN, because everyone below the level is reached."""
    world = WORLDS["a level of the organization silent"]
    first = edits_alone(proposed(world.request, world.builder.build()))[0]
    assert first.edits[0].policy_type is PolicyType.SERVICE_CONTROL_POLICY
    assert isinstance(first.edits[0].statement, dict)
    assert first.edits[0].statement["Condition"] == {"ArnEquals": {"aws:PrincipalArn": USER}}
