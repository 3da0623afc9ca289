"""What the very request makes has no resource-based policy yet; what may exist, or is written over, does.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpoint.html (names are unique) and
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_PutModelPackageGroupPolicy.html
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

import sagepass
from sagepass.engine.bulk import decide_matrix
from sagepass.engine.decision import Decision
from sagepass.policy.kinds import Effect
from sagepass.policy.truth import Truth

ACCOUNT, OTHER = "123456789012", "444455556666"
USER = f"arn:aws:iam::{ACCOUNT}:user/mateojackson"
STRANGER = f"arn:aws:iam::{OTHER}:user/stranger"
SAGEMAKER = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:"
S3 = "arn:aws:s3:::ml-data/key"
TRUTHS = {Effect.ALLOW: Truth.TRUE, Effect.UNKNOWN: Truth.UNKNOWN}
HERE = f"accounts/{ACCOUNT}/eu-west-1/sagemaker"


def snapshot(files: Mapping[str, object] | None = None, *, allowed: object = "*") -> sagepass.Snapshot:
    """Two users who may do everything (or what is said), each in an account of its own, and these files besides."""

    def details(arn: str) -> dict[str, object]:
        statement = {"Effect": "Allow", "Action": allowed, "Resource": "*"}
        policy = {"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
        user = {
            "UserName": arn.rpartition("/")[2],
            "Path": "/",
            "UserId": "AIDA0000000000000001",
            "Arn": arn,
            "UserPolicyList": [policy],
            "GroupList": [],
            "AttachedManagedPolicies": [],
        }
        return {"UserDetailList": [user], "GroupDetailList": [], "RoleDetailList": [], "Policies": []}

    accounts = {
        f"accounts/{arn.split(':')[4]}/iam/get-account-authorization-details.json": details(arn)
        for arn in (USER, STRANGER)
    }
    return sagepass.Snapshot.from_files({**accounts, **(files or {})}, "saved").without_organization()


def decided(action: str, resource: str, saved: sagepass.Snapshot, *, principal: str = USER) -> Decision:
    """The decision; the short answer and the grid's have to be the same."""
    request = sagepass.Request(
        principal=principal, action=action, resource=resource, resource_account=ACCOUNT if resource == S3 else None
    )
    decision = sagepass.authorize(request, saved)
    beside = ("sagemaker:DescribeEndpoint", "sagemaker:CreateModelPackage", action)
    owners = {S3: ACCOUNT}
    matrix = decide_matrix(saved, [principal], beside, [SAGEMAKER + "endpoint/else", resource], owners=owners)
    assert matrix.truth(principal, action, resource) is TRUTHS.get(decision.effect, Truth.FALSE)
    return decision


MADE = [
    ("sagemaker:CreateEndpoint", f"{SAGEMAKER}endpoint/churn"),
    ("sagemaker:CreateModelPackageGroup", f"{SAGEMAKER}model-package-group/churn"),
]
THERE = [
    ("sagemaker:UpdateEndpoint", f"{SAGEMAKER}endpoint/churn"),
    ("sagemaker:InvokeEndpoint", f"{SAGEMAKER}endpoint/churn"),
    ("sagemaker:CreateInferenceComponent", f"{SAGEMAKER}endpoint/churn"),
    ("sagemaker:PutModelPackageGroupPolicy", f"{SAGEMAKER}model-package-group/churn"),
    ("sagemaker:CreateModelPackage", f"{SAGEMAKER}model-package-group/churn"),
    ("sagemaker:CreateModelPackage", f"{SAGEMAKER}model-package/churn/*"),
    ("s3:PutObject", S3),
]


@pytest.mark.parametrize(("action", "resource"), MADE)
def test_what_is_made_has_no_policy_yet(action: str, resource: str) -> None:
    """Its uncollected policy keeps nothing open, and what is taken for granted is said."""
    decision = decided(action, resource, snapshot())
    assert decision.effect is Effect.ALLOW
    assert f"{resource} does not exist before {action} makes it" in decision.assumptions


@pytest.mark.parametrize(("action", "resource"), MADE)
def test_it_grants_nothing_either(action: str, resource: str) -> None:
    """Whom no policy of the caller's own allows, no policy that is yet to come does; nor anybody of another account."""
    assert decided(action, resource, snapshot(allowed="s3:*")).effect is Effect.IMPLICIT_DENY
    assert decided(action, resource, snapshot(), principal=STRANGER).effect is Effect.IMPLICIT_DENY


@pytest.mark.parametrize(("action", "resource"), THERE)
def test_what_exists_or_is_written_over_may_have_one(action: str, resource: str) -> None:
    """Actions on something that exists, or that replace it: its uncollected policy may deny."""
    decision = decided(action, resource, snapshot())
    assert decision.effect is Effect.UNKNOWN
    assert not any("does not exist before" in text for text in decision.assumptions)


@pytest.mark.parametrize("name", ["*", "chu*", "churn?"])
def test_of_names_that_are_not_known_nothing_is_taken_for_granted(name: str) -> None:
    """A pattern may stand for something that exists."""
    assert decided("sagemaker:CreateEndpoint", f"{SAGEMAKER}endpoint/{name}", snapshot()).effect is Effect.UNKNOWN


TOLD: list[Mapping[str, object]] = [
    {f"{HERE}/describe-endpoint/churn.json": {"EndpointName": "churn"}},
    {f"{HERE}/describe-endpoint/CHURN.json": {"EndpointName": "CHURN"}},
    {f"{HERE}/list-endpoints.json": {"Endpoints": [{"EndpointName": "churn"}]}},
    {
        f"{HERE}/list-endpoints.json": [
            {"Endpoints": []},
            {"Endpoints": [{"EndpointArn": f"{SAGEMAKER}endpoint/churn"}]},
        ]
    },
]


@pytest.mark.parametrize("files", TOLD)
def test_what_the_snapshot_tells_of_may_exist(files: Mapping[str, object]) -> None:
    """The snapshot describes or lists it, its policy was not collected: that stays open."""
    decision = decided("sagemaker:CreateEndpoint", f"{SAGEMAKER}endpoint/churn", snapshot(files))
    assert decision.effect is Effect.UNKNOWN


def test_a_policy_that_was_collected_counts() -> None:
    """A Deny in a policy that is there is never taken away, whatever the action is called."""
    deny = {"Effect": "Deny", "Principal": "*", "Action": "sagemaker:*", "Resource": "*"}
    answer = {"ResourcePolicy": {"Version": "2012-10-17", "Statement": [deny]}}
    saved = snapshot({f"{HERE}/get-endpoint-policy/churn.json": answer})
    assert decided("sagemaker:CreateEndpoint", f"{SAGEMAKER}endpoint/churn", saved).effect is Effect.EXPLICIT_DENY


def test_a_policy_that_cannot_be_read_keeps_it_open() -> None:
    """The file about the policy holds none that can be read: there may be one, and it may deny."""
    saved = snapshot({f"{HERE}/get-endpoint-policy/churn.json": None})
    assert decided("sagemaker:CreateEndpoint", f"{SAGEMAKER}endpoint/churn", saved).effect is Effect.UNKNOWN
