"""The gate: every request is read, authenticated, decided, and only then carried out.

What cannot be read, is not known or cannot be determined is refused; nothing is forwarded by default.
"""

from __future__ import annotations

import secrets
from base64 import b32encode
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, assert_never
from uuid import uuid4

from sagepass.calls.call import Call, Needed
from sagepass.endpoint.act import Acting, act, failed
from sagepass.endpoint.answers import ApiError
from sagepass.endpoint.chunks import dechunk
from sagepass.endpoint.decide_call import CallDecision, Circumstances, decide_call
from sagepass.endpoint.delete_objects import answers_for_each_key, errors_of, kept_objects, with_errors, without
from sagepass.endpoint.denial_answer import denial_message, reason
from sagepass.endpoint.effects import may_change_authorization, what_to_reread
from sagepass.endpoint.errors import ErrorAnswer, Failure, Protocol, Refusal, error_answer
from sagepass.endpoint.federation import Federation
from sagepass.endpoint.gate_options import GateOptions, Ids, Mode
from sagepass.endpoint.http_message import CLOSE, SECURE, BadRequest, HttpRequest, HttpResponse, read_request
from sagepass.endpoint.identity import ANONYMOUS, Identity, KeyRing
from sagepass.endpoint.input_check import check_input
from sagepass.endpoint.live_state import LiveState
from sagepass.endpoint.local_pages import LocalPages, is_forbidden, is_local
from sagepass.endpoint.log_of_calls import LogOfCalls
from sagepass.endpoint.moto_adapter.application import Emulation
from sagepass.endpoint.moto_adapter.routing import ParsedCall, input_shape, parse_call, serialize
from sagepass.endpoint.own import Scene
from sagepass.endpoint.prepare import Place, Prepared, prepare
from sagepass.endpoint.record_call import record
from sagepass.endpoint.request_context import request_context, requested_region
from sagepass.endpoint.service import Target, target_of
from sagepass.endpoint.session_limits import why_not
from sagepass.endpoint.sessions import Sessions
from sagepass.endpoint.signature import Signed, read_signature, verify
from sagepass.endpoint.way_back import Wire, guessed_protocol, protocol_for
from sagepass.endpoint.wire import error_response
from sagepass.engine.decision import Decision

