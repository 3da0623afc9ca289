"""The policy simulator: its semantics, its places, its pages, and what it refuses."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.endpoint.answers.worlds import (
    ACCOUNT,
    BUCKET,
    EXEC,
    MATEO,
    STRANGER,
    allow,
    ask,
    deny,
    document,
    world,
)

from sagepass.endpoint.answers import ApiError

KEY = f"{BUCKET}/k"


def custom(policies: list[Any], actions: list[str], **more: object) -> dict[str, Any]:
    """The only result of SimulateCustomPolicy for one action."""
    params = {
        "PolicyInputList": [one if isinstance(one, str) else json.dumps(one) for one in policies],
        "ActionNames": actions,
        **more,
    }
    answer = ask("iam", "SimulateCustomPolicy", params, world())
    results = answer["EvaluationResults"]
    assert isinstance(results, list)
    return dict(results[0])


def principal(arn: str, actions: list[str], **more: object) -> dict[str, Any]:
    """The only result of SimulatePrincipalPolicy for one action."""
    params = {"PolicySourceArn": arn, "ActionNames": actions, **more}
    answer = ask("iam", "SimulatePrincipalPolicy", params, world())
    results = answer["EvaluationResults"]
    assert isinstance(results, list)
    return dict(results[0])


def entry(name: str, *values: str, kind: str = "string") -> dict[str, object]:
    """One context entry."""
    return {"ContextKeyName": name, "ContextKeyValues": list(values), "ContextKeyType": kind}


# one policy


@pytest.mark.parametrize(
    ("policies", "decision"),
    [
        ([document(allow("s3:*"))], "allowed"),
        ([document(allow("kms:*"))], "implicitDeny"),
        ([document(allow("s3:*"), deny("s3:GetObject"))], "explicitDeny"),
        ([document(allow("s3:*")), document(deny("s3:*"))], "explicitDeny"),
    ],
)
def test_the_three_decisions(policies: list[Any], decision: str) -> None:
    """Allowed, denied for want of an Allow, denied by a statement."""
    assert custom(policies, ["s3:GetObject"])["EvalDecision"] == decision


def test_the_example_of_the_cli_reference() -> None:
    """The action, the decision and the end of the statement are those that AWS prints; the start is the brace itself.

    https://docs.aws.amazon.com/cli/latest/reference/iam/simulate-custom-policy.html
    """
    policy = (
        '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"dynamodb:*","Resource":"*",'
        '"Condition":{"DateGreaterThan":{"aws:CurrentTime":"2018-08-16T12:00:00Z"}}}}'
    )
    after = entry("aws:CurrentTime", "2019-04-25T11:00:00Z", kind="date")
    result = custom([policy], ["dynamodb:CreateBackup"], ContextEntries=[after])
    assert result == {
        "EvalActionName": "dynamodb:CreateBackup",
        "EvalResourceName": "*",
        "EvalDecision": "allowed",
        "MatchedStatements": [
            {
                "SourcePolicyId": "PolicyInputList.1",
                "SourcePolicyType": "IAM Policy",
                "StartPosition": {"Line": 1, "Column": 37},
                "EndPosition": {"Line": 1, "Column": 167},
            }
        ],
        "MissingContextValues": [],
    }
    before = entry("aws:CurrentTime", "2014-04-25T11:00:00Z", kind="date")
    result = custom([policy], ["dynamodb:CreateBackup"], ContextEntries=[before])
    assert (result["EvalDecision"], result["MatchedStatements"]) == ("implicitDeny", [])


def test_places_are_those_of_the_given_text() -> None:
    """Line and column of a statement in a policy of several lines, counted from 1, the end behind the last brace."""
    text = '{\n  "Version": "2012-10-17",\n  "Statement": [\n    {\n      "Effect": "Allow", "Action": "s3:*", "Resource": "*"\n    }\n  ]\n}'
    (matched,) = custom([text], ["s3:GetObject"])["MatchedStatements"]
    assert matched["StartPosition"] == {"Line": 4, "Column": 5}
    assert matched["EndPosition"] == {"Line": 6, "Column": 6}


def test_only_the_denying_statement_is_named() -> None:
    """An explicit deny outweighs the Allow, which is then not in the result."""
    result = custom([document(allow("s3:*")), document(deny("s3:Get*"))], ["s3:GetObject"])
    assert [one["SourcePolicyId"] for one in result["MatchedStatements"]] == ["PolicyInputList.2"]


def test_a_key_that_is_not_given_is_absent_and_listed() -> None:
    """The false ``implicitDeny`` of a PassRole check without iam:PassedToService shows what was left out."""
    policy = document(
        allow("iam:PassRole", "*", Condition={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}),
        allow("s3:*", "*", Condition={"StringEquals": {"aws:PrincipalTag/team": "ml"}}),
    )
    result = custom([policy], ["iam:PassRole"])
    assert (result["EvalDecision"], result["MissingContextValues"]) == ("implicitDeny", ["iam:PassedToService"])
    passed = entry("iam:PassedToService", "sagemaker.amazonaws.com")
    result = custom([policy], ["iam:PassRole"], ContextEntries=[passed])
    assert (result["EvalDecision"], result["MissingContextValues"]) == ("allowed", [])


def test_lists_of_values_keep_their_type() -> None:
    """A ``stringList`` is multivalued even with one value."""
    policy = document(allow("s3:*", "*", Condition={"ForAnyValue:StringEquals": {"aws:TagKeys": ["a", "z"]}}))
    for values in (["a"], ["x", "z"]):
        given = entry("aws:TagKeys", *values, kind="stringList")
        assert custom([policy], ["s3:GetObject"], ContextEntries=[given])["EvalDecision"] == "allowed"
    other = entry("aws:TagKeys", "x", kind="stringList")
    assert custom([policy], ["s3:GetObject"], ContextEntries=[other])["EvalDecision"] == "implicitDeny"


# resources


def test_one_result_an_action_with_the_strictest_decision_on_top() -> None:
    """Each resource has its own result; the top has the type's ARN template, the union of statements and of missing keys."""
    policy = document(allow("s3:GetObject", f"{BUCKET}/a/*"), deny("s3:GetObject", f"{BUCKET}/secret"))
    arns = [f"{BUCKET}/a/1", f"{BUCKET}/b", f"{BUCKET}/secret"]
    result = custom([policy], ["s3:GetObject"], ResourceArns=arns)
    assert result["EvalDecision"] == "explicitDeny"
    assert result["EvalResourceName"] == "arn:${Partition}:s3:::${BucketName}/${ObjectName}"
    specific = result["ResourceSpecificResults"]
    assert [one["EvalResourceName"] for one in specific] == arns
    assert [one["EvalResourceDecision"] for one in specific] == ["allowed", "implicitDeny", "explicitDeny"]
    assert len(result["MatchedStatements"]) == 2
    assert result["EvalDecisionDetails"] == {}


