"""An action that takes no resource is allowed by a statement on ``*`` alone, whatever resource the question names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import ACCOUNT, USER, Cli

MODEL = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:model/m"


def account(folder: Path, resource: str) -> Path:
    """A file with an account whose user is allowed sagemaker:ListModels on one resource."""
    statement = {"Effect": "Allow", "Action": "sagemaker:ListModels", "Resource": resource}
    policy = {"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
    name = USER.rpartition("/")[2]
    user = {
        "UserName": name,
        "Path": "/",
        "UserId": "AIDA0000000000000001",
        "Arn": USER,
        "GroupList": [],
        "UserPolicyList": [policy],
        "AttachedManagedPolicies": [],
    }
    file = folder / "account.json"
    details = {"UserDetailList": [user], "GroupDetailList": [], "RoleDetailList": [], "Policies": []}
    file.write_text(json.dumps(details), encoding="utf-8")
    return file


@pytest.mark.parametrize(("allowed_on", "code"), [("*", 0), (MODEL, 1)])
def test_a_named_resource_does_not_count(cli: Cli, tmp_path: Path, allowed_on: str, code: int) -> None:
    """A policy on ``*`` allows it; a policy on the very ARN of the question allows nothing. A note says why."""
    snapshot = account(tmp_path, allowed_on)
    result = cli("can", USER, "sagemaker:ListModels", MODEL, "--snapshot", str(snapshot), "--no-organization")
    assert result.code == code
    assert "takes no resource" in result.err
