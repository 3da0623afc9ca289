"""The condition keys that a request carries, from its credentials and from the network.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html,
https://docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html
"""

from __future__ import annotations

from datetime import datetime

from sagepass.endpoint.http_message import HttpRequest
from sagepass.endpoint.identity import Identity
from sagepass.endpoint.sessions import Session, SessionKind
from sagepass.endpoint.signature import Signed

_REGION_FOLLOWS_FROM_THE_SERVICE = frozenset({"iam", "organizations"})


def request_context(
    request: HttpRequest, signed: Signed | None, identity: Identity, now: datetime
) -> dict[str, object]:
    """The keys of every authorization of one call.

    ``aws:SecureTransport`` is true: the loopback stands for AWS's endpoints, which are reached through TLS.
    """
    context: dict[str, object] = {
        "aws:SourceIp": request.source_ip,
        "aws:SecureTransport": "true",
        "aws:CurrentTime": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "aws:EpochTime": str(int(now.timestamp())),
        "aws:ViaAWSService": "false",
    }
    for header, key in (("user-agent", "aws:UserAgent"), ("referer", "aws:Referer")):
        value = request.header(header)
        if value is not None:
            context[key] = value
    if signed is not None and signed.service == "s3":
        context |= _s3(request, signed, now)
    if identity.session is not None:
        context |= _session(identity.session, now)
    context |= identity.context
    return context


def requested_region(signed: Signed | None) -> dict[str, object]:
    """``aws:RequestedRegion``, where it does not follow from the service itself."""
    if signed is None or signed.service in _REGION_FOLLOWS_FROM_THE_SERVICE:
        return {}
    return {"aws:RequestedRegion": signed.region}


def _s3(request: HttpRequest, signed: Signed, now: datetime) -> dict[str, object]:
    digest = request.header("x-amz-content-sha256")
    context: dict[str, object] = {
        "s3:signatureversion": "AWS4-HMAC-SHA256",
        "s3:authType": "REST-QUERY-STRING" if signed.presigned else "REST-HEADER",
        "s3:signatureAge": str(max(0, int((now - signed.time).total_seconds() * 1000))),
    }
    if digest:
        context["s3:x-amz-content-sha256"] = digest
    return context


def _session(session: Session, now: datetime) -> dict[str, object]:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent."""
    context: dict[str, object] = {"aws:TokenIssueTime": session.issued.strftime("%Y-%m-%dT%H:%M:%SZ")}
    context["aws:MultiFactorAuthPresent"] = "true" if session.mfa else "false"
    if session.mfa is not None:
        context["aws:MultiFactorAuthAge"] = str(int((now - session.mfa).total_seconds()))
    context |= {f"aws:PrincipalTag/{key}": value for key, value in session.tags.items()}
    if session.source_identity is not None:
        context["aws:SourceIdentity"] = session.source_identity
    if session.kind in {SessionKind.WEB_IDENTITY, SessionKind.SAML} and session.federated_by:
        context["aws:FederatedProvider"] = session.federated_by
    context |= {
        key: list(values) if len(values) > 1 else values[0] for key, values in session.provider_keys.items() if values
    }
    return context
