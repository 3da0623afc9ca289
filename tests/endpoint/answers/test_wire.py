"""Every operation that is answered here, through the service's own protocol and botocore's parser."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.endpoint.answers.worlds import EVERYTHING, MATEO, ask, over_the_wire, recorded, world

from sagepass.endpoint.answers import find_answer
from sagepass.endpoint.answers.decode_message import encode_message

DENIED = recorded("sagemaker", "DescribeTrainingJob", {"TrainingJobName": "my-example-widget"})
DELETED = recorded("s3", "DeleteObject", {"Bucket": "lake", "Key": "k"}, number=2)
TEXT = json.dumps(EVERYTHING)
SOURCE = Path(__file__).resolve().parents[3] / "src"
URI = "arn:aws:iam::123456789012:policy/edge"
ASKED: list[tuple[str, str, dict[str, Any]]] = [
    ("iam-toolbox", "GetRequestAuthorizationDetails", {"authorizationId": "auth1"}),
    ("iam-toolbox", "GetRequestAuthorizationPolicy", {"authorizationId": "auth1", "policyUri": URI}),
    ("iam", "SimulateCustomPolicy", {"PolicyInputList": [TEXT], "ActionNames": ["s3:GetObject"]}),
    ("iam", "SimulatePrincipalPolicy", {"PolicySourceArn": MATEO, "ActionNames": ["s3:GetObject"]}),
    ("iam", "GetContextKeysForCustomPolicy", {"PolicyInputList": [TEXT]}),
    ("iam", "GetContextKeysForPrincipalPolicy", {"PolicySourceArn": MATEO}),
    ("sts", "DecodeAuthorizationMessage", {"EncodedMessage": encode_message("auth2")}),
    ("accessanalyzer", "ValidatePolicy", {"policyDocument": "{}", "policyType": "IDENTITY_POLICY"}),
    ("cloudtrail", "LookupEvents", {}),
]


@pytest.mark.parametrize(("client", "operation", "params"), ASKED, ids=[operation for _, operation, _ in ASKED])
def test_a_client_reads_what_was_answered(client: str, operation: str, params: dict[str, Any]) -> None:
    """Nothing is lost and nothing changes its type on the way; empty members may go missing, as in any AWS answer."""
    answer = ask(client, operation, params, world(DENIED, DELETED))
    assert _full(over_the_wire(client, operation, answer)) == _full(answer)


def _full(value: object) -> object:
    """Without empty members, with times cut to seconds."""
    if isinstance(value, Mapping):
        kept = {name: _full(inner) for name, inner in value.items()}
        return {name: inner for name, inner in kept.items() if inner not in ({}, [], "", None)}
    if isinstance(value, list | tuple):
        return [_full(inner) for inner in value]
    return value


def test_other_operations_have_no_answer_of_their_own() -> None:
    """What is not in the tables goes the ordinary way."""
    assert find_answer("iam", "CreateUser") is None
    assert find_answer("sagemaker", "CreateTrainingJob") is None


def test_answers_need_neither_botocore_nor_a_server() -> None:
    """All answers load without any package of the extra."""
    code = (
        "import sys\n"
        "from sagepass.endpoint.answers import find_answer\n"
        "for client in ('iam', 'sts', 'iam-toolbox', 'accessanalyzer', 'cloudtrail'):\n"
        "    find_answer(client, 'x')\n"
        "import sagepass.endpoint.answers.trail\n"
        "print([name for name in ('botocore', 'boto3', 'moto', 'werkzeug', 'cryptography') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=SOURCE, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
