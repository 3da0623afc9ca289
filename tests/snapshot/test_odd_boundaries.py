"""A permissions boundary that cannot be read still limits.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
"""

from __future__ import annotations

import pytest

import sagepass
from sagepass.policy.kinds import Effect

USER = "arn:aws:iam::123456789012:user/mateojackson"


@pytest.mark.parametrize(
    ("boundary", "expected"),
    [
        (None, Effect.ALLOW),
        ("arn:aws:iam::123456789012:policy/Limits", Effect.UNKNOWN),
        ({}, Effect.UNKNOWN),
        ({"PermissionsBoundaryArn": ""}, Effect.UNKNOWN),
        ([], Effect.UNKNOWN),
    ],
)
def test_a_boundary_in_an_odd_form_is_never_taken_for_none(boundary: object, expected: Effect) -> None:
    """What it allows was not supplied, so nothing is certainly allowed."""
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    user = {
        "UserName": "mateojackson",
        "Path": "/",
        "UserId": "AIDA0000000000000001",
        "Arn": USER,
        "UserPolicyList": [{"PolicyName": "p", "PolicyDocument": everything}],
        "GroupList": [],
        "AttachedManagedPolicies": [],
        "PermissionsBoundary": boundary,
    }
    details = {"UserDetailList": [user], "GroupDetailList": [], "RoleDetailList": [], "Policies": []}
    snapshot = sagepass.Snapshot.from_authorization_details(details).without_organization()
    request = sagepass.Request(
        principal=USER,
        action="sagemaker:DescribeModel",
        resource="arn:aws:sagemaker:eu-west-1:123456789012:model/churn",
    )
    assert sagepass.authorize(request, snapshot).effect is expected
