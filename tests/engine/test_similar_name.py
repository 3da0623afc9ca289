"""A name that is off by a slip of the keyboard is called similar; one that names another thing is not."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sagepass
from sagepass.engine.decision import Difference
from sagepass.engine.similar_name import similar_name

ACCOUNT = "123456789012"
USER = f"arn:aws:iam::{ACCOUNT}:user/mateojackson"

SIMILAR = [
    ("churn-model", "chrun-model", "churn-model", "ur"),
    ("churn-model", "churn-modl", "churn-model", "e"),
    ("churn-model", "churnn-model", "churn-model", "n"),
    ("churn-model", "churn_model", "churn-model", "-"),
    ("churn", "chrun", "churn", "ur"),
    ("fraud-detector", "fruad-detectr", "fraud-detector", "aud-detecto"),
    ("churn-*", "chrun-2026-01", "churn-2026-01", "ur"),
    ("ml-data/*", "ml-dtaa/train/one.csv", "ml-data/train/one.csv", "at"),
]
OTHERS = [
    ("churn-1", "churn-2"),
    ("churn-11", "churn-1"),
    ("churn-a", "churn-b"),
    ("lot-a-*", "lot-b-7"),
    ("churn-model", "fraud-model"),
    ("abc", "acb"),
    ("churn-*-model", "chrun-1-model"),
    ("churn?model", "chrun-model"),
    ("*", "anything"),
    ("churn-model", ""),
]


@pytest.mark.parametrize(("pattern", "name", "meant", "differs"), SIMILAR)
def test_a_slip_is_seen(pattern: str, name: str, meant: str, differs: str) -> None:
    """Swapped, missing, doubled and wrong letters; what was meant, and the place in the policy's text."""
    found = similar_name(pattern, name)
    assert found is not None
    assert found.meant == meant
    assert pattern[slice(*found.piece)] == differs


@pytest.mark.parametrize(("pattern", "name"), OTHERS)
def test_names_of_other_things_are_not_similar(pattern: str, name: str) -> None:
    """Numbers and single letters tell things apart; short names and wildcards inside are not guessed at."""
    assert similar_name(pattern, name) is None


@given(st.text(alphabet="abc-*?", max_size=40), st.text(alphabet="abc-", max_size=40))
def test_the_piece_lies_in_the_pattern(pattern: str, name: str) -> None:
    """Whatever the texts, the place is one, and what was meant is in the pattern's spelling."""
    found = similar_name(pattern, name)
    if found is not None:
        start, end = found.piece
        assert 0 <= start < end <= len(pattern)
        assert found.meant.startswith(pattern.partition("*")[0])
        assert found.meant != name


def test_long_names_take_no_time() -> None:
    """The work grows with the length, not with its square."""
    long, started = "ab" * 128, time.process_time()
    for _ in range(100):
        similar_name(long, long[:-1] + "x")
        similar_name(long + "*", "x" * 1000)
    assert time.process_time() - started < 5
    assert similar_name("ab" * 1000, "ba" * 1000) is None


@pytest.mark.parametrize(
    ("allowed", "asked", "difference"),
    [
        ("model/churn-model", "model/chrun-model", Difference.SIMILAR_NAME),
        ("model/churn-model", "model/fraud-model", Difference.NAME),
        ("model/churn-model", "endpoint/chrun-model", Difference.RESOURCE_TYPE),
    ],
)
def test_a_denial_says_which_name_may_be_meant(allowed: str, asked: str, difference: Difference) -> None:
    """The nearest statement names the difference, and asks."""
    base = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:"
    statement = {"Effect": "Allow", "Action": "sagemaker:*", "Resource": base + allowed}
    user = {
        "UserName": "mateojackson",
        "Path": "/",
        "UserId": "AIDA0000000000000001",
        "Arn": USER,
        "UserPolicyList": [{"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}}],
        "GroupList": [],
        "AttachedManagedPolicies": [],
    }
    details = {"UserDetailList": [user], "GroupDetailList": [], "RoleDetailList": [], "Policies": []}
    saved = sagepass.Snapshot.from_authorization_details(details).without_organization()
    request = sagepass.Request(principal=USER, action="sagemaker:DeleteModel", resource=base + asked)
    (near,) = (miss for check in sagepass.authorize(request, saved).checks for miss in check.nearest)
    assert near.difference is difference
    assert ("did you mean" in near.sentence) is (difference is Difference.SIMILAR_NAME)
    if difference is Difference.SIMILAR_NAME:
        assert near.piece is not None
        assert (base + allowed)[slice(*near.piece)] == "ur"
