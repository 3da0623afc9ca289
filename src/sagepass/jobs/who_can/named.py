"""Whom a resource-based policy names: the candidates beside the users and roles of the snapshot.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sagepass.jobs.who_can.assumers import Assumers
from sagepass.policy.arn import is_account_id, parse_arn
from sagepass.policy.caller import Caller, CallerKind, parse_caller
from sagepass.policy.statement import PrincipalEntry, PrincipalForm, Statement, StatementEffect
from sagepass.snapshot.layer import Layer
from sagepass.snapshot.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """The names in one policy, sorted out.

    Attributes:
        accounts: whole accounts (``root`` or the bare id).
        identities: users, roles and sessions, by ARN.
        services: service principals.
        providers: SAML and OIDC providers.
        everyone: ``*`` stands there, or an Allow with NotPrincipal.
        canonical_users: S3 canonical user ids, of which a policy does not tell whose they are.
    """

    accounts: tuple[str, ...] = ()
    identities: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    everyone: bool = False
    canonical_users: tuple[str, ...] = ()


def named_by(layer: Layer, grantees: Iterable[str] = ()) -> Named:
    """Everyone that Allow statements name, and whom Deny statements spare by NotPrincipal.

    Args:
        layer: the policies of the resource.
        grantees: of the grants of a KMS key.
    """
    accounts: dict[str, None] = {}
    found: dict[PrincipalForm, dict[str, None]] = {form: {} for form in PrincipalForm}
    everyone = False
    for statement in _statements(layer):
        everyone = everyone or (statement.not_principal and statement.effect is StatementEffect.ALLOW)
        for entry in statement.principals or ():
            account = whole_account(entry)
            if account is not None:
                accounts[account] = None
            else:
                found[entry.form][entry.value] = None
    for grantee in grantees:
        form = PrincipalForm.AWS if grantee.startswith("arn:") else PrincipalForm.SERVICE
        found[form][grantee] = None
    return Named(
        accounts=tuple(accounts),
        identities=tuple(value for value in found[PrincipalForm.AWS] if identity(value) is not None),
        services=tuple(found[PrincipalForm.SERVICE]),
        providers=tuple(found[PrincipalForm.FEDERATED]),
        everyone=everyone or bool(found[PrincipalForm.ANYONE]),
        canonical_users=tuple(found[PrincipalForm.CANONICAL_USER]),
    )


def _statements(layer: Layer) -> Iterator[Statement]:
    for policy in layer.policies:
        for statement in policy.document.statements:
            if statement.effect is StatementEffect.ALLOW or statement.not_principal:
                yield statement


def whole_account(entry: PrincipalEntry) -> str | None:
    """The account that an entry names as a whole."""
    if entry.form is not PrincipalForm.AWS:
        return None
    if is_account_id(entry.value):
        return entry.value
    parts = parse_arn(entry.value)
    whole = parts is not None and parts.service == "iam" and parts.resource == "root" and is_account_id(parts.account)
    return parts.account if parts is not None and whole else None


def identity(value: str) -> Caller | None:
    """The user, role, session or federated user that an entry names by ARN."""
    try:
        caller = parse_caller(value)
    except ValueError:
        return None
    kinds = {CallerKind.USER, CallerKind.ROLE, CallerKind.ROLE_SESSION, CallerKind.FEDERATED_USER}
    return caller if caller.kind in kinds and caller.account else None


def principals_in(named: Named, snapshot: Snapshot, assumers: Assumers, role: str) -> tuple[str, ...]:
    """The users and roles of the snapshot that a trust policy with such names can let in, by ARN, each once."""
    found: dict[str, None] = {}
    if named.everyone:
        found.update(dict.fromkeys(record.arn for record in snapshot.principals()))
    for account in named.accounts:
        found.update(dict.fromkeys(assumers.of(account, role)))
    for name in named.identities:
        record = snapshot.principal(name)
        if record is not None:
            found[record.arn] = None
    return tuple(found)
