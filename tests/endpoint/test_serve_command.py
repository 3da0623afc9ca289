"""``sagepass serve`` and ``sagepass why --endpoint`` as commands: what they print, and how they fail."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.endpoint.conftest import Aws, refused


def sagepass(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), **environment}
    command = [sys.executable, "-m", "sagepass", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=environ)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--port", "70000"], "there is no port 70000"),
        (["--account", "12"], "'12' is no account id"),
        (["--jwks", "https://issuer.example"], "names no file"),
        (["--seed", "/no/such/folder"], "no/such/folder"),
        (["--host", "0.0.0.0"], "0.0.0.0"),
        (["--mode", "loud"], "loud"),
    ],
)
def test_what_cannot_be_started(words: list[str], says: str) -> None:
    """One sentence, with a remedy, and the exit code of a wrong command."""
    done = sagepass("serve", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_extra_is_named(tmp_path: Path) -> None:
    """Without moto the command says what to install."""
    (tmp_path / "moto").mkdir()
    (tmp_path / "moto" / "__init__.py").write_text("raise ImportError('No module named moto', name='moto')")
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), *(path for path in sys.path if path)])}
    command = [sys.executable, "-m", "sagepass", "serve", "--port", "0"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=environ)
    assert done.returncode == 2
    assert "this needs the extra [serve]" in done.stderr
    assert "pip install 'sagepass[serve]'" in done.stderr


def test_a_denied_call_is_one_line_with_the_command_that_explains_it(tmp_path: Path) -> None:
    """On standard error; standard output has the environment alone; nothing secret is in the log."""
    import boto3  # type: ignore[import-untyped]

    command = [sys.executable, "-m", "sagepass", "serve", "--port", "0", "--print-env", "--trail", str(tmp_path)]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environ)
    assert process.stdout is not None
    exports = {}
    while "AWS_SECRET_ACCESS_KEY" not in exports:
        line = process.stdout.readline()
        assert line, "the server ended"
        name, _, value = line.removeprefix("export ").strip().partition("=")
        exports[name] = value
    url = exports["AWS_ENDPOINT_URL"]

    def client(service: str, key: str, secret: str) -> object:
        return boto3.client(
            service, endpoint_url=url, region_name="us-east-1", aws_access_key_id=key, aws_secret_access_key=secret
        )

    iam: object = client("iam", exports["AWS_ACCESS_KEY_ID"], exports["AWS_SECRET_ACCESS_KEY"])
    iam.create_user(UserName="mateojackson")  # type: ignore[attr-defined]
    key = iam.create_access_key(UserName="mateojackson")["AccessKey"]  # type: ignore[attr-defined]
    sagemaker = client("sagemaker", key["AccessKeyId"], key["SecretAccessKey"])
    refused(sagemaker.list_models)  # type: ignore[attr-defined]
    process.send_signal(signal.SIGTERM)
    _, log = process.communicate(timeout=20)
    lines = [line for line in log.splitlines() if line.startswith(("denied", "  sagepass why"))]
    assert lines[0].startswith(
        "denied sagemaker:ListModels for arn:aws:iam::123456789012:user/mateojackson: no identity"
    )
    assert lines[1].startswith(f"  sagepass why --endpoint {url} ")
    assert key["SecretAccessKey"] not in log
    written = "".join(path.read_text() for path in tmp_path.rglob("*.json*"))
    assert '"ListModels"' in written
    assert key["SecretAccessKey"] not in written


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--endpoint", "http://example.com:80", "abcdefgh"], "is no address of sagepass serve"),
        (["--endpoint", "http://127.0.0.1:1", "abcdefgh"], "nothing answers at http://127.0.0.1:1"),
        (["--endpoint", "http://127.0.0.1:1", "NOT-AN-ID"], "is no authorization id"),
        (["--endpoint", "http://127.0.0.1:1"], "no authorization id was given"),
        (["--endpoint", "http://127.0.0.1:1", "--snapshot", ".", "abcdefgh"], "brings the policies itself"),
    ],
)
def test_why_of_an_endpoint_that_cannot_be_asked(words: list[str], says: str) -> None:
    """It asks programs on this machine only."""
    done = sagepass("why", *words)
    assert done.returncode == 2, done.stdout
    assert says in done.stderr


def test_why_of_an_id_that_is_not_known_or_was_allowed(aws: Aws) -> None:
    """Each is said."""
    unknown = sagepass("why", "--endpoint", aws.endpoint.url, "a" * 52)
    assert (unknown.returncode, "no call with this authorization id" in unknown.stderr) == (2, True)
    aws.client("sagemaker").list_models()
    ident = next(iter(aws.endpoint.log.recent())).authorization_id
    allowed = sagepass("why", "--endpoint", aws.endpoint.url, ident)
    assert (allowed.returncode, "that call of ListModels was allowed" in allowed.stderr) == (2, True)


def test_a_session_policy_is_explained(aws: Aws) -> None:
    """The session's own policy comes along with the state."""
    from tests.endpoint.conftest import ACCOUNT, allow, trusting

    role = aws.role("limited", trusting({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}), allow("sagemaker:*"))
    who = aws.user("limited", allow("sts:AssumeRole"))
    session = aws.assume(who, role, Policy=json.dumps(allow("sagemaker:ListModels")))
    refused(aws.client("sagemaker", session).list_endpoints)
    ident = next(call.authorization_id for call in aws.endpoint.log.recent() if not call.allowed)
    done = sagepass("why", "--endpoint", aws.endpoint.url, ident, "--format", "json")
    assert done.returncode == 1, done.stderr
    assert "SESSION" in json.dumps(json.loads(done.stdout)["diagnoses"][0]["decision"]["decided_by"])


def test_the_cli_loads_no_server_and_no_botocore_for_other_commands() -> None:
    """Help and other commands stay quick."""
    code = "import sys; from sagepass.fronts.cli.main import run; run(['serve', '--help']); run(['why', 'x']); print(sorted({'moto','botocore','werkzeug','flask'} & set(sys.modules)))"
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False, env=environ
    )
    assert done.stdout.splitlines()[-1] == "[]", done.stderr
