"""``sagepass check`` on what a pipeline gives it: an account's authorization details, folders, and wrong paths."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from tests.cli.conftest import ACCOUNT, Cli

WRONG = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sagemaker:CreatModel", "Resource": "*"}]}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
}


def _details(*, encoded: bool) -> dict[str, Any]:
    """A user, a group, a role and a managed policy of which each has a finding; what AWS wrote has the same."""

    def written(document: object) -> object:
        return quote(json.dumps(document)) if encoded else document

    def inline(name: str) -> list[dict[str, object]]:
        return [{"PolicyName": name, "PolicyDocument": written(WRONG)}]

    def versions(arn: str, name: str) -> dict[str, object]:
        old, new = ({"Document": written(WRONG), "IsDefaultVersion": flag, "VersionId": "v"} for flag in (False, True))
        return {"Arn": arn, "PolicyName": name, "PolicyVersionList": [old, new]}

    iam = f"arn:aws:iam::{ACCOUNT}"
    linked = f"{iam}:role/aws-service-role/x.amazonaws.com/Linked"
    return {
        "UserDetailList": [{"Arn": f"{iam}:user/anna", "UserName": "anna", "UserPolicyList": inline("ofUser")}],
        "GroupDetailList": [{"Arn": f"{iam}:group/team", "GroupName": "team", "GroupPolicyList": inline("ofGroup")}],
        "RoleDetailList": [
            {
                "Arn": f"{iam}:role/worker",
                "RoleName": "worker",
                "RolePolicyList": inline("ofRole"),
                "AssumeRolePolicyDocument": written(TRUST),
            },
            {"Arn": linked, "RoleName": "Linked", "AssumeRolePolicyDocument": written(TRUST)},
        ],
        "Policies": [
            versions(f"{iam}:policy/own", "own"),
            versions("arn:aws:iam::aws:policy/Theirs", "Theirs"),
        ],
    }


@pytest.mark.parametrize("encoded", [False, True])
@pytest.mark.parametrize("pages", [False, True])
def test_every_policy_of_an_account_is_looked_at(cli: Cli, tmp_path: Path, *, encoded: bool, pages: bool) -> None:
    """Inline, managed and trust policies, each with its holder; not old versions, nor what AWS wrote."""
    details = _details(encoded=encoded)
    path = tmp_path / "account.json"
    path.write_text(json.dumps([details] if pages else details, indent=2), encoding="utf-8")
    result = cli("check", str(path))
    told = " ".join(result.out.split())
    assert result.code == 1
    for holder in (
        "inline policy ofUser of user anna",
        "inline policy ofGroup of group team",
        "inline policy ofRole of role worker",
        "trust policy of role worker",
        "customer managed policy own",
    ):
        assert holder in told
    assert "in 5 policies" in told
    assert "Linked" not in told
    assert "Theirs" not in told


def test_a_saved_account_in_a_folder_is_looked_at(cli: Cli, tmp_path: Path) -> None:
    """Its answers without a policy are counted; the one with all the policies is not among them."""
    (tmp_path / "account.json").write_text(json.dumps(_details(encoded=False)), encoding="utf-8")
    (tmp_path / "refused.json").write_text("An error occurred (NoSuchBucketPolicy)", encoding="utf-8")
    (tmp_path / "list.json").write_text('{"Buckets": []}', encoding="utf-8")
    assert "in 5 policies; 2 files hold no policy" in cli("check", str(tmp_path)).out


def test_a_folder_without_policies_does_not_pass(cli: Cli, tmp_path: Path) -> None:
    """A wrong path in a pipeline would else be green for ever."""
    result = cli("check", str(tmp_path))
    assert (result.code, "no policy in this folder" in result.err) == (2, True)


def test_broken_json_in_a_folder_does_not_pass(cli: Cli, tmp_path: Path) -> None:
    """A policy that cannot be read is not one without findings."""
    (tmp_path / "good.json").write_text(json.dumps(TRUST), encoding="utf-8")
    (tmp_path / "broken.json").write_text('{"Version": "2012-10-17", "Statement": [', encoding="utf-8")
    result = cli("check", str(tmp_path))
    assert (result.code, "broken.json:1:" in result.err) == (2, True)
