"""AWS's own names through the proxy: certificates of a private authority, telemetry swallowed, other names refused."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import boto3  # type: ignore[import-untyped]
import pytest
from botocore.config import Config  # type: ignore[import-untyped]
from tests.endpoint.conftest import Aws, Client, allow, refused

from sagepass.endpoint.endpoint import Endpoint, Setup
from sagepass.endpoint.private_ca import PrivateCa, is_aws_name


@pytest.fixture(scope="module")
def aws() -> Iterator[Aws]:
    """An endpoint that is a proxy as well."""
    with Endpoint(Setup(proxy=True)) as endpoint:
        yield Aws(endpoint)


def bundle(aws: Aws) -> str:
    """The file that clients are told to trust."""
    assert aws.endpoint.authority is not None
    return str(aws.endpoint.authority.bundle)


def proxied(aws: Aws, service: str, region: str = "us-east-1") -> Client:
    """A client that knows no endpoint address, only the proxy."""
    config = Config(proxies={"https": aws.endpoint.url}, retries={"total_max_attempts": 1})
    return boto3.client(service, region_name=region, config=config, verify=bundle(aws), **aws.root.for_boto3)


def tunnel(aws: Aws, target: str) -> tuple[socket.socket, bytes]:
    """Ask for a tunnel; the connection and the first line of the answer."""
    connection = socket.create_connection(("127.0.0.1", aws.endpoint.port), timeout=10)
    connection.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
    return connection, connection.recv(65536).split(b"\r\n", 1)[0]


def test_hard_coded_addresses_work(aws: Aws) -> None:
    """STS, IAM, SageMaker and S3 in both styles, each under its own name, with kept connections."""
    assert proxied(aws, "sts").get_caller_identity()["Arn"].endswith(":root")
    proxied(aws, "iam").create_user(UserName="through-the-proxy")
    assert proxied(aws, "sagemaker", "eu-west-1").list_models()["Models"] == []
    s3 = proxied(aws, "s3")
    s3.create_bucket(Bucket="virtual-hosted")
    s3.put_object(Bucket="virtual-hosted", Key="a b/ü", Body=b"x" * 300_000)
    assert len(s3.get_object(Bucket="virtual-hosted", Key="a b/ü")["Body"].read()) == 300_000


def test_the_proxy_enforces(aws: Aws) -> None:
    """It is the same gate; what comes through it is TLS to the policies."""
    who = aws.user("proxied", allow("sagemaker:ListModels", Condition={"Bool": {"aws:SecureTransport": "true"}}))
    config = Config(proxies={"https": aws.endpoint.url}, retries={"total_max_attempts": 1})
    client = boto3.client("sagemaker", region_name="us-east-1", config=config, verify=bundle(aws), **who.for_boto3)
    client.list_models()
    assert refused(client.list_endpoints).code == "AccessDeniedException"


@pytest.mark.parametrize(
    "target",
    ["example.com:443", "127.0.0.1:22", "amazonaws.com.evil.example:443", "evilamazonaws.com:443", "[::1]:443", ""],
)
def test_tunnels_to_other_names_are_refused(aws: Aws, target: str) -> None:
    """Nothing leaves the machine, and nothing on it is reached."""
    connection, line = tunnel(aws, target)
    connection.close()
    assert b" 403 " in line or b" 400 " in line


def test_telemetry_is_swallowed(aws: Aws) -> None:
    """The address of the SageMaker Python SDK is answered with nothing, and nothing is recorded."""
    before = len(list(aws.endpoint.log.recent()))
    host = "sm-pysdk-t-us-east-1.s3.us-east-1.amazonaws.com"
    connection, line = tunnel(aws, f"{host}:443")
    assert b" 200 " in line
    context = ssl.create_default_context(cafile=bundle(aws))
    with context.wrap_socket(connection, server_hostname=host) as secure:
        secure.sendall(f"GET /telemetry?x-accountId=1 HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        answer = secure.recv(65536)
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b"\r\n\r\n")
    assert len(list(aws.endpoint.log.recent())) == before


def test_the_authority_vouches_for_names_of_aws_only(tmp_path: Path) -> None:
    """Its certificate is limited to them, its keys are the owner's alone, and it is kept with the state."""
    authority = PrivateCa(tmp_path / "tls")
    assert (tmp_path / "tls" / "ca-key.pem").stat().st_mode & 0o077 == 0
    from cryptography import x509

    certificate = x509.load_pem_x509_certificate(authority.bundle.read_bytes())
    limits = certificate.extensions.get_extension_for_class(x509.NameConstraints)
    assert limits.critical
    assert {name.value for name in limits.value.permitted_subtrees or []} == {
        "amazonaws.com",
        "amazonaws.com.cn",
        "api.aws",
    }
    with pytest.raises(ValueError, match="not a name of AWS"):
        authority.context_for("example.com")
    assert PrivateCa(tmp_path / "tls").bundle.read_bytes() == authority.bundle.read_bytes()
    assert not is_aws_name("x" * 300 + ".amazonaws.com")


def test_temporary_keys_go_with_the_endpoint() -> None:
    """Without a state folder nothing is left behind."""
    authority = PrivateCa()
    folder = authority.bundle.parent
    assert folder.stat().st_mode & 0o077 == 0
    authority.close()
    assert not folder.exists()


def test_the_printed_environment_is_enough_for_the_aws_cli(aws: Aws) -> None:
    """No address of the endpoint is in it."""
    import os
    import subprocess
    import sys

    from sagepass.fronts.cli.serve import environment

    exports = dict(line.removeprefix("export ").split("=", 1) for line in environment(aws.endpoint).splitlines())
    assert "AWS_ENDPOINT_URL" not in exports
    program = str(Path(sys.executable).with_name("aws"))
    environ = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", **exports}
    done = subprocess.run(
        [program, "sts", "get-caller-identity"], env=environ, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["Arn"].endswith(":root")
