"""What some calls need before they can be decided: a second factor, a verified token, the key behind a ciphertext.

Sources: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html,
https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html (a ciphertext of a symmetric key tells its key)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sagepass.endpoint.answers import ApiError
from sagepass.endpoint.federation import Federation
from sagepass.endpoint.identity import Identity
from sagepass.endpoint.moto_adapter.resources import ciphertext_key
from sagepass.endpoint.moto_adapter.routing import ParsedCall
from sagepass.endpoint.own.assume_role import Claims
from sagepass.endpoint.own.mfa import second_factor

_FROM_CIPHERTEXT = {"Decrypt": "KeyId", "ReEncrypt": "SourceKeyId"}
"""Operations of KMS that may leave their key out, and the member that would name it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a call goes, and the accounts that there are."""

    region: str
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A call that is ready to be decided.

    Attributes:
        identity: the caller, or the identity provider whose token was verified.
        params: the input, with what a token adds to it (session tags, source identity), or a ciphertext (its key).
        claims: what the token says.
        context: condition keys that follow.
    """

    identity: Identity
    params: Mapping[str, object]
    claims: Claims | None = None
    context: Mapping[str, object] = field(default_factory=dict)


def prepare(call: ParsedCall, identity: Identity, federation: Federation, now: datetime, place: Place) -> Prepared:
    """Look at the credentials that the input itself brings.

    Raises:
        ApiError: a code, a token or a ciphertext is wrong.
    """
    if call.client == "kms":
        return Prepared(identity=identity, params=_with_key(call, place))
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


def _with_key(call: ParsedCall, place: Place) -> Mapping[str, object]:
    member, blob = _FROM_CIPHERTEXT.get(call.operation), call.params.get("CiphertextBlob")
    if member is None or call.params.get(member) or not isinstance(blob, bytes):
        return call.params
    arn = ciphertext_key(blob, place.region, place.accounts)
    if arn is None:
        raise ApiError("InvalidCiphertextException", "the ciphertext was made with no key that is here", 400)
    return {**call.params, member: arn}


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
