"""What is proposed when only the text of a denial is there: the right kind of policy, its owner, and nothing that claims more."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

import sagepass
from sagepass.repair.fix import Applicability, Fix
from sagepass.snapshot.build import SnapshotBuilder

USER = "arn:aws:iam::123456789012:user/mateojackson"
SESSION = "arn:aws:sts::123456789012:assumed-role/Dev/me"
SSO = "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_DataScience_0123456789abcdef/me"
JOB = "arn:aws:sagemaker:us-east-1:123456789012:training-job/x"
THEIR_PACKAGE = "arn:aws:sagemaker:us-east-1:444455556666:model-package/churn/3"
THEIR_ROLE = "arn:aws:iam::444455556666:role/reader"


@dataclass(frozen=True)
class Row:
    """A text, and what the proposal has to name."""

    who: str
    action: str
    resource: str
    reason: str
    names: tuple[str, ...]


def silent(words: str, action: str) -> str:
    """AWS's clause for a policy that does not allow the action."""
    return f" because no {words} allows the {action} action"


CREATE, READ, ASSUME = "sagemaker:CreateTrainingJob", "sagemaker:DescribeModelPackage", "sts:AssumeRole"
ROWS = {
    "identity": Row(USER, CREATE, JOB, silent("identity-based policy", CREATE), ("inline policy", "user mateojackson")),
    "identity of a permission set": Row(SSO, CREATE, JOB, "", ("permission set DataScience", "provision")),
    "boundary of a role": Row(
        SESSION, CREATE, JOB, silent("permissions boundary", CREATE), ("aws iam get-role --role-name Dev", "grants nothing")
    ),
    "boundary of a user": Row(
        USER, CREATE, JOB, silent("permissions boundary", CREATE), ("aws iam get-user --user-name mateojackson",)
    ),
    "session": Row(SESSION, CREATE, JOB, silent("session policy", CREATE), ("session policy", "open a new one")),
    "service control policy": Row(
        USER, CREATE, JOB, silent("service control policy", CREATE),
        ("--target-id 123456789012", "SERVICE_CONTROL_POLICY", "administrator of the organization"),
    ),
    "resource control policy": Row(
        USER, "s3:GetObject", "arn:aws:s3:::data/x", silent("resource control policy", "s3:GetObject"),
        ("RESOURCE_CONTROL_POLICY", "administrator of the organization"),
    ),
    "VPC endpoint policy": Row(
        USER, CREATE, JOB, silent("VPC endpoint policy", CREATE), ("describe-vpc-endpoints", "*sagemaker*")
    ),
    "policy of another account's resource": Row(
        USER, READ, THEIR_PACKAGE, silent("resource-based policy", READ),
        ("account 444455556666", "model-package-group/churn", USER, "an identity-based policy there must allow it too"),
    ),
    "trust policy": Row(
        USER, ASSUME, THEIR_ROLE, silent("role trust policy", ASSUME), ("trust policy", "account 444455556666", USER)
    ),
    "no kind named, across accounts": Row(
        USER, ASSUME, THEIR_ROLE, "", ("inline policy", "trust policy", "account 444455556666")
    ),
    "explicit deny of a named policy": Row(
        USER, CREATE, JOB,
        " with an explicit deny in a service control policy: "
        "arn:aws:organizations::111122223333:policy/o-abcdefghij/service_control_policy/p-12345678",
        ("describe-policy --policy-id p-12345678", "no further Allow outvotes it"),
    ),
    "explicit deny of an unnamed policy": Row(USER, CREATE, JOB, " with an explicit deny", ("--snapshot",)),
}  # fmt: skip


def fixes_of(row: Row) -> tuple[Fix, ...]:
    """The proposals for the row's text alone."""
    text = f"User: {row.who} is not authorized to perform: {row.action} on resource: {row.resource}{row.reason}"
    return sagepass.diagnose(text).fixes


def words_of(fixes: tuple[Fix, ...]) -> str:
    """All that a person reads in them."""
    return " ".join(
        piece for fix in fixes for piece in (fix.title, *fix.steps, *fix.grants, *(edit.where for edit in fix.edits))
    )


@pytest.mark.parametrize("name", ROWS)
def test_the_proposal_names_the_policy_and_its_owner(name: str) -> None:
    """Each kind of policy that a message names leads to that kind of change, and to whoever can make it."""
    row = ROWS[name]
    words = words_of(fixes_of(row))
    assert [piece for piece in row.names if piece not in words] == []


