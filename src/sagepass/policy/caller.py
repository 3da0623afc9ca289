"""Who makes a request: a user, a role session, a federated user, root, a service, a federated identity, nobody.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from sagepass.policy.arn import Arn, is_account_id, parse_arn

_SERVICE = re.compile(r"[a-z0-9.-]+\.(?:amazonaws\.com(?:\.cn)?|amazon\.com|aws\.internal|aws)", re.IGNORECASE)
_PROVIDER_HOSTS = frozenset(
    {"cognito-identity.amazonaws.com", "accounts.google.com", "graph.facebook.com", "www.amazon.com"}
)


class CallerKind(StrEnum):
    """The kinds of caller that authorization tells apart."""

    USER = "user"
    ROLE = "role"
    """A role named by its own ARN: any session of it."""
    ROLE_SESSION = "assumed-role"
    FEDERATED_USER = "federated-user"
    ROOT = "root"
    SERVICE = "service"
    FEDERATED = "federated"
    """An identity of a SAML or OIDC provider, before it has a role."""
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """The caller of one request.

    Attributes:
        arn: as given: an ARN, a service principal, a provider, or ``*`` for an anonymous caller.
        kind: see :class:`CallerKind`.
        partition: ``aws``, ``aws-cn``, …; empty where the caller has no ARN.
        account: 12 digits, or ``None`` for services, providers and anonymous callers.
        name: user or role name, or the name of the federated user.
        path: the path of the user or role, ``/`` or ``/team/``; ``None`` where it is not known (a session ARN does not
            carry the role's path).
        session_name: of a role session.
        federated_by: ARN of the IAM user who called GetFederationToken, if known.
        unique_id: ``AIDA…`` or ``AROA…``, if known.
    """

    arn: str
    kind: CallerKind
    partition: str = ""
    account: str | None = None
    name: str | None = None
    path: str | None = None
    session_name: str | None = None
    federated_by: str | None = None
    unique_id: str | None = None

    @property
    def is_role(self) -> bool:
        """True for a role and for a session of one."""
        return self.kind in {CallerKind.ROLE, CallerKind.ROLE_SESSION}

    @property
    def is_session(self) -> bool:
        """True for a session of a role, under its own name."""
        return self.kind is CallerKind.ROLE_SESSION

    @property
    def has_own_policies(self) -> bool:
        """False for services, identities of a provider and anonymous callers: they have no identity policies."""
        return self.kind not in {CallerKind.SERVICE, CallerKind.FEDERATED, CallerKind.ANONYMOUS}

    @property
    def principal_arn(self) -> str | None:
        """``aws:PrincipalArn``: for a role session the ARN of the **role**, with its path.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
        """
        if self.kind is CallerKind.ROLE_SESSION:
            return self.role_arn
        if self.kind in {CallerKind.SERVICE, CallerKind.FEDERATED, CallerKind.ANONYMOUS}:
            return None
        return self.arn

    @property
    def role_arn(self) -> str | None:
        """The IAM ARN of the role; with the path ``/`` assumed only if no other path is known."""
        if not self.is_role:
            return None
        return f"arn:{self.partition}:iam::{self.account}:role{self.path or '/'}{self.name}"

    @property
    def is_service_linked_role(self) -> bool:
        """True for a role under the path of service-linked roles.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html; their names begin
        with ``AWSServiceRoleFor`` and no other role can take such a name.
        """
        if not self.is_role:
            return False
        if self.path is not None:
            return self.path.startswith("/aws-service-role/")
        return bool(self.name and self.name.startswith("AWSServiceRoleFor"))

    @property
    def sso_permission_set(self) -> str | None:
        """The permission set behind an ``AWSReservedSSO_NAME_hash`` role.

        https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
        """
        if not self.is_role or not self.name or not self.name.startswith("AWSReservedSSO_"):
            return None
        return self.name.removeprefix("AWSReservedSSO_").rpartition("_")[0] or None

    def with_role_path(self, principal_arn: object) -> Caller:
        """A role session with the path of its role, where ``aws:PrincipalArn`` tells it; any other caller as it is."""
        if self.kind is not CallerKind.ROLE_SESSION or not isinstance(principal_arn, str):
            return self
        try:
            role = parse_caller(principal_arn)
        except ValueError:
            return self
        return self.known_as(path=role.path) if role.kind is CallerKind.ROLE and role.name == self.name else self

    def known_as(self, *, path: str | None = None, unique_id: str | None = None) -> Caller:
        """The same caller with what the account's own records add."""
        return replace(self, path=path or self.path, unique_id=unique_id or self.unique_id)


def parse_caller(text: str, *, federated_by: str | None = None) -> Caller:
    """Read a principal as a request names it.

    Accepts IAM and STS ARNs, a bare account id (its root user), a service principal (``sagemaker.amazonaws.com``), a
    SAML or OIDC provider (ARN or host name), and ``*`` or ``anonymous``.

    Raises:
        ValueError: the text is none of these; the message says what is accepted.
    """
    if text in {"*", "anonymous", "ANONYMOUS_PRINCIPAL"}:
        return Caller(arn="*", kind=CallerKind.ANONYMOUS)
    if is_account_id(text):
        return Caller(arn=f"arn:aws:iam::{text}:root", kind=CallerKind.ROOT, partition="aws", account=text)
    if text in _PROVIDER_HOSTS:
        return Caller(arn=text, kind=CallerKind.FEDERATED)
    if _SERVICE.fullmatch(text):
        return Caller(arn=text, kind=CallerKind.SERVICE)
    arn = parse_arn(text)
    caller = _from_arn(text, arn, federated_by) if arn else None
    if caller is None:
        raise ValueError(
            f"{text!r} is no principal; give the ARN of a user, role, role session, federated user or account root, "
            "a service such as sagemaker.amazonaws.com, or * for an anonymous caller"
        )
    return caller


def _from_arn(text: str, arn: Arn, federated_by: str | None) -> Caller | None:
    account = arn.account if is_account_id(arn.account) else None
    kind, _, rest = arn.resource.partition("/")
    if arn.service == "iam":
        return _from_iam(text, arn, account, kind, rest)
    if arn.service != "sts" or not rest:
        return None
    if kind == "assumed-role":
        name, _, session = rest.partition("/")
        return Caller(
            arn=text,
            kind=CallerKind.ROLE_SESSION,
            partition=arn.partition,
            account=account,
            name=name,
            session_name=session or None,
        )
    if kind == "federated-user":
        return Caller(
            arn=text,
            kind=CallerKind.FEDERATED_USER,
            partition=arn.partition,
            account=account,
            name=rest,
            federated_by=federated_by,
        )
    return None


def _from_iam(text: str, arn: Arn, account: str | None, kind: str, rest: str) -> Caller | None:
    if arn.resource == "root":
        return Caller(arn=text, kind=CallerKind.ROOT, partition=arn.partition, account=account)
    if kind in {"saml-provider", "oidc-provider"} and rest:
        return Caller(arn=text, kind=CallerKind.FEDERATED, partition=arn.partition)
    if kind not in {"user", "role"} or not rest:
        return None
    head, _, name = rest.rpartition("/")
    return Caller(
        arn=text,
        kind=CallerKind.USER if kind == "user" else CallerKind.ROLE,
        partition=arn.partition,
        account=account,
        name=name,
        path=f"/{head}/" if head else "/",
    )
