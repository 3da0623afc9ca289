"""AWS's own ways of asking about a denial, through real clients: the record, the simulator, the history, the encoded message."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from tests.endpoint.conftest import ACCOUNT, Aws, Client, allow, refused

from sagepass.denial import read_denials
from sagepass.endpoint.endpoint import Credentials, Endpoint, Setup

USER = f"arn:aws:iam::{ACCOUNT}:user/asked"


@pytest.fixture(scope="module")
def aws() -> Iterator[Aws]:
    """An endpoint whose denials carry authorization ids."""
    with Endpoint(Setup()) as endpoint:
        yield Aws(endpoint)


@pytest.fixture(scope="module")
def who(aws: Aws) -> Credentials:
    """A user who may ask about denials, and nothing of SageMaker."""
    return aws.user("asked", allow("iam-toolbox:*", "iam:*", "cloudtrail:LookupEvents"))


def without_metadata(answer: Client) -> dict[str, object]:
    """An answer as JSON, as the AWS CLI prints it."""
    plain: dict[str, object] = json.loads(json.dumps(answer, default=str))
    plain.pop("ResponseMetadata")
    return plain


def test_the_record_of_a_denial(aws: Aws, who: Credentials) -> None:
    """The id in the message opens AWS's own record, which our reader reads back to the same denial."""
    message = refused(aws.client("sagemaker", who).list_models).message
    (denial,) = read_denials(message)
    assert denial.authorization_id is not None
    got = aws.client("iam-toolbox", who).get_request_authorization_details(authorizationId=denial.authorization_id)
    (read,) = read_denials(json.dumps(without_metadata(got)))
    assert (read.action, read.effect) == ("sagemaker:ListModels", "IMPLICIT_DENY")


def test_the_simulator_agrees_with_the_gate(aws: Aws, who: Credentials) -> None:
    """What is simulated as denied is denied, and the other way round."""
    answer = aws.client("iam", who).simulate_principal_policy(
        PolicySourceArn=USER, ActionNames=["sagemaker:ListModels", "cloudtrail:LookupEvents"]
    )
    decisions = {one["EvalActionName"]: one["EvalDecision"] for one in answer["EvaluationResults"]}
    assert decisions == {"sagemaker:ListModels": "implicitDeny", "cloudtrail:LookupEvents": "allowed"}
    refused(aws.client("sagemaker", who).list_models)
    aws.client("cloudtrail", who).lookup_events()


def test_the_history_has_the_denied_call(aws: Aws, who: Credentials) -> None:
    """With its error code; the caller's own key finds it."""
    refused(aws.client("sagemaker", who).list_endpoints)
    events = aws.client("cloudtrail", who).lookup_events(
        LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "ListEndpoints"}]
    )["Events"]
    record = json.loads(events[0]["CloudTrailEvent"])
    assert (record["errorCode"], record["userIdentity"]["arn"]) == ("AccessDeniedException", USER)


def test_answers_are_gated_like_any_call(aws: Aws) -> None:
    """Without permission there is no answer."""
    nobody = aws.user("asks-in-vain")
    assert refused(aws.client("cloudtrail", nobody).lookup_events).code == "AccessDeniedException"
    assert (
        refused(aws.client("iam", nobody).get_context_keys_for_custom_policy, PolicyInputList=["{}"]).code
        == "AccessDenied"
    )
