"""Requests of any shape to the operations that are answered here: an answer or AWS's own refusal, nothing else."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.endpoint.answers.worlds import EVERYTHING, MATEO, recorded, world

from sagepass.endpoint.answers import ApiError, find_answer

CALLS = (
    recorded("sagemaker", "DescribeTrainingJob", {"TrainingJobName": "my-example-widget"}),
    recorded("s3", "DeleteObject", {"Bucket": "lake", "Key": "k"}, number=2),
)
OPERATIONS = [
    ("iam-toolbox", "GetRequestAuthorizationDetails"),
    ("iam-toolbox", "GetRequestAuthorizationPolicy"),
    ("iam", "SimulateCustomPolicy"),
    ("iam", "SimulatePrincipalPolicy"),
    ("iam", "GetContextKeysForCustomPolicy"),
    ("iam", "GetContextKeysForPrincipalPolicy"),
    ("sts", "DecodeAuthorizationMessage"),
    ("accessanalyzer", "ValidatePolicy"),
    ("cloudtrail", "LookupEvents"),
]
MEMBERS = st.sampled_from([
    "authorizationId", "nextToken", "policyUri", "PolicyInputList", "ActionNames", "ResourceArns", "ResourcePolicy",
    "CallerArn", "ContextEntries", "PolicySourceArn", "PolicyExclusionList", "MaxItems", "Marker", "EncodedMessage",
    "policyDocument", "policyType", "LookupAttributes", "StartTime", "EndTime", "NextToken", "MaxResults",
])  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20)
    | st.sampled_from(["auth1", MATEO, json.dumps(EVERYTHING), "s3:GetObject", "IDENTITY_POLICY", "*", '{"Statement": 1}']),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@pytest.mark.parametrize(("client", "operation"), OPERATIONS)
@settings(max_examples=60, deadline=None)
@given(params=st.dictionaries(MEMBERS, VALUES, max_size=6))
def test_any_request_is_answered_or_refused(client: str, operation: str, params: dict[str, object]) -> None:
    """A refusal has a code and an HTTP status below 500, so that no client tries again."""
    answer = find_answer(client, operation)
    assert answer is not None
    refused: ApiError | None = None
    found: object = None
    try:
        found = answer(params, world(*CALLS))
    except ApiError as error:
        refused = error
    json.dumps(found, default=str)
    assert refused is None or (refused.code and refused.message and 400 <= refused.status < 500)