def test_a_resource_policy_grants_within_the_account() -> None:
    """In one account either policy is enough; the statement that granted is the resource's."""
    bucket = json.dumps(document({**allow("s3:GetObject", KEY), "Principal": {"AWS": MATEO}}))
    result = custom(
        [document(allow("kms:*"))], ["s3:GetObject"], ResourceArns=[KEY], ResourcePolicy=bucket, CallerArn=MATEO
    )
    assert result["EvalDecision"] == "allowed"
    (matched,) = result["MatchedStatements"]
    assert (matched["SourcePolicyId"], matched["SourcePolicyType"]) == ("ResourcePolicy", "Resource Policy")


@pytest.mark.parametrize(
    ("identity", "bucket", "decision", "details"),
    [
        ("s3:*", MATEO, "allowed", {"IAM Policy": "allowed", "Resource Policy": "allowed"}),
        ("kms:*", MATEO, "implicitDeny", {"IAM Policy": "implicitDeny", "Resource Policy": "allowed"}),
        ("s3:*", EXEC, "implicitDeny", {"IAM Policy": "allowed", "Resource Policy": "implicitDeny"}),
    ],
)
def test_across_accounts_both_must_allow(identity: str, bucket: str, decision: str, details: dict[str, str]) -> None:
    """``ResourceOwner`` makes it two accounts; the details say how each type of policy contributes."""
    policy = json.dumps(document({**allow("s3:GetObject", KEY), "Principal": {"AWS": bucket}}))
    result = custom(
        [document(allow(identity))],
        ["s3:GetObject"],
        ResourceArns=[KEY],
        ResourcePolicy=policy,
        CallerArn=MATEO,
        ResourceOwner=f"arn:aws:iam::{STRANGER}:root",
    )
    assert (result["EvalDecision"], result["EvalDecisionDetails"]) == (decision, details)
    assert result["ResourceSpecificResults"][0]["EvalDecisionDetails"] == details


