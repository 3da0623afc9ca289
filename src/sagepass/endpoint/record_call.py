"""The record of a decided call, without anything secret."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sagepass.endpoint.act import Acting
from sagepass.endpoint.decide_call import CallDecision
from sagepass.endpoint.effects import read_only
from sagepass.endpoint.errors import ErrorAnswer
from sagepass.endpoint.http_message import HttpResponse
from sagepass.endpoint.recorded import Recorded
from sagepass.endpoint.signature import Signed

_FAILED = 400
_SECRET = frozenset(
    {
        "Body",
        "NewPassword",
        "OldPassword",
        "Password",
        "Plaintext",
        "PrivateKey",
        "SAMLAssertion",
        "SSECustomerKey",
        "TokenCode",
        "WebIdentityToken",
    }
)
"""Members whose values are not kept."""


def record(
    acting: Acting,
    decided: CallDecision,
    *,
    signed: Signed | None,
    authorization_id: str,
    denial: ErrorAnswer | None,
    response: HttpResponse,
) -> Recorded:
    """What is remembered of a call; ``denial`` is the refusal that the policies lead to, if they do."""
    scene, call = acting.scene, acting.call
    return Recorded(
        authorization_id=authorization_id,
        request_id=acting.request_id,
        time=scene.now,
        client=call.client,
        operation=call.operation,
        params=_without_secrets(call.params),
        caller=scene.identity.arn,
        account=scene.account,
        region=scene.region,
        access_key_id=signed.access_key_id if signed else None,
        source_ip=acting.request.source_ip,
        user_agent=acting.request.header("user-agent") or "",
        decisions=decided.decisions,
        needed=decided.needed,
        allowed=denial is None,
        error_code=denial.code if denial else _error_code(response),
        error_message=denial.message if denial else None,
        read_only=read_only(call.operation),
        snapshot=scene.snapshot,
    )


def _without_secrets(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in params.items() if name not in _SECRET}


def _error_code(response: HttpResponse) -> str | None:
    return None if response.status < _FAILED else (response.header("x-amzn-errortype") or str(response.status))
