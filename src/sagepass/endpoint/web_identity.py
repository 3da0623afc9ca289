"""An OpenID Connect token, verified against a JSON Web Key Set from a file.

Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_adding-assume-role-idp,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sagepass.endpoint.answers import ApiError
from sagepass.endpoint.own.assume_role import Claims

_ALGORITHMS: Final = ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"]
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html; never a shared secret, never none."""
_LEEWAY: Final = 300
_LONGEST: Final = 20_000
_TAGS: Final = "https://aws.amazon.com/tags"
_SOURCE_IDENTITY: Final = "https://aws.amazon.com/source_identity"


def verify_token(
    token: str, providers: Mapping[str, Any], jwks: Mapping[str, Path], now: datetime
) -> tuple[str, Claims]:
    """The ARN of the provider in the role's account, and what the token says.

    Raises:
        ApiError: no such provider, or the token is not good.
    """
    claims = _claims(token, jwks)
    issuer = str(claims.get("iss") or "")
    host = issuer.removeprefix("https://").rstrip("/")
    found = next(((arn, row) for arn, row in providers.items() if row.get("url", "").rstrip("/") == host), None)
    if found is None:
        raise ApiError("InvalidIdentityToken", "No OpenIDConnect provider found in your account for " + issuer[:200])
    _in_time(claims, now)
    arn, row = found
    audience = _audience(claims, row.get("client_ids") or [])
    subject = str(claims.get("sub") or "")
    tags, transitive = _tags(claims.get(_TAGS))
    keys: dict[str, tuple[str, ...]] = {f"{host}:aud": (audience,), f"{host}:sub": (subject,)}
    if "azp" in claims:
        keys[f"{host}:azp"] = (str(claims["azp"]),)
    amr = claims.get("amr")
    if isinstance(amr, list) and amr:
        keys[f"{host}:amr"] = tuple(str(item) for item in amr)
    source = claims.get(_SOURCE_IDENTITY)
    return arn, Claims(
        subject=subject,
        audience=audience,
        issuer=issuer,
        keys=keys,
        tags=tags,
        transitive=transitive,
        source_identity=source if isinstance(source, str) else None,
    )


def _claims(token: str, jwks: Mapping[str, Path]) -> dict[str, Any]:
    from joserfc import jwt  # noqa: PLC0415 - few calls bring a token
    from joserfc.errors import JoseError  # noqa: PLC0415
    from joserfc.jwk import KeySet  # noqa: PLC0415

    if not token or len(token) > _LONGEST:
        raise _invalid("The ID Token provided is not a valid JWT")
    issuer = _unverified_issuer(token)
    file = jwks.get(issuer) or jwks.get(issuer.removeprefix("https://"))
    if file is None:
        raise _invalid(
            f"Couldn't retrieve verification key from your identity provider: no key set was given for {issuer[:200]}"
        )
    try:
        keys = KeySet.import_key_set(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, JoseError) as error:
        raise _invalid(f"the key set {file.name} cannot be read") from error
    try:
        return dict(jwt.decode(token, keys, algorithms=_ALGORITHMS).claims)
    except (JoseError, ValueError, TypeError) as error:
        raise _invalid("The ID Token signature cannot be verified") from error


def _unverified_issuer(token: str) -> str:
    """Only to find the key set; nothing else is taken from a token before its signature is verified."""
    import base64  # noqa: PLC0415
    import binascii  # noqa: PLC0415

    part = token.split(".")[1] if token.count(".") == 2 else ""
    try:
        value = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        raise _invalid("The ID Token provided is not a valid JWT") from None
    issuer = value.get("iss") if isinstance(value, dict) else None
    if not isinstance(issuer, str):
        raise _invalid("Missing a required claim: iss")
    return issuer


def _in_time(claims: Mapping[str, Any], now: datetime) -> None:
    current = now.timestamp()
    expires = claims.get("exp")
    if not isinstance(expires, int | float):
        raise _invalid("Missing a required claim: exp")
    if expires <= current:
        raise ApiError(
            "ExpiredTokenException", "Token expired: current date/time must be before the expiration date/time"
        )
    for name in ("iat", "nbf"):
        value = claims.get(name)
        if isinstance(value, int | float) and value > current + _LEEWAY:
            raise _invalid(f"The ID Token is not valid yet ({name})")


def _audience(claims: Mapping[str, Any], allowed: list[str]) -> str:
    given = claims.get("aud")
    values = given if isinstance(given, list) else [given]
    authorized = claims.get("azp")
    candidates = [authorized, *values] if authorized else values
    for value in candidates:
        if value in allowed:
            return str(value)
    raise _invalid("Incorrect token audience")


def _tags(value: object) -> tuple[dict[str, str], tuple[str, ...]]:
    if not isinstance(value, dict):
        return {}, ()
    principal = value.get("principal_tags")
    tags: dict[str, str] = {}
    for key, items in principal.items() if isinstance(principal, dict) else ():
        if not isinstance(items, list) or len(items) != 1 or not isinstance(items[0], str):
            raise _invalid("the claim of session tags is malformed: each key has a list with one value")
        tags[str(key)] = items[0]
    keys = value.get("transitive_tag_keys")
    return tags, tuple(str(key) for key in keys) if isinstance(keys, list) else ()


def _invalid(message: str) -> ApiError:
    return ApiError("InvalidIdentityToken", message, 400)
