"""``iam-toolbox``: the record of a denied request, and that our own reader reads it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from tests.endpoint.answers.worlds import (
    ACCOUNT,
    BOUNDARY,
    EXEC,
    MANAGED,
    MATEO,
    REGION,
    SESSION,
    STRANGER,
    account,
    ask,
    recorded,
    world,
)

from sagepass.denial import read_denials
from sagepass.endpoint.answers import ApiError
from sagepass.engine.decision import Decision
from sagepass.policy.kinds import Effect, PolicyType

DESCRIBE = recorded("sagemaker", "DescribeTrainingJob", {"TrainingJobName": "my-example-widget"})
DELETE = recorded("s3", "DeleteObject", {"Bucket": "lake", "Key": "k"}, number=2)
CLUSTER = recorded("sagemaker", "CreateCluster", {"ClusterName": "c", "InstanceGroups": []}, number=3)
LISTED = recorded("organizations", "ListAccounts", {}, number=4)
PUT = recorded("s3", "PutObject", {"Bucket": "lake", "Key": "k"}, caller=SESSION, number=5)
TRAIN = recorded(
    "sagemaker",
    "CreateTrainingJob",
    {
        "TrainingJobName": "t",
        "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/service-role/Exec",
        "Tags": [{"Key": "a", "Value": "b"}],
    },
    number=6,
)
CALLS = (DESCRIBE, DELETE, CLUSTER, LISTED, PUT, TRAIN)


def details(ident: str, account_id: str = ACCOUNT, region: str = REGION) -> dict[str, Any]:
    """The record of one of the calls."""
    return ask(
        "iam-toolbox",
        "GetRequestAuthorizationDetails",
        {"authorizationId": ident},
        world(*CALLS, account_id=account_id, region=region),
    )


def test_checks_stand_in_aws_order_each_level_with_its_target() -> None:
    """RCPs, SCPs from the root down, then resource, principal and boundary; what does not apply is left out."""
    (evaluation,) = details("auth1")["evaluations"]
    assert [
        (check["checkType"], check["evaluatedEffect"], check.get("targetArn")) for check in evaluation["checks"]
    ] == [
        ("SERVICE_CONTROL_POLICY", "ALLOW", "arn:aws:organizations::999988887777:root/o-abcdef1234/r-root"),
        ("SERVICE_CONTROL_POLICY", "ALLOW", "arn:aws:organizations::999988887777:ou/o-abcdef1234/ou-root-11111111"),
        ("SERVICE_CONTROL_POLICY", "ALLOW", f"arn:aws:organizations::999988887777:account/o-abcdef1234/{ACCOUNT}"),
        ("PRINCIPAL", "IMPLICIT_DENY", None),
        ("PERMISSIONS_BOUNDARY", "ALLOW", None),
    ]


@pytest.mark.parametrize(
    ("ident", "effect", "check", "statements"),
    [
        ("auth2", "EXPLICIT_DENY", "PRINCIPAL", [{"sid": "NoDelete", "evaluatedEffect": "DENY"}]),
        ("auth3", "EXPLICIT_DENY", "SERVICE_CONTROL_POLICY", [{"sid": "Statement1", "evaluatedEffect": "DENY"}]),
        ("auth5", "EXPLICIT_DENY", "RESOURCE", [{"sid": "Statement1", "evaluatedEffect": "DENY"}]),
    ],
)
def test_an_explicit_deny_names_the_statement(
    ident: str, effect: str, check: str, statements: list[dict[str, str]]
) -> None:
    """The evaluation has the effect of its check, and a statement without Sid gets one."""
    (evaluation,) = details(ident)["evaluations"]
    assert evaluation["evaluatedEffect"] == effect
    denying = [one for one in evaluation["checks"] if one["evaluatedEffect"] == "EXPLICIT_DENY"]
    assert [one["checkType"] for one in denying] == [check]
    assert denying[0]["matchedPolicies"][0]["matchedStatements"] == statements


def test_an_implicit_deny_has_its_check_and_no_explicit_one() -> None:
    """As AWS promises of ``checks``: here both the identity policies and the boundary are silent."""
    (evaluation,) = details("auth4")["evaluations"]
    silent = [one["checkType"] for one in evaluation["checks"] if one["evaluatedEffect"] == "IMPLICIT_DENY"]
    assert silent == ["PRINCIPAL", "PERMISSIONS_BOUNDARY"]
    assert not [one for one in evaluation["checks"] if one["evaluatedEffect"] == "EXPLICIT_DENY"]


def test_every_matched_uri_is_a_listed_policy_with_a_document() -> None:
    """The list is complete: what was looked at and did not match is there too, and each document can be had."""
    for ident in ("auth1", "auth2", "auth3", "auth4", "auth5", "auth6"):
        record = details(ident)
        listed = {policy["uri"]: policy for policy in record["policies"]}
        matched = {
            policy["uri"]
            for evaluation in record["evaluations"]
            for check in evaluation["checks"]
            for policy in check["matchedPolicies"]
        }
        assert matched <= set(listed)
        for uri in listed:
            params = {"authorizationId": ident, "policyUri": uri}
            answer = ask("iam-toolbox", "GetRequestAuthorizationPolicy", params, world(*CALLS))
            document = answer["policyDocument"]
            assert isinstance(document, dict)
            assert "Statement" in document
    assert {policy["uri"] for policy in details("auth1")["policies"]} >= {BOUNDARY, MANAGED}


def test_inline_policies_have_opaque_uris_and_managed_ones_their_arn() -> None:
    """And one that is attached on several levels of the organization is listed once, with all of them."""
    policies = details("auth1")["policies"]
    for policy in policies:
        assert policy["inline"] is not (policy["uri"].startswith("arn:") or policy["type"].endswith("CONTROL_POLICY"))
    (full,) = [policy for policy in policies if policy["uri"].startswith("p-FullAWSAccess")]
    assert [one["arn"].rpartition("/")[2] for one in full["attachedTo"]] == ["r-root", "ou-root-11111111", ACCOUNT]


def test_the_context_is_split_in_what_is_shared_and_what_is_not() -> None:
    """Caller and network stand once; what differs from authorization to authorization stands with each."""
    record = details("auth6")
    assert record["requestContext"]["aws:PrincipalArn"] == MATEO
    assert record["requestContext"]["aws:SourceIp"] == "127.0.0.1"
    contexts = {one["action"]: one["context"] for one in record["evaluations"]}
    assert contexts["iam:PassRole"]["iam:PassedToService"] == "sagemaker.amazonaws.com"
    assert contexts["sagemaker:CreateTrainingJob"]["aws:TagKeys"] == ["a"]
    assert "iam:PassedToService" not in contexts["sagemaker:CreateTrainingJob"]
    assert not set(record["requestContext"]) & {key for context in contexts.values() for key in context}


@pytest.mark.parametrize(
    ("ident", "effect", "policy_type"),
    [
        ("auth1", Effect.IMPLICIT_DENY, PolicyType.IDENTITY_BASED_POLICY),
        ("auth2", Effect.EXPLICIT_DENY, PolicyType.IDENTITY_BASED_POLICY),
        ("auth3", Effect.EXPLICIT_DENY, PolicyType.SERVICE_CONTROL_POLICY),
        ("auth5", Effect.EXPLICIT_DENY, PolicyType.RESOURCE_BASED_POLICY),
    ],
)
def test_our_reader_reads_the_record_back(ident: str, effect: Effect, policy_type: PolicyType) -> None:
    """Caller, action, resource, effect and cause are those of the decision."""
    call = next(one for one in CALLS if one.authorization_id == ident)
    (denial,) = read_denials(json.dumps(details(ident)))
    assert (denial.principal, denial.effect, denial.policy_type) == (
        call.caller.replace("sts", "iam").replace("assumed-role/Exec/job-1", "role/service-role/Exec"),
        effect,
        policy_type,
    )
    assert (denial.action, denial.resource) == (call.needed[0].action, call.needed[0].resource)


def test_what_the_decision_left_open_is_an_implicit_deny() -> None:
    """The endpoint refuses what it cannot settle, and the record knows no unknown."""
    decision = DESCRIBE.decisions[0]
    (evaluation,) = decision.evaluations
    opened = replace(
        evaluation, effect=Effect.UNKNOWN, checks=tuple(replace(c, effect=Effect.UNKNOWN) for c in evaluation.checks)
    )
    unknown: Decision = replace(decision, effect=Effect.UNKNOWN, evaluations=(opened,))
    call = replace(DESCRIBE, decisions=(unknown,))
    record = ask("iam-toolbox", "GetRequestAuthorizationDetails", {"authorizationId": "auth1"}, world(call))
    assert isinstance(record["evaluations"], list)
    assert record["evaluations"][0]["evaluatedEffect"] == "IMPLICIT_DENY"
    assert {check["evaluatedEffect"] for check in record["evaluations"][0]["checks"]} == {"IMPLICIT_DENY"}


def test_without_the_kept_state_the_named_policies_remain() -> None:
    """A record that was read from a journal shows the policies that the decision itself names."""
    bare = recorded("s3", "DeleteObject", {"Bucket": "lake", "Key": "k"}, keep=False)
    record = ask("iam-toolbox", "GetRequestAuthorizationDetails", {"authorizationId": "auth1"}, world(bare))
    assert isinstance(record["policies"], list)
    assert MANAGED in [policy["uri"] for policy in record["policies"]]
    (denial,) = read_denials(json.dumps(record))
    assert (denial.principal, denial.policy_arn) == (MATEO, MANAGED)


def test_without_the_kept_state_a_session_still_has_its_role() -> None:
    """The ARN of a session lacks the role's path, which does not change and is looked up."""
    bare = recorded("s3", "PutObject", {"Bucket": "lake", "Key": "k"}, caller=SESSION, keep=False)
    record = ask("iam-toolbox", "GetRequestAuthorizationDetails", {"authorizationId": "auth1"}, world(bare))
    assert isinstance(record["requestContext"], dict)
    assert record["requestContext"]["aws:PrincipalArn"] == EXEC


