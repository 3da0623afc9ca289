"""Never an ALLOW where AWS would refuse, or where the evidence does not settle it; each case names AWS's page."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

import sagepass
from sagepass.policy.kinds import Effect
from sagepass.snapshot.build import SnapshotBuilder

A, B = "111122223333", "444455556666"
USER, ROLE, SESSION = (
    f"arn:aws:iam::{A}:user/dana",
    f"arn:aws:iam::{A}:role/exec",
    f"arn:aws:sts::{A}:assumed-role/exec/job",
)
KEY = f"arn:aws:kms:us-east-1:{B}:key/7c1f9a52-3b0e-4f6d-9a41-2d8e5c6b7a90"
BUCKET = "arn:aws:s3:::data"
JOB = f"arn:aws:sagemaker:us-east-1:{A}:training-job/churn"
EVERYTHING: dict[str, object] = {"Effect": "Allow", "Action": "*", "Resource": "*"}
PLAIN_TRUST = "sts:AssumeRole"


def policy(*statements: Mapping[str, object]) -> dict[str, object]:
    """A document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def where(effect: str, action: str, **condition: object) -> dict[str, object]:
    """One statement on everything, under a condition."""
    return {"Effect": effect, "Action": action, "Resource": "*", "Condition": condition}


def effect(
    snapshot: sagepass.Snapshot, principal: str, action: str, resource: str, context: Mapping[str, object] | None = None
) -> Effect:
    """The decision."""
    request = sagepass.Request(principal=principal, action=action, resource=resource, context=dict(context or {}))
    return sagepass.authorize(request, snapshot).effect


def user_with(*statements: Mapping[str, object]) -> SnapshotBuilder:
    """A world with one user."""
    return SnapshotBuilder().principal(USER, inline={"p": policy(*statements)})


def role_with(*statements: Mapping[str, object], trusts: tuple[str, ...] = (PLAIN_TRUST,)) -> SnapshotBuilder:
    """A world with one tagged role, whose trust policy allows these actions."""
    trust = policy({"Effect": "Allow", "Principal": {"AWS": USER}, "Action": list(trusts)})
    return SnapshotBuilder().principal(ROLE, inline={"p": policy(*statements)}, trust=trust, tags={"team": "ml"})


TAGGED: list[Mapping[str, object]] = [
    where("Allow", "iam:PassRole", StringEquals={"iam:ResourceTag/team": "ml"}),
    where("Allow", "iam:PassRole", StringEquals={"aws:ResourceTag/team": "ml"}),
]


@pytest.mark.parametrize("statement", TAGGED)
def test_passing_a_role_by_its_tags_has_no_reliable_result(statement: Mapping[str, object]) -> None:
    """Allow or Deny: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html."""
    world = user_with(statement).principal(ROLE, tags={"team": "ml"}).build().without_organization()
    assert effect(world, USER, "iam:PassRole", ROLE) is Effect.UNKNOWN
    denies = {**statement, "Effect": "Deny"}
    world = user_with(denies, EVERYTHING).principal(ROLE, tags={"team": "web"}).build().without_organization()
    assert effect(world, USER, "iam:PassRole", ROLE) is Effect.UNKNOWN


@pytest.mark.parametrize(
    ("statements", "trusts", "expected"),
    [
        ((where("Allow", "s3:*", StringEquals={"aws:PrincipalTag/team": "ml"}),), (PLAIN_TRUST,), Effect.ALLOW),
        ((where("Allow", "s3:*", StringEquals={"aws:PrincipalTag/team": "ml"}),), ("sts:*",), Effect.UNKNOWN),
        (
            (where("Deny", "s3:*", StringNotEquals={"aws:PrincipalTag/team": "ml"}), EVERYTHING),
            (PLAIN_TRUST, "sts:TagSession"),
            Effect.UNKNOWN,
        ),
    ],
)
def test_a_session_tag_may_override_the_tag_of_the_role(
    statements: tuple[Mapping[str, object], ...], trusts: tuple[str, ...], expected: Effect
) -> None:
    """Only where the trust policy lets sessions bring tags: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html."""
    world = role_with(*statements, trusts=trusts).build().without_organization()
    for caller in (ROLE, SESSION):
        assert effect(world, caller, "s3:ListAllMyBuckets", "*") is expected
        given = {"aws:PrincipalTag/team": "ml"}
        assert effect(world, caller, "s3:ListAllMyBuckets", "*", given) is Effect.ALLOW


