"""The endpoint's own addresses, under a path that no bucket can have; and those of the emulation, which nobody may reach."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from sagepass.endpoint.http_message import HttpRequest, HttpResponse
from sagepass.endpoint.live_state import LiveState
from sagepass.endpoint.log_of_calls import LogOfCalls
from sagepass.endpoint.recorded import Recorded
from sagepass.endpoint.sessions import Sessions

PREFIX: Final = "/.sagepass/"
_CALL: Final = re.compile(r"/\.sagepass/calls/([a-z0-9]{8,256})")
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})
_FORBIDDEN: Final = (
    "/moto-api",
    "/latest/meta-data",
    "/latest/api",
    "/latest/dynamic",
    "/latest/user-data",
    "/favicon.ico",
)


def is_local(request: HttpRequest) -> bool:
    """Whether the request is for the endpoint itself."""
    return request.path.startswith(PREFIX)


def is_forbidden(request: HttpRequest) -> bool:
    """Whether the path is one by which the emulation could be reset, or would hand out credentials."""
    path = re.sub(r"/+", "/", unquote(request.path).lower())
    return path.startswith(_FORBIDDEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalPages:
    """What the command line asks the endpoint.

    A page in a browser could ask it too: a request that names another host, or that was made by a page, is refused.
    """

    state: LiveState
    log: LogOfCalls
    sessions: Sessions

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Answer one question with JSON."""
        if request.host not in _LOOPBACK or request.header("origin") or request.header("sec-fetch-site"):
            return _json({"error": "only programs on this machine may ask"}, 403)
        if request.method != "GET":
            return _json({"error": "only GET is answered here"}, 405)
        if request.path == f"{PREFIX}health":
            return _json({"status": "ok"}, 200)
        match = _CALL.fullmatch(request.path)
        call = self.log.find(match[1]) if match else None
        if call is None:
            return _json({"error": "no call with this authorization id is remembered"}, 404)
        return _json({"call": _call(call), "snapshot": self._snapshot(call)}, 200)

    def _snapshot(self, call: Recorded) -> dict[str, object]:
        builder = self.state.export()
        for told in self.state.told_of(dict.fromkeys(decision.request.resource for decision in call.decisions)):
            place = (told.account, told.service, told.operation)
            builder.answer(*place, told.value, name=told.name, region=told.region)
        session = self.sessions.find(call.access_key_id) if call.access_key_id else None
        if session is not None:
            documents: list[object] = [session.policy] if session.policy else []
            held = self.state.snapshot().identities(session.account)
            for arn in session.policy_arns:
                managed = held.managed_policy(arn) if held else None
                documents.append(managed.value if managed else {"Version": "2012-10-17", "Statement": []})
            builder.settings(session_policies={session.arn: documents})
        return builder.files()


def _call(call: Recorded) -> dict[str, object]:
    error = None
    if call.error_message is not None:
        error = (
            f"An error occurred ({call.error_code}) when calling the {call.operation} operation: {call.error_message}"
        )
    return {
        "authorization_id": call.authorization_id,
        "operation": call.operation,
        "client": call.client,
        "caller": call.caller,
        "region": call.region,
        "allowed": call.allowed,
        "error": error,
    }


def _json(value: object, status: int) -> HttpResponse:
    body = json.dumps(value, ensure_ascii=True).encode()
    return HttpResponse(
        status=status, headers=(("Content-Type", "application/json"), ("Cache-Control", "no-store")), body=body
    )
