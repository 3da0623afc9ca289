"""Particular forms: answers of AWS, events, repeated and doubled spellings, secrets."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sagepass.denial import DenialKind, PrincipalType, denial_to_json, read_denials
from sagepass.policy.kinds import Effect, PolicyType

_USER = "arn:aws:iam::123456789012:user/mateojackson"
_DETAILS: dict[str, Any] = {
    "requestContext": {
        "aws:PrincipalArn": f'"{_USER}"',
        "aws:SourceIp": "192.0.2.1/32",
        "aws:PrincipalOrgPaths": "[o-exampleorgid/r-examp/]",
        "aws:RequestedRegion": "eu-west-1",
    },
    "evaluations": [
        {
            "action": "iam:GetRole",
            "resource": "arn:aws:iam::123456789012:role/a",
            "context": {},
            "evaluatedEffect": "ALLOW",
            "checks": [],
        },
        {
            "action": "iam:PassRole",
            "resource": "arn:aws:iam::123456789012:role/b",
            "context": {"iam:PassedToService": "sagemaker.amazonaws.com"},
            "evaluatedEffect": "EXPLICIT_DENY",
            "checks": [
                {"checkType": "RESOURCE_CONTROL_POLICY", "evaluatedEffect": "NO_IMPACT"},
                {
                    "checkType": "SERVICE_CONTROL_POLICY",
                    "evaluatedEffect": "EXPLICIT_DENY",
                    "matchedPolicies": [
                        {"uri": "arn:aws:organizations::999999999999:policy/o-a/service_control_policy/p-b"}
                    ],
                },
                {"checkType": "PRINCIPAL", "evaluatedEffect": "IMPLICIT_DENY"},
            ],
        },
    ],
    "policies": [],
}


def test_authorization_details_give_the_refused_evaluations() -> None:
    """The answer of GetRequestAuthorizationDetails: cause, policy, context, also after a shell prompt."""
    (denial,) = read_denials("$ aws iam-toolbox get-request-authorization-details\n" + json.dumps(_DETAILS, indent=2))
    assert (denial.kind, denial.principal, denial.principal_type) == (DenialKind.PASS_ROLE, _USER, PrincipalType.USER)
    assert (denial.action, denial.resource) == ("iam:PassRole", "arn:aws:iam::123456789012:role/b")
    assert (denial.policy_type, denial.effect) == (PolicyType.SERVICE_CONTROL_POLICY, Effect.EXPLICIT_DENY)
    assert denial.policy_arn == "arn:aws:organizations::999999999999:policy/o-a/service_control_policy/p-b"
    context = dict(denial.context)
    assert context["aws:PrincipalOrgPaths"] == ("o-exampleorgid/r-examp/",)
    assert context["iam:PassedToService"] == ("sagemaker.amazonaws.com",)
    assert denial.region == "eu-west-1"


@pytest.mark.parametrize("wrapped", [True, False])
def test_decoded_authorization_messages_are_read(*, wrapped: bool) -> None:
    """The answer of DecodeAuthorizationMessage, as it comes or its inner document alone."""
    message = {
        "allowed": False,
        "explicitDeny": True,
        "matchedStatements": {"items": []},
        "failures": {"items": []},
        "context": {
            "principal": {"id": "AIDAX", "name": "mateojackson", "arn": _USER},
            "action": "ec2:CreateNetworkInterface",
            "resource": "arn:aws:ec2:us-east-1:123456789012:subnet/subnet-1",
            "conditions": {"items": [{"key": "ec2:Vpc", "values": {"items": [{"value": "vpc-1"}]}}]},
        },
    }
    text = json.dumps({"DecodedMessage": json.dumps(message)}) if wrapped else json.dumps(message, indent=1)
    (denial,) = read_denials(text)
    assert (denial.principal, denial.action, denial.effect) == (
        _USER,
        "ec2:CreateNetworkInterface",
        Effect.EXPLICIT_DENY,
    )
    assert dict(denial.context)["ec2:Vpc"] == ("vpc-1",)


def test_an_event_gives_the_context_of_its_request() -> None:
    """What CloudTrail records of the request is kept under the names of condition keys."""
    event = {
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "IAMUser",
            "arn": _USER,
            "principalId": "AIDAX",
            "userName": "mateojackson",
            "sessionContext": {"attributes": {"mfaAuthenticated": "false"}},
        },
        "eventTime": "2026-01-02T03:04:05Z",
        "eventSource": "sagemaker.amazonaws.com",
        "eventName": "CreateModel",
        "awsRegion": "ap-south-1",
        "sourceIPAddress": "10.1.2.3",
        "vpcEndpointId": "vpce-1",
        "errorCode": "AccessDenied",
    }
    other = {**event, "eventName": "ListModels", "errorCode": None}
    for text in (
        json.dumps(event),
        json.dumps({"Records": [other, event]}),
        json.dumps(other) + "\n" + json.dumps(event),
        repr(event),
    ):
        (denial,) = read_denials(text)
        assert (denial.principal, denial.operation, denial.action_inferred) == (
            _USER,
            "CreateModel",
            "sagemaker:CreateModel",
        )
        context = dict(denial.context)
        assert context["aws:SourceVpce"] == ("vpce-1",)
        assert context["aws:MultiFactorAuthPresent"] == ("false",)
        assert context["aws:username"] == ("mateojackson",)
        assert denial.region == "ap-south-1"


def test_a_doubled_prefix_is_read_as_one() -> None:
    """``sagemaker:sagemaker:X`` is ``sagemaker:X``, and the basis says so."""
    text = f"User: {_USER} is not authorized to perform: sagemaker:sagemaker:DescribeTrainingJob on resource: my-example-widget"
    (denial,) = read_denials(text)
    assert (denial.action, denial.resource) == ("sagemaker:DescribeTrainingJob", "my-example-widget")
    assert "sagemaker:sagemaker:DescribeTrainingJob" in dict(denial.basis)["action"]


def test_a_break_in_the_sentence_does_not_matter() -> None:
    """The form of AWS's own troubleshooting page, with the break and the blanks."""
    text = f"User: {_USER} is not\n            authorized to perform: sagemaker:DescribeTrainingJob on resource: my-example-widget"
    (denial,) = read_denials(text)
    assert (denial.principal, denial.action, denial.resource) == (
        _USER,
        "sagemaker:DescribeTrainingJob",
        "my-example-widget",
    )


