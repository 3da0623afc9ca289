"""How calls are caught in botocore, and that nothing else gets out while they are.

Three places of botocore are wrapped while at least one recording is active, and put back afterwards: the method through
which every client makes its calls (there, handlers of the public events ``before-parameter-build`` and ``before-call`` are
registered: the first sees the parameters, the second answers in the place of AWS), the look-up of credentials (put off until
one is needed), and the sending of HTTP requests (refused).

Source: https://botocore.amazonaws.com/v1/documentation/api/latest/topics/events.html
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from copy import copy
from typing import Any
from weakref import WeakSet

import botocore.awsrequest  # type: ignore[import-untyped]  # botocore ships no types
import botocore.client  # type: ignore[import-untyped]
import botocore.credentials  # type: ignore[import-untyped]
import botocore.exceptions  # type: ignore[import-untyped]
import botocore.httpsession  # type: ignore[import-untyped]
import botocore.session  # type: ignore[import-untyped]

from sagepass.aws.fake_answer import Answered, fake_answer
from sagepass.aws.recorder import Recording
from sagepass.calls.read.setting import partition_of
from sagepass.catalog.actions import known_service
from sagepass.catalog.operations import known_client

_PARAMS, _CONTEXT = "before-parameter-build", "sagepass-recorded"
_CALL = "before-call"
_ID = "sagepass-recorder"


class _DeferredCredentials(botocore.credentials.Credentials):  # type: ignore[misc]  # its base is untyped
    """Credentials that are looked up when a request is signed, which happens after the recording at the earliest."""

    def __init__(self, look_up: Callable[[], Any]) -> None:
        super().__init__("", "", None, method="sagepass-deferred")
        self._look_up = look_up

    def get_frozen_credentials(self) -> Any:  # noqa: ANN401 - botocore's own record
        """What the session's chain finds now.

        Raises:
            botocore.exceptions.NoCredentialsError: it finds none.
        """
        found = self._look_up()
        if found is None or found is self:
            raise botocore.exceptions.NoCredentialsError
        return found.get_frozen_credentials()


class Hook:
    """The recordings that are active, and the wrapped places of botocore."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._active: list[Recording] = []
        self._own = threading.local()
        self._clients: WeakSet[Any] = WeakSet()
        self._originals: dict[str, Any] = {}

    def begin(self, recording: Recording) -> None:
        """Begin a recording in this thread."""
        with self._lock:
            if not self._active:
                self._wrap()
            self._active.append(recording)
        self._stack().append(recording)

    def end(self, recording: Recording) -> None:
        """End it; the last one puts botocore back as it was."""
        stack = self._stack()
        if recording in stack:
            stack.remove(recording)
        with self._lock:
            self._active = [one for one in self._active if one is not recording]
            if not self._active:
                self._unwrap()

    def current(self) -> Recording | None:
        """The innermost recording of this thread, or the one that began last."""
        stack = self._stack()
        if stack:
            return stack[-1]
        with self._lock:
            return self._active[-1] if self._active else None

    def _stack(self) -> list[Recording]:
        if not hasattr(self._own, "stack"):
            self._own.stack = []
        stack: list[Recording] = self._own.stack
        return stack

    def _wrap(self) -> None:
        client, session = botocore.client.BaseClient, botocore.session.Session
        sender = botocore.httpsession.URLLib3Session
        self._originals = {
            "call": client._make_api_call,  # noqa: SLF001 - the one method that all clients, old and new, go through
            "credentials": session.get_credentials,
            "send": sender.send,
        }
        make_api_call, get_credentials = self._originals["call"], self._originals["credentials"]

        def call(client: Any, operation_name: str, api_params: Any) -> Any:  # noqa: ANN401 - wraps an untyped method
            self._attach(client)
            return make_api_call(client, operation_name, api_params)

        def credentials(session: Any) -> Any:  # noqa: ANN401 - as above
            if session._credentials is not None:  # noqa: SLF001 - given by the program: nothing is looked up
                return get_credentials(session)
            return _DeferredCredentials(lambda: get_credentials(session))

        def send(_session: Any, request: Any) -> Any:  # noqa: ANN401 - as above
            error = botocore.exceptions.EndpointConnectionError
            raise error(endpoint_url=request.url, error="sagepass.record() sends nothing")

        client._make_api_call = call  # noqa: SLF001 - as above
        session.get_credentials = credentials
        sender.send = send

    def _unwrap(self) -> None:
        botocore.client.BaseClient._make_api_call = self._originals["call"]  # noqa: SLF001 - as above
        botocore.session.Session.get_credentials = self._originals["credentials"]
        botocore.httpsession.URLLib3Session.send = self._originals["send"]
        for client in list(self._clients):
            for event, handler in ((_PARAMS, self._see), (_CALL, self._answer)):
                client.meta.events.unregister(event, handler, unique_id=f"{_ID}-{event}")
        self._clients = WeakSet()

    def _attach(self, client: Any) -> None:  # noqa: ANN401 - as above
        with self._lock:
            if client in self._clients or not self._active:
                return
            self._clients.add(client)
            client.meta.events.register_last(_PARAMS, self._see, unique_id=f"{_ID}-{_PARAMS}")
            client.meta.events.register_first(_CALL, self._answer, unique_id=f"{_ID}-{_CALL}")

    def _see(self, params: Any, context: dict[str, Any], **_: object) -> None:  # noqa: ANN401 - as above
        """Keep the parameters, as all other handlers left them, for the next event."""
        context[_CONTEXT] = copy(params)

    def _answer(self, model: Any, context: dict[str, Any], **_: object) -> tuple[Any, Any] | None:  # noqa: ANN401 - as above
        recording = self.current()
        if recording is None:
            return None
        params: Mapping[str, object] = context.get(_CONTEXT) or {}
        region = _region(context.get("client_region"))
        service = _prefix(model.service_model)
        number = recording.add(service, model.name, params, region)
        answered = Answered(
            number=number,
            service=service,
            operation=model.name,
            params=params,
            region=region or "us-east-1",
            account=recording.caller_account,
            partition=partition_of(region or "") or "aws",
        )
        http = botocore.awsrequest.AWSResponse("https://recorded.invalid/", 200, {}, None)
        return http, fake_answer(answered, model.output_shape)


def _prefix(service: Any) -> str:  # noqa: ANN401 - as above
    """The name that the tables know a service by: the SDK's, or the one that requests are signed for."""
    name = str(service.service_name)
    return name if known_client(name) or known_service(name) else str(service.signing_name)


def _region(name: str | None) -> str | None:
    """The Region of a client; global services have one that is none (``aws-global``)."""
    return None if name is None or name.endswith("-global") else name


HOOK = Hook()