@pytest.mark.parametrize("name", ROWS)
def test_nothing_claims_to_have_been_decided(name: str) -> None:
    """From the text alone every proposal is advice, and says that nothing was re-evaluated."""
    for fix in fixes_of(ROWS[name]):
        assert fix.applicability is Applicability.DISPLAY_ONLY
        assert fix.result is None
        assert "nothing was re-evaluated: no policies were supplied" in fix.not_checked


@pytest.mark.parametrize("name", [name for name in ROWS if not name.startswith(("identity", "no kind"))])
def test_only_a_missing_identity_policy_is_answered_with_one(name: str) -> None:
    """A new inline policy is not proposed where the message says that another kind of policy stands in the way."""
    assert [edit for fix in fixes_of(ROWS[name]) for edit in fix.edits] == []


def test_a_bare_name_without_region_says_what_the_star_stands_for() -> None:
    """The Region is not made up: the statement covers any, and says so."""
    text = f"User: {USER} is not authorized to perform: sagemaker:DescribeTrainingJob on resource: my-example-widget"
    (fix,) = sagepass.diagnose(text).fixes
    assert json.dumps(fix.edits[0].after).count("arn:aws:sagemaker:*:123456789012:training-job/my-example-widget") == 1
    assert "--region" in fix.grants[0]
    (narrow,) = sagepass.diagnose(text, region="eu-west-1").fixes
    assert "*" not in narrow.grants[0]


HINTS = {
    "an object that cannot be read": (
        "An error occurred (403) when calling the HeadObject operation: Forbidden",
        ("get-caller-identity", "s3:GetObject", "s3:ListBucket", "even for an object that does not exist"),
    ),
    "an upload": (
        "An error occurred (AccessDenied) when calling the PutObject operation: Access Denied",
        ("get-caller-identity", "s3:PutObject", "kms:GenerateDataKey"),
    ),
    "an image": (
        (
            "Please make sure all images included in the model for the production variant default-variant-name exist, and that "
            "the execution role used to create the model has permissions to access them"
        ),
        ("ecr:GetAuthorizationToken on *", "ecr:BatchGetImage", "repository's policy"),
    ),
    "a ciphertext": (
        (
            "The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not "
            "allowed to access"
        ),
        ("kms:Decrypt", "key policy", "another Region"),
    ),
}


@pytest.mark.parametrize("name", HINTS)
def test_a_text_without_caller_or_action_says_where_to_look(name: str) -> None:
    """Who made the call, which permissions such an access takes on both sides, and how to have it decided then."""
    text, pieces = HINTS[name]
    (fix,) = sagepass.diagnose(text).fixes
    words = words_of((fix,))
    assert fix.applicability is Applicability.DISPLAY_ONLY
    assert [piece for piece in (*pieces, "--as CALLER --resource ARN") if piece not in words] == []


def test_a_masked_account_is_left_out() -> None:
    """A caller whose account stands masked in the text is named without one."""
    text = (
        "The role 'arn:aws:iam::MY_ACCOUNT:role/MyTestRole' does not have BatchGetImage permission for the image: 'x'"
    )
    assert "None" not in " ".join(sagepass.diagnose(text).identity)


def test_a_role_that_the_text_leaves_out_is_to_be_filled_in() -> None:
    """Passing any role would be far too much: the statement has a gap where the role's path and name belong."""
    (fix,) = sagepass.diagnose(f"User: {USER} is not authorized to perform: iam:PassRole").fixes
    assert fix.applicability is Applicability.PLACEHOLDERS
    assert "role/*" not in json.dumps(fix.edits[0].after)
    assert "role/<path and name of the role>" in json.dumps(fix.edits[0].after)
    assert "iam:PassedToService" in json.dumps(fix.edits[0].after)


def test_a_snapshot_without_the_caller_is_not_called_no_policies() -> None:
    """Policies were supplied: what is missing in them is the caller, and the next command collects it."""
    denied = f"User: {USER} is not authorized to perform: sagemaker:ListModels"
    other = SnapshotBuilder().account(USER.split(":")[4]).build()
    found = sagepass.diagnose(denied, other)
    assert "did you mean" in found.contradictions[0] or "no user" in found.contradictions[0]
    assert all(
        "no policies were supplied" not in gap for fix in found.fixes for gap in (*fix.not_checked, *found.limits)
    )
    assert (found.next_command or "").startswith("aws iam get-account-authorization-details")