@pytest.mark.parametrize(
    "statements",
    [
        (where("Deny", "sagemaker:CreateTrainingJob", ArnEquals={"sagemaker:VolumeKmsKey": KEY}), EVERYTHING),
        (where("Allow", "sagemaker:CreateTrainingJob", ArnEqualsIfExists={"sagemaker:VolumeKmsKey": KEY}),),
        (where("Allow", "sagemaker:CreateTrainingJob", ArnNotEquals={"sagemaker:OutputKmsKey": KEY}),),
    ],
)
def test_a_key_that_aws_replaced_may_still_be_filled(statements: tuple[Mapping[str, object], ...]) -> None:
    """AWS's examples use it: https://docs.aws.amazon.com/sagemaker/latest/dg/security_iam_id-based-policy-examples.html."""
    world = user_with(*statements).build().without_organization()
    assert effect(world, USER, "sagemaker:CreateTrainingJob", JOB) is Effect.UNKNOWN


def test_two_tags_that_differ_only_by_case() -> None:
    """One of them matches; https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html does not say which."""
    tags = {"Tags": [{"Key": "Team", "Value": "ml"}, {"Key": "team", "Value": "web"}]}
    allow = where("Allow", "sagemaker:DescribeTrainingJob", StringEquals={"aws:ResourceTag/team": "ml"})
    for collected, expected in ((tags, Effect.UNKNOWN), ({"Tags": tags["Tags"][:1]}, Effect.ALLOW)):
        builder = user_with(allow).answer(
            A, "sagemaker", "list-tags", collected, name="training-job/churn", region="us-east-1"
        )
        world = builder.build().without_organization()
        assert effect(world, USER, "sagemaker:DescribeTrainingJob", JOB) is expected


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("kms:Decrypt", Effect.ALLOW),
        ("kms:CreateGrant", Effect.ALLOW),
        ("kms:ScheduleKeyDeletion", Effect.IMPLICIT_DENY),
        ("kms:PutKeyPolicy", Effect.IMPLICIT_DENY),
        ("kms:TagResource", Effect.IMPLICIT_DENY),
    ],
)
def test_a_key_is_managed_in_its_own_account_only(action: str, expected: Effect) -> None:
    """Other permissions have no effect: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html."""
    shared = {"Effect": "Allow", "Principal": {"AWS": [f"arn:aws:iam::{n}:root" for n in (A, B)]}, "Action": "kms:*"}
    own = f"arn:aws:iam::{B}:user/owner"
    builder = user_with(EVERYTHING).principal(own, inline={"p": policy(EVERYTHING)})
    world = builder.resource_policy(KEY, policy({**shared, "Resource": "*"})).build().without_organization()
    assert effect(world, USER, action, KEY) is expected
    assert effect(world, own, action, KEY) is Effect.ALLOW


