"""ValidatePolicy: issue codes, types, paths and spans."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.endpoint.answers.worlds import EVERYTHING, allow, ask, deny, document, world

from sagepass.endpoint.answers import ApiError


def findings(policy: object, policy_type: str = "IDENTITY_POLICY", **more: object) -> list[dict[str, Any]]:
    """All findings about a document."""
    text = policy if isinstance(policy, str) else json.dumps(policy, indent=2)
    params = {"policyDocument": text, "policyType": policy_type, **more}
    answer: dict[str, Any] = ask("accessanalyzer", "ValidatePolicy", params, world())
    return list(answer["findings"])


def statement(**members: object) -> dict[str, object]:
    """A policy with one statement of just these members."""
    return document(members)


ROLE_STAR = allow("iam:PassRole")
CASES: list[tuple[str, str, object, list[tuple[str, str]]]] = [
    ("nothing to say", "IDENTITY_POLICY", document(allow("s3:GetObject", "arn:aws:s3:::b/*")), []),
    ("no version", "IDENTITY_POLICY", {"Statement": [allow("s3:GetObject")]}, [("WARNING", "MISSING_VERSION")]),
    ("bad version", "IDENTITY_POLICY", {"Version": "2020-01-01", "Statement": []}, [("ERROR", "INVALID_VERSION")]),
    ("no statement", "IDENTITY_POLICY", {"Version": "2012-10-17"}, [("ERROR", "MISSING_STATEMENT")]),
    ("no object", "IDENTITY_POLICY", [], [("ERROR", "DATA_TYPE_MISMATCH")]),
    ("element", "IDENTITY_POLICY", statement(Effect="Allow", Action="s3:GetObject", Resource="*", Conditions={}),
     [("ERROR", "INVALID_POLICY_ELEMENT")]),
    ("no effect", "IDENTITY_POLICY", statement(Action="s3:GetObject", Resource="*"), [("ERROR", "MISSING_EFFECT")]),
    ("effect", "IDENTITY_POLICY", statement(Effect="allow", Action="s3:GetObject", Resource="*"),
     [("ERROR", "INVALID_EFFECT")]),
    ("no action", "IDENTITY_POLICY", statement(Effect="Allow", Resource="*"), [("ERROR", "MISSING_ACTION")]),
    ("both actions", "IDENTITY_POLICY", statement(Effect="Deny", Action="s3:GetObject", NotAction="s3:*", Resource="*"),
     [("ERROR", "UNSUPPORTED_ELEMENT_COMBINATION")]),
    ("empty actions", "IDENTITY_POLICY", statement(Effect="Allow", Action=[], Resource="*"),
     [("SUGGESTION", "EMPTY_ARRAY_ACTION")]),
    ("no resource", "IDENTITY_POLICY", statement(Effect="Allow", Action="s3:GetObject"), [("ERROR", "MISSING_RESOURCE")]),
    ("no ARN", "IDENTITY_POLICY", document(allow("s3:GetObject", "my-bucket")), [("ERROR", "INVALID_ARN_PREFIX")]),
    ("principal in identity", "IDENTITY_POLICY", document({**allow("s3:GetObject"), "Principal": "*"}),
     [("ERROR", "UNSUPPORTED_PRINCIPAL")]),
    ("no principal", "RESOURCE_POLICY", document(allow("s3:GetObject")), [("ERROR", "MISSING_PRINCIPAL")]),
    ("wildcard principal", "RESOURCE_POLICY",
     document({**allow("s3:GetObject"), "Principal": {"AWS": "arn:aws:iam::123456789012:role/*"}}),
     [("ERROR", "UNSUPPORTED_WILDCARD_IN_PRINCIPAL")]),
    ("not principal", "RESOURCE_POLICY",
     document({**allow("s3:GetObject"), "NotPrincipal": {"AWS": "123456789012"}}),
     [("SECURITY_WARNING", "ALLOW_WITH_NOT_PRINCIPAL")]),
    ("operator", "IDENTITY_POLICY", document(allow("s3:GetObject", Condition={"String": {"aws:username": "a"}})),
     [("ERROR", "INVALID_CONDITION_OPERATOR")]),
    ("value", "IDENTITY_POLICY",
     document(allow("s3:ListBucket", Condition={"NumericEquals": {"s3:max-keys": "ten"}})), [("ERROR", "TYPE_MISMATCH")]),
    ("service", "IDENTITY_POLICY", document(allow("sagmaker:ListModels")), [("ERROR", "INVALID_SERVICE_IN_ACTION")]),
    ("action", "IDENTITY_POLICY", document(allow("sagemaker:DescribeTrainingJobs")), [("ERROR", "INVALID_ACTION")]),
    ("pattern", "IDENTITY_POLICY", document(allow("sagemaker:Foo*")), [("ERROR", "INVALID_ACTION")]),
    ("redundant", "IDENTITY_POLICY", document(allow(["s3:Get*", "s3:GetObject"])), [("SUGGESTION", "REDUNDANT_ACTION")]),
    ("twice", "IDENTITY_POLICY", document(allow(["s3:GetObject", "S3:getobject"])), [("SUGGESTION", "REDUNDANT_ACTION")]),
    ("pass role", "IDENTITY_POLICY", document(ROLE_STAR), [("SECURITY_WARNING", "PASS_ROLE_WITH_STAR_IN_RESOURCE")]),
    ("pass role by star", "IDENTITY_POLICY", document(allow("iam:*")),
     [("SECURITY_WARNING", "PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE"),
      ("WARNING", "CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE")]),
    ("pass role to one service", "IDENTITY_POLICY",
     document({**ROLE_STAR, "Condition": {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}}), []),
    ("deny pass role", "IDENTITY_POLICY", document(deny("iam:PassRole")), []),
    ("global key", "IDENTITY_POLICY", document(allow("s3:GetObject", Condition={"StringEquals": {"aws:Nothing": "x"}})),
     [("ERROR", "INVALID_GLOBAL_CONDITION_KEY")]),
    ("service key", "IDENTITY_POLICY", document(allow("s3:GetObject", Condition={"StringEquals": {"s3:nothing": "x"}})),
     [("ERROR", "INVALID_SERVICE_CONDITION_KEY")]),
    ("key format", "IDENTITY_POLICY", document(allow("s3:GetObject", Condition={"StringEquals": {"username": "x"}})),
     [("ERROR", "INVALID_CONDITION_KEY_FORMAT")]),
    ("quantifier", "IDENTITY_POLICY", document(allow("ec2:*", Condition={"StringEquals": {"aws:TagKeys": "x"}})),
     [("ERROR", "MISSING_QUALIFIER")]),
    ("no quantifier for Null", "IDENTITY_POLICY", document(allow("ec2:*", Condition={"Null": {"aws:TagKeys": "true"}})), []),
    ("for all of one", "IDENTITY_POLICY",
     document(allow("ec2:*", Condition={"ForAllValues:StringEquals": {"aws:PrincipalAccount": "1"}})),
     [("SECURITY_WARNING", "FORALLVALUES_WITH_SINGLE_VALUED_KEY")]),
    ("literal star", "IDENTITY_POLICY",
     document(allow("s3:GetObject", Condition={"StringEquals": {"aws:username": "a*"}})),
     [("WARNING", "WILDCARD_WITHOUT_LIKE_OPERATOR")]),
    ("sid form", "IDENTITY_POLICY", document(allow("s3:GetObject", Sid="my sid")), [("ERROR", "UNSUPPORTED_SID")]),
    ("empty sid", "IDENTITY_POLICY", document(allow("s3:GetObject", Sid="")), [("SUGGESTION", "EMPTY_SID_VALUE")]),
    ("sids", "IDENTITY_POLICY", document(allow("s3:GetObject", Sid="A"), allow("s3:PutObject", Sid="A")),
     [("ERROR", "UNIQUE_SIDS_REQUIRED")]),
    ("rcp", "RESOURCE_CONTROL_POLICY", document({**allow("s3:GetObject"), "Principal": "*"}),
     [("ERROR", "RCP_SYNTAX_ERROR_ALLOW")]),
]  # fmt: skip


@pytest.mark.parametrize(("policy_type", "policy", "expected"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_issue_codes_and_types(policy_type: str, policy: object, expected: list[tuple[str, str]]) -> None:
    """The codes are the titles of AWS's policy check reference, and each finding has a sentence, a link and a place."""
    found = findings(policy, policy_type)
    assert [(one["findingType"], one["issueCode"]) for one in found] == expected
    for one in found:
        assert one["findingDetails"].endswith((".", "?"))
        assert one["learnMoreLink"].endswith(one["issueCode"].lower().replace("_", "-"))
        assert one["locations"]