# boundaries and the organization


@pytest.mark.parametrize(
    ("boundary", "decision", "allowed"),
    [
        (document(allow("s3:*")), "allowed", True),
        (document(allow("kms:*")), "implicitDeny", False),
        (document(allow("s3:*"), deny("s3:Get*")), "explicitDeny", False),
    ],
)
def test_a_boundary_limits_and_says_so(boundary: dict[str, object], decision: str, allowed: bool) -> None:
    """``AllowedByPermissionsBoundary`` needs an Allow that matches and no Deny; its statements are not listed."""
    result = custom([document(allow("*"))], ["s3:GetObject"], PermissionsBoundaryPolicyInputList=[json.dumps(boundary)])
    assert result["EvalDecision"] == decision
    assert result["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": allowed}
    assert {one["SourcePolicyId"] for one in result["MatchedStatements"]} <= {"PolicyInputList.1"}


@pytest.mark.parametrize(
    ("levels", "decision", "allowed"),
    [
        ([[allow("*")], [allow("*")]], "allowed", True),
        ([[allow("*")], [allow("kms:*")]], "implicitDeny", False),
        ([[allow("*"), deny("s3:*")], [allow("*")]], "explicitDeny", False),
    ],
)
def test_every_level_of_the_organization_must_allow(levels: list[Any], decision: str, allowed: bool) -> None:
    """The root first, the account last; statements of SCPs are never listed."""
    given = [{"ServiceControlPolicyInputList": [json.dumps(document(*level))]} for level in levels]
    result = custom([document(allow("*"))], ["s3:GetObject"], OrderedOrganizationPolicyInputList=given)
    assert result["EvalDecision"] == decision
    assert result["OrganizationsDecisionDetail"] == {"AllowedByOrganizations": allowed}
    assert all(one["SourcePolicyId"] == "PolicyInputList.1" for one in result["MatchedStatements"])


# principals


def test_a_principal_is_simulated_with_all_it_has() -> None:
    """Inline, managed and group policies, the boundary, and the SCPs over its account."""
    result = principal(MATEO, ["cloudwatch:GetMetricData"])
    assert result["EvalDecision"] == "allowed"
    assert [one["SourcePolicyId"] for one in result["MatchedStatements"]] == ["metrics"]
    assert result["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": True}
    assert result["OrganizationsDecisionDetail"] == {"AllowedByOrganizations": True}
    denied = principal(MATEO, ["sagemaker:CreateCluster"])
    assert denied["EvalDecision"] == "explicitDeny"
    assert denied["OrganizationsDecisionDetail"] == {"AllowedByOrganizations": False}
    assert denied["MatchedStatements"] == []


def test_a_group_and_a_role_can_be_simulated() -> None:
    """A group has its own policies only; a role has no groups."""
    group = f"arn:aws:iam::{ACCOUNT}:group/readers"
    assert principal(group, ["cloudwatch:GetMetricData"])["EvalDecision"] == "allowed"
    assert principal(group, ["sagemaker:ListModels"])["EvalDecision"] == "implicitDeny"
    assert principal(EXEC, ["s3:PutObject"])["EvalDecision"] == "allowed"


def test_further_policies_are_added_and_tags_are_known() -> None:
    """``PolicyInputList`` comes on top; ``aws:PrincipalTag`` has the value that the user has."""
    tagged = document(allow("kms:Encrypt", "*", Condition={"StringEquals": {"aws:PrincipalTag/team": "ml"}}))
    result = principal(MATEO, ["kms:Encrypt"], PolicyInputList=[json.dumps(tagged)])
    assert (result["EvalDecision"], result["MissingContextValues"]) == ("allowed", [])


