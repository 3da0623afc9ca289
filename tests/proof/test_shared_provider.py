"""Who else gets in by a trust policy on a provider that many organizations share."""

from __future__ import annotations

from typing import Any

import pytest
from tests.proof.policies import document

from sagepass.catalog.shared_providers import shared_provider
from sagepass.policy.kinds import PolicyType
from sagepass.proof import Verdict, reachable_from_outside
from sagepass.proof.checker import check

OURS = "123456789012"
HOST = "token.actions.githubusercontent.com"
GITHUB = f"arn:aws:iam::{OURS}:oidc-provider/{HOST}"
COGNITO = "cognito-identity.amazonaws.com"
SUB, AUD = f"{HOST}:sub", {f"{HOST}:aud": "sts.amazonaws.com"}
OPEN, CLOSED = Verdict.REFUTED, Verdict.PROVEN


def trusting(principal: str, conditions: dict[str, Any] | None) -> dict[str, Any]:
    """A trust policy."""
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": {"Federated": principal},
        "Action": "sts:AssumeRoleWithWebIdentity",
    }
    return {
        "Version": "2012-10-17",
        "Statement": [statement if conditions is None else {**statement, "Condition": conditions}],
    }


@pytest.mark.parametrize("accounts", [(), (OURS,)], ids=["public", "outside of the account"])
@pytest.mark.parametrize(
    ("principal", "conditions", "verdict"),
    [
        (GITHUB, None, OPEN),
        (GITHUB, {"StringEquals": AUD}, OPEN),
        (GITHUB, {"StringEquals": {**AUD, SUB: "repo:acme/ml:ref:refs/heads/main"}}, CLOSED),
        (GITHUB, {"StringLike": {SUB: ["repo:acme/ml:*", "repo:acme-labs/*"]}}, CLOSED),
        (GITHUB, {"StringLike": {SUB: "repo:acme*"}}, OPEN),
        (GITHUB, {"StringLike": {SUB: "repo:*/ml:*"}}, OPEN),
        (GITHUB, {"StringLike": {SUB: "*:ref:refs/heads/main"}}, OPEN),
        (GITHUB, {"StringNotLike": {SUB: "repo:acme/*"}}, OPEN),
        (GITHUB, {"StringEquals": {f"{HOST}:repository_owner": "acme"}}, CLOSED),
        (GITHUB, {"StringLike": {f"{HOST}:job_workflow_ref": "acme/ml/.github/*"}}, CLOSED),
        (f"{GITHUB}/acme", {"StringEquals": {f"{HOST}/acme:aud": "sts.amazonaws.com"}}, CLOSED),
        (COGNITO, {"StringEquals": {f"{COGNITO}:aud": "eu-west-1:pool"}}, CLOSED),
        (COGNITO, {"ForAnyValue:StringLike": {f"{COGNITO}:amr": "authenticated"}}, OPEN),
        (f"arn:aws:iam::{OURS}:oidc-provider/idp.acme.example", {"StringEquals": {"idp.acme.example:aud": "x"}}, CLOSED),
    ],
)  # fmt: skip
def test_customers_of_the_same_provider(
    principal: str, conditions: dict[str, Any] | None, verdict: Verdict, accounts: tuple[str, ...]
) -> None:
    """Only a customer whose name the policy has in full is its own; a wildcard in the name lets others in."""
    kind = PolicyType.ROLE_TRUST_POLICY
    found = reachable_from_outside(document(trusting(principal, conditions), kind), kind, accounts=accounts)
    assert found.verdict is verdict
    if verdict is CLOSED:
        assert found.certificate is not None
        check(found.certificate.to_json())
    else:
        shared = shared_provider(principal)
        assert shared is not None
        assert {difference.who for difference in found.differences} == {f"anyone else whom {shared.host} vouches for"}
