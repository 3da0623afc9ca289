"""The questions that the tests ask: every kind of party, the resources, and the accounts."""

from __future__ import annotations

from typing import Any

from sagepass.jobs.share.question import ShareQuestion

OWNER, OTHER, VENDOR, MEMBER = "123456789012", "444455556666", "222233334444", "111122223333"
MPG = f"arn:aws:sagemaker:us-east-1:{OWNER}:model-package-group/churn"
ENDPOINT = f"arn:aws:sagemaker:us-east-1:{OWNER}:endpoint/churn"
PIPELINE = f"arn:aws:sagemaker:us-east-1:{OWNER}:pipeline/churn"
FEATURES = f"arn:aws:sagemaker:us-east-1:{OWNER}:feature-group/churn"
HUB = f"arn:aws:sagemaker:us-east-1:{OWNER}:hub/models"
CARD = f"arn:aws:sagemaker:us-east-1:{OWNER}:model-card/churn"
LINEAGE = f"arn:aws:sagemaker:us-east-1:{OWNER}:lineage-group/sagemaker-default-lineage-group"
JOB = f"arn:aws:sagemaker:us-east-1:{OWNER}:training-job/churn-7"
RESOURCES = (MPG, ENDPOINT, PIPELINE, FEATURES, HUB, CARD, LINEAGE, JOB)
ROUTER = f"arn:aws:sagemaker:us-east-1:{OTHER}:inference-router/front"
ROLE = f"arn:aws:iam::{OTHER}:role/model-audit"
OIDC = f"arn:aws:iam::{OWNER}:oidc-provider/token.actions.githubusercontent.com"
SAML = f"arn:aws:iam::{OWNER}:saml-provider/ExampleCorp"
BRANCH = "repo:octo-org/churn:ref:refs/heads/main"
POOL = "us-east-1:11111111-2222-3333-4444-555555555555"
KEY = f"arn:aws:kms:us-east-1:{OWNER}:key/0a1b2c3d-1111-2222-3333-444455556666"
IMAGE = f"{OWNER}.dkr.ecr.us-east-1.amazonaws.com/churn-inference:2026-02"
DATA = "s3://example-churn-models/churn/"
ALSO = (DATA, IMAGE, KEY)
ORGANIZATION = "o-a1b2c3d4e5"
UNIT_PATH = f"{ORGANIZATION}/r-ab12/ou-ab12-11112222"

PARTIES: dict[str, dict[str, Any]] = {
    "account": {"who": f"account:{OTHER}"},
    "role": {"who": ROLE},
    "user": {"who": f"arn:aws:iam::{OTHER}:user/team/saanvisarkar"},
    "session": {"who": f"arn:aws:sts::{OTHER}:assumed-role/model-audit/nightly"},
    "third-party": {"who": f"third-party:{VENDOR}"},
    "organization": {"who": f"org:{ORGANIZATION}"},
    "unit": {"who": f"ou:{UNIT_PATH}"},
    "saml": {"who": f"saml:{SAML}"},
    "oidc": {"who": f"oidc:{OIDC}", "subject": BRANCH},
    "oidc-pattern": {"who": f"oidc:{OIDC}", "subject": "repo:octo-org/*:ref:refs/heads/main", "audience": "sagemaker"},
    "sso": {"who": f"sso:DataScientist@{OTHER}"},
    "cognito": {"who": f"cognito:{POOL}"},
    "service": {"who": "service:sagemaker.amazonaws.com"},
    "service-arn": {
        "who": "service:sagemaker.amazonaws.com",
        "source_arn": f"arn:aws:sagemaker:us-east-1:{OWNER}:training-job/*",
    },
}
"""Name to the part of a question that says whom."""


def question(party: str, resource: str = MPG, **more: Any) -> ShareQuestion:  # noqa: ANN401 - members of the question
    """A question about a party."""
    return ShareQuestion(**{"resource": resource, **PARTIES[party], **more})
