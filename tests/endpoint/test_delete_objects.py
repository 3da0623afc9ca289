"""DeleteObjects: each key has an answer of its own."""

from __future__ import annotations

import pytest
from tests.endpoint.conftest import ACCOUNT, Aws, Client, allow, refused

from sagepass.endpoint.delete_objects import Kept, without
from sagepass.endpoint.errors import ErrorAnswer, Protocol
from sagepass.endpoint.http_message import HttpRequest
from sagepass.endpoint.moto_adapter.routing import ParsedCall, parse_call

BUCKET = "deleting"
WHO = f"arn:aws:iam::{ACCOUNT}:user/deletes"


@pytest.fixture(scope="module")
def root(aws: Aws) -> Client:
    """The owner of a bucket."""
    s3 = aws.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    return s3


@pytest.fixture(scope="module")
def mine(aws: Aws, root: Client) -> Client:
    """S3 for a user who may delete below ``mine/`` alone."""
    assert root is not None
    return aws.client("s3", aws.user("deletes", allow("s3:DeleteObject", resource=f"arn:aws:s3:::{BUCKET}/mine/*")))


def put(root: Client, *keys: str) -> dict[str, object]:
    """Make objects, and name them as DeleteObjects wants it."""
    for key in keys:
        root.put_object(Bucket=BUCKET, Key=key, Body=b"v")
    return {"Objects": [{"Key": key} for key in keys]}


def left(root: Client) -> list[str]:
    """What is in the bucket."""
    return [one["Key"] for one in root.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


def test_denied_keys_are_errors_and_the_others_are_deleted(mine: Client, root: Client) -> None:
    """With the refusal's own sentence, also for names that XML and URLs write otherwise."""
    answer = mine.delete_objects(Bucket=BUCKET, Delete=put(root, "mine/a", "theirs/<b> & c", "mine/d é"))
    assert sorted(one["Key"] for one in answer["Deleted"]) == ["mine/a", "mine/d é"]
    (error,) = answer["Errors"]
    assert (error["Key"], error["Code"]) == ("theirs/<b> & c", "AccessDenied")
    assert error["Message"] == (
        f'User: {WHO} is not authorized to perform: s3:DeleteObject on resource: "arn:aws:s3:::{BUCKET}/theirs/<b> & c" '
        "because no identity-based policy allows the s3:DeleteObject action"
    )
    assert left(root) == ["theirs/<b> & c"]
    root.delete_object(Bucket=BUCKET, Key="theirs/<b> & c")


def test_nothing_that_may_be_deleted(mine: Client, root: Client) -> None:
    """Every key is an error, and the status is still 200."""
    answer = mine.delete_objects(Bucket=BUCKET, Delete=put(root, "x", "y"))
    assert "Deleted" not in answer
    assert [one["Key"] for one in answer["Errors"]] == ["x", "y"]
    assert left(root) == ["x", "y"]
    root.delete_objects(Bucket=BUCKET, Delete=put(root, "x", "y"))


def test_quiet_answers_errors_alone(mine: Client, root: Client) -> None:
    """What was deleted is not listed, what was not is."""
    answer = mine.delete_objects(Bucket=BUCKET, Delete={**put(root, "mine/q", "z"), "Quiet": True})
    assert [one["Key"] for one in answer["Errors"]] == ["z"]
    assert left(root) == ["z"]
    root.delete_object(Bucket=BUCKET, Key="z")


@pytest.mark.parametrize("key", ["a\nb", "a\rb", "a\r\nb", "\ta ", " ", "<&>\"']]>", "ä\N{ROCKET}", "&#13;"])
def test_a_key_stays_the_key_that_was_decided(key: str) -> None:
    """What goes on is read as the same key, also where a parser of XML changes characters that are not escaped."""
    objects = [{"Key": key}, {"Key": "kept", "VersionId": "v"}, {"Key": key, "VersionId": "<1>"}]
    params = {"Bucket": BUCKET, "Delete": {"Objects": objects, "Quiet": True}}
    call = ParsedCall(client="s3", operation="DeleteObjects", params=params, protocol=Protocol.REST_XML)
    kept = [Kept(item=objects[1], error=ErrorAnswer(code="AccessDenied", message="no", status=403))]
    request = HttpRequest(method="POST", path=f"/{BUCKET}", query="delete", headers={"content-md5": "of the old body"})
    others = without(request, call, kept)
    assert others is not None
    again = parse_call(others, "s3")
    assert again is not None
    assert again.params["Delete"] == {"Objects": [objects[0], objects[2]], "Quiet": True}
    assert "content-md5" not in others.headers


def test_a_version_needs_an_action_of_its_own(mine: Client, root: Client) -> None:
    """The same key, once with a version and once without: one is an error."""
    put(root, "mine/v")
    both = [{"Key": "mine/v", "VersionId": "null"}, {"Key": "mine/v"}]
    answer = mine.delete_objects(Bucket=BUCKET, Delete={"Objects": both})
    (error,) = answer["Errors"]
    assert (error["Key"], error["VersionId"]) == ("mine/v", "null")
    assert "s3:DeleteObjectVersion" in error["Message"]
    assert left(root) == []


def test_bypassing_governance_needs_its_permission_for_each_key(mine: Client, root: Client) -> None:
    """Without it nothing is deleted."""
    answer = mine.delete_objects(Bucket=BUCKET, Delete=put(root, "mine/g"), BypassGovernanceRetention=True)
    (error,) = answer["Errors"]
    assert "s3:BypassGovernanceRetention" in error["Message"]
    assert left(root) == ["mine/g"]
    root.delete_object(Bucket=BUCKET, Key="mine/g")


def test_the_record_tells_of_the_refused_key(aws: Aws, mine: Client, root: Client) -> None:
    """A call with a refused key is a denied call in the log, with the decision about each key."""
    mine.delete_objects(Bucket=BUCKET, Delete=put(root, "mine/r", "r"))
    call = next(one for one in aws.endpoint.log.recent() if one.operation == "DeleteObjects")
    assert (call.allowed, call.error_code) == (False, "AccessDenied")
    assert [one.effect for one in call.decisions] == ["ALLOW", "IMPLICIT_DENY"]
    root.delete_object(Bucket=BUCKET, Key="r")


def test_a_bucket_that_does_not_exist(mine: Client) -> None:
    """Nobody may delete there, and nothing is forwarded."""
    answer = mine.delete_objects(Bucket="no-such-bucket", Delete={"Objects": [{"Key": "k"}]})
    assert [one["Code"] for one in answer["Errors"]] == ["AccessDenied"]
    assert refused(mine.delete_object, Bucket="no-such-bucket", Key="k").code == "AccessDenied"


def test_more_than_a_thousand_keys(mine: Client) -> None:
    """S3 takes no more at once, and nothing is decided about them."""
    many = {"Objects": [{"Key": f"mine/{number}"} for number in range(1001)]}
    assert refused(mine.delete_objects, Bucket=BUCKET, Delete=many).code == "MalformedXML"
