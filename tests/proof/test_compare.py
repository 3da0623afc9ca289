"""Whole policies against each other: AWS's own, and each kind of policy with what is special about it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.proof.policies import document

from sagepass import run_case
from sagepass.catalog.actions import service_actions
from sagepass.catalog.managed_policies import managed_policy
from sagepass.policy.document import Document
from sagepass.policy.kinds import PolicyType
from sagepass.proof import Comparison, Verdict, compare_documents, not_granted
from sagepass.proof.case import access_case
from sagepass.proof.checker import check

ACCOUNT, PARTNER = "111122223333", "444455556666"
T = PolicyType
FULL, READ = "AmazonSageMakerFullAccess", "AmazonSageMakerReadOnly"


def managed(name: str, *more: dict[str, Any]) -> Document:
    """An AWS managed policy, with further statements."""
    found = managed_policy(name)
    assert found is not None
    value = json.loads(json.dumps(found.document))
    value["Statement"] += more
    return document(value, name=name)


def policy(*statements: dict[str, Any], kind: PolicyType = T.IDENTITY_BASED_POLICY) -> Document:
    """A document of one type."""
    return document({"Version": "2012-10-17", "Statement": list(statements)}, kind)


def allow(action: object, resource: object = "*", **more: object) -> dict[str, Any]:
    """An Allow."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: object, resource: object = "*", **more: object) -> dict[str, Any]:
    """A Deny."""
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


TEAM_A = allow("sagemaker:CreateTrainingPlan", "arn:aws:sagemaker:*:*:training-plan/team-a-*")


def actions_of(result: Comparison) -> set[str]:
    """All actions that differ."""
    return {action for difference in result.differences for action in difference.actions}


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        (managed(FULL), managed(FULL, TEAM_A), Verdict.REFUTED),
        (managed(FULL, TEAM_A), managed(FULL), Verdict.PROVEN),
        (managed(FULL), managed(FULL), Verdict.PROVEN),
        (managed(FULL), managed(READ), Verdict.REFUTED),
        (managed(READ), managed(FULL), Verdict.REFUTED),
        (managed("PowerUserAccess"), managed(FULL), Verdict.REFUTED),
        (managed("AdministratorAccess"), managed(FULL), Verdict.PROVEN),
    ],
    ids=["one more", "one less", "itself", "reading", "full", "power user", "administrator"],
)
def test_the_sagemaker_policies(old: Document, new: Document, verdict: Verdict) -> None:
    """AWS's own policies against each other, each proof verified by the checker."""
    result = compare_documents(old, new)
    assert result.verdict is verdict
    if result.certificate is not None:
        check(result.certificate.to_json())


def test_an_added_statement_is_named_with_a_request_on_a_real_arn() -> None:
    """The difference says which statement allows it, and shows it on an ARN of the action's own type."""
    (difference,) = compare_documents(managed(FULL), managed(FULL, TEAM_A)).differences
    assert difference.actions == ("sagemaker:CreateTrainingPlan",)
    assert difference.by[0].index == len(managed(FULL).statements)
    assert difference.witness.resource == "arn:aws:sagemaker:us-east-1:111122223333:training-plan/team-a-"


def test_passing_roles_is_what_full_access_has_beyond_a_power_user() -> None:
    """The one class of actions that differs, with the condition in the witness."""
    (difference,) = compare_documents(managed("PowerUserAccess"), managed(FULL)).differences
    assert difference.actions == ("iam:PassRole",)
    assert "iam:PassedToService" in difference.witness.context


def test_arns_that_an_api_never_sends_are_told_apart() -> None:
    """Reading training plans is new on ARNs of other types only: said of any ARN, not of those that AWS documents."""
    result = compare_documents(managed(FULL), managed(READ))
    undocumented = {difference.actions for difference in result.differences if not difference.documented}
    assert undocumented == {("sagemaker:DescribeTrainingPlan",)}


