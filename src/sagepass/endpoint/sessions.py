"""The temporary credentials that the endpoint has issued.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp.html
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_KEPT_AFTER_END = timedelta(hours=12)


class SessionKind(StrEnum):
    """Which call of STS issued it; what a session may call differs."""

    ASSUMED_ROLE = "AssumeRole"
    WEB_IDENTITY = "AssumeRoleWithWebIdentity"
    SAML = "AssumeRoleWithSAML"
    SESSION_TOKEN = "GetSessionToken"  # noqa: S105 - the name of an operation
    FEDERATION_TOKEN = "GetFederationToken"  # noqa: S105 - the name of an operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One set of temporary credentials.

    Attributes:
        kind: the call that issued it.
        arn: the caller's ARN: of the role session, the federated user, or (GetSessionToken) the user.
        account: the account it acts in.
        user_id: what GetCallerIdentity says.
        issued: when it was issued.
        expires: when it ends.
        policy: the inline session policy, as it was sent.
        policy_arns: the managed session policies.
        tags: session tags, those taken over from the session before included.
        transitive: keys of the tags that go over into the next session.
        source_identity: set once, for the whole chain.
        mfa: when the caller proved a second factor, if it did.
        federated_by: ARN of the user who called GetFederationToken, or of the identity provider.
        provider_keys: condition keys that come from an identity provider.
    """

    kind: SessionKind
    access_key_id: str
    secret: str = field(repr=False)
    token: str = field(repr=False)
    arn: str
    account: str
    user_id: str
    issued: datetime
    expires: datetime
    policy: str | None = None
    policy_arns: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    transitive: tuple[str, ...] = ()
    source_identity: str | None = None
    mfa: datetime | None = None
    federated_by: str | None = None
    provider_keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def row(self) -> dict[str, Any]:
        """The session as JSON can hold it."""
        row = asdict(self)
        for name in ("issued", "expires", "mfa"):
            row[name] = row[name].isoformat() if row[name] else None
        return row

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Session:
        """Read back :meth:`row`."""
        values = dict(row)
        for name in ("issued", "expires", "mfa"):
            values[name] = datetime.fromisoformat(values[name]) if values[name] else None
        values["kind"] = SessionKind(values["kind"])
        values["policy_arns"], values["transitive"] = tuple(values["policy_arns"]), tuple(values["transitive"])
        values["provider_keys"] = {key: tuple(items) for key, items in values["provider_keys"].items()}
        return cls(**values)


@dataclass(frozen=True, slots=True)
class FreshKey:
    """The three secrets of new temporary credentials."""

    access_key_id: str
    secret: str
    token: str


def fresh_key(prefix: str = "ASIA") -> FreshKey:
    """New credentials, in the shape of AWS's."""
    key_id = prefix + "".join(secrets.choice(_ALPHABET) for _ in range(16))
    return FreshKey(key_id, secrets.token_urlsafe(30), "FwoGZXIvYXdz" + secrets.token_urlsafe(120))


class Sessions:
    """All sessions by access key id. An ended one is remembered for a while, to say that it has ended."""

    def __init__(self) -> None:
        self._by_key: dict[str, Session] = {}
        self._lock = threading.Lock()

    def add(self, session: Session) -> Session:
        """Remember a session."""
        now = datetime.now(UTC)
        with self._lock:
            ended = [key for key, one in self._by_key.items() if one.expires + _KEPT_AFTER_END < now]
            for key in ended:
                del self._by_key[key]
            self._by_key[session.access_key_id] = session
        return session

    def find(self, access_key_id: str) -> Session | None:
        """The session of a key, ended or not."""
        return self._by_key.get(access_key_id)

    def rows(self) -> dict[str, dict[str, Any]]:
        """Everything, by a key that says what it is."""
        with self._lock:
            return {f"session/{key}": session.row() for key, session in self._by_key.items()}

    def load_row(self, row: Mapping[str, Any]) -> None:
        """Take back one of :meth:`rows`."""
        self.add(Session.from_row(row))