@pytest.mark.parametrize(("policy_type", "policy", "expected"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_spans_stand_where_the_path_leads(policy_type: str, policy: object, expected: list[tuple[str, str]]) -> None:
    """Line from 1, column and offset from 0, the end exclusive; ``key`` points at a name, everything else at a value."""
    del expected
    text = json.dumps(policy, indent=2)
    for one in findings(text, policy_type):
        for location in one["locations"]:
            start, end = location["span"]["start"], location["span"]["end"]
            piece = text[start["offset"] : end["offset"]]
            value: Any = policy
            for step in location["path"]:
                value = step["key"] if "key" in step else value[step.get("index", step.get("value"))]
            assert json.loads(piece) == value
            before = text[: start["offset"]]
            assert (start["line"], start["column"]) == (before.count("\n") + 1, len(before) - before.rfind("\n") - 1)


def test_a_misspelt_action_names_the_one_that_was_meant() -> None:
    """The finding points at the entry, not at the statement."""
    (one,) = findings(document(allow(["s3:GetObject", "sagemaker:DescribeTrainingJobs"])))
    assert "sagemaker:DescribeTrainingJob?" in one["findingDetails"]
    assert one["locations"][0]["path"] == [{"value": "Statement"}, {"index": 0}, {"value": "Action"}, {"index": 1}]


def test_text_that_is_no_json_is_one_finding() -> None:
    """The place is that of the mistake; nothing is raised and nothing else is said."""
    (one,) = findings('{\n  "Version": }')
    assert (one["findingType"], one["issueCode"]) == ("ERROR", "JSON_SYNTAX_ERROR")
    assert one["locations"][0]["span"]["start"]["line"] == 2


@pytest.mark.parametrize("text", ["[" * 5000, "x", "\x00", '{"a":' * 300, "9" * 10_000])
def test_hostile_text_is_a_finding(text: str) -> None:
    """Deep, empty or broken text ends in a finding, never in an exception."""
    assert [one["issueCode"] for one in findings(text)] in (["JSON_SYNTAX_ERROR"], ["DATA_TYPE_MISMATCH"])


def test_a_trust_policy_has_no_resource() -> None:
    """With the resource type of a trust policy its own grammar holds."""
    trust = document(
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "123456789012"}, "Resource": "*"}
    )
    kind = {"validatePolicyResourceType": "AWS::IAM::AssumeRolePolicyDocument"}
    assert [one["issueCode"] for one in findings(trust, "RESOURCE_POLICY", **kind)] == ["INVALID_POLICY_ELEMENT"]
    assert findings(trust, "RESOURCE_POLICY") == []


