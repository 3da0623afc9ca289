"""Execution roles without the one permission: the likeliest cause is named even where the bucket's own side is not known."""

from __future__ import annotations

import pytest

import sagepass
from sagepass.jobs.diagnosis import Diagnosis, Verdict
from sagepass.policy.kinds import CheckType, Effect
from sagepass.repair.fix import Applicability

ROLE = "arn:aws:iam::123456789012:role/churn-training"
TEXT = (
    "An error occurred (ValidationException) when calling the CreateTrainingJob operation: No S3 objects found under S3 URL "
    '"s3://my-bucket/data/" given in input data source. Please ensure that the bucket exists in the selected region '
    f'(us-east-1), that objects exist under that S3 prefix, and that the role "{ROLE}" has "s3:ListBucket" permissions on '
    'bucket "my-bucket".'
)


def diagnosis(*allowed: str, resource_account: str | None = None) -> Diagnosis:
    """The diagnosis with a role that is allowed these actions on everything; nothing is known of the bucket."""
    statement = {"Effect": "Allow", "Action": list(allowed), "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
    role = {
        "RoleName": "churn-training",
        "Path": "/",
        "RoleId": "AROA0000000000000001",
        "Arn": ROLE,
        "AssumeRolePolicyDocument": trust,
        "RolePolicyList": [{"PolicyName": "work", "PolicyDocument": document}],
        "AttachedManagedPolicies": [],
    }
    details = {"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": [role], "Policies": []}
    snapshot = sagepass.Snapshot.from_authorization_details(details)
    return sagepass.diagnose(TEXT, snapshot, no_organization=True, resource_account=resource_account)


def test_the_silent_identity_policy_is_what_is_named() -> None:
    """The role lacks s3:ListBucket; only the bucket's own policy could stand in, and that was not supplied."""
    found = diagnosis("s3:GetObject")
    assert found.verdict is Verdict.CONDITIONAL
    assert found.headline.startswith("no identity-based policy allows s3:ListBucket on arn:aws:s3:::my-bucket")
    assert found.decision is not None
    effects = {check.type: check.effect for check in found.decision.checks}
    assert effects[CheckType.PRINCIPAL] is Effect.UNKNOWN
    assert effects[CheckType.RESOURCE] is Effect.UNKNOWN


def test_the_fix_is_the_one_statement_and_says_what_it_rests_on() -> None:
    """The role gets s3:ListBucket on this bucket; that the bucket's policy does not deny it is not claimed to be checked."""
    fix = diagnosis("s3:GetObject").fixes[0]
    assert fix.applicability is Applicability.LIKELY
    assert [edit.statement for edit in fix.edits] == [
        {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::my-bucket"}
    ]
    assert any("resource-based policy of arn:aws:s3:::my-bucket" in gap for gap in fix.not_checked)


def test_a_role_that_is_allowed_is_not_blamed() -> None:
    """With s3:ListBucket in the role only the bucket's side is left open, and no fix of the role is proposed."""
    found = diagnosis("s3:ListBucket")
    assert found.decision is not None
    assert "s3:ListBucket is allowed provided that" in found.headline
    assert [edit for fix in found.fixes for edit in fix.edits] == []


@pytest.mark.parametrize("account", ["444455556666"])
def test_a_bucket_of_another_account_needs_the_role_for_certain(account: str) -> None:
    """Between two accounts a silent identity policy denies, whatever the bucket's policy says."""
    found = diagnosis("s3:GetObject", resource_account=account)
    assert found.verdict is Verdict.DENIED
    assert found.decision is not None
    assert CheckType.PRINCIPAL in found.decision.decided_by
