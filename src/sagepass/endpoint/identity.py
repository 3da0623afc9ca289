"""Who makes a request: from an access key to the caller.

Keys are those of the IAM users in the live state, of sessions that the endpoint issued, and of the account roots that were
given one at the start.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sagepass.endpoint.errors import Failure, Refusal
from sagepass.endpoint.live_state import LiveState
from sagepass.endpoint.moto_adapter.identities import UserKey, user_keys
from sagepass.endpoint.sessions import Session, SessionKind, Sessions
from sagepass.endpoint.signature import Signed

ANONYMOUS_ARN = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A caller whose credentials were checked.

    Attributes:
        arn: as policies see it; ``*`` for an anonymous caller; of an identity provider for web identity and SAML.
        account: 12 digits; empty for anonymous callers and identities of a provider.
        access_key_id: of the signature.
        session: the temporary credentials, if it used any.
        context: condition keys that come with the credentials, beyond those of the session.
    """

    arn: str
    account: str
    access_key_id: str | None = None
    session: Session | None = None
    context: Mapping[str, object] = field(default_factory=dict)

    @property
    def anonymous(self) -> bool:
        """Whether nobody signed."""
        return self.arn == ANONYMOUS_ARN

    @property
    def kind(self) -> SessionKind | None:
        """Which call of STS issued the credentials; ``None`` for lasting ones."""
        return self.session.kind if self.session else None


ANONYMOUS = Identity(arn=ANONYMOUS_ARN, account="")


@dataclass(frozen=True, slots=True, kw_only=True)
class RootKey:
    """An access key of an account's root user, made at the start."""

    access_key_id: str
    secret: str = field(repr=False)
    account: str
    partition: str = "aws"

    @property
    def arn(self) -> str:
        """The root user."""
        return f"arn:{self.partition}:iam::{self.account}:root"


class KeyRing:
    """All access keys that are good here."""

    def __init__(self, state: LiveState, sessions: Sessions, roots: tuple[RootKey, ...] = ()) -> None:
        self._state = state
        self._sessions = sessions
        self._roots = {root.access_key_id: root for root in roots}
        self._users: tuple[int, dict[str, UserKey]] = (-1, {})

    def secret_of(self, signed: Signed, now: datetime) -> tuple[str, Identity]:
        """The secret that the signature has to be made with, and whose it is.

        Raises:
            Refusal: the key is unknown or switched off, the token is missing, wrong or expired.
        """
        key = signed.access_key_id
        session = self._sessions.find(key)
        if session is not None:
            return session.secret, _with_session(session, signed, now)
        if signed.token:
            raise Refusal(Failure.WRONG_TOKEN)
        root = self._roots.get(key)
        if root is not None:
            return root.secret, Identity(arn=root.arn, account=root.account, access_key_id=key)
        user = self._user_keys().get(key)
        if user is None or not user.active:
            raise Refusal(Failure.UNKNOWN_KEY)
        return user.secret, Identity(arn=user.user_arn, account=user.account, access_key_id=key)

    def account_of(self, access_key_id: str) -> str | None:
        """The account of a key, for GetAccessKeyInfo."""
        session = self._sessions.find(access_key_id)
        if session is not None:
            return session.account
        if access_key_id in self._roots:
            return self._roots[access_key_id].account
        user = self._user_keys().get(access_key_id)
        return user.account if user else None

    def _user_keys(self) -> dict[str, UserKey]:
        generation = self._state.generation
        if self._users[0] != generation:
            with self._state.changing:
                found = {key.access_key_id: key for account in self._state.accounts() for key in user_keys(account)}
            self._users = (generation, found)
        return self._users[1]


def _with_session(session: Session, signed: Signed, now: datetime) -> Identity:
    if signed.token is None or not hmac.compare_digest(signed.token.encode(), session.token.encode()):
        raise Refusal(Failure.WRONG_TOKEN)
    if session.expires <= now:
        raise Refusal(Failure.EXPIRED_TOKEN)
    return Identity(arn=session.arn, account=session.account, access_key_id=session.access_key_id, session=session)
