"""Somebody that something is shared with, as one record."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sagepass.policy.caller import CallerKind, parse_caller


class PartyKind(StrEnum):
    """The kinds of parties."""

    ACCOUNT = "account"
    PRINCIPAL = "principal"
    THIRD_PARTY = "third-party"
    ORGANIZATION = "org"
    UNIT = "ou"
    SAML = "saml"
    OIDC = "oidc"
    SSO = "sso"
    COGNITO = "cognito"
    SERVICE = "service"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One party.

    Attributes:
        kind: see :class:`PartyKind`.
        value: what names it: an account id, an ARN, ``o-…``, ``ou-…`` or a path of them, a pool id, a permission set, a
            service principal.
        account: the 12-digit account of an account, principal, third party or permission set.
        external_id: of a third party.
        id_made_up: that id was made up here, and is another one next time.
        audience: of SAML, OIDC and Cognito.
        subject: of OIDC; may hold ``*`` and ``?``.
        source_arn: of a service: the resource it works for; may hold ``*``.
        session_tags: they send session tags.
        source_identity: they set a source identity.
    """

    kind: PartyKind
    value: str
    account: str | None = None
    external_id: str | None = None
    id_made_up: bool = False
    audience: str | None = None
    subject: str | None = None
    source_arn: str | None = None
    session_tags: bool = False
    source_identity: bool = False

    @property
    def federated(self) -> bool:
        """Whether it comes through an identity provider and has no identity in AWS yet."""
        return self.kind in {PartyKind.SAML, PartyKind.OIDC, PartyKind.COGNITO}

    @property
    def words(self) -> str:  # noqa: C901 - one case for each kind of party
        """A phrase for sentences."""
        match self.kind:
            case PartyKind.ACCOUNT:
                return f"account {self.account}"
            case PartyKind.PRINCIPAL:
                caller = parse_caller(self.value)
                kind = "role session" if caller.kind is CallerKind.ROLE_SESSION else caller.kind.value
                return f"{kind} {caller.name or caller.arn} of account {self.account}"
            case PartyKind.THIRD_PARTY:
                return f"the third party {self.account}"
            case PartyKind.ORGANIZATION:
                return f"every account of the organization {self.value}"
            case PartyKind.UNIT:
                return f"every account below {self.value.rstrip('/').rpartition('/')[2]}"
            case PartyKind.SAML:
                return f"the users of the SAML provider {self.value.rpartition('/')[2]}"
            case PartyKind.OIDC:
                return f"{self.subject} of the OIDC provider {issuer(self.value)}"
            case PartyKind.SSO:
                return f"permission set {self.value} in account {self.account}"
            case PartyKind.COGNITO:
                return f"signed-in users of the identity pool {self.value}"
            case PartyKind.SERVICE:
                return self.value


def issuer(provider_arn: str) -> str:
    """The host and path of an OIDC provider, which its condition keys begin with."""
    return provider_arn.partition(":oidc-provider/")[2]
