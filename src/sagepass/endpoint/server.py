"""The HTTP server: werkzeug's threaded one with kept-alive connections, on the loopback only."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import BaseWSGIServer, make_server

_IDLE = 60.0
_LOOPBACK = frozenset({"127.0.0.1", "::1"})


class QuietHandler(MotoRequestHandler):
    """moto's handler, which keeps underscores in the names of S3 metadata, with HTTP/1.1 and without a line per request."""

    protocol_version = "HTTP/1.1"
    timeout = _IDLE
    server_version = "sagepass"
    sys_version = ""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's own name
        """Say nothing: what is worth saying is said by the gate."""


def serve_on(
    host: str, port: int, app: Callable[..., Iterable[bytes]], handler: type[Any] = QuietHandler
) -> BaseWSGIServer:
    """A server that listens, and serves when ``serve_forever`` is called.

    Raises:
        ValueError: the host is not the loopback.
        OSError: the port cannot be used.
    """
    if host not in _LOOPBACK:
        raise ValueError(f"the endpoint listens on the loopback only, not on {host}")
    server = make_server(host, port, app, threaded=True, request_handler=handler)
    server.daemon_threads = True  # type: ignore[attr-defined]
    return server
