"""The context keys that policies refer to."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.endpoint.answers.worlds import ACCOUNT, MATEO, allow, ask, document, world

from sagepass.endpoint.answers import ApiError


def keys(operation: str, **params: object) -> list[str]:
    """The answer's only member."""
    answer: dict[str, Any] = ask("iam", operation, params, world())
    return list(answer["ContextKeyNames"])


def test_conditions_and_variables_count_once_each() -> None:
    """In the order of the documents, without regard to case, spelled as they first stand there."""
    policies = [
        document(
            allow("s3:*", "arn:aws:s3:::b/${aws:username}/*", Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}),
            allow("kms:*", "*", Condition={"StringLike": {"kms:ViaService": "${aws:PrincipalTag/svc}.*"}}),
        ),
        document(allow("ec2:*", "*", Condition={"NotIpAddress": {"AWS:sourceip": "10.1.0.0/16"}})),
    ]
    found = keys("GetContextKeysForCustomPolicy", PolicyInputList=[json.dumps(one) for one in policies])
    assert found == ["aws:SourceIp", "aws:username", "kms:ViaService", "aws:PrincipalTag/svc"]


def test_variables_of_an_old_version_are_literal_text() -> None:
    """Without Version 2012-10-17 there are no variables, and so no keys in them."""
    old = {"Version": "2008-10-17", "Statement": [allow("s3:*", "arn:aws:s3:::b/${aws:username}/*")]}
    assert keys("GetContextKeysForCustomPolicy", PolicyInputList=[json.dumps(old)]) == []


def test_a_principal_brings_its_policies_and_not_the_organization() -> None:
    """Policies of the request come on top of those that are attached."""
    further = document(allow("s3:*", "*", Condition={"Bool": {"aws:SecureTransport": "true"}}))
    assert keys("GetContextKeysForPrincipalPolicy", PolicySourceArn=MATEO) == []
    found = keys("GetContextKeysForPrincipalPolicy", PolicySourceArn=MATEO, PolicyInputList=[json.dumps(further)])
    assert found == ["aws:SecureTransport"]


def test_bad_requests_are_refused() -> None:
    """No policy, no such identity."""
    with pytest.raises(ApiError, match="PolicyInputList"):
        keys("GetContextKeysForCustomPolicy", PolicyInputList=[])
    with pytest.raises(ApiError, match="there is no user") as refused:
        keys("GetContextKeysForPrincipalPolicy", PolicySourceArn=f"arn:aws:iam::{ACCOUNT}:user/nobody")
    assert refused.value.status == 404
