# ruff: noqa: PLC0415 - a command imports what it needs when it runs, so that help and errors come at once
"""``sagepass serve``: a local AWS that says no like AWS."""

from __future__ import annotations

import gc
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from sagepass.fronts.cli.errors import CliError
from sagepass.fronts.cli.exit_code import ExitCode
from sagepass.fronts.cli.output import write
from sagepass.fronts.cli.snapshots import load_snapshot

if TYPE_CHECKING:
    from sagepass.endpoint.endpoint import Credentials, Endpoint, Setup
    from sagepass.endpoint.recorded import Recorded

_PORT = 4566


def serve(
    *,
    seed: Path | None = None,
    mode: Literal["enforce", "observe", "off"] = "enforce",
    host: Literal["127.0.0.1"] = "127.0.0.1",
    port: int = _PORT,
    state: Path | None = None,
    trail: Path | None = None,
    proxy: Annotated[bool, Parameter(negative="")] = False,
    print_env: Annotated[bool, Parameter(negative="")] = False,
    root_key: bool = True,
    account: str = "123456789012",
    authorization_ids: Literal["all", "iam", "none"] = "all",
    jwks: Annotated[list[str] | None, Parameter(negative="")] = None,
    saml_certificate: Annotated[list[str] | None, Parameter(negative="")] = None,
) -> ExitCode:
    """Run a local AWS endpoint that enforces IAM: emulated services behind real authorization.

    Args:
        seed: Saved answers of AWS to begin with: accounts, policies, resources.
        mode: enforce refuses what the policies deny, observe only says so, off decides nothing.
        host: The loopback; nothing else is listened on.
        port: The port; 0 takes a free one.
        state: A folder in which users, roles, policies, keys and sessions outlive the process.
        trail: A folder to which every call is written, as CloudTrail writes its log files.
        proxy: Also answer in AWS's own names, as an HTTPS proxy with a private certificate authority.
        print_env: Print the lines that point a shell's AWS clients here, and nothing else, to standard output.
        root_key: Give the root user of each account an access key, and print it.
        account: The account that exists without a seed.
        authorization_ids: Which denials carry an authorization id.
        jwks: ISSUER=FILE, the key set of an OpenID Connect provider; may be given several times.
        saml_certificate: PROVIDER-ARN=FILE, the certificate of a SAML provider; may be given several times.
    """
    del host
    endpoint = _started(
        seed=seed,
        mode=mode,
        port=port,
        state=state,
        trail=trail,
        proxy=proxy,
        root_keys=root_key,
        account=account,
        ids=authorization_ids,
        jwks=_pairs(jwks, "--jwks", "https://issuer.example=keys.json"),
        certificates=_pairs(
            saml_certificate, "--saml-certificate", "arn:aws:iam::123456789012:saml-provider/idp=cert.pem"
        ),
    )
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    gc.freeze()  # what is loaded by now stays: looking through it again would stop the server for a tenth of a second
    _tell(welcome(endpoint, mode))
    if print_env:
        write(environment(endpoint))
        sys.stdout.flush()
    stopped.wait()
    endpoint.stop()
    _tell("stopped")
    return ExitCode.FINE


def _started(
    *,
    seed: Path | None,
    mode: str,
    port: int,
    state: Path | None,
    trail: Path | None,
    proxy: bool,
    root_keys: bool,
    account: str,
    ids: str,
    jwks: dict[str, Path],
    certificates: dict[str, Path],
) -> Endpoint:
    _check(port, account)
    snapshot = load_snapshot(seed) if seed is not None else None
    try:
        from sagepass.endpoint.endpoint import Endpoint, EndpointError, Setup
        from sagepass.endpoint.federation import Federation
        from sagepass.endpoint.gate_options import Ids, Mode
        from sagepass.endpoint.store import StoreError
    except ImportError as error:
        if (error.name or "").startswith("sagepass"):
            raise
        raise CliError("this needs the extra [serve]", remedy="pip install 'sagepass[serve]'") from error
    setup: Setup = Setup(
        seed=snapshot,
        mode=Mode(mode),
        ids=Ids(ids),
        port=port,
        proxy=proxy,
        state=state,
        trail=trail,
        root_keys=root_keys,
        account=account,
        federation=Federation(jwks=jwks, certificates=certificates),
        say=_say,
        broke=_broke,
    )
    try:
        endpoint = Endpoint(setup)
    except (EndpointError, StoreError) as error:
        raise CliError(error.message, remedy=error.remedy) from error
    _URL.append(endpoint.url)
    return endpoint


_URL: list[str] = []


def _check(port: int, account: str) -> None:
    if not 0 <= port <= 65535:
        raise CliError(f"there is no port {port}", remedy="give one between 0 and 65535")
    if not (len(account) == 12 and account.isascii() and account.isdigit()):
        raise CliError(f"{account!r} is no account id", remedy="give 12 digits, such as 123456789012")


def _pairs(given: list[str] | None, option: str, example: str) -> dict[str, Path]:
    found = {}
    for pair in given or []:
        name, equals, file = pair.rpartition("=")
        if not equals or not name or not Path(file).is_file():
            raise CliError(f"{option} {pair} names no file", remedy=f"write it as {option} {example}")
        found[name] = Path(file)
    return found


def welcome(endpoint: Endpoint, mode: str) -> str:
    """What start-up says: where it listens, who the root users are, what was lost, and what to do next."""
    lines = [f"sagepass serves AWS on {endpoint.url}, mode {mode}"]
    lines += [f"  of the earlier run: {text}" for text in endpoint.lost]
    for account, key in list(endpoint.root_keys.items())[1:]:
        lines += [f"  root user of {account}: AWS_ACCESS_KEY_ID={key.access_key_id} AWS_SECRET_ACCESS_KEY={key.secret}"]
    lines.append("  point clients here:")
    lines += [f"    {line}" for line in environment(endpoint).splitlines()]
    return "\n".join(lines)


def environment(endpoint: Endpoint) -> str:
    """Lines for a shell that point AWS clients at the endpoint."""
    exports = {"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true"}
    if endpoint.authority is not None:
        exports |= {"HTTPS_PROXY": endpoint.url, "AWS_CA_BUNDLE": str(endpoint.authority.bundle)}
        exports |= {"NO_PROXY": "127.0.0.1,localhost", "REQUESTS_CA_BUNDLE": str(endpoint.authority.bundle)}
    else:
        exports["AWS_ENDPOINT_URL"] = endpoint.url
    key: Credentials | None = next(iter(endpoint.root_keys.values()), None)
    if key is not None:
        exports |= {"AWS_ACCESS_KEY_ID": key.access_key_id, "AWS_SECRET_ACCESS_KEY": key.secret}
    return "".join(f"export {name}={_quoted(value)}\n" for name, value in exports.items())


def _quoted(value: str) -> str:
    from shlex import quote

    return quote(value)


def _say(call: Recorded, reason: str) -> None:
    refused = (one.request.action for one in call.decisions if one.effect != "ALLOW")
    action = next(refused, call.operation)
    url = _URL[-1] if _URL else "URL"
    _tell(f"denied {action} for {call.caller}: {reason}\n  sagepass why --endpoint {url} {call.authorization_id}")


def _broke(error: Exception) -> None:
    _tell(f"refused a request that broke sagepass: {type(error).__name__}: {error}")


def _tell(text: str) -> None:
    from sagepass.source.terminal import printable

    sys.stderr.write("".join(f"{printable(line)}\n" for line in text.split("\n")))
    sys.stderr.flush()