_FAILED = 400
_ID_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A WSGI application in front of the emulation."""

    emulation: Emulation
    state: LiveState
    keys: KeyRing
    sessions: Sessions
    pages: LocalPages
    options: GateOptions = field(default_factory=GateOptions)
    federation: Federation = field(default_factory=Federation)
    log: LogOfCalls = field(default_factory=LogOfCalls)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        """Answer one request of werkzeug's server."""
        try:
            request = read_request(environ, secure=bool(environ.get(SECURE)))
            response = self.handle(request)
        except BadRequest as error:
            environ[CLOSE] = True
            answer = ErrorAnswer(code=error.code, message=error.message, status=error.status)
            response = error_response(Protocol.REST_XML, answer, request_id=str(uuid4()))
        headers = [pair for pair in response.headers if pair[0].lower() not in {"connection", "transfer-encoding"}]
        if not any(name.lower() == "content-length" for name, _ in headers):
            headers.append(("Content-Length", str(len(response.body))))
        start_response(f"{response.status} ", headers)
        return [response.body]

    def handle(self, request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        request_id = str(uuid4())
        request = request.without_headers("x-moto-")
        if is_local(request):
            return self.pages.answer(request)
        wire = Wire(request=request, request_id=request_id, protocol=guessed_protocol(request))
        if is_forbidden(request):
            return wire.refused(Refusal(Failure.ACCESS_DENIED))
        try:
            signed = read_signature(request)
            target = target_of(request, signed)
            wire = replace(wire, protocol=protocol_for(request, target), client=target.clients[0])
            return self._authenticated(request, signed, target, wire)
        except Refusal as refusal:
            return wire.refused(refusal)
        except Exception as error:  # noqa: BLE001 - whatever a request can break, it is refused and not let through
            self.options.broke(error)
            return wire.refused(Refusal(Failure.MALFORMED, "sagepass could not handle this request, so it refused it"))

    def _authenticated(self, request: HttpRequest, signed: Signed | None, target: Target, wire: Wire) -> HttpResponse:
        now = datetime.now(UTC)
        identity, secret = self._identity(request, signed, target, now)
        request = dechunk(request, signed, secret)
        call = next((found for client in target.clients if (found := parse_call(request, client))), None)
        if call is None:
            raise Refusal(
                Failure.UNKNOWN_OPERATION, f"The action or operation requested is invalid ({target.signing_name})."
            )
        wire = replace(wire, protocol=call.protocol, client=call.client)
        try:
            check_input(input_shape(call.client, call.operation), call.params)
            return self._decided(_Call(request, call, identity, signed, target.signing_name, now, wire))
        except Refusal as refusal:
            return wire.refused(refusal)
        except ApiError as error:
            return wire.error(ErrorAnswer(code=error.code, message=error.message, status=error.status))

    def _identity(
        self, request: HttpRequest, signed: Signed | None, target: Target, now: datetime
    ) -> tuple[Identity, str]:
        off = self.options.mode is Mode.OFF
        anyone = Identity(arn=f"arn:aws:iam::{self.options.account}:root", account=self.options.account)
        if signed is None:
            if not target.unsigned_is_fine and not off:
                raise Refusal(Failure.NO_CREDENTIALS)
            return (anyone if off else ANONYMOUS), ""
        try:
            secret, identity = self.keys.secret_of(signed, now)
            verify(request, signed, secret, now)
        except Refusal:
            if not off:
                raise
            return replace(anyone, access_key_id=signed.access_key_id), ""
        return identity, secret

    def _decided(self, on: _Call) -> HttpResponse:
        limit = why_not(on.identity, on.call.client, on.call.operation)
        if limit is not None and self.options.mode is Mode.ENFORCE:
            raise Refusal(Failure.ACCESS_DENIED, limit)
        changes = may_change_authorization(on.call.client, on.call.operation)
        with self.state.changing if changes else nullcontext():
            place = Place(region=on.region, accounts=self.state.accounts() if on.call.client == "kms" else ())
            prepared = prepare(on.call, on.identity, self.federation, on.now, place)
            scene = self._scene(on, prepared)
            decided = self._decide(on, prepared, scene)
            response = self._carried_out(on, prepared, scene, decided)
            if changes and response.status < _FAILED:
                self.options.committed()
        return response

    def _scene(self, on: _Call, prepared: Prepared) -> Scene:
        return Scene(
            identity=prepared.identity,
            snapshot=self.state.snapshot(),
            state=self.state,
            sessions=self.sessions,
            keys=self.keys,
            account=prepared.identity.account or self.options.account,
            region=on.region,
            partition=_partition(on.region),
            now=on.now,
            claims=prepared.claims,
        )

    def _decide(self, on: _Call, prepared: Prepared, scene: Scene) -> CallDecision:
        call = Call(
            service=on.call.client,
            operation=on.call.operation,
            params=prepared.params,
            caller_account=prepared.identity.account or None,
            partition=scene.partition,
            region=on.region,
        )
        context = request_context(on.request, on.signed, prepared.identity, on.now)
        snapshot = scene.snapshot
        alias, key = prepared.params.get("AliasName"), prepared.params.get("TargetKeyId")
        if on.call.client == "kms" and isinstance(alias, str) and isinstance(key, str):
            snapshot = self.state.snapshot_with_alias(alias, scene.account, on.region, key)
        at = Circumstances(
            snapshot=snapshot,
            identity=prepared.identity,
            context={**context, **prepared.context},
            region=requested_region(on.signed),
            default_account=self.options.account,
        )
        return decide_call(call, at, each=answers_for_each_key(on.call))

    def _carried_out(self, on: _Call, prepared: Prepared, scene: Scene, decided: CallDecision) -> HttpResponse:
        acting = Acting(
            request=on.request,
            call=on.call,
            signing_name=on.signing_name,
            needed=decided.needed,
            scene=scene,
            request_id=on.wire.request_id,
        )
        ident = b32encode(secrets.token_bytes(_ID_BYTES)).decode().rstrip("=").lower()
        allowed = decided.allowed or self.options.mode is Mode.OFF
        error = None if allowed else self._denial(on, prepared, decided.refused, ident)
        if error is not None and self.options.mode is Mode.ENFORCE:
            response = self._refused(on, acting, prepared, decided, ident, error)
        else:
            response = self._act(acting)
        if error is not None and self.options.mode is Mode.OBSERVE:
            response = response.with_headers(x_sagepass_decision="denied", x_sagepass_authorization_id=ident)
        self._note(on, acting, decided, ident, error, response)
        ids = {"x_amzn_RequestId": on.wire.request_id}
        if on.call.protocol is Protocol.REST_XML:
            ids["x_amz_request_id"] = on.wire.request_id
        return response.with_headers(**ids)

    def _act(self, acting: Acting) -> HttpResponse:
        """Carry a call out. What it may have changed is read again, also if it failed half-way."""
        try:
            return act(acting, self.emulation, self.log)
        finally:
            self.state.changed(what_to_reread(acting.call.client, acting.call.operation))

    def _refused(  # noqa: PLR0917 - everything that the errors of single keys are made from
        self, on: _Call, acting: Acting, prepared: Prepared, decided: CallDecision, ident: str, error: ErrorAnswer
    ) -> HttpResponse:
        if not answers_for_each_key(on.call):
            return failed(acting, error)
        kept = kept_objects(
            on.call, decided, acting.scene.partition, lambda *found: self._denial(on, prepared, found, ident)
        )
        if kept is None:
            return failed(acting, error)
        others = without(on.request, on.call, kept)
        if others is None:
            return serialize("s3", on.call.operation, errors_of(kept), on.call.protocol, acting.request_id)
        return with_errors(self._act(replace(acting, request=others)), kept)

    def _note(  # noqa: PLR0917 - everything that a record holds
        self,
        on: _Call,
        acting: Acting,
        decided: CallDecision,
        ident: str,
        error: ErrorAnswer | None,
        response: HttpResponse,
    ) -> None:
        call = record(acting, decided, signed=on.signed, authorization_id=ident, denial=error, response=response)
        self.log.add(call)
        self.options.recorded(call)
        if error is not None:
            found = decided.refused
            self.options.say(call, reason(found[1]) if found else "")

    def _denial(self, on: _Call, prepared: Prepared, found: tuple[Needed, Decision] | None, ident: str) -> ErrorAnswer:
        if found is None:
            return error_answer(on.call.protocol, Failure.ACCESS_DENIED)
        if prepared.claims is not None:
            message = f"Not authorized to perform {found[0].action}"
        else:
            message = denial_message(
                *found,
                prepared.identity,
                authorization_id=ident if self._carries_id(on.call.client) else None,
                region=on.region,
            )
        return replace(error_answer(on.call.protocol, Failure.ACCESS_DENIED), message=message)

    def _carries_id(self, client: str) -> bool:
        match self.options.ids:
            case Ids.ALL:
                return True
            case Ids.IAM:
                return client == "iam"
            case Ids.NONE:
                return False
        assert_never(self.options.ids)


@dataclass(frozen=True, slots=True)
class _Call:
    """An authenticated call."""

    request: HttpRequest
    call: ParsedCall
    identity: Identity
    signed: Signed | None
    signing_name: str
    now: datetime
    wire: Wire

    @property
    def region(self) -> str:
        return self.signed.region if self.signed else "us-east-1"


def _partition(region: str) -> str:
    return "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws"
