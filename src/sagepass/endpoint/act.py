"""Carries out a call that was let through: our own handler, an answer, or the emulation."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sagepass.calls.call import Needed, ResourceState
from sagepass.endpoint.after_forward import after_forward, before_forward
from sagepass.endpoint.answers import ApiError, World, find_answer
from sagepass.endpoint.errors import ErrorAnswer
from sagepass.endpoint.http_message import HttpRequest, HttpResponse
from sagepass.endpoint.log_of_calls import LogOfCalls
from sagepass.endpoint.moto_adapter.application import Emulation, NotEmulatedError
from sagepass.endpoint.moto_adapter.routing import ParsedCall, json_version, serialize
from sagepass.endpoint.own import Scene, find_handler
from sagepass.endpoint.wire import error_response
from sagepass.policy.arn import is_account_id, parse_arn

_OWN_ACCOUNT_ONLY = frozenset({"iam", "sts", "organizations"})
NOT_EMULATED = "NotEmulated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """One call on its way: the request as it goes on, the call, who makes it and with what."""

    request: HttpRequest
    call: ParsedCall
    signing_name: str
    needed: tuple[Needed, ...]
    scene: Scene
    request_id: str


def act(acting: Acting, emulation: Emulation, log: LogOfCalls) -> HttpResponse:
    """The answer. Refusals of the emulated service are answers; what nothing can answer says so."""
    call, scene = acting.call, acting.scene
    try:
        handler = find_handler(call.client, call.operation)
        if handler is not None:
            return _written(acting, handler(call.params, scene))
        answer = find_answer(call.client, call.operation)
        if answer is not None:
            return _written(acting, answer(call.params, _world(scene, log)))
        before_forward(call, scene)
        response = emulation.forward(
            acting.request,
            call=call,
            signing_name=acting.signing_name,
            account=account_of(acting.needed, call.client, scene.account),
            region=scene.region,
        )
        return cleaned(call, after_forward(call, scene, response))
    except ApiError as error:
        return failed(acting, ErrorAnswer(code=error.code, message=error.message, status=error.status))
    except NotEmulatedError as error:
        actions = ", ".join(dict.fromkeys(one.action for one in acting.needed)) or call.operation
        text = f"sagepass authorized this call ({actions}) and cannot carry it out: {error.why}"
        return failed(acting, ErrorAnswer(code=NOT_EMULATED, message=text, status=400))


def _written(acting: Acting, result: Mapping[str, object]) -> HttpResponse:
    call = acting.call
    return serialize(call.client, call.operation, result, call.protocol, acting.request_id)


def failed(acting: Acting, error: ErrorAnswer) -> HttpResponse:
    """An error in the call's wire form."""
    return error_response(
        acting.call.protocol,
        error,
        request_id=acting.request_id,
        json_version=json_version(acting.call.client),
        resource=acting.request.path,
        bare=acting.request.method == "HEAD",
    )


def _world(scene: Scene, log: LogOfCalls) -> World:
    now: datetime = scene.now
    return World(
        snapshot=scene.snapshot,
        caller=scene.identity.arn,
        account=scene.account,
        region=scene.region,
        partition=scene.partition,
        now=now,
        recorded=log.find,
        recent=log.recent,
    )


def account_of(needed: tuple[Needed, ...], client: str, own: str) -> str:
    """The account in which a call takes place: the owner of the resource that it names."""
    if client in _OWN_ACCOUNT_ONLY or not needed:
        return own
    first = needed[0]
    parts = parse_arn(first.resource) if first.resource_state is ResourceState.EXACT else None
    return parts.account if parts is not None and is_account_id(parts.account) else own


def cleaned(call: ParsedCall, response: HttpResponse) -> HttpResponse:
    """Without the empty members that the emulation adds to descriptions, which strict clients reject."""
    if call.client != "sagemaker" or not call.operation.startswith("Describe") or response.status != 200:
        return response
    try:
        value = json.loads(response.body)
    except ValueError:
        return response
    body = json.dumps(_without_empty(value)).encode()
    kept = tuple(pair for pair in response.headers if pair[0].lower() != "content-length")
    return HttpResponse(status=response.status, headers=kept, body=body)


def _without_empty(value: object) -> object:
    if isinstance(value, dict):
        inner = {key: _without_empty(item) for key, item in value.items()}
        return {key: item for key, item in inner.items() if item not in (None, {}, [])}
    return [_without_empty(item) for item in value] if isinstance(value, list) else value