@pytest.mark.parametrize("caller", [USER, "*"])
@pytest.mark.parametrize("action", ["s3:PutBucketPolicy", "s3:GetBucketPolicy", "s3:DeleteBucketPolicy"])
def test_a_bucket_policy_is_the_owners_business(caller: str, action: str) -> None:
    """Whatever the policy says: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html."""
    public = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": BUCKET}
    world = user_with(EVERYTHING).resource_policy(BUCKET, policy(public), account=B).build().without_organization()
    assert effect(world, caller, action, BUCKET) is Effect.IMPLICIT_DENY
    assert effect(world, caller, "s3:ListBucket", BUCKET) is Effect.ALLOW


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ((f"arn:aws:iam::{A}:root", ROLE), Effect.EXPLICIT_DENY),
        ((f"arn:aws:iam::{A}:root", ROLE, SESSION), Effect.UNKNOWN),
        ((ROLE, SESSION), Effect.EXPLICIT_DENY),
    ],
)
def test_a_deny_with_not_principal_spares_only_sessions_that_it_names(
    listed: tuple[str, ...], expected: Effect
) -> None:
    """Account, role and session: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html."""
    denies = {"Effect": "Deny", "NotPrincipal": {"AWS": list(listed)}, "Action": "s3:*", "Resource": f"{BUCKET}/*"}
    world = role_with(EVERYTHING).resource_policy(BUCKET, policy(denies), account=A).build().without_organization()
    assert effect(world, ROLE, "s3:GetObject", f"{BUCKET}/k") is expected


def test_a_request_from_a_vpc_comes_through_an_endpoint() -> None:
    """It carries aws:SourceVpc only then, and the endpoint's policy was not supplied.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourcevpc
    """
    world = user_with(EVERYTHING).build().without_organization()
    assert effect(world, USER, "sagemaker:DescribeTrainingJob", JOB) is Effect.ALLOW
    inside = {"aws:SourceVpc": "vpc-0a1b2c3d"}
    assert effect(world, USER, "sagemaker:DescribeTrainingJob", JOB, inside) is Effect.UNKNOWN


def test_the_tags_of_a_bucket_count_only_once_that_was_switched_on() -> None:
    """By default they do not: https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html."""
    allow = where("Allow", "s3:ListBucket", StringEquals={"aws:ResourceTag/team": "ml"})
    tags = {"TagSet": [{"Key": "team", "Value": "ml"}]}
    nobody = {"Effect": "Deny", "Principal": {"AWS": B}, "Action": "s3:PutObject", "Resource": f"{BUCKET}/*"}
    builder = user_with(allow).resource_policy(BUCKET, policy(nobody), account=A)
    world = builder.answer(A, "s3api", "get-bucket-tagging", tags, name="data").build().without_organization()
    assert effect(world, USER, "s3:ListBucket", BUCKET) is Effect.UNKNOWN
    given = {"aws:ResourceTag/team": "ml"}
    assert effect(world, USER, "s3:ListBucket", BUCKET, given) is Effect.ALLOW
    other = user_with({**allow, "Condition": {"StringNotEquals": {"aws:ResourceTag/other": "ml"}}})
    builder = other.resource_policy(BUCKET, policy(nobody), account=A)
    world = builder.answer(A, "s3api", "get-bucket-tagging", tags, name="data").build().without_organization()
    assert effect(world, USER, "s3:ListBucket", BUCKET) is Effect.ALLOW


@pytest.mark.parametrize(
    ("principal", "sessions", "expected"),
    [
        ({"AWS": f"arn:aws:sts::{A}:federated-user/dana"}, (), Effect.ALLOW),
        ("*", (), Effect.UNKNOWN),
        ("*", None, Effect.UNKNOWN),
    ],
)
def test_a_federated_user_without_a_session_policy_is_named_in_the_principal(
    principal: object, sessions: tuple[()] | None, expected: Effect
) -> None:
    """Such a session has no permissions but from a policy that names it in its Principal; ``*`` under its ARN is no such name.

    https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
    """
    caller = f"arn:aws:sts::{A}:federated-user/dana"
    named = {"ArnEquals": {"aws:PrincipalArn": caller}}
    grant = {**where("Allow", "s3:GetObject", **named), "Principal": principal}
    world = user_with(EVERYTHING).settings(no_organization=True).resource_policy(BUCKET, policy(grant), account=A)
    request = sagepass.Request(
        principal=caller, action="s3:GetObject", resource=f"{BUCKET}/key", session_policies=sessions, federated_by=USER
    )
    found = sagepass.authorize(request, world.build())
    assert found.effect is expected
    assert bool(found.residual) is (expected is Effect.UNKNOWN)