def test_listed_and_unlisted_actions_are_told_apart() -> None:
    """All listed actions of a service, one by one, do not make up for its wildcard: AWS may add one tomorrow."""
    result = compare_documents(policy(allow([action.id for action in service_actions("tax")])), policy(allow("tax:*")))
    assert (result.claims.listed, result.claims.everything) == (Verdict.PROVEN, Verdict.REFUTED)
    assert result.verdict is Verdict.REFUTED
    (difference,) = result.differences
    assert difference.actions == ()
    assert difference.witness.action.startswith("tax:")


def test_a_statement_that_aws_would_refuse_stays_open() -> None:
    """What a malformed statement does is not known, in the new policy and in the old."""
    broken = {**allow("sagemaker:CreateModel"), "Condition": {"String": {"aws:username": "a"}}}
    assert compare_documents(policy(), policy(broken)).verdict is Verdict.UNKNOWN
    assert compare_documents(policy(broken), policy(allow("sagemaker:CreateModel"))).verdict is Verdict.UNKNOWN
    assert compare_documents(policy(allow("*")), policy(broken)).verdict is Verdict.PROVEN


def test_an_unreadable_document_proves_nothing() -> None:
    """A policy that is no JSON object may allow and deny anything."""
    unreadable = document(["no", "policy"])
    assert compare_documents(policy(), unreadable).verdict is Verdict.UNKNOWN
    assert compare_documents(unreadable, policy(allow("s3:GetObject"))).verdict is Verdict.UNKNOWN
    assert compare_documents(unreadable, policy()).verdict is Verdict.PROVEN


def test_several_documents_add_up() -> None:
    """Split over two policies, the same is granted; a Deny in either one counts."""
    whole, parts = (
        policy(allow(["s3:GetObject", "s3:PutObject"])),
        [policy(allow("s3:GetObject")), policy(allow("s3:PutObject"))],
    )
    assert compare_documents(whole, parts).verdict is Verdict.PROVEN
    assert compare_documents(parts, whole).verdict is Verdict.PROVEN
    assert compare_documents([*parts, policy(deny("s3:*"))], whole).verdict is Verdict.REFUTED


def trusting(principal: object, **condition: object) -> Document:
    """A trust policy."""
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return policy({**statement, **({"Condition": condition} if condition else {})}, kind=T.ROLE_TRUST_POLICY)


SECRET = {"sts:ExternalId": "x1"}


@pytest.mark.parametrize(
    ("old", "new", "verdict", "who"),
    [
        (trusting({"AWS": PARTNER}), trusting({"AWS": f"arn:aws:iam::{PARTNER}:role/R"}), Verdict.PROVEN, ""),
        (
            trusting({"AWS": f"arn:aws:iam::{PARTNER}:role/R"}),
            trusting({"AWS": PARTNER}),
            Verdict.REFUTED,
            "any other role",
        ),
        (trusting({"AWS": PARTNER}, StringEquals=SECRET), trusting({"AWS": PARTNER}), Verdict.REFUTED, "root"),
        (trusting({"AWS": PARTNER}), trusting({"AWS": PARTNER}, StringEquals=SECRET), Verdict.PROVEN, ""),
        (
            trusting({"Service": "sagemaker.amazonaws.com"}),
            trusting({"Service": "ec2.amazonaws.com"}),
            Verdict.REFUTED,
            "ec2.amazonaws.com",
        ),
        (trusting({"AWS": "*"}), trusting({"AWS": ["*", PARTNER]}), Verdict.PROVEN, ""),
        (
            trusting({"AWS": "*"}, ArnLike={"aws:PrincipalArn": f"arn:aws:iam::{PARTNER}:*"}),
            trusting({"AWS": PARTNER}),
            Verdict.PROVEN,
            "",
        ),
        (
            trusting({"AWS": PARTNER}),
            trusting({"AWS": "*"}, StringEquals={"aws:PrincipalAccount": PARTNER}),
            Verdict.PROVEN,
            "",
        ),
        (
            trusting({"AWS": PARTNER}),
            trusting({"AWS": "*"}, StringLike={"aws:PrincipalAccount": "4444*"}),
            Verdict.REFUTED,
            "any other account",
        ),
        (
            trusting({"AWS": f"arn:aws:sts::{PARTNER}:assumed-role/R/one"}),
            trusting({"AWS": f"arn:aws:iam::{PARTNER}:role/R"}),
            Verdict.REFUTED,
            "role R of",
        ),
    ],
)
def test_trust_policies_through_their_principals(old: Document, new: Document, verdict: Verdict, who: str) -> None:
    """Accounts, roles, sessions, services and everyone, with conditions on the caller seen as one string."""
    result = compare_documents(old, new, T.ROLE_TRUST_POLICY)
    assert result.verdict is verdict, (result.differences, result.open)
    assert not who or any(who in difference.who for difference in result.differences)


