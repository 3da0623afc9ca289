"""How an error goes back, as far as it is known at each step which service the request is for."""

from __future__ import annotations

from dataclasses import dataclass

from sagepass.endpoint.errors import ErrorAnswer, Protocol, Refusal, error_answer
from sagepass.endpoint.http_message import HttpRequest, HttpResponse
from sagepass.endpoint.moto_adapter.routing import json_version, protocol_of
from sagepass.endpoint.service import Target
from sagepass.endpoint.wire import error_response


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """How errors go back, as far as that is known yet."""

    request: HttpRequest
    request_id: str
    protocol: Protocol
    client: str | None = None

    def refused(self, refusal: Refusal) -> HttpResponse:
        """A refusal, with the code that the protocol has for it."""
        return self.error(
            error_answer(
                self.protocol, refusal.failure, refusal.message if refusal.message != refusal.failure.value else ""
            )
        )

    def error(self, error: ErrorAnswer) -> HttpResponse:
        """An error whose code is known."""
        return error_response(
            self.protocol,
            error,
            request_id=self.request_id,
            json_version=json_version(self.client) if self.client else "1.1",
            resource=self.request.path,
            bare=self.request.method == "HEAD",
        )


def guessed_protocol(request: HttpRequest) -> Protocol:
    """For a request whose service is not known."""
    if request.header("x-amz-target"):
        return Protocol.JSON
    if request.content_type == "application/x-www-form-urlencoded":
        return Protocol.QUERY
    return Protocol.REST_JSON if request.content_type == "application/json" else Protocol.REST_XML


def protocol_for(request: HttpRequest, target: Target) -> Protocol:
    """The protocol of the likeliest client of a target."""
    several = len(target.clients) > 1 and request.path != "/"
    return protocol_of(target.clients[-1 if several else 0])
