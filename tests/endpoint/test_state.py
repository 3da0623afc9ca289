"""Authorization state outlives the process, also one that is killed; a seed becomes live state."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped]
from tests.endpoint.conftest import ACCOUNT, Aws, allow, deny, refused, statement, trusting

from sagepass.endpoint.endpoint import Credentials, Endpoint, EndpointError, Setup
from sagepass.endpoint.gate_options import Ids, Mode
from sagepass.endpoint.store import StoreError
from sagepass.snapshot.build import SnapshotBuilder
from sagepass.snapshot.snapshot import Snapshot


@contextmanager
def running(**setup: object) -> Iterator[Aws]:
    """An endpoint for one test."""
    with Endpoint(Setup(ids=Ids.NONE, **setup)) as endpoint:  # type: ignore[arg-type]
        yield Aws(endpoint)


def test_everything_that_decides_is_there_again(tmp_path: Path) -> None:
    """Users, keys, groups, roles, policies, boundaries, sessions, buckets, keys of KMS, the organization, own policies."""
    with running(state=tmp_path) as aws:
        iam, s3, kms, org = (aws.client(name) for name in ("iam", "s3", "kms", "organizations"))
        who = aws.user("kept", allow("sagemaker:ListModels", "sts:*"))
        boundary = iam.create_policy(PolicyName="b", PolicyDocument=json.dumps(allow("*")))["Policy"]["Arn"]
        version = json.dumps(allow("sagemaker:*", "sts:*", "s3:*", "kms:*"))
        iam.create_policy_version(PolicyArn=boundary, PolicyDocument=version, SetAsDefault=True)
        iam.put_user_permissions_boundary(UserName="kept", PermissionsBoundary=boundary)
        iam.create_group(GroupName="g", Path="/team/")
        iam.put_group_policy(GroupName="g", PolicyName="p", PolicyDocument=json.dumps(allow("sagemaker:ListEndpoints")))
        iam.attach_group_policy(GroupName="g", PolicyArn="arn:aws:iam::aws:policy/AmazonSageMakerReadOnly")
        iam.add_user_to_group(GroupName="g", UserName="kept")
        trust = trusting({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "sts:AssumeRole", "sts:TagSession")
        role = aws.role("kept", trust, allow("sagemaker:ListModels"), Path="/team/", MaxSessionDuration=7200)
        session = aws.assume(who, role, Tags=[{"Key": "a", "Value": "b"}], Policy=json.dumps(allow("sagemaker:*")))
        s3.create_bucket(Bucket="kept-bucket")
        s3.put_bucket_policy(
            Bucket="kept-bucket",
            Policy=json.dumps(statement(deny("s3:*", resource="arn:aws:s3:::kept-bucket/shut/*", Principal="*"))),
        )
        key = kms.create_key()["KeyMetadata"]["KeyId"]
        kms.create_alias(AliasName="alias/kept", TargetKeyId=key)
        kms.create_grant(KeyId=key, GranteePrincipal=f"arn:aws:iam::{ACCOUNT}:user/kept", Operations=["Decrypt"])
        org.create_organization(FeatureSet="ALL")
        before = dict(aws.endpoint.store.rows())  # type: ignore[union-attr]
    assert Snapshot.load(tmp_path / "snapshot").principal(f"arn:aws:iam::{ACCOUNT}:user/kept")
    assert (tmp_path / "journal.jsonl").stat().st_mode & 0o077 == 0

    with running(state=tmp_path) as aws:
        assert aws.endpoint.lost
        after = aws.endpoint.store.rows()  # type: ignore[union-attr]
        assert {k: v for k, v in after.items() if k not in before or before[k] != v} == {}
        assert set(before) == set(after)
        client = aws.client("sagemaker", who)
        client.list_models()
        client.list_endpoints()
        assert refused(aws.client("iam", who).list_users).code == "AccessDenied"
        aws.client("sagemaker", session).list_models()
        assert refused(aws.client("sagemaker", session).list_endpoints).code == "AccessDeniedException"
        assert (
            "explicit deny in a resource-based policy"
            in refused(aws.client("s3").put_object, Bucket="kept-bucket", Key="shut/x").message
        )
        assert aws.client("kms").describe_key(KeyId="alias/kept")["KeyMetadata"]["KeyId"] == key


def started(folder: Path) -> tuple[subprocess.Popen[str], dict[str, str]]:
    """Start the command in a process of its own, and read the environment that it prints."""
    command = [sys.executable, "-m", "sagepass", "serve", "--port", "0", "--state", str(folder), "--print-env"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment)
    assert process.stdout is not None
    found: dict[str, str] = {}
    while "AWS_SECRET_ACCESS_KEY" not in found:
        line = process.stdout.readline()
        assert line, "the server ended"
        name, _, value = line.removeprefix("export ").strip().partition("=")
        found[name] = value
    return process, found


def test_a_kill_at_any_moment_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    """Users are created one after the other while the process is killed; each that was answered is there afterwards."""
    import boto3  # type: ignore[import-untyped]
    from botocore.config import Config  # type: ignore[import-untyped]

    for number, wait in enumerate((0.1, 0.25, 0.4)):
        process, environment = started(tmp_path)
        client = boto3.client(
            "iam",
            endpoint_url=environment["AWS_ENDPOINT_URL"],
            region_name="us-east-1",
            aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
            config=Config(retries={"total_max_attempts": 1}),
        )
        acknowledged: list[str] = []
        client.list_users()
        threading.Timer(wait, process.send_signal, [signal.SIGKILL]).start()
        try:
            for index in range(10_000):
                name = f"user-{number}-{index}"
                client.create_user(UserName=name)
                acknowledged.append(name)
        except (BotoCoreError, ClientError):
            pass
        process.wait(timeout=10)
        process.stdout.close()  # type: ignore[union-attr]
        assert acknowledged
        with running(state=tmp_path) as aws:
            pages = aws.client("iam").get_paginator("list_users").paginate()
            names = {user["UserName"] for page in pages for user in page["Users"]}
            assert set(acknowledged) <= names


def test_a_cut_line_is_no_damage_and_a_damaged_one_is_said(tmp_path: Path) -> None:
    """The end of a line that was never answered is dropped; a hole in the middle is an error with its place."""
    with running(state=tmp_path) as aws:
        aws.user("one")
    journal = tmp_path / "journal.jsonl"
    whole = journal.read_bytes()
    journal.write_bytes(whole + b'{"v":1,"put":{"x')
    with running(state=tmp_path) as aws:
        aws.client("iam").get_user(UserName="one")
    journal.write_bytes(b"{damaged}\n" + journal.read_bytes())
    with pytest.raises(StoreError, match="line 1 is damaged"):
        Endpoint(Setup(state=tmp_path))
    with running() as aws:
        aws.client("sts").get_caller_identity()


def test_a_seed_becomes_live_state(tmp_path: Path) -> None:
    """Its policies decide, can be changed, and resources that it only describes are decided from it."""
    user, role = f"arn:aws:iam::{ACCOUNT}:user/dev/seeded", f"arn:aws:iam::{ACCOUNT}:role/seeded"
    boundary = f"arn:aws:iam::{ACCOUNT}:policy/limit"
    builder = SnapshotBuilder()
    builder.managed_policy(boundary, allow("sagemaker:*", "s3:*"))
    builder.principal(user, inline={"p": allow("sagemaker:*", "iam:*")}, boundary=boundary, unique_id="AIDASEEDED")
    builder.principal(role, trust=trusting({"AWS": user}), inline={"p": allow("s3:GetObject")})
    builder.resource_policy(
        "arn:aws:s3:::seeded",
        statement(deny("s3:DeleteObject", resource="arn:aws:s3:::seeded/*", Principal="*")),
        account=ACCOUNT,
    )
    builder.organization("111122223333").parent(ACCOUNT, "r-root")
    from sagepass.policy.kinds import PolicyType

    builder.control_policies("r-root", PolicyType.SERVICE_CONTROL_POLICY, {"all": allow("*")})
    builder.control_policies(
        ACCOUNT, PolicyType.SERVICE_CONTROL_POLICY, {"all": allow("*"), "no-kms": statement(deny("kms:*"))}
    )
    for target in ("r-root", ACCOUNT):
        builder.control_policies(
            target,
            PolicyType.RESOURCE_CONTROL_POLICY,
            {
                "all": {
                    **allow("*"),
                    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}],
                }
            },
        )
    builder.write(tmp_path)
    with running(seed=Snapshot.load(tmp_path)) as aws:
        who = aws.endpoint.credentials_of(user)
        aws.client("sagemaker", who).list_models()
        assert "no permissions boundary allows the iam:ListUsers" in refused(aws.client("iam", who).list_users).message
        assert "service control policy" in refused(aws.client("kms").list_keys).message
        assert "resource-based policy" in refused(aws.client("s3").delete_object, Bucket="seeded", Key="k").message
        aws.client("iam").delete_user_permissions_boundary(UserName="seeded")
        aws.client("iam", who).list_users()
        session = aws.endpoint.credentials_of(role)
        assert aws.client("sts", session).get_caller_identity()["Arn"].endswith("assumed-role/seeded/sagepass")


def test_observing_lets_everything_through_and_says_what_would_be_denied() -> None:
    """Headers carry the decision; the log has the denial."""
    said: list[str] = []
    with running(mode=Mode.OBSERVE, say=lambda call, _reason: said.append(call.operation)) as aws:
        client = aws.client("sagemaker", aws.user("watched"))
        headers = client.list_models()["ResponseMetadata"]["HTTPHeaders"]
        assert headers["x-sagepass-decision"] == "denied"
        assert said == ["ListModels"]
        wrong = Credentials(access_key_id=aws.root.access_key_id, secret="x")
        assert refused(aws.client("sagemaker", wrong).list_models).code == "InvalidSignatureException"


def test_off_decides_nothing() -> None:
    """Any credentials do."""
    with running(mode=Mode.OFF) as aws:
        anyone = Credentials(access_key_id="AKIAWHATEVER00000000", secret="x")
        aws.client("iam", anyone).create_user(UserName="made")
        aws.client("sagemaker", anyone).list_models()


def test_without_a_root_key_nobody_is_let_in() -> None:
    """The bootstrap key can be switched off."""
    with Endpoint(Setup(root_keys=False)) as endpoint:
        assert endpoint.root_keys == {}


def test_one_endpoint_runs_at_a_time_and_a_taken_port_is_said() -> None:
    """Both with a remedy."""
    with running() as aws:
        with pytest.raises(EndpointError, match="runs in this process already"):
            Endpoint(Setup())
        port = aws.endpoint.port
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(EndpointError, match="cannot be used"):
        Endpoint(Setup(port=taken.getsockname()[1]))
    assert port


def test_start_up_is_quick(tmp_path: Path) -> None:
    """From the command to the printed environment; the promise is 1.5 s on an idle machine."""
    began = time.monotonic()
    process, _ = started(tmp_path)
    took = time.monotonic() - began
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0
    process.stdout.close()  # type: ignore[union-attr]
    assert took < 15
