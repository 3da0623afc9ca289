"""The HTTP server: werkzeug's threaded one with kept-alive connections, on the loopback only.

It is a proxy as well: a client that was told ``HTTPS_PROXY`` opens a tunnel to a name of AWS, and the server answers in that
name with a certificate of the private authority. Tunnels to other names are refused; nothing leaves the machine.
"""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Callable, Iterable
from contextlib import suppress
from io import BufferedIOBase
from typing import ClassVar, Final, cast

from werkzeug.serving import BaseWSGIServer, make_server

from sagepass.endpoint.http_message import CLOSE, SECURE
from sagepass.endpoint.moto_adapter.application import RequestHandler
from sagepass.endpoint.private_ca import PrivateCa, is_aws_name

_IDLE: Final = 60.0
_LINGER: Final = 2.0
_MOST_DRAINED: Final = 256
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1"})
_TELEMETRY: Final = re.compile(r"sm-pysdk-t-[a-z0-9-]+\.s3[.-][a-z0-9.-]+", re.IGNORECASE)
"""Where the SageMaker Python SDK reports what its users do, the texts of errors included."""


class QuietHandler(RequestHandler):
    """HTTP/1.1, tunnels, and not a line per request."""

    protocol_version = "HTTP/1.1"
    timeout = _IDLE
    disable_nagle_algorithm = True
    wbufsize = -1
    server_version = "sagepass"
    sys_version = ""
    authority: ClassVar[PrivateCa | None] = None
    _tunnel: str | None = None

    def do_CONNECT(self) -> None:  # noqa: N802 - the name that the standard library looks for
        """Open a tunnel to a name of AWS, and speak for it."""
        host = self.path.rpartition(":")[0].lower()
        if self.authority is None or self._tunnel is not None or not is_aws_name(host):
            self._refuse_tunnel(host)
            return
        self.send_response_only(200, "Connection established")
        self.end_headers()
        self.wfile.flush()
        try:
            secure = self.authority.context_for(host).wrap_socket(self.connection, server_side=True)
        except (ssl.SSLError, OSError):
            self.close_connection = True
            return
        self._tunnel = host
        self.connection = self.request = secure
        self.rfile = secure.makefile("rb", -1)
        self.wfile = cast("BufferedIOBase", _Writer(secure))
        self.close_connection = False

    def finish(self) -> None:
        """Close a tunnel as well: the server knows the connection below it only."""
        super().finish()
        if self._tunnel is not None:
            self.connection.close()

    def _refuse_tunnel(self, host: str) -> None:
        self.close_connection = True
        text = f"sagepass opens tunnels to names of AWS only, not to {host[:200]!a}\n".encode()
        self.send_response_only(403, "Forbidden")
        self.send_header("Content-Type", "text/plain; charset=us-ascii")
        self.send_header("Content-Length", str(len(text)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(text)
        self.wfile.flush()

    def run_wsgi(self) -> None:
        """Answer one request and keep the connection, which werkzeug's own way would close or read empty.

        The gate has read the body to its end, or says that it has not. Telemetry is swallowed before it.
        """
        host = (self._tunnel or self.headers.get("Host") or "").partition(":")[0]
        environ = self.make_environ()
        environ[SECURE] = self._tunnel is not None
        answer: list[tuple[str, list[tuple[str, str]]]] = []
        body: list[bytes] = []

        def start(status: str, headers: list[tuple[str, str]], _error: object = None, /) -> Callable[[bytes], object]:
            answer.append((status, headers))
            return body.append

        if _TELEMETRY.fullmatch(host):
            answer.append(("200 OK", [("Content-Length", "0")]))
            environ[CLOSE] = True
        else:
            body += self.server.app(environ, start)
        try:
            self._write(*answer[-1], b"".join(body), close=CLOSE in environ)
        except (ConnectionError, TimeoutError, ssl.SSLError):
            self.close_connection = True

    def _write(self, status: str, headers: list[tuple[str, str]], body: bytes, *, close: bool) -> None:
        self.send_response(int(status.split(" ", 1)[0]))
        for name, value in headers:
            self.send_header(name, _one_line(value))
        if close:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()
        if close:
            self._drain()

    def _drain(self) -> None:
        """Read a little of what is still coming, so that the client sees the answer and not a reset connection."""
        self.close_connection = True
        self.connection.settimeout(_LINGER)
        with suppress(OSError):
            for _ in range(_MOST_DRAINED):
                if not self.rfile.read(65536):
                    return

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's own name
        """Say nothing: what is worth saying is said by the gate."""


def _one_line(value: str) -> str:
    return value.replace("\r", " ").replace("\n", " ").encode("latin-1", "replace").decode("latin-1")


class _Writer:
    """Writes to a tunnel."""

    closed = False

    def __init__(self, connection: ssl.SSLSocket) -> None:
        self._connection = connection
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(data)
        return len(data)

    def flush(self) -> None:
        """Send what was written, in one piece."""
        data, self._parts = b"".join(self._parts), []
        if data:
            self._connection.sendall(data)

    def close(self) -> None:
        self.closed = True


def serve_on(
    host: str, port: int, app: Callable[..., Iterable[bytes]], authority: PrivateCa | None = None
) -> BaseWSGIServer:
    """A server that listens, and serves when ``serve_forever`` is called.

    Raises:
        ValueError: the host is not the loopback.
        OSError: the port cannot be used.
    """
    if host not in _LOOPBACK:
        raise ValueError(f"the endpoint listens on the loopback only, not on {host}")
    handler = type("Handler", (QuietHandler,), {"authority": authority})
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family, backlog=128) as listening:
        server = make_server(host, port, app, threaded=True, request_handler=handler, fd=listening.fileno())
    server.daemon_threads = True  # type: ignore[attr-defined]
    return server
