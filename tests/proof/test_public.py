"""Who outside can use a policy: of any account, of other accounts than ours, of other organizations."""

from __future__ import annotations

from typing import Any

import pytest
from tests.proof.policies import document

from sagepass.policy.kinds import PolicyType
from sagepass.proof import Verdict, compare_documents, reachable_from_outside

OURS, PARTNER, ORG = "111122223333", "444455556666", "o-abc"
T = PolicyType.RESOURCE_BASED_POLICY


def grant(principal: object, **conditions: object) -> dict[str, Any]:
    """A statement of a bucket policy."""
    statement = {"Effect": "Allow", "Principal": principal, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
    return {**statement, **({"Condition": conditions} if conditions else {})}


def keep_out(**conditions: object) -> dict[str, Any]:
    """A Deny for everyone under conditions."""
    return {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*", "Condition": conditions}


CASES: dict[str, tuple[list[dict[str, Any]], str]] = {
    "everyone": ([grant("*")], "public account organization"),
    "a partner": ([grant({"AWS": PARTNER})], "account organization"),
    "our own account": ([grant({"AWS": OURS})], "organization"),
    "a service": ([grant({"Service": "sagemaker.amazonaws.com"})], ""),
    "our organization": ([grant("*", StringEquals={"aws:PrincipalOrgID": ORG})], "account"),
    "our organization by path": (
        [grant("*", **{"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": f"{ORG}/*"}})],
        "account",
    ),
    "our account by condition": ([grant("*", StringEquals={"aws:PrincipalAccount": OURS})], "organization"),
    "roles by name in any account": (
        [grant("*", ArnLike={"aws:PrincipalArn": "arn:aws:iam::*:role/SageMaker*"})],
        "public account organization",
    ),
    "accounts that begin like ours": (
        [grant("*", ArnLike={"aws:PrincipalArn": "arn:aws:iam::1111*:role/x"})],
        "public account organization",
    ),
    "through an endpoint": ([grant("*", StringEquals={"aws:SourceVpce": "vpce-1"})], ""),
    "through any endpoint": ([grant("*", Null={"aws:SourceVpce": "false"})], "public account organization"),
    "from any network": ([grant("*", StringLike={"aws:SourceVpc": "vpc-*"})], "public account organization"),
    "from all networks but one": (
        [grant("*", StringNotEquals={"aws:SourceVpc": "vpc-1"}, Null={"aws:SourceVpc": "false"})],
        "public account organization",
    ),
    "from a private address, which networks share": (
        [grant("*", IpAddress={"aws:VpcSourceIp": "10.0.0.0/8"})],
        "public account organization",
    ),
    "from a private address of one network": (
        [grant("*", IpAddress={"aws:VpcSourceIp": "10.0.0.0/8"}, StringEquals={"aws:SourceVpc": "vpc-1"})],
        "",
    ),
    "through endpoints of our account": ([grant("*", StringEquals={"aws:VpceAccount": OURS})], "organization"),
    "through endpoints of a partner": ([grant("*", StringEquals={"aws:VpceAccount": PARTNER})], "account organization"),
    "through endpoints of our organization": ([grant("*", StringEquals={"aws:VpceOrgID": ORG})], "account"),
    "from an address": ([grant("*", IpAddress={"aws:SourceIp": "10.0.0.0/8"})], "public account organization"),
    "everyone, others denied": ([grant("*"), keep_out(StringNotEquals={"aws:PrincipalAccount": OURS})], "organization"),
    "everyone, other ARNs denied": (
        [grant("*"), keep_out(ArnNotLike={"aws:PrincipalArn": f"arn:aws:iam::{OURS}:*"})],
        "organization",
    ),
    "denied only if the key is there": (
        [grant("*"), keep_out(StringNotEqualsIfExists={"aws:PrincipalOrgID": ORG})],
        "account",
    ),
    "a key that outsiders lack": (
        [grant("*"), keep_out(StringNotEquals={"aws:PrincipalOrgID": ORG}, Null={"aws:PrincipalOrgID": "false"})],
        "public account organization",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_who_gets_in(name: str) -> None:
    """For each policy: is it public, open beyond our account, open beyond our organization?"""
    statements, expected = CASES[name]
    given = document({"Version": "2012-10-17", "Statement": statements}, T)
    answers = {
        "public": reachable_from_outside(given),
        "account": reachable_from_outside(given, accounts=[OURS]),
        "organization": reachable_from_outside(given, organization=ORG),
    }
    open_to = " ".join(kind for kind, answer in answers.items() if answer.verdict is Verdict.REFUTED)
    assert open_to == expected, {kind: answer.open for kind, answer in answers.items()}
    assert not any(answer.open for answer in answers.values())


def test_the_caller_who_gets_in_is_a_request_of_an_account_that_exists_by_its_form() -> None:
    """The witness for a pattern on roles is a session of a role with a matching name in an account of twelve digits."""
    given = document({"Version": "2012-10-17", "Statement": CASES["accounts that begin like ours"][0]}, T)
    (difference,) = reachable_from_outside(given, accounts=[OURS]).differences
    assert difference.witness.principal == "arn:aws:sts::111100000000:assumed-role/x/a-session"


def test_a_federated_user_has_an_arn_of_its_own() -> None:
    """Who called GetFederationToken is of the account, and no ARN of IAM's: a condition on those leaves it out."""
    statement = grant({"AWS": OURS})
    narrow = grant("*", ArnLike={"aws:PrincipalArn": f"arn:aws:iam::{OURS}:*"})
    old, new = (document({"Version": "2012-10-17", "Statement": [item]}, T) for item in (narrow, statement))
    (difference,) = compare_documents(old, new, T).differences
    assert difference.who == f"any other federated user of account {OURS}"
