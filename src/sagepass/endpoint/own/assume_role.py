"""Sessions of roles: AssumeRole, and with the token of an identity provider.

By the time a handler runs, the engine has decided the caller's policies and the role's trust policy.
Sources: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_terms-and-concepts.html (role chaining),
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from sagepass.endpoint.answers import ApiError
from sagepass.endpoint.own.scene import Scene, number, text
from sagepass.endpoint.own.session_request import credentials, packed_size, read_policies, read_tags, read_transitive
from sagepass.endpoint.sessions import Session, SessionKind, fresh_key
from sagepass.snapshot.principals import PrincipalRecord

_HOUR = 3600
_SHORTEST, _LONGEST = 900, 43_200
_SESSION_NAME = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)
_CHAINED = frozenset({SessionKind.ASSUMED_ROLE, SessionKind.WEB_IDENTITY, SessionKind.SAML})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a new role session is to carry."""

    kind: SessionKind
    name: str
    tags: Mapping[str, str] = field(default_factory=dict)
    transitive: tuple[str, ...] = ()
    source_identity: str | None = None
    federated_by: str | None = None
    provider_keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    duration: int | None = None


def assume_role(params: Mapping[str, object], scene: Scene) -> Mapping[str, object]:
    """A session of a role for a user or for another session."""
    before = scene.identity.session
    tags = read_tags(params)
    transitive = read_transitive(params, tags)
    inherited = {key: before.tags[key] for key in before.transitive if key in before.tags} if before else {}
    for key in inherited:
        if key.lower() in {own.lower() for own in tags}:
            raise ApiError("AccessDenied", f"The transitive session tag {key} cannot be overridden", 403)
    source = text(params, "SourceIdentity")
    carried = before.source_identity if before else None
    if carried is not None and source is not None and source != carried:
        raise ApiError("AccessDenied", "The source identity of a session cannot be changed during role chaining", 403)
    wanted = Wanted(
        kind=SessionKind.ASSUMED_ROLE,
        name=_session_name(params),
        tags={**inherited, **tags},
        transitive=(*inherited, *transitive),
        source_identity=source or carried,
    )
    session = _open(params, scene, wanted)
    return _answer(session)


def assume_role_with_web_identity(params: Mapping[str, object], scene: Scene) -> Mapping[str, object]:
    """A session of a role for the holder of an OpenID Connect token, which was verified before."""
    claims = _claims(scene)
    wanted = Wanted(
        kind=SessionKind.WEB_IDENTITY,
        name=_session_name(params),
        tags=claims.tags,
        transitive=claims.transitive,
        source_identity=claims.source_identity,
        federated_by=scene.identity.arn,
        provider_keys=claims.keys,
    )
    session = _open(params, scene, wanted)
    return {
        **_answer(session),
        "SubjectFromWebIdentityToken": claims.subject,
        "Audience": claims.audience,
        "Provider": scene.identity.arn,
    }


def assume_role_with_saml(params: Mapping[str, object], scene: Scene) -> Mapping[str, object]:
    """A session of a role for the subject of a SAML assertion, which was verified before."""
    claims = _claims(scene)
    wanted = Wanted(
        kind=SessionKind.SAML,
        name=claims.session_name,
        tags=claims.tags,
        transitive=claims.transitive,
        source_identity=claims.source_identity,
        federated_by=scene.identity.arn,
        provider_keys=claims.keys,
        duration=claims.duration,
    )
    session = _open(params, scene, wanted)
    return {
        **_answer(session),
        "Subject": claims.subject,
        "SubjectType": claims.subject_type,
        "Issuer": claims.issuer,
        "Audience": claims.audience,
        "NameQualifier": claims.name_qualifier,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a verified token of an identity provider says."""

    subject: str
    audience: str
    issuer: str
    keys: Mapping[str, tuple[str, ...]]
    tags: Mapping[str, str] = field(default_factory=dict)
    transitive: tuple[str, ...] = ()
    source_identity: str | None = None
    session_name: str = ""
    duration: int | None = None
    subject_type: str = ""
    name_qualifier: str = ""


def _claims(scene: Scene) -> Claims:
    claims = scene.claims
    assert isinstance(claims, Claims)
    return claims


def _session_name(params: Mapping[str, object]) -> str:
    name = text(params, "RoleSessionName") or ""
    if not _SESSION_NAME.fullmatch(name):
        raise ApiError(
            "ValidationError",
            f"1 validation error detected: Value '{name[:80]}' at 'roleSessionName' failed to satisfy constraint: "
            r"Member must satisfy regular expression pattern: [\w+=,.@-]*",
        )
    return name


def _open(params: Mapping[str, object], scene: Scene, wanted: Wanted) -> Session:
    role = scene.snapshot.principal(text(params, "RoleArn") or "")
    if role is None:
        raise ApiError("AccessDenied", f"The role {text(params, 'RoleArn')} does not exist", 403)
    seconds = _duration(params, scene, role, wanted)
    policy, policy_arns = read_policies(params, scene, role.account)
    key = fresh_key()
    partition = role.arn.split(":")[1]
    session = Session(
        kind=wanted.kind,
        access_key_id=key.access_key_id,
        secret=key.secret,
        token=key.token,
        arn=f"arn:{partition}:sts::{role.account}:assumed-role/{role.name}/{wanted.name}",
        account=role.account,
        user_id=f"{role.unique_id}:{wanted.name}",
        issued=scene.now,
        expires=scene.now + timedelta(seconds=seconds),
        policy=policy,
        policy_arns=policy_arns,
        tags=wanted.tags,
        transitive=wanted.transitive,
        source_identity=wanted.source_identity,
        federated_by=wanted.federated_by,
        provider_keys=wanted.provider_keys,
    )
    return scene.sessions.add(session)


def _duration(params: Mapping[str, object], scene: Scene, role: PrincipalRecord, wanted: Wanted) -> int:
    asked = number(params, "DurationSeconds", min(_HOUR, wanted.duration or _HOUR))
    if not _SHORTEST <= asked <= _LONGEST:
        bound = "less than or equal to 43200" if asked > _LONGEST else "greater than or equal to 900"
        raise ApiError(
            "ValidationError",
            f"1 validation error detected: Value '{asked}' at 'durationSeconds' failed to satisfy constraint: "
            f"Member must have value {bound}",
        )
    if scene.identity.kind in _CHAINED and asked > _HOUR:
        text_ = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"
        raise ApiError("ValidationError", text_)
    if asked > (role.max_session_duration or _HOUR):
        raise ApiError(
            "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
        )
    return min(asked, wanted.duration) if wanted.duration else asked


def _answer(session: Session) -> dict[str, object]:
    answer: dict[str, object] = {
        "Credentials": credentials(session),
        "AssumedRoleUser": {"AssumedRoleId": session.user_id, "Arn": session.arn},
        "PackedPolicySize": packed_size(session),
    }
    if session.source_identity is not None:
        answer["SourceIdentity"] = session.source_identity
    return answer
