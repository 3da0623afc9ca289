"""A text that may mean several requests: the headline speaks of one, and says that it is one of several."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

import sagepass
from sagepass.jobs.candidates import chosen_of, one_of_several
from sagepass.jobs.diagnosis import Candidate
from sagepass.policy.kinds import Effect

ACCOUNT = "123456789012"
USER = f"arn:aws:iam::{ACCOUNT}:user/mateojackson"
ERROR = (
    f"User: {USER} is not authorized to perform: iam:PassRole "
    "because no identity-based policy allows the iam:PassRole action"
)


def diagnosed(*names: str, allowed: str = "") -> sagepass.Diagnosis:
    """The denial of passing a role that is not named, with these roles that trust SageMaker."""
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
    roles = [
        {
            "RoleName": name,
            "Path": "/",
            "RoleId": f"AROA000000000000000{number}",
            "Arn": f"arn:aws:iam::{ACCOUNT}:role/{name}",
            "AssumeRolePolicyDocument": trust,
            "RolePolicyList": [],
            "AttachedManagedPolicies": [],
            "InstanceProfileList": [],
        }
        for number, name in enumerate(names)
    ]
    passing = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": f"arn:aws:iam::{ACCOUNT}:role/{allowed or 'x'}"}
    user = {
        "UserName": "mateojackson",
        "Path": "/",
        "UserId": "AIDA0000000000000001",
        "Arn": USER,
        "UserPolicyList": [{"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17", "Statement": [passing]}}],
        "GroupList": [],
        "AttachedManagedPolicies": [],
    }
    details = {"UserDetailList": [user], "GroupDetailList": [], "RoleDetailList": roles, "Policies": []}
    saved = sagepass.Snapshot.from_authorization_details(details).without_organization()
    return sagepass.diagnose(ERROR, saved)


def test_a_few_roles_are_all_named() -> None:
    """The one that the sentence is about, and the others."""
    headline = diagnosed("One", "Two", "Three").headline
    assert headline.startswith(f"no identity-based policy allows iam:PassRole on arn:aws:iam::{ACCOUNT}:role/One ")
    assert headline.endswith("(or role/Two or role/Three: the text does not say which; all are denied)")


def test_the_one_that_is_denied_is_spoken_of_and_the_rest_is_counted() -> None:
    """Where some of the roles may be passed, the headline says of how many that holds."""
    headline = diagnosed("One", "Two", allowed="One").headline
    assert "role/Two (or role/One: the text does not say which; 1 is denied, 1 is allowed)" in headline


def test_many_roles_are_counted() -> None:
    """A headline stays a sentence."""
    headline = diagnosed(*(f"Role{number}" for number in range(7))).headline
    assert headline.endswith("role/Role0 (one of 7: the text does not say which; all are denied)")


def test_the_only_role_needs_no_such_words() -> None:
    """One candidate is no question."""
    assert "does not say which" not in diagnosed("One").headline


@dataclass(frozen=True)
class _Decision:
    effect: Effect


@pytest.mark.parametrize(
    ("effects", "spoken_of", "words"),
    [
        ((Effect.ALLOW, Effect.UNKNOWN), 1, "1 is allowed, 1 is open"),
        ((Effect.ALLOW, Effect.ALLOW), 0, "both are allowed"),
        ((Effect.UNKNOWN, Effect.EXPLICIT_DENY, Effect.UNKNOWN), 1, "1 is denied, 2 are open"),
    ],
)
def test_what_comes_first(effects: tuple[Effect, ...], spoken_of: int, words: str) -> None:
    """A denial before what is open, that before what is allowed; every outcome is counted."""
    candidates = tuple(
        Candidate(label=f"name{number}", decision=_Decision(effect))  # type: ignore[arg-type]
        for number, effect in enumerate(effects)
    )
    assert chosen_of(candidates) is candidates[spoken_of]
    assert words in one_of_several(candidates)