def test_another_caller_with_the_same_policies() -> None:
    """``CallerArn`` says as whom: the resource policy then counts for that one."""
    bucket = json.dumps(document({**deny("s3:GetObject", KEY), "Principal": {"AWS": EXEC}}))
    plain = principal(MATEO, ["s3:GetObject"], ResourceArns=[KEY], ResourcePolicy=bucket)
    other = principal(MATEO, ["s3:GetObject"], ResourceArns=[KEY], ResourcePolicy=bucket, CallerArn=EXEC)
    assert (plain["EvalDecision"], other["EvalDecision"]) == ("allowed", "explicitDeny")


@pytest.mark.parametrize(
    ("exclusion", "action", "before", "after"),
    [
        ({"PolicyType": "inline"}, "sagemaker:ListModels", "allowed", "implicitDeny"),
        ({"PolicyType": "user-managed"}, "s3:DeleteObject", "explicitDeny", "implicitDeny"),
        ({"PolicyType": "scp"}, "sagemaker:CreateCluster", "explicitDeny", "implicitDeny"),
        ({"PolicyType": "rcp"}, "sagemaker:ListModels", "allowed", "allowed"),
        ({"PolicyArn": f"arn:aws:iam::{ACCOUNT}:policy/team/d?t*"}, "kms:Decrypt", "allowed", "implicitDeny"),
        ({"PolicyArn": f"arn:aws:iam::{ACCOUNT}:policy/other"}, "kms:Decrypt", "allowed", "allowed"),
        (
            {"InlinePolicyIdentifier": {"PolicyName": "metrics", "AttachmentType": "group", "AttachmentName": "read*"}},
            "cloudwatch:GetMetricData",
            "allowed",
            "implicitDeny",
        ),
    ],
)
def test_policies_can_be_left_out(exclusion: dict[str, object], action: str, before: str, after: str) -> None:
    """By type, by ARN, by name and holder; what matches nothing is ignored, and so are RCPs."""
    assert principal(MATEO, [action])["EvalDecision"] == before
    assert principal(MATEO, [action], PolicyExclusionList=[exclusion])["EvalDecision"] == after


def test_the_boundary_can_be_left_out_or_replaced() -> None:
    """A given boundary stands in place of the attached one."""
    policy = json.dumps(document(allow("logs:*")))
    assert principal(MATEO, ["logs:PutLogEvents"], PolicyInputList=[policy])["EvalDecision"] == "implicitDeny"
    without = [{"PolicyType": "permission-boundary"}]
    free = principal(MATEO, ["logs:PutLogEvents"], PolicyInputList=[policy], PolicyExclusionList=without)
    assert free["EvalDecision"] == "allowed"
    assert "PermissionsBoundaryDecisionDetail" not in free
    other = [json.dumps(document(allow("logs:*")))]
    replaced = principal(
        MATEO, ["logs:PutLogEvents"], PolicyInputList=[policy], PermissionsBoundaryPolicyInputList=other
    )
    assert replaced["EvalDecision"] == "allowed"


# pages and refusals


