"""The keys that follow from a request alone, worked out when they are asked for."""

from __future__ import annotations

from sagepass.engine.derive_context import derive_context
from sagepass.engine.request import Request
from sagepass.policy.caller import parse_caller
from sagepass.policy.context import Context

USER = "arn:aws:iam::111122223333:user/team/ana"
BUCKET = "arn:aws:s3:::data"


def context(given: dict[str, object]) -> Context:
    """The context of a request by a user, for a bucket of nobody in particular."""
    request = Request(principal=USER, action="s3:GetObject", resource=BUCKET, context=given, context_complete=True)
    return derive_context(request, parse_caller(USER), None)


def test_what_is_asked_for_is_what_is_listed() -> None:
    """Each key that is listed has the value that it has when it is asked for by itself, and the others have none."""
    found = context({"aws:RequestTag/a": "b"}).values
    assert set(found) == {
        "aws:principalarn", "aws:principalaccount", "aws:principaltype", "aws:username",
        "aws:principalisawsservice", "aws:requesttag/a",
    }  # fmt: skip
    assert len(found) == len(list(found)) == 6
    assert {key: value.values for key, value in found.items()}["aws:username"] == ("ana",)
    assert all(found.get(key) == found[key] for key in found)
    assert "aws:resourceaccount" not in found


def test_a_given_key_wins_and_one_that_is_given_as_absent_is_absent() -> None:
    """What the request says of a key outweighs what follows from the caller."""
    found = context({"aws:username": "other", "aws:PrincipalArn": None})
    assert found.values["aws:username"].values == ("other",)
    assert "aws:principalarn" not in found.values
    assert len(found.values) == len(set(found.values)) == 4
    assert found.get("aws:PrincipalArn") is None
