"""Errors that are not about permissions are told apart, with what to do instead."""

from __future__ import annotations

import pytest

from sagepass.denial import DenialKind, OtherError, next_step, read_denials

_CASES = [
    ("An error occurred (ThrottlingException) when calling the ListModels operation (reached max retries: 4): Rate exceeded", "throttling", "ListModels"),
    ("com.amazonaws.SdkClientException: Too Many Requests", "throttling", None),
    ("An error occurred (ExpiredToken) when calling the GetObject operation: The provided token has expired.", "expired_token", "GetObject"),
    ("The security token included in the request is expired", "expired_token", None),
    ("An error occurred (UnrecognizedClientException) when calling the ListDomains operation: The security token included in the request is invalid", "invalid_credentials", "ListDomains"),
    ("An error occurred (InvalidAccessKeyId) when calling the ListBuckets operation: The AWS Access Key Id you provided does not exist in our records.", "invalid_credentials", "ListBuckets"),
    ("botocore.exceptions.NoCredentialsError: Unable to locate credentials", "missing_credentials", None),
    ("no basic auth credentials", "missing_credentials", None),
    ("CredentialsProviderError: Could not load credentials from any providers", "missing_credentials", None),
    ("An error occurred (SignatureDoesNotMatch) when calling the PutObject operation: The request signature we calculated does not match the signature you provided.", "signature", "PutObject"),
    ("An error occurred (InvalidSignatureException) when calling the ListApps operation: Signature expired: 20260101T000000Z is now earlier than 20260101T001000Z", "clock_skew", "ListApps"),
    ("An error occurred (RequestTimeTooSkewed) when calling the ListBuckets operation: The difference between the request time and the current time is too large.", "clock_skew", "ListBuckets"),
    ("An error occurred (ResourceLimitExceeded) when calling the CreateEndpoint operation: The account-level service limit 'ml.g5.2xlarge for endpoint usage' is 0 Instances", "quota", "CreateEndpoint"),
    ("CapacityError: Unable to provision requested ML compute capacity due to InsufficientInstanceCapacity error.", "quota", None),
    ("An error occurred (NoSuchBucket) when calling the ListObjectsV2 operation: The specified bucket does not exist", "not_found", "ListObjectsV2"),
    ("An error occurred (404) when calling the HeadObject operation: Not Found", "not_found", "HeadObject"),
    ('An error occurred (ValidationException) when calling the DescribeModel operation: Could not find model "m".', "not_found", "DescribeModel"),
    ('Could not connect to the endpoint URL: "https://runtime.sagemaker.eu-west-1.amazonaws.com/"', "network", None),
    ("dial tcp: lookup api.sagemaker.us-east-1.amazonaws.com: no such host: error", "network", None),
    ("An error occurred (OptInRequired) when calling the RunInstances operation: You are not subscribed to this service.", "region_not_enabled", "RunInstances"),
    ("An error occurred (RegionDisabledException) when calling the AssumeRole operation: STS is not activated in this region for account:123456789012.", "region_not_enabled", "AssumeRole"),
    ("An error occurred (ValidationException) when calling the CreateModel operation: 1 validation error detected: Value '' at 'modelName' failed to satisfy constraint", "validation", "CreateModel"),
    ('botocore.exceptions.ParamValidationError: Parameter validation failed:\nMissing required parameter in input: "RoleArn"', "validation", None),
    ("An error occurred (ConflictException) when calling the CreateImage operation: already exists", "conflict", "CreateImage"),
    ("An error occurred (InternalServerException) when calling the InvokeEndpoint operation: try again", "internal", "InvokeEndpoint"),
    ("An error occurred (KMS.DisabledException) when calling the PutObject operation: arn:aws:kms:eu-west-1:123456789012:key/k is disabled.", "resource_state", "PutObject"),
    ("ValidationException: KMS key arn:aws:kms:eu-west-1:123456789012:key/k is pending deletion.", "resource_state", None),
    ("Artifact upload failed:Please ensure that the subnet's route table has a route to an S3 VPC endpoint or a NAT device", "network", None),
    ("PermissionError: [Errno 13] Permission denied: '/opt/ml/model/weights.bin'", "outside_aws", None),
    ("PermissionError: [Errno 13] Permission denied: '/opt/sagemaker/.aws/sso'", "outside_aws", None),
    ("huggingface_hub.utils._errors.GatedRepoError: 403 Client Error.", "outside_aws", None),
    ('Error from server (Forbidden): pods is forbidden: User "ann" cannot list resource "pods"', "outside_aws", None),
    ("<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>", "expired_token", None),
    ("OSError: When listing objects under key 'a' in bucket 'b': AWS Error NO_SUCH_BUCKET during ListObjectsV2 operation: gone", "not_found", "ListObjectsV2"),
    ("An error occurred (SomethingNew) when calling the CreateThing operation: hm", "other", "CreateThing"),
    ("something failed", "other", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "reason", "operation"), _CASES)
def test_other_errors_are_recognised(text: str, reason: str, operation: str | None) -> None:
    """The reason is named, nothing else is made up, and a next step is given."""
    (denial,) = read_denials(text)
    assert (denial.kind, denial.reason, denial.operation) == (DenialKind.NOT_A_DENIAL, OtherError(reason), operation)
    assert (denial.principal, denial.action, denial.action_inferred, denial.resource, denial.service) == (None,) * 5
    step = next_step(denial)
    assert step is not None
    assert step.endswith(".")


def test_every_reason_has_its_own_next_step() -> None:
    """No two reasons share their advice, and a denial has none: its remedy is a policy."""
    found = {denial.reason: next_step(denial) for text, _, _ in _CASES for denial in read_denials(text)}
    assert set(found) == set(OtherError)
    assert len(set(found.values())) == len(found)
    (denial,) = read_denials("User is not authorized to perform: sagemaker:ListModels")
    assert next_step(denial) is None
