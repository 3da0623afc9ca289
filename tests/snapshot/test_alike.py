"""What two snapshots describe in the same words is told without reading a policy, and nothing else is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sagepass.snapshot import answers
from sagepass.snapshot.alike import alike
from sagepass.snapshot.build import SnapshotBuilder
from sagepass.snapshot.snapshot import Snapshot
from sagepass.source.json_text import ParsedJson, parse_json

ACCOUNT = "123456789012"
USER, ROLE = f"arn:aws:iam::{ACCOUNT}:user/anna", f"arn:aws:iam::{ACCOUNT}:role/worker"
SHARED = f"arn:aws:iam::{ACCOUNT}:policy/shared"


def document(value: object = "a", action: str = "sagemaker:*") -> dict[str, object]:
    """A policy document with a condition on one value."""
    condition = {"Bool": {"aws:SecureTransport": value}}
    return {"Statement": [{"Effect": "Allow", "Action": action, "Resource": "*", "Condition": condition}]}


def files(**parts: object) -> dict[str, object]:
    """A user in a team, with a shared policy, and a role."""
    part = {"own": document(), "shared": document(), "team": document(), "trust": document(), "tag": "x"} | parts
    builder = SnapshotBuilder().managed_policy(SHARED, part["shared"])
    builder.principal(f"arn:aws:iam::{ACCOUNT}:group/team", inline={"team": part["team"]})
    builder.principal(USER, inline={"own": part["own"]}, managed=[SHARED], groups=["team"])
    builder.principal(ROLE, trust=part["trust"], tags={"tag": str(part["tag"])})
    return builder.files()


def snapshot(**parts: object) -> Snapshot:
    """The same in memory."""
    return Snapshot.from_files(files(**parts), "<files>")


@pytest.mark.parametrize(
    ("change", "policies", "trust"),
    [
        ({}, {USER, ROLE}, {ROLE}),
        ({"own": document("b")}, {ROLE}, {ROLE}),
        ({"shared": document("b")}, {ROLE}, {ROLE}),
        ({"team": document("b")}, {ROLE}, {ROLE}),
        ({"trust": document("b")}, {USER, ROLE}, set()),
        ({"tag": "y"}, {USER}, set()),
    ],
)
def test_each_part_counts(change: dict[str, object], policies: set[str], trust: set[str]) -> None:
    """Own, attached and group policies, and tags; a trust policy stands apart, since it is the role's as a resource."""
    found = alike(snapshot().identities(ACCOUNT), snapshot(**change).identities(ACCOUNT))
    assert (set(found.policies), set(found.trust)) == (policies, trust)


def test_true_and_one_are_not_the_same_word() -> None:
    """Python takes them for equal; a condition does not."""
    found = alike(snapshot(own=document(value=True)).identities(ACCOUNT), snapshot(own=document(1)).identities(ACCOUNT))
    assert USER not in found.policies


def test_a_doubled_key_is_never_alike(tmp_path: Path) -> None:
    """The value that counts may be the other one; the document has to be read."""
    text = json.dumps(next(value for path, value in files().items() if path.endswith("details.json")))
    doubled = text.replace('"Effect": "Allow"', '"Effect": "Deny", "Effect": "Allow"')
    for name, content in (("plain", text), ("doubled", doubled)):
        (tmp_path / name).write_text(content, encoding="utf-8")
    plain, other = (Snapshot.load(tmp_path / name) for name in ("plain", "doubled"))
    assert alike(plain.identities(ACCOUNT), plain.identities(ACCOUNT)).policies == {USER, ROLE}
    assert alike(other.identities(ACCOUNT), other.identities(ACCOUNT)).policies == {ROLE}
    assert alike(plain.identities(ACCOUNT), other.identities(ACCOUNT)).policies == {ROLE}


def test_an_account_of_one_side_has_nothing_alike() -> None:
    """There is nothing to compare it with."""
    assert not alike(None, snapshot().identities(ACCOUNT)).policies


def test_equal_files_are_parsed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two folders that differ in one file, that one alone is parsed twice; each side names its own files."""
    builder = SnapshotBuilder().account(ACCOUNT).principal(USER, inline={"own": document()}).organization("1" * 12)
    builder.write(tmp_path / "old")
    builder.organization("2" * 12).write(tmp_path / "new")
    parsed: list[str] = []

    def counting(text: str, name: str) -> ParsedJson:
        parsed.append(name)
        return parse_json(text, name)

    monkeypatch.setattr(answers, "parse_json", counting)
    old = Snapshot.load(tmp_path / "old")
    new = Snapshot.load(tmp_path / "new", beside=old)
    assert (old.management_account, new.management_account) == ("1" * 12, "2" * 12)
    records = [one.principal(USER) for one in (old, new)]
    assert len([name for name in parsed if "details" in name]) == 1
    assert len([name for name in parsed if "describe-organization" in name]) == 2
    origins = [record.identity.policies[0].document.origin.name for record in records if record is not None]
    assert [("/old/" in name, "/new/" in name) for name in origins] == [(True, False), (False, True)]
