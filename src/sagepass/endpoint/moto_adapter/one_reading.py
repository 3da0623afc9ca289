"""A request that can be read in two ways is refused: what is decided has to be what is carried out.

The emulation looks for the operation and its parameters in the query, the form, the body and the headers, in an order of
its own. AWS takes them from one place, which the protocol names: the form or the query in the query protocol, the header
``X-Amz-Target`` and the body in the JSON protocol, method, path and the documented query parameters in the REST protocols.

Source: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html, https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html,
https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html
"""

from __future__ import annotations

from typing import Any, TypeAlias
from urllib.parse import parse_qsl

from sagepass.endpoint.errors import Failure, Refusal
from sagepass.endpoint.http_message import HttpRequest

_FORM = "application/x-www-form-urlencoded"
_MOST_FIELDS = 10_000
Operation: TypeAlias = Any
"""An operation of botocore's model, which has no types."""


def check_one_reading(request: HttpRequest, operation: Operation, client: str, protocol: str) -> None:
    """Refuse a request whose parameters stand in a place where the service does not look for them, or twice.

    Raises:
        Refusal: it could be read in two ways.
    """
    asked = [name for name, _ in request.query_pairs if not name.lower().startswith("x-amz-")]
    match protocol:
        case "query" | "ec2":
            _check_form(request, asked)
        case "rest-json" | "rest-xml":
            if client != "s3":
                _check_names(asked, operation)
        case _:
            if asked:
                raise Refusal(Failure.MALFORMED, f"{client} takes no parameters in the query")


def _check_form(request: HttpRequest, asked: list[str]) -> None:
    names = asked
    if request.body:
        if asked:
            raise Refusal(Failure.MALFORMED, "The parameters stand in the query and in the body")
        if request.content_type != _FORM:
            raise Refusal(Failure.MALFORMED, f"The Content-Type of parameters is {_FORM}")
        names = _names(request.body)
    if len(names) != len(set(names)):
        raise Refusal(Failure.MALFORMED, "A parameter stands in the request twice")


def _names(body: bytes) -> list[str]:
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise Refusal(Failure.MALFORMED, "The parameters cannot be read") from error
    return [name for name, _ in pairs]


def _check_names(asked: list[str], operation: Operation) -> None:
    shape = operation.input_shape
    members = shape.members.values() if shape is not None else ()
    in_query = [one for one in members if one.serialization.get("location") == "querystring"]
    if any(one.type_name == "map" for one in in_query):
        return
    fixed = operation.http.get("requestUri", "").partition("?")[2].split("&")
    known = {one.serialization.get("name") for one in in_query} | {part.partition("=")[0] for part in fixed}
    odd = next((name for name in asked if name not in known), None)
    if odd is not None:
        raise Refusal(Failure.MALFORMED, f"The operation takes no parameter '{odd[:60]}' in the query")
