"""What bad input gets: a message that names the file, the place and the remedy; nothing crashes, nothing is guessed."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sagepass.policy.document import Document
from sagepass.snapshot.build import SnapshotBuilder
from sagepass.snapshot.errors import SnapshotError
from sagepass.snapshot.snapshot import Snapshot
from sagepass.source.finding import Finding

ACCOUNT = "123456789012"
USER = f"arn:aws:iam::{ACCOUNT}:user/u"
DETAILS = f"accounts/{ACCOUNT}/iam/get-account-authorization-details.json"
DEEP = '{"UserDetailList": ' + "[" * 1000 + "]" * 1000 + "}"

FILES: list[tuple[str, bytes, str]] = [
    ("text", b"hello", "this is not JSON"),
    ("empty", b"", "the text is empty"),
    ("truncated", b'{"UserDetailList": [{"Arn": "arn:aws', "the file is cut off"),
    ("html", b"<!doctype html>", "HTML"),
    ("syntax", b'{"UserDetailList": [],\n "RoleDetailList" []}', "file.json:2:19: the JSON has a syntax error"),
    ("binary", b"\x7fELF\x02\x01\x01\x00\x00", "binary"),
    ("latin-1", b'{"a": "\xe9"}', "not valid UTF-8"),
    ("deep", DEEP.encode(), "nested more than 200 levels deep"),
    ("policy", b'{"Version": "2012-10-17", "Statement": []}', "is a single policy document"),
    ("trail", b'{"Records": []}', "CloudTrail"),
    ("other", b'{"Buckets": [], "Owner": {}}', "no authorization details (it has Buckets, Owner)"),
    ("list", b"[]", "no authorization details"),
    ("number", b"7", "is JSON but no authorization details"),
    (
        "refused",
        b"\nAn error occurred (AccessDenied) when calling the G operation: no",
        "an error of AWS (AccessDenied)",
    ),
]


@pytest.mark.parametrize(("data", "message"), [row[1:] for row in FILES], ids=[row[0] for row in FILES])
def test_a_file_that_is_no_snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes, message: str) -> None:
    """Each wrong file is told from the others, named as the user named it, with a remedy."""
    monkeypatch.chdir(tmp_path)
    Path("file.json").write_bytes(data)
    with pytest.raises(SnapshotError) as refused:
        Snapshot.load("file.json")
    assert message in refused.value.message
    assert "file.json" in refused.value.message
    assert refused.value.remedy
    assert refused.value.remedy not in refused.value.message


@pytest.mark.parametrize("data", [row[1] for row in FILES], ids=[row[0] for row in FILES])
def test_the_same_file_in_a_folder(tmp_path: Path, data: bytes) -> None:
    """Alone it makes the folder unusable; beside a good account it is a finding and the account is used."""
    bad = tmp_path / "accounts" / "444455556666" / "iam" / "get-account-authorization-details.json"
    bad.parent.mkdir(parents=True)
    bad.write_bytes(data)
    with pytest.raises(SnapshotError):
        Snapshot.load(tmp_path)
    SnapshotBuilder().principal(USER).write(tmp_path)
    snapshot = Snapshot.load(tmp_path)
    assert snapshot.principal(USER) is not None
    assert not snapshot.has_account("444455556666")
    assert [finding.document for finding in snapshot.findings] == [str(bad)]


def test_no_path_and_an_empty_folder(tmp_path: Path) -> None:
    """Nothing there is said, with the first command to run."""
    with pytest.raises(SnapshotError, match="no such file"):
        Snapshot.load(tmp_path / "absent")
    with pytest.raises(SnapshotError, match=r"holds no answers of AWS.*get-account-authorization-details"):
        Snapshot.load(tmp_path)


def test_a_policy_with_a_syntax_error_is_kept_as_unreadable() -> None:
    """It is neither dropped nor taken for empty: its document says that it cannot be read, and where."""
    builder = SnapshotBuilder().principal(USER, inline={"cut": '{"Version": "2012-10-17", "Statement": [', "odd": 7})
    record = builder.build().principal(USER)
    assert record is not None
    documents = [policy.document for policy in record.identity.policies]
    assert [document.readable for document in documents] == [False, False]
    assert [document.findings[0].code for document in documents] == ["SNAPSHOT_DOCUMENT_SYNTAX", "POLICY_NOT_AN_OBJECT"]
    assert "column 41" in documents[0].findings[0].message


def test_doubled_keys_are_found_in_files_and_in_encoded_documents(tmp_path: Path) -> None:
    """A key that stands twice is reported wherever the document lies."""
    statement = '{"Effect": "Allow", "Action": "a:b", "Action": "c:d", "Resource": "*"}'
    document = f'{{"Version": "2012-10-17", "Statement": [{statement}]}}'
    plain = f'{{"PolicyName": "plain", "PolicyDocument": {document}}}'
    text = f'{{"PolicyName": "text", "PolicyDocument": {json.dumps(document)}}}'
    user = f'{{"Arn": "{USER}", "UserName": "u", "UserPolicyList": [{plain}, {text}]}}'
    (tmp_path / "d.json").write_text(f'{{"UserDetailList": [{user}]}}')
    record = Snapshot.load(tmp_path / "d.json").principal(USER)
    assert record is not None
    for policy in record.identity.policies:
        assert "POLICY_DUPLICATE_KEY" in [finding.code for finding in _all(policy.document)]


def _all(document: Document) -> list[Finding]:
    defects = (defect for statement in document.statements for defect in statement.defects)
    return [*document.findings, *defects]


def test_terminal_escapes_in_names_stay_data() -> None:
    """Names are kept as they are; making them safe is the business of whoever prints them."""
    name = "evil\x1b[31m\u202e"
    record = (
        SnapshotBuilder()
        .principal(USER, inline={name: {"Version": "2012-10-17", "Statement": []}})
        .build()
        .principal(USER)
    )
    assert record is not None
    assert record.identity.policies[0].name == name


def big_policy() -> dict[str, object]:
    """A document of about 10 MB, far beyond every quota."""
    resources = [f"arn:aws:s3:::bucket-{number:08}/*" for number in range(270_000)]
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": resources}]}


def deep_policy() -> dict[str, object]:
    """A document whose one element is nested 1,000 levels deep."""
    value: object = "x"
    for _ in range(1000):
        value = [value]
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": value, "Resource": "*"}]}


@pytest.mark.parametrize("make", [big_policy, deep_policy])
def test_huge_and_deep_documents_are_read_in_bounded_time(make: Callable[[], dict[str, object]]) -> None:
    """Neither crashes, neither takes long, and both give a document with its findings or its statements."""
    start = time.perf_counter()
    record = SnapshotBuilder().principal(USER, inline={"p": make()}).build().principal(USER)
    assert record is not None
    document = record.identity.policies[0].document
    assert document.statements or not document.readable
    assert time.perf_counter() - start < 10


def test_odd_names_are_looked_up_without_harm() -> None:
    """What is no ARN is nobody and nothing; no look-up raises."""
    snapshot = SnapshotBuilder().principal(USER).build()
    for arn in (
        "",
        ":",
        "arn:",
        "arn:aws:iam::",
        "arn:aws:sts::1:assumed-role",
        "a" * 100_000,
        f"{USER}\x00",
        "arn:::::",
    ):
        assert snapshot.principal(arn) is None
        snapshot.nearest_principals(arn)
        snapshot.resource_policy(arn)
        snapshot.resource_tags(arn)
        snapshot.resource_account(arn)
        snapshot.describe(arn)
        snapshot.key_grants(arn)
        snapshot.vpc_endpoint(arn)
        snapshot.service_control(arn)
