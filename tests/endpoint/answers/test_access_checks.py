"""CheckNoNewAccess, CheckAccessNotGranted and CheckNoPublicAccess: PASS for what is proven, FAIL with the statement."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.endpoint.answers.worlds import BUCKET, EVERYTHING, MATEO, allow, ask, deny, document, over_the_wire, world

from sagepass.endpoint.answers import ApiError


def check(operation: str, **params: object) -> dict[str, Any]:
    """The answer, as a client reads it."""
    found = ask("accessanalyzer", operation, params, world())
    return over_the_wire("accessanalyzer", operation, found)


def to_anyone(action: str, principal: object = "*", **more: object) -> dict[str, object]:
    """A statement of a resource's policy."""
    return {**allow(action, f"{BUCKET}/*", **more), "Principal": principal}


@pytest.mark.parametrize(
    ("old", "new", "result", "statements"),
    [
        ([allow("s3:*")], [allow("s3:GetObject")], "PASS", []),
        ([allow("s3:GetObject")], [allow("s3:GetObject"), allow("s3:PutObject", Sid="More")], "FAIL", [(1, "More")]),
        ([allow("s3:GetObject", f"{BUCKET}/a/*")], [allow("s3:GetObject", f"{BUCKET}/*")], "FAIL", [(0, None)]),
        ([allow("s3:*"), deny("s3:Delete*")], [allow("s3:*")], "FAIL", [(0, None)]),
        ([allow("s3:*")], [allow("s3:*"), deny("s3:Delete*")], "PASS", []),
    ],
)
def test_new_access(old: list[Any], new: list[Any], result: str, statements: list[tuple[int, str | None]]) -> None:
    """Each reason names the statement of the new policy that lets something in."""
    answer = check(
        "CheckNoNewAccess",
        existingPolicyDocument=json.dumps(document(*old)),
        newPolicyDocument=json.dumps(document(*new)),
        policyType="IDENTITY_POLICY",
    )
    assert answer["result"] == result
    assert [(one.get("statementIndex"), one.get("statementId")) for one in answer["reasons"]] == statements
    assert all("for example" in one["description"] for one in answer["reasons"])


def test_new_principals_are_new_access() -> None:
    """In the policy of a resource who may is part of the comparison."""
    old, new = document(to_anyone("s3:GetObject", {"AWS": MATEO})), document(to_anyone("s3:GetObject"))
    both = {"existingPolicyDocument": json.dumps(old), "newPolicyDocument": json.dumps(new)}
    assert check("CheckNoNewAccess", **both, policyType="RESOURCE_POLICY")["result"] == "FAIL"
    turned = {"existingPolicyDocument": json.dumps(new), "newPolicyDocument": json.dumps(old)}
    assert check("CheckNoNewAccess", **turned, policyType="RESOURCE_POLICY")["result"] == "PASS"


@pytest.mark.parametrize(
    ("access", "result"),
    [
        ({"actions": ["kms:Decrypt"]}, "PASS"),
        ({"actions": ["kms:Decrypt", "s3:GetObject"]}, "FAIL"),
        ({"actions": ["s3:GetObject"], "resources": [f"{BUCKET}/private/*"]}, "PASS"),
        ({"resources": [f"{BUCKET}/public/x"]}, "FAIL"),
    ],
)
def test_access_that_is_not_granted(access: dict[str, object], result: str) -> None:
    """Actions, resources, or both; one of them is enough to fail."""
    policy = json.dumps(document(allow("s3:*", f"{BUCKET}/*"), deny("s3:*", f"{BUCKET}/private/*")))
    answer = check("CheckAccessNotGranted", policyDocument=policy, access=[access], policyType="IDENTITY_POLICY")
    assert answer["result"] == result


@pytest.mark.parametrize(
    ("statement", "result"),
    [
        (to_anyone("s3:GetObject"), "FAIL"),
        (to_anyone("s3:GetObject", {"AWS": MATEO}), "PASS"),
        (to_anyone("s3:GetObject", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-abcdef1234"}}), "PASS"),
    ],
)
def test_public_access(statement: dict[str, object], result: str) -> None:
    """``*`` is public unless a condition holds it to somebody."""
    answer = check(
        "CheckNoPublicAccess", policyDocument=json.dumps(document(statement)), resourceType="AWS::S3::Bucket"
    )
    assert answer["result"] == result


def test_a_trust_policy_for_everyone_is_public() -> None:
    """It is read with the grammar of trust policies, which have no Resource."""
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": "*"}
    kind = "AWS::IAM::AssumeRolePolicyDocument"
    answer = check("CheckNoPublicAccess", policyDocument=json.dumps(document(trust)), resourceType=kind)
    assert answer["result"] == "FAIL"


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        (
            "CheckNoNewAccess",
            {"newPolicyDocument": "{", "existingPolicyDocument": "{}", "policyType": "IDENTITY_POLICY"},
        ),
        (
            "CheckNoNewAccess",
            {"newPolicyDocument": "{}", "existingPolicyDocument": "{}", "policyType": "IDENTITY_POLICY"},
        ),
        ("CheckNoNewAccess", {"newPolicyDocument": "{}", "existingPolicyDocument": "{}", "policyType": "SCP"}),
        (
            "CheckAccessNotGranted",
            {"policyDocument": json.dumps(EVERYTHING), "access": [], "policyType": "IDENTITY_POLICY"},
        ),
        (
            "CheckAccessNotGranted",
            {"policyDocument": json.dumps(EVERYTHING), "access": [{}], "policyType": "IDENTITY_POLICY"},
        ),
        ("CheckNoPublicAccess", {"policyDocument": json.dumps(EVERYTHING), "resourceType": "AWS::EC2::Instance"}),
    ],
)
def test_a_bad_request_is_an_invalid_parameter(operation: str, params: dict[str, object]) -> None:
    """A malformed document is refused; it is never a PASS."""
    with pytest.raises(ApiError) as refused:
        check(operation, **params)
    assert (refused.value.code, refused.value.status) == ("InvalidParameterException", 400)
