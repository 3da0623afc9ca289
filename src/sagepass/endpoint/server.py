"""The HTTP server: werkzeug's threaded one with kept-alive connections, on the loopback only.

It is a proxy as well: a client that was told ``HTTPS_PROXY`` opens a tunnel to a name of AWS, and the server answers in that
name with a certificate of the private authority. Tunnels to other names are refused; nothing leaves the machine.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Iterable
from io import BufferedIOBase
from typing import Any, ClassVar, Final, cast

from werkzeug.serving import BaseWSGIServer, make_server

from sagepass.endpoint.http_message import CLOSE, SECURE
from sagepass.endpoint.moto_adapter.application import RequestHandler
from sagepass.endpoint.private_ca import PrivateCa, is_aws_name

_IDLE: Final = 60.0
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1"})
_TELEMETRY: Final = re.compile(r"sm-pysdk-t-[a-z0-9-]+\.s3[.-][a-z0-9.-]+", re.IGNORECASE)
"""Where the SageMaker Python SDK reports what its users do, the texts of errors included."""


class QuietHandler(RequestHandler):
    """HTTP/1.1, tunnels, and not a line per request."""

    protocol_version = "HTTP/1.1"
    timeout = _IDLE
    server_version = "sagepass"
    sys_version = ""
    authority: ClassVar[PrivateCa | None] = None
    _tunnel: str | None = None
    _environ: dict[str, Any]

    def make_environ(self) -> dict[str, Any]:
        """Keep the environment: the gate says in it whether the connection can be used again."""
        self._environ = super().make_environ()
        self._environ[SECURE] = self._tunnel is not None
        return self._environ

    def send_header(self, keyword: str, value: str) -> None:
        """Keep the connection, which werkzeug would close: the gate has read every body to its end, or says so."""
        if keyword.lower() == "connection" and not getattr(self, "_environ", {}).get(CLOSE):
            return
        super().send_header(keyword, value)

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

    def _refuse_tunnel(self, host: str) -> None:
        self.close_connection = True
        text = f"sagepass opens tunnels to names of AWS only, not to {host[:200]!a}\n".encode()
        self.send_response_only(403, "Forbidden")
        super().send_header("Content-Type", "text/plain; charset=us-ascii")
        super().send_header("Content-Length", str(len(text)))
        super().send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(text)

    def run_wsgi(self) -> None:
        """Swallow telemetry; everything else is for the gate."""
        host = (self._tunnel or self.headers.get("Host") or "").partition(":")[0]
        if _TELEMETRY.fullmatch(host):
            self.close_connection = True
            self.send_response_only(200, "OK")
            super().send_header("Content-Length", "0")
            super().send_header("Connection", "close")
            self.end_headers()
            return
        super().run_wsgi()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's own name
        """Say nothing: what is worth saying is said by the gate."""


class _Writer:
    """Writes through at once, as the standard library's handler does."""

    closed = False

    def __init__(self, connection: ssl.SSLSocket) -> None:
        self._connection = connection

    def write(self, data: bytes) -> int:
        self._connection.sendall(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

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
    server = make_server(host, port, app, threaded=True, request_handler=handler)
    server.daemon_threads = True  # type: ignore[attr-defined]
    return server
