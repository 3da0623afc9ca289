"""Requests byte by byte: signed by hand, or by botocore, or not at all."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.auth import SigV4Auth  # type: ignore[import-untyped]
from botocore.awsrequest import AWSRequest  # type: ignore[import-untyped]
from botocore.credentials import Credentials as BotoCredentials  # type: ignore[import-untyped]

from sagepass.endpoint.endpoint import Credentials


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")


def send(port: int, method: str, target: str, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Answer:
    """Send one request as it is."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        given = {name.lower(): value for name, value in (headers or {}).items()}
        given.setdefault("host", f"127.0.0.1:{port}")
        given.setdefault("content-length", str(len(body)))
        for name, value in given.items():
            connection.putheader(name, value)
        connection.endheaders()
        if body:
            connection.send(body)
        response = connection.getresponse()
        return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
    finally:
        connection.close()


def signed(  # noqa: PLR0917 - the parts of a request
    port: int,
    who: Credentials,
    service: str,
    method: str,
    path: str,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
) -> dict[str, str]:
    """The headers of a request, signed by botocore."""
    request: Any = AWSRequest(
        method=method, url=f"http://127.0.0.1:{port}{path}", data=body, headers=dict(headers or {})
    )
    SigV4Auth(BotoCredentials(who.access_key_id, who.secret, who.token), service, "us-east-1").add_auth(request)
    return dict(request.headers.items())


JSON = {"Content-Type": "application/x-amz-json-1.1"}


def sagemaker(port: int, who: Credentials, operation: str, body: bytes, **headers: str) -> Answer:
    """A call of SageMaker with this body."""
    given = {**JSON, "X-Amz-Target": f"SageMaker.{operation}", **headers}
    return send(port, "POST", "/", signed(port, who, "sagemaker", "POST", "/", given, body), body)
