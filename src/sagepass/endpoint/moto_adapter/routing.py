"""From a request to the operation and its parameters, by botocore's models and moto's routers and parsers."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import unquote

from moto.core.model import OperationModel, ServiceModel
from moto.core.parse import PROTOCOL_PARSERS, RequestParserError, default_timestamp_parser
from moto.core.request import (
    PRESERVED_HEADER_NAMES_ENVIRON_KEY,
    Request,
    determine_request_protocol,
    environ_key_for_header,
    should_preserve_original_header_name,
)
from moto.core.routing import get_service_router
from moto.core.serialize import SerializationContext, get_serializer_class
from moto.core.utils import get_service_model
from werkzeug.exceptions import HTTPException, NotFound

from sagepass.endpoint.errors import Failure, Protocol, Refusal
from sagepass.endpoint.http_message import HttpRequest, HttpResponse
from sagepass.endpoint.moto_adapter.one_reading import check_one_reading

_JSON_KINDS = frozenset({"application/x-amz-json-1.0", "application/x-amz-json-1.1", "application/json"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedCall:
    """A request as the service understands it.

    Attributes:
        client: the service as botocore names it.
        operation: the API.
        params: the input, by botocore's member names.
        protocol: the wire form of the answer.
        json_body: the body is a JSON object with the parameters, and no document of the caller's.
    """

    client: str
    operation: str
    params: Mapping[str, Any]
    protocol: Protocol
    json_body: bool = False


@cache
def known_clients() -> frozenset[str]:
    """All services that botocore has a model of."""
    from botocore.loaders import Loader  # type: ignore[import-untyped]  # noqa: PLC0415 - only an unusual signing name asks

    return frozenset(Loader().list_available_services("service-2"))


def protocol_of(client: str) -> Protocol:
    """The protocol that a service's clients speak by default."""
    model = get_service_model(client)
    supported = [str(model.protocol), *(model.metadata.get("protocols") or [])]
    return next((Protocol(name) for name in supported if name in set(Protocol)), Protocol.JSON)


def json_version(client: str) -> str:
    """``1.0`` or ``1.1``, which a JSON service's content type names."""
    return str(get_service_model(client).metadata.get("jsonVersion") or "1.1")


def operation_names(client: str) -> tuple[str, ...]:
    """Every operation of a service."""
    return tuple(get_service_model(client).operation_names)


def environ_of(request: HttpRequest) -> dict[str, Any]:
    """The request as a WSGI environment, with the path as it was sent."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(request.path, "latin-1"),
        "RAW_URI": request.path + (f"?{request.query}" if request.query else ""),
        "QUERY_STRING": request.query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "443" if request.secure else "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": request.source_ip,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https" if request.secure else "http",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "CONTENT_LENGTH": str(len(request.body)),
    }
    preserved = {}
    for name, value in request.headers.items():
        key = environ_key_for_header(name)
        if key == "CONTENT_LENGTH":
            continue
        if should_preserve_original_header_name(name):
            preserved[key] = name
        environ[key] = value
    environ[PRESERVED_HEADER_NAMES_ENVIRON_KEY] = preserved
    return environ


def parse_call(request: HttpRequest, client: str) -> ParsedCall | None:
    """The operation and its parameters; ``None`` if the service has no operation for this request.

    Raises:
        Refusal: there is such an operation, and its input cannot be read.
    """
    model = get_service_model(client)
    if not _right_content_type(request, model):
        return None
    wsgi = Request(environ_of(request))
    try:
        protocol = determine_request_protocol(model, request.header("content-type") or "")
        operation, uri_params = get_service_router(client).match(wsgi)
    except (NotFound, NotImplementedError, HTTPException):
        return None
    except (ValueError, UnicodeError, RecursionError) as error:
        raise Refusal(Failure.MALFORMED) from error
    check_one_reading(request, operation, client, protocol)
    json_body = _has_json_body(operation, protocol)
    if json_body:
        _check_json(request)
    return ParsedCall(
        client=client,
        operation=str(operation.name),
        params=_params(wsgi, operation, protocol, uri_params),
        protocol=Protocol(protocol),
        json_body=json_body,
    )


def _right_content_type(request: HttpRequest, model: ServiceModel) -> bool:
    """A JSON service takes no other media type; the others do not look."""
    supported = model.metadata.get("protocols") or [str(model.protocol)]
    if "json" not in supported or set(supported) & {"query", "ec2"}:
        return True
    return request.content_type in _JSON_KINDS


def _has_json_body(operation: OperationModel, protocol: str) -> bool:
    shape = operation.input_shape
    return protocol == "json" or (protocol == "rest-json" and not (shape and shape.serialization.get("payload")))


def _check_json(request: HttpRequest) -> None:
    """The parser takes a body that is no JSON for an empty one; a service refuses it."""
    if not request.body:
        return
    try:
        fits = isinstance(json.loads(request.body), dict)
    except (ValueError, RecursionError):
        fits = False
    if not fits:
        raise Refusal(Failure.MALFORMED, "The request body is no JSON object")


def _params(wsgi: Request, operation: OperationModel, protocol: str, uri_params: Mapping[str, Any]) -> dict[str, Any]:
    try:
        parsed: dict[str, Any] = PROTOCOL_PARSERS[protocol](operation, timestamp_parser=_timestamp).parse(
            {
                "method": wsgi.method,
                "values": wsgi.values,
                "headers": wsgi.headers,
                "body": wsgi.data,
                "url_path": wsgi.path,
                "url_params": dict(uri_params),
            }
        )
    except RecursionError as error:
        raise Refusal(Failure.MALFORMED, "The request body is nested too deeply") from error
    except (RequestParserError, ValueError, TypeError, AttributeError, KeyError, LookupError, OverflowError) as error:
        raise Refusal(Failure.MALFORMED, "The request body cannot be read") from error
    except HTTPException as error:
        raise Refusal(Failure.MALFORMED, "The request body cannot be read") from error
    return parsed


def _timestamp(value: str) -> datetime:
    naive: datetime = default_timestamp_parser(value)
    return naive.replace(tzinfo=UTC)


def serialize(
    client: str, operation: str, result: Mapping[str, Any], protocol: Protocol, request_id: str
) -> HttpResponse:
    """An answer of our own in the service's wire form, by botocore's output shape."""
    model = get_service_model(client)
    writer = get_serializer_class(client, protocol.value)(
        model.operation_model(operation), context=SerializationContext(request_id)
    )
    written = writer.serialize(dict(result))
    body = written["body"]
    headers = {str(name): str(value) for name, value in written["headers"].items()}
    headers.setdefault("x-amzn-RequestId", request_id)
    content = body if isinstance(body, bytes) else str(body).encode("utf-8")
    return HttpResponse(status=int(written["status_code"]), headers=tuple(headers.items()), body=content)


def input_shape(client: str, operation: str) -> Any:  # noqa: ANN401 - botocore has no types
    """The input shape of botocore's model; ``None`` where the operation takes nothing."""
    return get_service_model(client).operation_model(operation).input_shape
