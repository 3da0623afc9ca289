"""The calls of STS: who am I, and temporary credentials for users.

Sources: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html,
https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html,
https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta

from sagepass.endpoint.answers import ApiError
from sagepass.endpoint.own.assume_role import assume_role, assume_role_with_saml, assume_role_with_web_identity
from sagepass.endpoint.own.mfa import second_factor
from sagepass.endpoint.own.scene import Scene, number, text
from sagepass.endpoint.own.session_request import credentials, packed_size, read_policies, read_tags
from sagepass.endpoint.sessions import Session, SessionKind, fresh_key
from sagepass.policy.caller import CallerKind, parse_caller

_TWELVE_HOURS = 12 * 3600
_LONGEST = 36 * 3600
_LONGEST_FOR_ROOT = 3600
_NAME = re.compile(r"[\w+=,.@-]{2,32}")
_KEY = re.compile(r"\w{16,128}")


def get_caller_identity(params: Mapping[str, object], scene: Scene) -> Mapping[str, object]:
    """Whose credentials these are."""
    del params
    return {"UserId": user_id(scene), "Account": scene.identity.account, "Arn": scene.identity.arn}


def user_id(scene: Scene) -> str:
    """The unique id of the caller."""
    identity = scene.identity
    if identity.session is not None:
        return identity.session.user_id
    record = scene.snapshot.principal(identity.arn)
    return record.unique_id if record is not None and record.unique_id else identity.account


def get_access_key_info(params: Mapping[str, object], scene: Scene) -> Mapping[str, object]:
    """The account of an access key."""
    key = text(params, "AccessKeyId") or ""
    account = scene.keys.account_of(key) if _KEY.fullmatch(key) else None
    if account is None:
        raise ApiError("ValidationError", "Access key is not valid")
    return {"Account": account}


def get_session_token(params: Mapping[str, object], scene: Scene) -> Mapping[str, object]:
    """Temporary credentials of the user itself, with or without a second factor."""
    identity = scene.identity
    if identity.session is not None:
        raise ApiError("AccessDenied", "Cannot call GetSessionToken with session credentials", 403)
    seconds = _duration(params, scene)
    key = fresh_key()
    session = scene.sessions.add(
        Session(
            kind=SessionKind.SESSION_TOKEN,
            access_key_id=key.access_key_id,
            secret=key.secret,
            token=key.token,
            arn=identity.arn,
            account=identity.account,
            user_id=user_id(scene),
            issued=scene.now,
            expires=scene.now + timedelta(seconds=seconds),
            mfa=second_factor(params, identity, scene.now),
        )
    )
    return {"Credentials": credentials(session)}


def get_federation_token(params: Mapping[str, object], scene: Scene) -> Mapping[str, object]:
    """Temporary credentials of a federated user, with at most what the calling user and the session policies allow."""
    identity = scene.identity
    if identity.session is not None:
        raise ApiError("AccessDenied", "Cannot call GetFederationToken with session credentials", 403)
    name = text(params, "Name") or ""
    if not _NAME.fullmatch(name):
        raise ApiError(
            "ValidationError",
            f"1 validation error detected: Value '{name[:64]}' at 'name' failed to satisfy constraint",
        )
    policy, policy_arns = read_policies(params, scene, scene.account)
    tags = read_tags(params)
    key = fresh_key()
    session = scene.sessions.add(
        Session(
            kind=SessionKind.FEDERATION_TOKEN,
            access_key_id=key.access_key_id,
            secret=key.secret,
            token=key.token,
            arn=f"arn:{scene.partition}:sts::{identity.account}:federated-user/{name}",
            account=identity.account,
            user_id=f"{identity.account}:{name}",
            issued=scene.now,
            expires=scene.now + timedelta(seconds=_duration(params, scene)),
            policy=policy,
            policy_arns=policy_arns,
            tags=tags,
            federated_by=identity.arn,
        )
    )
    return {
        "Credentials": credentials(session),
        "FederatedUser": {"FederatedUserId": session.user_id, "Arn": session.arn},
        "PackedPolicySize": packed_size(session),
    }


def _duration(params: Mapping[str, object], scene: Scene) -> int:
    """15 minutes to 36 hours; a root user gets an hour at most."""
    root = parse_caller(scene.identity.arn).kind is CallerKind.ROOT
    seconds = number(params, "DurationSeconds", _LONGEST_FOR_ROOT if root else _TWELVE_HOURS)
    if not 900 <= seconds <= _LONGEST:
        at = "less than or equal to 129600" if seconds > _LONGEST else "greater than or equal to 900"
        raise ApiError(
            "ValidationError",
            f"1 validation error detected: Value '{seconds}' at 'durationSeconds' failed to satisfy constraint: "
            f"Member must have value {at}",
        )
    return min(seconds, _LONGEST_FOR_ROOT) if root else seconds


HANDLERS = {
    "AssumeRole": assume_role,
    "AssumeRoleWithSAML": assume_role_with_saml,
    "AssumeRoleWithWebIdentity": assume_role_with_web_identity,
    "GetAccessKeyInfo": get_access_key_info,
    "GetCallerIdentity": get_caller_identity,
    "GetFederationToken": get_federation_token,
    "GetSessionToken": get_session_token,
}
