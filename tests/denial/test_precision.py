"""What looks like a refusal by AWS and is none, or is one of another service, is told apart."""

from __future__ import annotations

import pytest

from sagepass.denial import DenialKind, read_denials

_ARN = "arn:aws:iam::123456789012:user/mateojackson"
_IMAGE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/acme:1"


@pytest.mark.parametrize(
    "text",
    [
        "User: bob Action: cart:Checkout Context: mobile",
        f"audit User: {_ARN} Action: s3:GetObject On resource(s): arn:aws:s3:::a/b Context: console",
        "User: bob\nService: cart\nAction: Checkout\nContext: no session policy of ours",
    ],
)
def test_a_box_of_other_software_is_no_refusal(text: str) -> None:
    """The console's box has AWS's title above it, or AWS's reason in it."""
    assert [denial for denial in read_denials(text) if denial.kind is not DenialKind.NOT_A_DENIAL] == []


@pytest.mark.parametrize(
    ("text", "service"),
    [
        (f'{{"TrainingImage":"{_IMAGE}","FailureReason":"ClientError: Access Denied","S3Uri":"s3://acme/x"}}', "s3"),
        (f"{_IMAGE}\nAn error occurred (AccessDenied) when calling the GetObject operation: Access Denied", "s3"),
        (f"pulling from host {_IMAGE.partition('/')[0]} failed with status code [manifests 1]: 403 Forbidden", "ecr"),
    ],
)
def test_an_image_nearby_is_no_pull(text: str, service: str) -> None:
    """A job's description names its image whatever was refused."""
    (denial,) = read_denials(text)
    assert (denial.kind, denial.service) == (DenialKind.DATA_ACCESS, service)


def test_errors_of_different_kinds_stay_apart() -> None:
    """A refusal beside an expired token, a wrong MFA code or a file's permissions is still read, and they are not refusals."""
    text = (
        "2026-08-01T10:00:00Z ERROR PermissionError: [Errno 13] Permission denied: '/opt/ml/x'\n"
        "2026-08-01T10:00:01Z ERROR An error occurred (AccessDenied) when calling the AssumeRole operation: MultiFactorAuthentication failed\n"
        f"2026-08-01T10:00:02Z ERROR User: {_ARN} is not authorized to perform: sagemaker:ListModels\n"
    )
    kinds = [(denial.kind.value, denial.reason and denial.reason.value) for denial in read_denials(text)]
    assert kinds == [("iam_denial", None), ("not_a_denial", "outside_aws"), ("not_a_denial", "invalid_credentials")]