def test_long_answers_come_in_pages() -> None:
    """Every action once, in order; a marker goes with the same request only."""
    actions = [f"s3:Action{number}" for number in range(7)]
    params: dict[str, Any] = {
        "PolicyInputList": [json.dumps(document(allow("*")))],
        "ActionNames": actions,
        "MaxItems": 3,
    }
    seen: list[str] = []
    marker: dict[str, Any] = {}
    while True:
        answer: dict[str, Any] = ask("iam", "SimulateCustomPolicy", params | marker, world())
        seen += [one["EvalActionName"] for one in answer["EvaluationResults"]]
        assert ("Marker" in answer) is answer["IsTruncated"]
        if not answer["IsTruncated"]:
            break
        marker = {"Marker": answer["Marker"]}
    assert seen == actions
    with pytest.raises(ApiError, match="Marker was not issued"):
        ask("iam", "SimulateCustomPolicy", params | marker | {"ActionNames": actions[:2]}, world())


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"PolicyInputList": []}, "PolicyInputList"),
        ({"PolicyInputList": ["{"]}, "is not a policy document"),
        ({"PolicyInputList": ['{"Statement": [{"Effect": "allow", "Action": "*", "Resource": "*"}]}']}, "Effect"),
        ({"PolicyInputList": ["[" * 1000 + "]" * 1000]}, "not a policy document"),
        ({"PolicyInputList": ['{"Version": "' + "x" * 200_000 + '"}']}, "not a policy document"),
        ({"ActionNames": []}, "ActionNames"),
        ({"ActionNames": ["s3:*"]}, "without wildcards"),
        ({"ActionNames": ["GetObject"]}, "service:Name"),
        ({"ResourcePolicy": json.dumps(document())}, "CallerArn"),
        ({"CallerArn": f"arn:aws:sts::{ACCOUNT}:assumed-role/Exec/job-1"}, "CallerArn"),
        ({"CallerArn": "sagemaker.amazonaws.com"}, "CallerArn"),
        ({"CallerArn": f"arn:aws:iam::{ACCOUNT}:user/"}, "CallerArn"),
        ({"CallerArn": "arn:aws:iam::*:user/x"}, "names no account"),
        ({"ResourceOwner": "nobody"}, "ResourceOwner"),
        ({"ContextEntries": [entry("aws:SourceIp")]}, "no value"),
        ({"PermissionsBoundaryPolicyInputList": [json.dumps(document(allow("*")))] * 2}, "one permissions boundary"),
        ({"ResourceHandlingOption": "EC2-Nothing"}, "no scenario"),
        ({"ResourceHandlingOption": "EC2-VPC-EBS"}, "needs a resource of the type instance"),
        ({"MaxItems": 0}, "MaxItems"),
        ({"ActionNames": ["s3:GetObject"] * 200, "ResourceArns": [KEY] * 200}, "evaluations in one request"),
        ({"Marker": "bm9uZQ"}, "Marker"),
    ],
)
def test_a_bad_request_is_invalid_input(params: dict[str, Any], words: str) -> None:
    """HTTP 400 with a sentence that names the member; never a decision."""
    good = {"PolicyInputList": [json.dumps(document(allow("*")))], "ActionNames": ["s3:GetObject"]}
    with pytest.raises(ApiError, match=words) as refused:
        ask("iam", "SimulateCustomPolicy", good | params, world())
    assert (refused.value.code, refused.value.status) == ("InvalidInput", 400)


@pytest.mark.parametrize(
    ("arn", "code"),
    [
        (f"arn:aws:iam::{ACCOUNT}:user/nobody", "NoSuchEntity"),
        (f"arn:aws:iam::{STRANGER}:user/mateojackson", "NoSuchEntity"),
        (f"arn:aws:iam::{ACCOUNT}:group/nobody", "NoSuchEntity"),
        (f"arn:aws:iam::{ACCOUNT}:policy/edge", "InvalidInput"),
        ("mateojackson", "InvalidInput"),
    ],
)
def test_a_principal_that_is_not_there(arn: str, code: str) -> None:
    """Another account's identities cannot be simulated."""
    with pytest.raises(ApiError) as refused:
        principal(arn, ["s3:GetObject"])
    assert refused.value.code == code


def test_identities_of_another_account_cannot_be_simulated_even_if_they_are_known() -> None:
    """The endpoint holds several accounts; the simulator sees the caller's own only."""
    params = {"PolicySourceArn": MATEO, "ActionNames": ["s3:GetObject"]}
    with pytest.raises(ApiError) as refused:
        ask("iam", "SimulatePrincipalPolicy", params, world(account_id=STRANGER))
    assert refused.value.code == "NoSuchEntity"


@pytest.mark.parametrize(
    "exclusion",
    [
        {},
        {"PolicyType": "inline", "PolicyArn": f"arn:aws:iam::{ACCOUNT}:policy/x"},
        {"PolicyType": "nothing"},
        {"PolicyArn": f"arn:aws:iam::*:policy/{'x' * 20}"},
        {"PolicyArn": f"arn:aws:iam::{ACCOUNT}:policy/*x*"},
        {"InlinePolicyIdentifier": {"PolicyName": "own", "AttachmentType": "team", "AttachmentName": "x"}},
    ],
)
def test_a_bad_exclusion_is_refused(exclusion: dict[str, object]) -> None:
    """Not one of the three forms, or wildcards where none may be."""
    with pytest.raises(ApiError) as refused:
        principal(MATEO, ["s3:GetObject"], PolicyExclusionList=[exclusion])
    assert refused.value.code == "InvalidInput"
