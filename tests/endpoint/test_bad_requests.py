"""Whatever arrives is answered as AWS answers it, is not forwarded, and is never a 500."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.endpoint.conftest import Aws
from tests.endpoint.raw import JSON, Answer, sagemaker, send, signed

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def port(aws: Aws) -> int:
    """Where the endpoint listens."""
    return aws.endpoint.port


def kind(answer: Answer) -> str:
    """The error code of a JSON answer."""
    return str(json.loads(answer.body)["__type"])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "SerializationException"),
        (b"[]", "SerializationException"),
        (b"\xff\xfe", "SerializationException"),
        (b"[" * 20000, "SerializationException"),
        (b'{"ModelName":' + b"[" * 3000 + b"]" * 3000 + b"}", "SerializationException"),
        (b'{"ModelName": 7}', "SerializationException"),
        (b'{"ModelName": {"a": 1}}', "SerializationException"),
        (b"{}", "ValidationException"),
        (b'{"ModelName": null}', "ValidationException"),
    ],
)
def test_json_that_does_not_fit(aws: Aws, port: int, body: bytes, code: str) -> None:
    """Malformed, too deep, of the wrong type, or without what is required."""
    answer = sagemaker(port, aws.root, "DescribeModel", body)
    assert (answer.status, kind(answer)) == (400, code)


def test_a_missing_member_is_named(aws: Aws, port: int) -> None:
    """As AWS words it."""
    answer = sagemaker(port, aws.root, "DescribeModel", b"{}")
    text = (
        "1 validation error detected: Value null at 'modelName' failed to satisfy constraint: Member must not be null"
    )
    assert json.loads(answer.body)["Message"] == text


def test_an_unknown_operation_and_another_content_type(aws: Aws, port: int) -> None:
    """Neither is an operation of the service."""
    assert kind(sagemaker(port, aws.root, "NoSuchThing", b"{}")) == "UnknownOperationException"
    answer = sagemaker(port, aws.root, "ListModels", b"{}", **{"Content-Type": "text/html"})
    assert (answer.status, kind(answer)) == (400, "UnknownOperationException")


def test_an_unknown_action_of_iam(aws: Aws, port: int) -> None:
    """The query protocol calls it InvalidAction."""
    body = b"Action=NoSuchThing&Version=2010-05-08"
    answer = send(port, "POST", "/", signed(port, aws.root, "iam", "POST", "/", FORM, body), body)
    assert (answer.status, "<Code>InvalidAction</Code>" in answer.text) == (400, True)


def test_an_unknown_service(aws: Aws, port: int) -> None:
    """Nothing is guessed from the path or the body."""
    answer = send(port, "POST", "/", signed(port, aws.root, "nonsense", "POST", "/", JSON, b"{}"), b"{}")
    assert answer.status in {400, 404, 405}
    assert b"<Code>" in answer.body or b"__type" in answer.body


@pytest.mark.parametrize(
    "path",
    [
        "/moto-api/",
        "/moto-api/reset",
        "/%6doto-api/reset",
        "//moto-api/reset",
        "/latest/meta-data/iam/security-credentials/",
        "/latest/api/token",
        "/sts_us-east-1/",
    ],
)
def test_the_emulations_own_addresses_are_shut(port: int, path: str) -> None:
    """Nobody resets it, and it hands out no credentials."""
    for method in ("GET", "POST", "PUT"):
        answer = send(port, method, path)
        assert answer.status in {403, 405}, (method, answer)


def test_nobody_chooses_the_account(aws: Aws, port: int) -> None:
    """The emulation's header is taken away from what clients send."""
    who = aws.user(
        "spoofs", {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    )
    body = b"Action=ListUsers&Version=2010-05-08"
    headers = signed(port, who, "iam", "POST", "/", FORM, body) | {"x-moto-account-id": "999999999999"}
    assert ":user/spoofs" in send(port, "POST", "/", headers, body).text


def test_a_misleading_path_or_host_leads_to_no_other_service(aws: Aws, port: int) -> None:
    """The service is that of the signature and the target, now and for the requests after."""
    aws.endpoint.emulation._found.clear()
    given = {**JSON, "X-Amz-Target": "SageMaker.ListModels"}
    path = "/endpoints/e/invocations"
    send(port, "POST", path, signed(port, aws.root, "sagemaker", "POST", path, given, b"{}"), b"{}")
    assert aws.client("sagemaker").list_models()["Models"] == []
    host = {"host": "s3-control.example", "x-amz-content-sha256": "UNSIGNED-PAYLOAD"}
    send(port, "GET", "/", signed(port, aws.root, "s3", "GET", "/", host))
    assert aws.client("s3").list_buckets()["Buckets"] == []


def test_a_skewed_signature_and_one_of_another_day(aws: Aws, port: int) -> None:
    """Ten minutes is too old for SageMaker and IAM; S3 takes fifteen."""
    from unittest.mock import patch

    past = datetime.now(UTC) - timedelta(minutes=10)
    with patch("botocore.auth.get_current_datetime", return_value=past.replace(tzinfo=None)):
        answer = sagemaker(port, aws.root, "ListModels", b"{}")
        assert kind(answer) == "InvalidSignatureException"
        assert json.loads(answer.body)["Message"].startswith("Signature expired: ")
        body = b"Action=ListUsers&Version=2010-05-08"
        headers = signed(port, aws.root, "iam", "POST", "/", FORM, body)
        assert "<Code>SignatureDoesNotMatch</Code>" in send(port, "POST", "/", headers, body).text
    very = datetime.now(UTC) - timedelta(minutes=20)
    with patch("botocore.auth.get_current_datetime", return_value=very.replace(tzinfo=None)):
        answer = send(
            port, "GET", "/", signed(port, aws.root, "s3", "GET", "/", {"x-amz-content-sha256": "UNSIGNED-PAYLOAD"})
        )
        assert "<Code>RequestTimeTooSkewed</Code>" in answer.text


def test_a_replay_within_the_window_is_answered_and_a_changed_one_is_not(aws: Aws, port: int) -> None:
    """As in AWS, a signature is good for some minutes, for exactly what was signed."""
    given = {**JSON, "X-Amz-Target": "SageMaker.ListModels"}
    headers = signed(port, aws.root, "sagemaker", "POST", "/", given, b"{}")
    assert [send(port, "POST", "/", headers, b"{}").status for _ in range(2)] == [200, 200]
    assert kind(send(port, "POST", "/", headers, b'{"MaxResults": 1}')) == "InvalidSignatureException"
    assert (
        kind(send(port, "POST", "/", headers | {"X-Amz-Target": "SageMaker.ListJobs"}, b"{}"))
        == "InvalidSignatureException"
    )
    assert kind(send(port, "POST", "/?x=1", headers, b"{}")) == "InvalidSignatureException"


@pytest.mark.parametrize(
    "authorization",
    [
        "AWS4-HMAC-SHA256",
        "AWS4-HMAC-SHA256 Credential=a/b/c, SignedHeaders=host, Signature=0",
        "AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/sagemaker/aws4_request, SignedHeaders=x-amz-date, Signature=0",
        "Bearer abc",
        "Basic abc",
        "AWS AKIA:abc",
    ],
)
def test_half_a_signature(port: int, authorization: str) -> None:
    """Whatever else stands in the header is no signature."""
    headers = {**JSON, "X-Amz-Target": "SageMaker.ListModels", "Authorization": authorization}
    answer = send(port, "POST", "/", headers, b"{}")
    assert (answer.status, kind(answer)) == (400, "IncompleteSignatureException")


def test_too_long_and_too_large(aws: Aws, port: int) -> None:
    """Bounded before anything is read."""
    assert send(port, "GET", "/" + "a" * 20000).status == 414
    answer = send(port, "PUT", "/bucket/key", {"content-length": str(10**12)})
    assert (answer.status, "EntityTooLarge" in answer.text) == (413, True)
    assert send(port, "PUT", "/bucket/key", {"content-length": "-1"}).status == 400
    aws.client("sts").get_caller_identity()


def test_the_local_pages_are_for_programs_on_this_machine(port: int) -> None:
    """Not for a page in a browser, whatever name it reaches the endpoint by."""
    path = "/.sagepass/calls/" + "a" * 52
    assert send(port, "GET", path).status == 404
    assert send(port, "GET", path, {"host": "evil.example"}).status == 403
    assert send(port, "GET", path, {"origin": "http://evil.example"}).status == 403
    assert send(port, "POST", path).status == 405


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "BREW"]),
    path=st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="#"), max_size=60),
    headers=st.dictionaries(
        st.sampled_from(
            [
                "content-type",
                "x-amz-target",
                "x-amz-date",
                "x-amz-content-sha256",
                "authorization",
                "x-amz-security-token",
            ]
        ),
        st.one_of(
            st.sampled_from(
                [
                    "application/json",
                    "application/x-amz-json-1.1",
                    "application/x-www-form-urlencoded",
                    "multipart/form-data; boundary=x",
                    "SageMaker.ListModels",
                    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
                    "AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0",
                ]
            ),
            st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40),
        ),
    ),
    body=st.binary(max_size=200),
)
def test_garbage_is_refused(port: int, method: str, path: str, headers: dict[str, str], body: bytes) -> None:
    """Never let in, never a 500."""
    answer = send(port, method, f"/{path}", headers, body)
    assert 400 <= answer.status < 500


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
        max_leaves=8,
    ),
    operation=st.sampled_from(
        ["CreateTrainingJob", "CreateModel", "ListTags", "CreateEndpoint", "Search", "AddTags", "CreateJob"]
    ),
    member=st.sampled_from(
        ["Tags", "RoleArn", "ResourceConfig", "ResourceArn", "ModelName", "PrimaryContainer", "VpcConfig"]
    ),
)
def test_signed_garbage_is_no_500(aws: Aws, port: int, value: object, operation: str, member: str) -> None:
    """A member of any shape is answered with an error of AWS, or carried out."""
    body = json.dumps({member: value}).encode()
    assert sagemaker(port, aws.root, operation, body).status in {200, 400}