def test_a_resource_control_policy_only_denies() -> None:
    """To deny less is to allow more; its Allow statements count for nothing."""
    strict = {**deny("s3:*", Condition={"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}), "Principal": "*"}
    loose = {
        **strict,
        "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}, "Bool": {"aws:PrincipalIsAWSService": "false"}},
    }
    kind = T.RESOURCE_CONTROL_POLICY
    assert compare_documents(policy(strict, kind=kind), policy(loose, kind=kind), kind).verdict is Verdict.REFUTED
    assert compare_documents(policy(loose, kind=kind), policy(strict, kind=kind), kind).verdict is Verdict.PROVEN
    assert (
        compare_documents(policy(kind=kind), policy({**allow("s3:*"), "Principal": "*"}, kind=kind), kind).verdict
        is Verdict.PROVEN
    )
    other = {**deny("sagemaker:*"), "Principal": "*"}
    assert compare_documents(policy(other, kind=kind), policy(kind=kind), kind).verdict is Verdict.PROVEN


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        (T.IDENTITY_BASED_POLICY, {}),
        (T.PERMISSIONS_BOUNDARY, {}),
        (T.SESSION_POLICY, {}),
        (T.SERVICE_CONTROL_POLICY, {}),
        (T.VPC_ENDPOINT_POLICY, {"Principal": "*"}),
        (T.RESOURCE_BASED_POLICY, {"Principal": {"AWS": PARTNER}}),
    ],
)
def test_a_witness_is_a_case_that_anybody_can_run(kind: PolicyType, more: dict[str, object]) -> None:
    """With the new policy the whole request is allowed, with the old one it is not, by the engine's full decision."""
    old = {"Version": "2012-10-17", "Statement": [allow("s3:GetObject", "arn:aws:s3:::a/*", **more)]}
    new = {
        "Version": "2012-10-17",
        "Statement": [allow("s3:Get*", "arn:aws:s3:::*", **more), deny("s3:GetBucket*", **more)],
    }
    result = compare_documents(document(old, kind), document(new, kind), kind)
    assert result.verdict is Verdict.REFUTED
    for difference in result.differences:
        before = run_case(access_case(difference.witness, kind, [old], "old"))
        after = run_case(access_case(difference.witness, kind, [new], "new"))
        assert (before.effect, after.effect) == ("IMPLICIT_DENY", "ALLOW"), difference


@pytest.mark.parametrize(
    ("actions", "resources", "verdict"),
    [
        (["iam:PassRole"], [f"arn:aws:iam::{ACCOUNT}:role/other"], Verdict.PROVEN),
        (["iam:PassRole"], ["*"], Verdict.REFUTED),
        (["iam:Pass*"], [f"arn:aws:iam::{ACCOUNT}:role/x1"], Verdict.REFUTED),
        (["s3:*"], ["*"], Verdict.PROVEN),
        (["sagemaker:SomethingNew"], ["*"], Verdict.REFUTED),
        (["*"], ["arn:aws:s3:::secrets/*"], Verdict.REFUTED),
    ],
)
def test_access_that_is_not_granted(actions: list[str], resources: list[str], verdict: Verdict) -> None:
    """Whether any of some actions is granted on any of some resources."""
    given = policy(
        allow("sagemaker:*"),
        allow(
            "iam:PassRole",
            "arn:aws:iam::*:role/x*",
            Condition={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
        ),
    )
    assert not_granted(given, actions, resources).verdict is verdict
