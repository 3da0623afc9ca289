"""What some calls of STS need before they can be decided: a second factor, or a verified token of an identity provider."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sagepass.endpoint.federation import Federation
from sagepass.endpoint.identity import Identity
from sagepass.endpoint.moto_adapter.routing import ParsedCall
from sagepass.endpoint.own.assume_role import Claims
from sagepass.endpoint.own.mfa import second_factor


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A call that is ready to be decided.

    Attributes:
        identity: the caller, or the identity provider whose token was verified.
        params: the input, with what a token adds to it (session tags, source identity).
        claims: what the token says.
    """

    identity: Identity
    params: Mapping[str, object]
    claims: Claims | None = None
    context: Mapping[str, object] = field(default_factory=dict)


def prepare(call: ParsedCall, identity: Identity, federation: Federation, now: datetime) -> Prepared:
    """Look at the credentials that the input itself brings.

    Raises:
        ApiError: a code or a token is wrong.
    """
    if call.client != "sts":
        return Prepared(identity=identity, params=call.params)
    if call.operation == "AssumeRole":
        if second_factor(call.params, identity, now) is None:
            return Prepared(identity=identity, params=call.params)
        factor = {"aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "0"}
        return Prepared(identity=identity, params=call.params, context=factor)
    if call.operation in {"AssumeRoleWithWebIdentity", "AssumeRoleWithSAML"}:
        provider, claims = federation.verify(call, now)
        who = replace(identity, arn=provider, account="", session=None, context=_context(provider, claims))
        return Prepared(identity=who, params={**call.params, **_members(claims)}, claims=claims)
    return Prepared(identity=identity, params=call.params)


def _context(provider: str, claims: Claims) -> dict[str, object]:
    keys = {key: list(values) if len(values) > 1 else values[0] for key, values in claims.keys.items() if values}
    return {**keys, "aws:FederatedProvider": provider}


def _members(claims: Claims) -> dict[str, object]:
    """Tags and source identity come in the token; they are decided as if they were members of the request."""
    members: dict[str, object] = {}
    if claims.tags:
        members["Tags"] = [{"Key": key, "Value": value} for key, value in claims.tags.items()]
    if claims.transitive:
        members["TransitiveTagKeys"] = list(claims.transitive)
    if claims.source_identity:
        members["SourceIdentity"] = claims.source_identity
    if claims.session_name:
        members["RoleSessionName"] = claims.session_name
    return members
