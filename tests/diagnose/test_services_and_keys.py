"""Denials of what SageMaker and its SDK do for somebody: images, grants, roles without a name, the default bucket."""

from __future__ import annotations

from tests.repair.worlds import ACCOUNT, allow, policy

from sagepass.jobs.diagnose import diagnose
from sagepass.jobs.diagnosis import Diagnosis
from sagepass.policy.kinds import PolicyType
from sagepass.repair.fix import Applicability
from sagepass.snapshot.build import SnapshotBuilder

ROLE = f"arn:aws:iam::{ACCOUNT}:role/Execution"
KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/{KEY_ID}"
GUARD = {"Bool": {"kms:GrantIsForAWSResource": "true"}}


def refused_grant(operation: str) -> str:
    """AWS's sentence about kms:CreateGrant, within a call."""
    return (
        f"An error occurred (AccessDeniedException) when calling the {operation} operation: User: arn:aws:sts::{ACCOUNT}:assumed-role/"
        f"Execution/SageMaker is not authorized to perform: kms:CreateGrant on resource: {KEY} because no identity-based policy "
        "allows the kms:CreateGrant action"
    )


def explained(operation: str, *, grants: bool) -> Diagnosis:
    """The key leaves the decision to the account's policies, and the role's are silent."""
    builder = SnapshotBuilder().settings(no_organization=True)
    builder.principal(ROLE, inline={"data": policy(allow("s3:GetObject", "*"))})
    root = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "kms:*", "Resource": "*"}
    builder.resource_policy(KEY, policy(root))
    if grants:
        builder.answer(ACCOUNT, "kms", "list-grants", {"Grants": []}, name=KEY_ID, region="eu-west-1")
    return diagnose(refused_grant(operation), builder.build())


def test_a_grant_that_sagemaker_makes_is_allowed_for_services_only() -> None:
    """The call tells that the grant is SageMaker's own, so the fix does not let the role make grants for anybody."""
    fix = explained("CreateEndpointConfig", grants=True).fixes[0]
    assert fix.applicability is Applicability.PROVEN
    assert fix.edits[0].statement == {
        "Effect": "Allow",
        "Action": "kms:CreateGrant",
        "Resource": KEY,
        "Condition": GUARD,
    }


def test_a_grant_that_the_caller_makes_carries_no_such_condition() -> None:
    """A direct call of CreateGrant is no grant for a service."""
    statement = explained("CreateGrant", grants=True).fixes[0].edits[0].statement
    assert isinstance(statement, dict)
    assert "Condition" not in statement


def test_grants_that_were_not_collected_are_named_and_the_reported_side_is_repaired_first() -> None:
    """A grant of the key could allow it; the text names the identity-based policies, so their change leads."""
    diagnosis = explained("CreateEndpointConfig", grants=False)
    assert "only a grant of the key, not supplied, could" in diagnosis.headline
    assert diagnosis.fixes[0].edits[0].policy_type is PolicyType.IDENTITY_BASED_POLICY
    assert diagnosis.next_command is not None
    assert "list-grants" in diagnosis.next_command


def test_an_image_that_the_service_may_not_pull_takes_the_repository_policy() -> None:
    """All three actions of a pull at once, and no Resource: a repository's policy has none."""
    text = (
        "ValidationException: The repository of your image 444455556666.dkr.ecr.eu-west-1.amazonaws.com/churn:1 does not grant "
        "ecr:GetDownloadUrlForLayer, ecr:BatchGetImage, ecr:BatchCheckLayerAvailability permission to sagemaker.amazonaws.com "
        "service principal."
    )
    (fix,) = diagnose(text).fixes
    assert "an administrator of account 444455556666" in fix.steps[0]
    for action in ("BatchCheckLayerAvailability", "BatchGetImage", "GetDownloadUrlForLayer"):
        assert f"ecr:{action}" in fix.steps[0]
    assert '"Resource"' not in fix.steps[0]


def test_the_policy_of_a_key_speaks_of_the_key_as_star() -> None:
    """From the text alone: what is added to a key policy has ``*`` as its Resource, which means this key."""
    text = refused_grant("CreateGrant").replace("identity-based", "resource-based")
    (fix,) = diagnose(text).fixes
    assert "the key policy" in fix.title
    assert '"Resource": "*"' in fix.steps[0]


def test_a_role_that_the_text_does_not_name_is_looked_up() -> None:
    """Studio does not say which execution role it could not take: the steps say how to see, without an invented name."""
    (fix,) = diagnose("SageMaker is unable to assume your Execution Role. Please verify that role exists.").fixes
    assert "--role-name ROLE" in fix.steps[0]
    assert "sts:SetSourceIdentity" in fix.steps[-1]


def test_the_default_bucket_of_the_sdk_has_a_way_round() -> None:
    """Not everybody may make buckets: the SDK takes one that exists. Another bucket of that name's form is not spoken of."""
    text = f"User: arn:aws:iam::{ACCOUNT}:user/ana is not authorized to perform: s3:CreateBucket on resource: arn:aws:s3:::"
    ways = diagnose(f"{text}sagemaker-eu-west-1-{ACCOUNT}").fixes
    assert [fix.applicability for fix in ways] == [Applicability.DISPLAY_ONLY, Applicability.PLACEHOLDERS]
    assert "default_bucket" in ways[1].steps[1]
    assert len(diagnose(f"{text}sagemaker-models").fixes) == 1


def test_a_role_named_by_two_words_is_found_with_its_path() -> None:
    """IAM says ``role NAME``: with the account's roles it is the one ARN, without them a set of ARNs, never an invented path."""
    role = f"arn:aws:iam::{ACCOUNT}:role/service-role/Execution"
    user = f"arn:aws:iam::{ACCOUNT}:user/ana"
    text = f"User: {user} is not authorized to perform: iam:GetRole on resource: role Execution"
    builder = SnapshotBuilder().settings(no_organization=True).principal(role).principal(user)
    decision = diagnose(text, builder.build()).decision
    assert decision is not None
    assert decision.request.resource == role
    (edit,) = diagnose(text).fixes[0].edits
    assert isinstance(edit.statement, dict)
    assert edit.statement["Resource"] == f"arn:aws:iam::{ACCOUNT}:role/*Execution"


def test_from_the_text_alone_a_grant_of_sagemaker_is_held_to_services_too() -> None:
    """One rule for both ways of answering: the statement that is advised carries the condition of the one that is proven."""
    (fix,) = diagnose(refused_grant("CreateEndpointConfig")).fixes
    statement = fix.edits[0].statement
    assert isinstance(statement, dict)
    assert statement["Condition"] == GUARD
