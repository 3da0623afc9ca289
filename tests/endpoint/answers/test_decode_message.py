"""Encoded authorization messages: opaque, signed, and decoded to what AWS documents."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from tests.endpoint.answers.worlds import ACCOUNT, MATEO, STRANGER, ask, recorded, world

from sagepass.denial import read_denials
from sagepass.endpoint.answers import ApiError
from sagepass.endpoint.answers.decode_message import encode_message
from sagepass.policy.kinds import Effect

DESCRIBE = recorded("sagemaker", "DescribeTrainingJob", {"TrainingJobName": "my-example-widget"})
DELETE = recorded("s3", "DeleteObject", {"Bucket": "lake", "Key": "k"}, number=2)


def decoded(ident: str) -> dict[str, Any]:
    """The decoded message of a call."""
    params = {"EncodedMessage": encode_message(ident)}
    answer = ask("sts", "DecodeAuthorizationMessage", params, world(DESCRIBE, DELETE))
    return dict(json.loads(str(answer["DecodedMessage"])))


def test_a_message_decodes_to_the_documented_parts() -> None:
    """Explicit or not, who, what, on what, and the condition keys of the request."""
    message = decoded("auth1")
    assert (message["allowed"], message["explicitDeny"]) == (False, False)
    assert message["matchedStatements"] == {"items": []}
    context = message["context"]
    assert context["principal"] == {"id": "AIDAMATEOJACKSONEXAMPLE", "name": "mateojackson", "arn": MATEO}
    assert context["action"] == "sagemaker:DescribeTrainingJob"
    assert context["resource"] == f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:training-job/my-example-widget"
    conditions = {one["key"]: one["values"]["items"] for one in context["conditions"]["items"]}
    assert conditions["aws:SourceIp"] == [{"value": "127.0.0.1"}]


def test_an_explicit_deny_names_its_statement() -> None:
    """The statement that denied, with its elements."""
    message = decoded("auth2")
    assert message["explicitDeny"] is True
    (statement,) = message["matchedStatements"]["items"]
    assert (statement["statementId"], statement["effect"]) == ("NoDelete", "DENY")
    assert statement["actions"] == {"items": [{"value": "s3:DeleteObject"}]}


@pytest.mark.parametrize(("ident", "effect"), [("auth1", Effect.IMPLICIT_DENY), ("auth2", Effect.EXPLICIT_DENY)])
def test_our_reader_reads_it(ident: str, effect: Effect) -> None:
    """A pasted decoded message becomes a denial again."""
    (denial,) = read_denials(json.dumps({"DecodedMessage": json.dumps(decoded(ident))}))
    assert (denial.principal, denial.effect) == (MATEO, effect)


def test_a_message_tells_nothing_by_itself() -> None:
    """It holds an id and a signature: neither caller nor action nor resource can be read out of it."""
    message = encode_message("auth1")
    inside = base64.urlsafe_b64decode(message + "==").decode()
    assert inside.startswith("auth1:")
    assert "mateo" not in inside


@pytest.mark.parametrize(
    "message",
    ["garbage", "é", "====", "A" * 10_241, encode_message("auth1")[:-2], encode_message("unknown"),
     base64.urlsafe_b64encode(b"auth1:" + b"0" * 64).decode()],
    ids=["words", "not ASCII", "padding alone", "too long", "cut", "of no decision", "forged"],
)  # fmt: skip
def test_a_message_that_was_not_issued_is_refused(message: str) -> None:
    """Damaged, made up or expired: one and the same error."""
    with pytest.raises(ApiError) as refused:
        ask("sts", "DecodeAuthorizationMessage", {"EncodedMessage": message}, world(DESCRIBE))
    assert (refused.value.code, refused.value.status) == ("InvalidAuthorizationMessageException", 400)


def test_another_account_cannot_decode_it() -> None:
    """The details are for the account of the denied caller."""
    with pytest.raises(ApiError):
        ask(
            "sts",
            "DecodeAuthorizationMessage",
            {"EncodedMessage": encode_message("auth1")},
            world(DESCRIBE, account_id=STRANGER),
        )