def test_findings_come_in_pages() -> None:
    """Each finding once; a token goes with the same document only."""
    policy = json.dumps(document(*[allow(f"s3:Nothing{number}") for number in range(5)]))
    seen: list[str] = []
    params: dict[str, Any] = {"policyDocument": policy, "policyType": "IDENTITY_POLICY", "maxResults": 2}
    token: dict[str, str] = {}
    while True:
        answer: dict[str, Any] = ask("accessanalyzer", "ValidatePolicy", params | token, world())
        seen += [str(one["locations"][0]["path"]) for one in answer["findings"]]
        if "nextToken" not in answer:
            break
        token = {"nextToken": answer["nextToken"]}
    assert len(seen) == len(set(seen)) == 5
    with pytest.raises(ApiError, match="nextToken"):
        ask("accessanalyzer", "ValidatePolicy", params | token | {"policyDocument": json.dumps(EVERYTHING)}, world())


@pytest.mark.parametrize(
    "params",
    [
        {"policyType": "NOTHING"},
        {"policyDocument": ""},
        {"locale": "XX"},
        {"validatePolicyResourceType": "AWS::S3::Bucket"},
        {"maxResults": 0},
    ],
)
def test_a_bad_request_is_a_validation_exception(params: dict[str, object]) -> None:
    """HTTP 400, before any finding."""
    good = {"policyDocument": json.dumps(EVERYTHING), "policyType": "IDENTITY_POLICY"}
    with pytest.raises(ApiError) as refused:
        ask("accessanalyzer", "ValidatePolicy", good | params, world())
    assert (refused.value.code, refused.value.status) == ("ValidationException", 400)
