# ruff: noqa: PLC0415 - a command imports what it needs when it runs, so that help and errors come at once
"""Asks a running ``sagepass serve`` about a call that it decided."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sagepass.fronts.cli.errors import CliError

if TYPE_CHECKING:
    from sagepass.snapshot.snapshot import Snapshot

_URL = re.compile(r"http://(127\.0\.0\.1|localhost|\[::1\]):([0-9]{1,5})/?")
_ID = re.compile(r"[a-z0-9]{8,256}")
_SECONDS = 20
_LARGEST = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class LocalCall:
    """A call that was decided: the error that its caller got, the Region, and the state as it is now."""

    error: str
    region: str
    snapshot: Snapshot


def fetch_call(url: str, authorization_id: str) -> LocalCall:
    """Ask for a denied call by its authorization id.

    Raises:
        CliError: the address is not on this machine, nobody answers there, or the call is not known or was allowed.
    """
    from sagepass.snapshot.snapshot import Snapshot

    match = _URL.fullmatch(url)
    if match is None:
        raise CliError(
            f"{url} is no address of sagepass serve",
            remedy="give it as sagepass serve prints it: http://127.0.0.1:4566",
        )
    if not _ID.fullmatch(authorization_id):
        raise CliError(
            f"{authorization_id[:80]!r} is no authorization id", remedy="copy it from the end of the message"
        )
    answer = _get(match[1].strip("[]"), int(match[2]), f"/.sagepass/calls/{authorization_id}", url)
    call, files = answer.get("call"), answer.get("snapshot")
    if not isinstance(call, dict) or not isinstance(files, dict):
        raise CliError(
            f"{url}: {answer.get('error', 'the answer is not understood')}",
            remedy="the endpoint remembers its last 2,000 calls",
        )
    if not isinstance(call.get("error"), str):
        raise CliError(f"that call of {call.get('operation')} was allowed", remedy="give the id of a denied call")
    return LocalCall(call["error"], str(call.get("region") or ""), Snapshot.from_files(files, url))


def _get(host: str, port: int, path: str, url: str) -> dict[str, object]:
    from http.client import HTTPConnection, HTTPException

    connection = HTTPConnection(host, port, timeout=_SECONDS)
    try:
        connection.request("GET", path)
        value = json.loads(connection.getresponse().read(_LARGEST))
    except (OSError, HTTPException, OverflowError) as error:
        raise CliError(f"nothing answers at {url}", remedy="start it with sagepass serve") from error
    except ValueError as error:
        raise CliError(f"what answers at {url} is not sagepass serve", remedy="check the port") from error
    finally:
        connection.close()
    return value if isinstance(value, dict) else {}
