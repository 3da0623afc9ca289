"""Runs the command line in this process and catches what it prints."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ACCOUNT = "123456789012"
USER = f"arn:aws:iam::{ACCOUNT}:user/mateojackson"
JOB = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:training-job/my-example-widget"
ERROR = f"User: {USER} is not authorized to perform: sagemaker:DescribeTrainingJob on resource: my-example-widget"
CAROL = f"arn:aws:iam::{ACCOUNT}:user/carol"


@dataclass(frozen=True)
class Result:
    """What a run of the command line left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - any JSON
        """Standard output as one JSON document."""
        return json.loads(self.out)


Cli = Callable[..., Result]


class _Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Run ``sagepass`` with arguments; ``stdin`` is bytes that are piped in, ``terminal`` makes it a terminal."""
    from sagepass.fronts.cli.main import run

    def call(*arguments: str, stdin: bytes = b"", terminal: bool = False) -> Result:
        kind = _Terminal if terminal else io.TextIOWrapper
        monkeypatch.setattr(sys, "stdin", kind(io.BytesIO(stdin)))
        code = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Result(int(code), captured.out, captured.err)

    return call


def details(*users: dict[str, object]) -> dict[str, object]:
    """An answer of get-account-authorization-details."""
    return {
        "UserDetailList": list(users),
        "GroupDetailList": [],
        "RoleDetailList": [],
        "Policies": [],
        "IsTruncated": False,
    }


def user(name: str, *statements: dict[str, object]) -> dict[str, object]:
    """A user with one inline policy."""
    return {
        "Path": "/",
        "UserName": name,
        "UserId": "AIDA" + name.upper().ljust(17, "X")[:17],
        "Arn": f"arn:aws:iam::{ACCOUNT}:user/{name}",
        "CreateDate": "2026-01-01T00:00:00+00:00",
        "GroupList": [],
        "AttachedManagedPolicies": [],
        "Tags": [],
        "UserPolicyList": [
            {"PolicyName": "jobs", "PolicyDocument": {"Version": "2012-10-17", "Statement": list(statements)}}
        ],
    }


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    """Mateo may list training jobs, Carol may describe one; no organization."""
    folder = tmp_path / "snapshot"
    (folder / "accounts" / ACCOUNT / "iam").mkdir(parents=True)
    allow_list: dict[str, object] = {"Effect": "Allow", "Action": "sagemaker:ListTrainingJobs", "Resource": "*"}
    allow_job: dict[str, object] = {"Effect": "Allow", "Action": "sagemaker:DescribeTrainingJob", "Resource": JOB}
    value = details(user("mateojackson", allow_list), user("carol", allow_job))
    path = folder / "accounts" / ACCOUNT / "iam" / "get-account-authorization-details.json"
    path.write_text(json.dumps(value, indent=2), encoding="utf-8")
    (folder / "snapshot.json").write_text('{"no_organization": true, "default_region": "us-east-1"}', encoding="utf-8")
    return folder
