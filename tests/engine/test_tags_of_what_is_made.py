"""Tags of a resource count, unless the very request brings it into being.

https://docs.aws.amazon.com/sagemaker/latest/dg/security_iam_id-based-policy-examples.html (user profiles by tag) and
https://docs.aws.amazon.com/kms/latest/developerguide/tag-authorization.html
"""

from __future__ import annotations

import pytest

import sagepass
from sagepass.policy.kinds import Effect

USER = "arn:aws:iam::123456789012:user/mateojackson"
SAGEMAKER = "arn:aws:sagemaker:eu-west-1:123456789012:"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/7c1f9a52-3b0e-4f6d-9a41-2d8e5c6b7a90"


def decided(effect: str, operator: str, action: str, resource: str) -> Effect:
    """The decision with everything allowed and one statement that looks at the tag ``team``; no tags were collected."""
    tagged = {operator: {"aws:ResourceTag/team": "ml"}}
    one = {"Effect": effect, "Action": action, "Resource": "*", "Condition": tagged}
    rest = [{"Effect": "Allow", "Action": "*", "Resource": "*"}] if effect == "Deny" else []
    policy = {"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17", "Statement": [one, *rest]}}
    user = {
        "UserName": "mateojackson",
        "Path": "/",
        "UserId": "AIDA0000000000000001",
        "Arn": USER,
        "UserPolicyList": [policy],
        "GroupList": [],
        "AttachedManagedPolicies": [],
    }
    details = {"UserDetailList": [user], "GroupDetailList": [], "RoleDetailList": [], "Policies": []}
    snapshot = sagepass.Snapshot.from_authorization_details(details).without_organization()
    return sagepass.authorize(sagepass.Request(principal=USER, action=action, resource=resource), snapshot).effect


EXISTING = [
    ("sagemaker:CreatePresignedDomainUrl", f"{SAGEMAKER}user-profile/d-abc/alice"),
    ("sagemaker:CreateEndpoint", f"{SAGEMAKER}endpoint-config/churn"),
    ("sagemaker:CreateInferenceComponent", f"{SAGEMAKER}endpoint/churn"),
    ("kms:CreateGrant", KEY),
    ("iam:CreateAccessKey", "arn:aws:iam::123456789012:user/alice"),
]
MADE = [
    ("sagemaker:CreateTrainingJob", f"{SAGEMAKER}training-job/churn"),
    ("sagemaker:CreateAutoMLJobV2", f"{SAGEMAKER}automl-job/churn"),
    ("sagemaker:CreateUserProfile", f"{SAGEMAKER}user-profile/d-abc/alice"),
    ("sagemaker:CreateEndpointConfig", f"{SAGEMAKER}endpoint-config/churn"),
]


@pytest.mark.parametrize(("action", "resource"), EXISTING)
def test_the_tags_of_something_that_exists_may_deny(action: str, resource: str) -> None:
    """Its tags were not collected, so a Deny that looks at them leaves the answer open: it is never an ALLOW."""
    assert decided("Deny", "StringEquals", action, resource) is Effect.UNKNOWN


@pytest.mark.parametrize(("action", "resource"), EXISTING)
def test_the_tags_of_something_that_exists_may_allow(action: str, resource: str) -> None:
    """An Allow that asks for a tag is open as well, and no certain denial."""
    assert decided("Allow", "StringEquals", action, resource) is not Effect.IMPLICIT_DENY


@pytest.mark.parametrize(("action", "resource"), MADE)
def test_what_is_made_has_no_tags_yet(action: str, resource: str) -> None:
    """A condition on its tags is certainly not met by the request that makes it."""
    assert decided("Allow", "StringEquals", action, resource) is Effect.IMPLICIT_DENY
    assert decided("Deny", "StringEquals", action, resource) is Effect.ALLOW
