"""A request as it came over the wire, and an answer as it goes back."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import IO, Any, Final
from urllib.parse import unquote_to_bytes

MAX_BODY: Final = 128 * 1024 * 1024
"""Bytes of a body that are read; AWS's own limits are smaller, except for objects of Amazon S3."""
MAX_TARGET: Final = 16 * 1024
"""Bytes of path and query; the longest S3 key is 1,024 bytes, each of which may be sent as three."""
MAX_HEADERS: Final = 200

CLOSE: Final = "sagepass.close"
"""Set in the environment of a request whose body was not read to its end: the connection cannot be used again."""
SECURE: Final = "sagepass.secure"
"""Set in the environment of a request that came through TLS."""

_HOP_BY_HOP = frozenset({"connection", "keep-alive", "proxy-authorization", "proxy-connection", "te", "upgrade"})
_BLOCK: Final = 1024 * 1024


class BadRequest(Exception):  # noqa: N818 - named after the status that it becomes
    """A request that cannot be read at all: no service has seen it yet."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """One request.

    Attributes:
        method: in upper case.
        path: as it was sent, percent-encoded, beginning with a slash.
        query: as it was sent, without the question mark.
        headers: lower-cased name to value; repeated headers are joined with commas.
        body: as it was sent, still in chunks if it is ``aws-chunked``.
        secure: whether it came through TLS.
        source_ip: the address of the client.
    """

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    secure: bool = False
    source_ip: str = "127.0.0.1"

    def header(self, name: str) -> str | None:
        """The value of a header, in any case."""
        return self.headers.get(name.lower())

    @property
    def host(self) -> str:
        """The name that the client called, without the port, in lower case."""
        host = (self.header("host") or "").strip().lower()
        return host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]

    @property
    def content_type(self) -> str:
        """The media type without parameters, in lower case."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower()

    @property
    def query_pairs(self) -> list[tuple[str, str]]:
        """The query, decoded; ``+`` stays what it is, as Signature Version 4 wants it."""
        return [(decoded(name), decoded(value)) for name, value in self.raw_query_pairs]

    @property
    def raw_query_pairs(self) -> list[tuple[str, str]]:
        """The query, split and not decoded."""
        parts = (part.partition("=") for part in self.query.split("&") if part)
        return [(name, value) for name, _, value in parts]

    def query_value(self, name: str) -> str | None:
        """The first value of a query parameter."""
        return next((value for key, value in self.query_pairs if key == name), None)

    def with_body(self, body: bytes, *, drop: frozenset[str] = frozenset()) -> HttpRequest:
        """The same request with another body."""
        headers = {name: value for name, value in self.headers.items() if name not in drop}
        return replace(self, body=body, headers={**headers, "content-length": str(len(body))})

    def without_headers(self, *prefixes: str) -> HttpRequest:
        """The same request without headers that begin so."""
        return replace(self, headers={n: v for n, v in self.headers.items() if not n.startswith(prefixes)})


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpResponse:
    """One answer; ``headers`` in the order in which they are sent."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def with_headers(self, **added: str) -> HttpResponse:
        """The answer with further headers; underscores stand for dashes, and they replace what is there."""
        names = {name.replace("_", "-").lower() for name in added}
        kept = tuple(pair for pair in self.headers if pair[0].lower() not in names)
        return replace(self, headers=(*kept, *((name.replace("_", "-"), value) for name, value in added.items())))

    def header(self, name: str) -> str | None:
        """The value of a header, in any case."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


def decoded(text: str) -> str:
    """Percent-decoded; bytes that are no UTF-8 are kept apart from each other as lone surrogates."""
    return unquote_to_bytes(text).decode("utf-8", "surrogateescape")


def read_request(environ: Mapping[str, Any], *, secure: bool) -> HttpRequest:
    """Read a request out of a WSGI environment of werkzeug's server.

    Raises:
        BadRequest: it is larger than what is read, or its length is not stated.
    """
    target = str(environ.get("RAW_URI") or environ.get("REQUEST_URI") or environ.get("PATH_INFO") or "/")
    if "://" in target.split("?", 1)[0]:
        rest = target.split("://", 1)[1]
        target = "/" + rest.partition("/")[2] if "/" in rest.split("?", 1)[0] else "/"
    if len(target) > MAX_TARGET:
        raise BadRequest("RequestURITooLong", "The request URI is too long.", 414)
    path, _, query = target.partition("?")
    headers = _headers(environ)
    if len(headers) > MAX_HEADERS:
        raise BadRequest("RequestHeaderSectionTooLarge", "Your request header section exceeds the maximum allowed.")
    return HttpRequest(
        method=str(environ.get("REQUEST_METHOD", "GET")).upper(),
        path=path if path.startswith("/") else f"/{path}",
        query=query,
        headers=headers,
        body=_body(environ, headers),
        secure=secure,
        source_ip=str(environ.get("REMOTE_ADDR") or "127.0.0.1"),
    )


def _headers(environ: Mapping[str, Any]) -> dict[str, str]:
    names = environ.get("moto.preserved_header_names")
    preserved = names if isinstance(names, dict) else {}
    found: dict[str, str] = {}
    for key, value in environ.items():
        if key in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            name = key.replace("_", "-")
        elif key.startswith("HTTP_"):
            name = str(preserved.get(key) or key[5:].replace("_", "-"))
        else:
            continue
        if value != "" or key.startswith("HTTP_"):
            found[name.lower()] = str(value)
    return {name: value for name, value in found.items() if name not in _HOP_BY_HOP}


def _body(environ: Mapping[str, Any], headers: Mapping[str, str]) -> bytes:
    stream: IO[bytes] = environ.get("wsgi.input") or io.BytesIO()
    if environ.get("wsgi.input_terminated"):
        return _read(stream, MAX_BODY + 1)
    stated = headers.get("content-length", "0") or "0"
    if not stated.isascii() or not stated.isdigit():
        raise BadRequest("InvalidRequest", "The Content-Length header is not a number.")
    length = int(stated) if len(stated) < 16 else MAX_BODY + 1
    if length > MAX_BODY:
        raise BadRequest("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", 413)
    body = _read(stream, length)
    if len(body) < length:
        raise BadRequest(
            "IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header"
        )
    return body


def _read(stream: IO[bytes], limit: int) -> bytes:
    parts: list[bytes] = []
    left = limit
    while left > 0 and (part := stream.read(min(left, _BLOCK))):
        parts.append(part)
        left -= len(part)
    body = b"".join(parts)
    if len(body) > MAX_BODY:
        raise BadRequest("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", 413)
    return body
