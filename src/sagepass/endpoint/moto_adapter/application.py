"""moto's own application, called in this process: it holds what was created and answers for it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextvars import ContextVar
from functools import cache
from typing import Any, TypeAlias, cast

os.environ.setdefault("MOTO_DISABLE_GLOBAL_CORS", "true")  # a page in a browser must not read what is emulated

from moto.backends import list_of_moto_modules
from moto.core import responses
from moto.core.base_backend import BackendDict
from moto.core.utils import method_names_from_class
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app

from sagepass.endpoint.http_message import HttpRequest, HttpResponse
from sagepass.endpoint.moto_adapter.routing import ParsedCall, environ_of

responses.method_names_from_class = cache(method_names_from_class)  # type: ignore[attr-defined]
"""The names of a class do not change, and moto looks them up in every call."""
_authorized: ContextVar[str | None] = ContextVar("authorized", default=None)
_own_reading = responses.BaseResponse._get_action  # noqa: SLF001 - where moto settles what it does


def _action_as_authorized(self: responses.BaseResponse) -> str | None:
    """The operation that moto is about to carry out; never another one than was authorized."""
    found: str | None = _own_reading(self)
    expected = _authorized.get()
    if expected is not None and found is not None and found != expected:
        raise PermissionError(f"it took the request for {found[:60]}, and {expected} was authorized")
    return found


responses.BaseResponse._get_action = _action_as_authorized  # type: ignore[method-assign,assignment]  # noqa: SLF001 - the same
Backend: TypeAlias = Any
"""A backend of moto, or something that it holds: their classes differ by service."""
RequestHandler = MotoRequestHandler
"""Reads requests off the wire, and keeps underscores in the names of S3 metadata."""
_OTHER_MODULES = {"lambda": "awslambda", "stepfunctions": "stepfunctions"}
_PATHS = {
    "s3": "/",
    "s3control": "/v20180820/",
    "sagemaker": "/",
    "sagemaker-metrics": "/BatchPutMetrics",
    "sagemaker-runtime": "/endpoints/name/invocations",
}
"""A path by which the dispatcher tells a service; that of a request could mislead it, for all requests to come."""
_SERVER_ERROR = 500


class NotEmulatedError(Exception):
    """moto has no such service or operation, or broke while it answered; ``why`` says which."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Emulation:
    """The emulated services of all accounts, in this process. There is one: moto keeps its state in modules."""

    def __init__(self) -> None:
        BackendDict.reset()
        self._application = DomainDispatcherApplication(create_backend_app)
        self._modules = frozenset(list_of_moto_modules())
        self._found: dict[str, Any] = {}

    def holds(self, client: str) -> bool:
        """Whether moto has this service at all."""
        name = client.replace("-", "")
        return _OTHER_MODULES.get(client, name) in self._modules

    def forward(
        self, request: HttpRequest, *, call: ParsedCall, signing_name: str, account: str, region: str
    ) -> HttpResponse:
        """Let moto answer a request that was authorized.

        Raises:
            NotEmulatedError: it cannot, or it would do something else than what was authorized.
        """
        client = call.client
        if not self.holds(client):
            raise NotEmulatedError(f"the emulation holds no {client}")
        request = _without_a_second_reading(request) if call.json_body else request
        environ = environ_of(_as_moto_wants(request, signing_name, account, region))
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:  # noqa: ARG001
            started.append((status, headers))

        token = _authorized.set(call.operation)
        try:
            parts = cast("Iterable[bytes]", self._of(client, environ)(environ, start))
            body = b"".join(parts)
            close = getattr(parts, "close", None)
            if close is not None:
                close()
        except NotImplementedError as error:
            raise NotEmulatedError("the emulation does not hold this operation") from error
        except Exception as error:
            raise NotEmulatedError(f"the emulation broke ({type(error).__name__}: {str(error)[:200]})") from error
        finally:
            _authorized.reset(token)
        status = int(started[-1][0].split(" ", 1)[0])
        response = HttpResponse(status=status, headers=tuple(started[-1][1]), body=body)
        kind = (response.header("content-type") or "").lower()
        if status >= _SERVER_ERROR or (
            status >= 400 and kind.startswith("text/html") and b"<html" in body[:200].lower()
        ):
            raise NotEmulatedError("the emulation does not hold this operation")
        return response

    def _of(self, client: str, environ: dict[str, Any]) -> Backend:
        """The application of one service: the dispatcher would look for it anew, in the file system, each time."""
        found = self._found.get(client)
        if found is None:
            path = _PATHS.get(client)
            plain = environ if path is None else {**environ, "PATH_INFO": path, "HTTP_HOST": "127.0.0.1"}
            found = self._found[client] = self._application.get_application(plain)
        return found

    @staticmethod
    def close() -> None:
        """Forget all state."""
        BackendDict.reset()


def _without_a_second_reading(request: HttpRequest) -> HttpRequest:
    """A JSON body that moto cannot also read as a form: inside a text ``&`` means the same as its escape.

    Without any body moto would take the headers for parameters.
    """
    return request.with_body(request.body.replace(b"&", b"\\u0026") or b"{}")


def _as_moto_wants(request: HttpRequest, signing_name: str, account: str, region: str) -> HttpRequest:
    """Give it service and Region out of the signature, and the account in a header, which nobody else may set; moto reads them there."""
    key = "AKIAEXAMPLEEXAMPLE00"
    found = request.header("authorization")
    if found is not None and "Credential=" in found:
        key = found.split("Credential=", 1)[1].split("/", 1)[0]
    scope = f"{key}/20200101/{region}/{signing_name}/aws4_request"
    authorization = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"
    kept = [part for part in request.query.split("&") if part and not part.lower().startswith("x-amz-")]
    return HttpRequest(
        method=request.method,
        path=request.path,
        query="&".join(kept),
        headers={**request.headers, "authorization": authorization, "x-moto-account-id": account},
        body=request.body,
        secure=request.secure,
        source_ip=request.source_ip,
    )


def backends(service: str) -> Backend:
    """The backends of a service: account to Region (or partition) to backend."""
    from moto.backends import get_backend  # noqa: PLC0415 - a service is loaded when it is first used

    return get_backend(cast("Any", service))