def test_a_repeated_denial_is_one() -> None:
    """A stack trace says the same thing twice; two callers are two denials."""
    message = "User: {0} is not authorized to perform: iam:PassRole on resource: arn:aws:iam::123456789012:role/r"
    trace = f"Error: {message.format(_USER)}\n  at main\nCaused by: {message.format(_USER)}\n  ... 4 more"
    assert len(read_denials(trace)) == 1
    assert len(read_denials(f"{message.format(_USER)}\n\n{message.format(_USER + '2')}")) == 2


def test_refusals_come_before_other_errors() -> None:
    """A throttled call above a denial does not hide it."""
    text = (
        "An error occurred (ThrottlingException) when calling the ListModels operation: Rate exceeded\n\n"
        f"An error occurred (AccessDeniedException) when calling the CreateModel operation: User: {_USER} is not authorized to perform: sagemaker:AddTags"
    )
    first, second = read_denials(text)
    assert (first.action, first.operation, second.reason, second.operation) == (
        "sagemaker:AddTags",
        "CreateModel",
        "throttling",
        "ListModels",
    )


def test_secrets_are_left_out_when_asked() -> None:
    """Redaction takes the encoded message and the authorization id out of every value, the text included."""
    blob, ident = "AbCd1234_-" * 12, "b5m5v5taprqh3yoluoo4dyw0w"
    text = (
        f"User: {_USER} is not authorized to perform: ec2:RunInstances. Encoded authorization failure message: {blob[:60]}\n{blob[60:]}\n"
        f" call the GetRequestAuthorizationDetails API with the following authorization id: {ident}"
    )
    (denial,) = read_denials(text)
    assert (denial.encoded_message, denial.authorization_id) == (blob, ident)
    open_form, closed = denial_to_json(denial), json.dumps(denial_to_json(denial, redact=True))
    assert open_form["encoded_message"] == blob
    assert blob[:60] not in closed
    assert ident not in closed


def test_the_json_form_has_every_key_always() -> None:
    """Key names are stable: the labelled fields, and the extras."""
    keys = {
        tuple(denial_to_json(denial))
        for text in ("Access Denied error", "User is not authorized to perform: s3:GetObject")
        for denial in read_denials(text)
    }
    assert keys == {
        (
            "kind", "principal", "principal_type", "account", "action", "action_inferred", "resource", "policy_type", "effect", "operation",
            "service", "policy_arn", "authorization_id", "encoded_message", "reason", "next_step", "region", "error_code", "context", "basis",
            "text", "span", "places",
        )
    }  # fmt: skip


def test_what_is_inferred_says_from_what() -> None:
    """Every inferred action carries its reason."""
    for text in (
        "An error occurred (403) when calling the HeadObject operation: Forbidden",
        "Could not assume role arn:aws:iam::123456789012:role/r",
        "Cross-account pass role is not allowed",
    ):
        (denial,) = read_denials(text)
        assert denial.action is None
        assert denial.action_inferred is not None
        assert dict(denial.basis)["action_inferred"]
