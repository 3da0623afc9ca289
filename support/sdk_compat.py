"""``make sdk-compat``: the SageMaker Python SDK against the endpoint, through its proxy, as the policies say.

The SDK calls AWS under names of its own, which the proxy answers. The endpoint runs in this process, the SDK in the
virtual environment that is given; between its calls an administrator changes what the caller may.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import boto3  # type: ignore[import-untyped]

from sagepass.endpoint.endpoint import Credentials, Endpoint, Setup
from sagepass.fronts.cli.serve import environment

USER = "sdk-user"
_PASS = "iam:PassRole"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a call of the SDK comes to for a caller who may do this and nothing else.

    ``denied`` is the action that the refusal names; empty where the call succeeds.
    """

    call: str
    may: tuple[str, ...]
    denied: str = ""


EXPECTED = (
    Expected(call="fit", may=(), denied="sagemaker:CreateTrainingJob"),
    Expected(call="fit", may=("sagemaker:CreateTrainingJob",), denied=_PASS),
    Expected(call="fit", may=("sagemaker:CreateTrainingJob", _PASS)),
    Expected(call="deploy", may=(), denied="sagemaker:CreateModel"),
    Expected(call="deploy", may=("sagemaker:CreateModel",), denied=_PASS),
    Expected(call="deploy", may=("sagemaker:CreateModel", _PASS), denied="sagemaker:CreateEndpointConfig"),
    Expected(
        call="deploy",
        may=("sagemaker:CreateModel", _PASS, "sagemaker:CreateEndpointConfig"),
        denied="sagemaker:CreateEndpoint",
    ),
    Expected(
        call="deploy",
        may=("sagemaker:CreateModel", _PASS, "sagemaker:CreateEndpointConfig", "sagemaker:CreateEndpoint"),
    ),
    Expected(call="upsert", may=(), denied="sagemaker:CreatePipeline"),
    Expected(call="upsert", may=("sagemaker:CreatePipeline",), denied=_PASS),
    Expected(call="upsert", may=("sagemaker:CreatePipeline", _PASS)),
)


class Sdk:
    """The SDK in a process of its own, which knows the proxy and no address of the endpoint."""

    def __init__(self, python: Path, endpoint: Endpoint, who: Credentials, home: Path) -> None:
        exports = (line.removeprefix("export ").split("=", 1) for line in environment(endpoint).splitlines())
        self._process = subprocess.Popen(
            [str(python), str(Path(__file__).with_name("sdk_calls.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=(home / "sdk.log").open("w"),
            text=True,
            env={
                **dict(exports),
                "PATH": os.environ.get("PATH", ""),
                "HOME": str(home),
                "AWS_ACCESS_KEY_ID": who.access_key_id,
                "AWS_SECRET_ACCESS_KEY": who.secret,
            },
        )

    def call(self, name: str) -> Mapping[str, str]:
        """Make one call; what it answered."""
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{name}\n")
        process.stdin.flush()
        line = process.stdout.readline()
        if not line:
            raise SystemExit(f"the SDK ended with {process.wait()} when it was asked to {name}")
        answer: dict[str, str] = json.loads(line)
        return answer

    def end(self) -> None:
        """Let the process end."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=30)


def prepared(endpoint: Endpoint) -> tuple[Any, Credentials]:
    """A bucket, a role that SageMaker may assume, and a user who may nothing; IAM for the administrator."""
    root = endpoint.root_keys["123456789012"].for_boto3

    def client(service: str) -> Any:  # noqa: ANN401 - boto3 has no types
        return boto3.client(service, endpoint_url=endpoint.url, region_name="us-east-1", **root)

    client("s3").create_bucket(Bucket="sdk-compat")
    iam = client("iam")
    trust = {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
    iam.create_role(RoleName="Exec", AssumeRolePolicyDocument=_document(trust))
    iam.create_user(UserName=USER)
    key = iam.create_access_key(UserName=USER)["AccessKey"]
    return iam, Credentials(access_key_id=key["AccessKeyId"], secret=key["SecretAccessKey"])


def _document(*statements: Mapping[str, object]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def _problem(expected: Expected, answer: Mapping[str, str]) -> str:
    """What is wrong with an answer; empty if it is as expected."""
    if "ok" in answer:
        return "" if not expected.denied else f"was allowed; {expected.denied} should have been denied"
    sentence = f"is not authorized to perform: {expected.denied} on resource: "
    if expected.denied and answer["code"] == "AccessDeniedException" and sentence in answer["message"]:
        return ""
    return f"{answer['operation']} answered {answer['code']}: {answer['message']}"


def main(python: Path) -> int:
    """Make every call, and print one line for each."""
    failed = 0
    with Endpoint(Setup(proxy=True)) as endpoint, TemporaryDirectory() as home:
        iam, who = prepared(endpoint)
        sdk = Sdk(python, endpoint, who, Path(home))
        try:
            for expected in EXPECTED:
                may = {"Effect": "Allow", "Action": list(expected.may or ("sts:GetCallerIdentity",)), "Resource": "*"}
                iam.put_user_policy(UserName=USER, PolicyName="may", PolicyDocument=_document(may))
                problem = _problem(expected, sdk.call(expected.call))
                failed += bool(problem)
                outcome = problem or (f"denied for want of {expected.denied}" if expected.denied else "allowed")
                print(f"{'FAIL' if problem else 'ok  '} {expected.call:7} {outcome}")
        finally:
            sdk.end()
            if failed:
                sys.stderr.write((Path(home) / "sdk.log").read_text()[-4000:])
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
