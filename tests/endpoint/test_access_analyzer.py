"""IAM Access Analyzer's checks of policies, answered by the running endpoint to a real client."""

from __future__ import annotations

import json

import pytest
from tests.endpoint.conftest import ACCOUNT, Aws, Client, allow, refused, statement

OBJECTS = "arn:aws:s3:::example-bucket/*"


@pytest.fixture(scope="module")
def analyzer(aws: Aws) -> Client:
    """A client of a user who may check policies, and nothing else."""
    checks = ("ValidatePolicy", "CheckNoNewAccess", "CheckAccessNotGranted", "CheckNoPublicAccess")
    return aws.client("accessanalyzer", aws.user("checks", allow(*(f"access-analyzer:{name}" for name in checks))))


def text(*policies: object) -> str:
    """A policy as it is sent."""
    return json.dumps(policies[0] if len(policies) == 1 else statement(*policies))  # type: ignore[arg-type]


def test_new_access_is_found(analyzer: Client) -> None:
    """A wider resource fails and names the statement, a narrower one passes."""
    wide, narrow = allow("s3:GetObject", resource=OBJECTS), allow("s3:GetObject", resource=OBJECTS[:-1] + "a/*")
    ask = {"policyType": "IDENTITY_POLICY"}
    passed = analyzer.check_no_new_access(newPolicyDocument=text(narrow), existingPolicyDocument=text(wide), **ask)
    assert (passed["result"], passed["reasons"]) == ("PASS", [])
    failed = analyzer.check_no_new_access(newPolicyDocument=text(wide), existingPolicyDocument=text(narrow), **ask)
    assert (failed["result"], failed["reasons"][0]["statementIndex"]) == ("FAIL", 0)


def test_granted_access_is_found(analyzer: Client) -> None:
    """By action and by resource."""
    policy = text(allow("sagemaker:Describe*", "s3:GetObject", resource="*"))
    ask = {"policyDocument": policy, "policyType": "IDENTITY_POLICY"}
    assert analyzer.check_access_not_granted(**ask, access=[{"actions": ["iam:PassRole"]}])["result"] == "PASS"
    failed = analyzer.check_access_not_granted(**ask, access=[{"actions": ["s3:GetObject"], "resources": [OBJECTS]}])
    assert failed["result"] == "FAIL"
    assert failed["reasons"]


@pytest.mark.parametrize(
    ("principal", "condition", "result"),
    [
        ("*", {}, "FAIL"),
        ("*", {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}, "PASS"),
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, {}, "PASS"),
    ],
)
def test_public_access_is_found(analyzer: Client, principal: object, condition: object, result: str) -> None:
    """Anyone, anyone of one account, and one account."""
    one = {"Effect": "Allow", "Principal": principal, "Action": "s3:GetObject", "Resource": OBJECTS}
    policy = text(statement({**one, "Condition": condition} if condition else one))
    answer = analyzer.check_no_public_access(policyDocument=policy, resourceType="AWS::S3::Bucket")
    assert answer["result"] == result


def test_a_defect_is_found_with_its_place(analyzer: Client) -> None:
    """With line, column and a path, as the AWS CLI prints it."""
    policy = '{\n  "Version": "2012-10-17",\n  "Statement": [{"Effect": "Alow", "Action": "s3:*", "Resource": "*"}]\n}'
    (found, *_) = analyzer.validate_policy(policyDocument=policy, policyType="IDENTITY_POLICY")["findings"]
    assert found["findingType"] == "ERROR"
    assert found["locations"][0]["span"]["start"]["line"] == 3


def test_what_is_no_policy_is_refused(analyzer: Client) -> None:
    """With Access Analyzer's own error."""
    error = refused(analyzer.check_no_public_access, policyDocument="{", resourceType="AWS::S3::Bucket")
    assert error.code in {"InvalidParameterException", "ValidationException"}


def test_each_check_needs_its_permission(aws: Aws) -> None:
    """Without it nothing is answered."""
    nobody = aws.client("accessanalyzer", aws.user("checks-in-vain"))
    policy = text(allow("s3:*"))
    error = refused(nobody.validate_policy, policyDocument=policy, policyType="IDENTITY_POLICY")
    assert error.code == "AccessDeniedException"
    assert "access-analyzer:ValidatePolicy" in error.message
    both = {"newPolicyDocument": policy, "existingPolicyDocument": policy, "policyType": "IDENTITY_POLICY"}
    assert "access-analyzer:CheckNoNewAccess" in refused(nobody.check_no_new_access, **both).message
