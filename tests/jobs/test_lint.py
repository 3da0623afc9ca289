"""Each finding of the lint: a policy that has it, and its nearest neighbour that has not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sagepass.jobs.explain import find_code
from sagepass.jobs.lint.policies import lint_policies
from sagepass.jobs.policy_file import PolicyFile
from sagepass.policy.kinds import PolicyType
from sagepass.source.json_text import Duplicates
from sagepass.source.origin import Origin

Statement = dict[str, Any]
MODELS, ENDPOINTS = "arn:aws:sagemaker:*:*:model/*", "arn:aws:sagemaker:*:*:endpoint/*"
TAG = "aws:PrincipalTag/a"


def allow(action: object, resource: object = "*", **conditions: object) -> Statement:
    """An Allow, with conditions by operator."""
    found: Statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    return {**found, **({"Condition": conditions} if conditions else {})}


def deny(action: object, resource: object = "*", **conditions: object) -> Statement:
    """A Deny."""
    return {**allow(action, resource, **conditions), "Effect": "Deny"}


def trust(principal: object, action: str = "sts:AssumeRole", **conditions: object) -> Statement:
    """A statement of a trust policy."""
    found: Statement = {"Effect": "Allow", "Principal": principal, "Action": action}
    return {**found, **({"Condition": conditions} if conditions else {})}


def codes(*statements: Statement, kind: PolicyType | None = None) -> set[str]:
    """The codes of all findings about a policy."""
    value = {"Version": "2012-10-17", "Statement": list(statements)}
    policy = PolicyFile(name="p", value=value, duplicates=Duplicates(), origin=Origin(name="p", value=value))
    (result,) = lint_policies([policy], kind)
    return {finding.code for finding in result.findings}


OIDC = {"Federated": "arn:aws:iam::111122223333:oidc-provider/idp.example.com"}
WEB = "sts:AssumeRoleWithWebIdentity"
GITHUB = {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}
CASES: dict[str, tuple[str, list[Statement], list[Statement]]] = {
    "misspelt": (
        "LINT_NO_SUCH_ACTION",
        [allow("sagemaker:DescribeTraningJob")],
        [allow("sagemaker:DescribeTrainingJob")],
    ),
    "needs a star": ("LINT_NEEDS_STAR", [allow("sagemaker:ListModels", MODELS)], [allow("sagemaker:ListModels")]),
    "other type": (
        "LINT_RESOURCE_TYPE",
        [allow("sagemaker:CreateModel", ENDPOINTS)],
        [allow("sagemaker:CreateModel", [ENDPOINTS, MODELS])],
    ),
    "bucket for objects": (
        "LINT_RESOURCE_TYPE",
        [allow("s3:GetObject", "arn:aws:s3:::b")],
        [allow("s3:GetObject", "arn:aws:s3:::b/*")],
    ),
    "key of another action": (
        "LINT_KEY_NEVER_PRESENT",
        [allow("sagemaker:DescribeEndpoint", "*", NumericLessThan={"sagemaker:MaxRuntimeInSeconds": "9"})],
        [allow("sagemaker:CreateTrainingJob", "*", NumericLessThan={"sagemaker:MaxRuntimeInSeconds": "9"})],
    ),
    "no such key": (
        "LINT_KEY_NEVER_PRESENT",
        [allow("s3:GetObject", "*", StringEquals={"aws:PrincipalOrgId2": "o"})],
        [allow("s3:GetObject", "*", StringEquals={"aws:PrincipalOrgID": "o"})],
    ),
    "contradiction": (
        "LINT_NEVER_APPLIES",
        [allow("s3:GetObject", "*", StringEquals={TAG: "x"}, StringNotLike={TAG: "x*"})],
        [allow("s3:GetObject", "*", StringEquals={TAG: "y"}, StringNotLike={TAG: "x*"})],
    ),
    "denied": (
        "LINT_SHADOWED",
        [allow("sagemaker:DeleteModel", MODELS), deny("sagemaker:Delete*")],
        [allow("sagemaker:DeleteModel", MODELS), deny("sagemaker:Delete*", "*", Bool={"aws:ViaAWSService": "true"})],
    ),
    "denied in two halves": (
        "LINT_SHADOWED",
        [
            allow("s3:GetObject", "*"),
            deny("s3:*", "*", Null={TAG: "true"}),
            deny("s3:*", "*", Null={TAG: "false"}),
        ],
        [allow("s3:GetObject", "*"), deny("s3:*", "*", Null={TAG: "true"})],
    ),
    "twice": (
        "LINT_REDUNDANT",
        [allow("sagemaker:Describe*"), allow("sagemaker:DescribeModel", MODELS)],
        [allow("sagemaker:Describe*", MODELS), allow("sagemaker:DescribeModel")],
    ),
    "holds always": (
        "LINT_ALWAYS_TRUE",
        [allow("s3:GetObject", "*", StringLike={"aws:RequestedRegion": "*"})],
        [allow("s3:GetObject", "*", StringLike={TAG: "*"})],
    ),
    "any service": (
        "LINT_PASS_ROLE",
        [allow("iam:*", "arn:aws:iam::*:role/x")],
        [
            allow(
                "iam:PassRole", "arn:aws:iam::*:role/x", StringEquals={"iam:PassedToService": "sagemaker.amazonaws.com"}
            )
        ],
    ),
    "passes on absence": (
        "LINT_FOR_ALL_VALUES",
        [allow("sagemaker:CreateTrainingJob", "*", **{"ForAllValues:StringEquals": {"sagemaker:VpcSubnets": "s"}})],
        [
            allow(
                "sagemaker:CreateTrainingJob",
                "*",
                **{
                    "ForAllValues:StringEquals": {"sagemaker:VpcSubnets": "s"},
                    "Null": {"sagemaker:VpcSubnets": "false"},
                },
            )
        ],
    ),
    "no set operator": (
        "LINT_SET_OPERATOR",
        [allow("sagemaker:CreateTrainingJob", "*", StringEquals={"sagemaker:VpcSubnets": "s"})],
        [
            allow(
                "sagemaker:CreateTrainingJob",
                "*",
                **{
                    "ForAnyValue:StringEquals": {"sagemaker:VpcSubnets": "s"},
                    "StringEquals": {"aws:RequestTag/t": "a"},
                },
            ),
        ],
    ),
    "everyone": (
        "LINT_TRUST_WIDE",
        [trust({"AWS": "*"}, ArnLike={"aws:PrincipalArn": "arn:aws:iam::*:role/ci"})],
        [trust({"AWS": "*"}, StringEquals={"aws:PrincipalOrgID": "o-1"})],
    ),
    "every identity": (
        "LINT_TRUST_WIDE",
        [trust(OIDC, WEB)],
        [trust(OIDC, WEB, StringEquals={"idp.example.com:sub": "a"})],
    ),
    "every customer of a shared provider": (
        "LINT_TRUST_WIDE",
        [trust(GITHUB, WEB, StringEquals={"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"})],
        [trust(GITHUB, WEB, StringLike={"token.actions.githubusercontent.com:sub": "repo:acme/churn:*"})],
    ),
    "any subject of a shared provider": (
        "LINT_TRUST_WIDE",
        [trust(GITHUB, WEB, StringLike={"token.actions.githubusercontent.com:sub": "*"})],
        [trust(GITHUB, WEB, StringEquals={"token.actions.githubusercontent.com:repository_owner_id": "7"})],
    ),
    "for any account": (
        "LINT_CONFUSED_DEPUTY",
        [trust({"Service": "sagemaker.amazonaws.com"})],
        [trust({"Service": "sagemaker.amazonaws.com"}, StringEquals={"aws:SourceAccount": "111122223333"})],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_finding_and_its_neighbour(name: str) -> None:
    """The policy has the finding, the neighbour has not, and the code has a page."""
    code, bad, good = CASES[name]
    assert code in codes(*bad)
    assert code not in codes(*good)
    assert find_code(code).body


def test_a_clean_policy_has_no_finding() -> None:
    """Nothing is reported about a policy that says what it means."""
    clean = (
        allow(["sagemaker:DescribeModel", "sagemaker:CreateModel"], MODELS),
        allow("sagemaker:ListModels"),
        deny("sagemaker:DeleteModel", MODELS, StringNotEquals={TAG: "admin"}),
    )
    assert codes(*clean) == set()


@pytest.mark.parametrize("action", ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"])
def test_claims_of_a_provider_are_keys_that_requests_carry(action: str) -> None:
    """AWS cannot list the claims of every OIDC provider; a trust policy as its pages show it has no finding about them."""
    github = "token.actions.githubusercontent.com"
    claims = {f"{github}:aud": "sts.amazonaws.com", f"{github}:sub": "repo:acme/churn:ref:refs/heads/main"}
    assert codes(trust(GITHUB, action, StringEquals=claims)) == set()


def test_of_two_equal_statements_one_is_reported() -> None:
    """One of two copies is redundant, not both."""
    value = {"Version": "2012-10-17", "Statement": [allow("s3:GetObject"), allow("s3:GetObject")]}
    policy = PolicyFile(name="p", value=value, duplicates=Duplicates(), origin=Origin(name="p", value=value))
    (result,) = lint_policies([policy])
    assert [finding.route for finding in result.findings] == [("Statement", 1)]


def test_no_package_is_needed_twice() -> None:
    """The findings of this room are in one place with their pages."""
    from sagepass.jobs.lint.codes import CODES

    source = "".join(
        path.read_text(encoding="utf-8") for path in Path(__file__).parents[2].glob("src/sagepass/jobs/lint/*.py")
    )
    assert all(source.count(f'"{page.code}"') >= 2 for page in CODES)


def test_one_defect_does_not_hide_what_else_is_wrong_with_a_statement() -> None:
    """A misspelt operator leaves the names, resources and keys of the same statement to be looked at."""
    both = allow(["sagemaker:CreateTrainigJob", "sagemaker:ListModels"], MODELS, StringEqual={TAG: "x"})
    assert codes(both) >= {"POLICY_CONDITION_OPERATOR", "LINT_NO_SUCH_ACTION", "LINT_NEEDS_STAR"}


def test_the_element_with_the_defect_is_told_once() -> None:
    """What the reader has found wrong with the actions is not told again by the tables."""
    assert codes(allow("sagemaker")) == {"POLICY_ACTION_FORM"}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("StringEqual", "did you mean StringEquals?"),
        ("ForAnyValues:StringLikes", "did you mean ForAnyValue:StringLike?"),
        ("stringequalIfExists", "did you mean StringEqualsIfExists?"),
        ("Between", "use an operator of IAM's list"),
    ],
)
def test_a_misspelt_operator_is_answered_with_the_one_that_was_meant(written: str, meant: str) -> None:
    """The remedy keeps the quantifier and IfExists; nothing is guessed where nothing is near."""
    value = {"Version": "2012-10-17", "Statement": [allow("s3:ListAllMyBuckets", **{written: {TAG: "x"}})]}
    policy = PolicyFile(name="p", value=value, duplicates=Duplicates(), origin=Origin(name="p", value=value))
    (result,) = lint_policies([policy])
    assert [f.remedy for f in result.findings if f.code == "POLICY_CONDITION_OPERATOR"] == [meant]