@pytest.mark.parametrize(
    ("ident", "changes", "code", "status"),
    [
        ("nothere", {}, "ResourceNotFoundException", 404),
        ("auth1", {"region": "us-east-1"}, "ResourceNotFoundException", 404),
        ("auth1", {"account_id": STRANGER}, "ResourceNotFoundException", 404),
        ("../etc", {}, "ValidationException", 400),
        ("A" * 10, {}, "ValidationException", 400),
        ("a" * 257, {}, "ValidationException", 400),
    ],
)
def test_a_record_is_shown_to_those_only_who_may_see_it(
    ident: str, changes: dict[str, str], code: str, status: int
) -> None:
    """Another account, another Region and an id that is none: all refused, none with a hint of what exists."""
    with pytest.raises(ApiError) as refused:
        details(ident, **changes)
    assert (refused.value.code, refused.value.status) == (code, status)


def test_another_account_of_the_organization_may_see_it() -> None:
    """The record goes to the organization of the denied caller."""
    assert account().organization_id("999988887777") == "o-abcdef1234"
    assert details("auth1", account_id="999988887777")["evaluations"]


def test_an_allowed_call_has_no_record() -> None:
    """AWS keeps records of denials."""
    call = recorded("s3", "GetObject", {"Bucket": "lake", "Key": "k"})
    assert call.allowed
    with pytest.raises(ApiError, match="no authorization details"):
        ask("iam-toolbox", "GetRequestAuthorizationDetails", {"authorizationId": "auth1"}, world(call))


def test_a_policy_of_another_request_cannot_be_had() -> None:
    """Only the URIs of the record itself open a document."""
    with pytest.raises(ApiError, match="no policy of this URI"):
        ask(
            "iam-toolbox",
            "GetRequestAuthorizationPolicy",
            {"authorizationId": "auth1", "policyUri": "arn:aws:iam::aws:policy/AdministratorAccess"},
            world(DESCRIBE),
        )
