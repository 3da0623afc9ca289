"""Whether a Principal or NotPrincipal element covers the caller, and by what kind of naming.

How a resource-based policy names the caller decides which other checks still limit the grant, so the answer is a kind
and not a yes.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import assert_never

from sagepass.policy.arn import is_account_id, parse_arn
from sagepass.policy.caller import Caller, CallerKind, parse_caller
from sagepass.policy.statement import PrincipalEntry, PrincipalForm
from sagepass.policy.truth import Truth


class Naming(IntEnum):
    """How an entry names the caller, weakest first."""

    NOT_AT_ALL = 0
    ACCOUNT = 1
    """The caller's account: it only delegates."""
    ANYONE = 2
    """``*``."""
    FEDERATING_USER = 3
    """The IAM user whose GetFederationToken session this is."""
    ROLE = 4
    """The role of which the caller is a session."""
    EXACT = 5
    """The caller itself: user, session, federated user, root, service, provider."""


@dataclass(frozen=True, slots=True)
class PrincipalMatch:
    """The strongest naming among the entries, and the entry that does it."""

    naming: Naming
    entry: PrincipalEntry | None = None
    undecided: PrincipalEntry | None = None
    """An entry that may name the caller, but cannot be resolved (a canonical user id)."""


def match_principals(entries: Iterable[PrincipalEntry], caller: Caller) -> PrincipalMatch:
    """The strongest way in which a Principal element names the caller."""
    best = PrincipalMatch(Naming.NOT_AT_ALL)
    undecided: PrincipalEntry | None = None
    for entry in entries:
        naming = name_caller(entry, caller)
        if naming is None:
            undecided = undecided or entry
        elif naming > best.naming:
            best = PrincipalMatch(naming, entry)
    return PrincipalMatch(best.naming, best.entry, undecided if best.naming is Naming.NOT_AT_ALL else None)


def name_caller(entry: PrincipalEntry, caller: Caller) -> Naming | None:
    """How one entry names the caller; ``None`` if that cannot be told."""
    match entry.form:
        case PrincipalForm.ANYONE:
            return Naming.ANYONE
        case PrincipalForm.SERVICE:
            same = caller.kind is CallerKind.SERVICE and entry.value.lower() == caller.arn.lower()
            return Naming.EXACT if same else Naming.NOT_AT_ALL
        case PrincipalForm.FEDERATED:
            same = caller.kind is CallerKind.FEDERATED and entry.value == caller.arn
            return Naming.EXACT if same else Naming.NOT_AT_ALL
        case PrincipalForm.CANONICAL_USER:
            return None if caller.account is not None else Naming.NOT_AT_ALL
        case PrincipalForm.AWS:
            return _name_by_arn(entry.value, caller)
    assert_never(entry.form)


def _name_by_arn(value: str, caller: Caller) -> Naming:
    if caller.account is None:
        return Naming.NOT_AT_ALL
    if is_account_id(value):
        return _name_account(value, caller)
    arn = parse_arn(value)
    if arn is None:
        return _name_by_unique_id(value, caller)
    if arn.resource == "root":
        return _name_account(arn.account, caller)
    try:
        named = parse_caller(value)
    except ValueError:
        return Naming.NOT_AT_ALL
    return _name_identity(named, caller)


def _name_account(account: str, caller: Caller) -> Naming:
    return Naming.ACCOUNT if account == caller.account else Naming.NOT_AT_ALL


def _name_by_unique_id(value: str, caller: Caller) -> Naming:
    """IAM shows ``AIDA…`` or ``AROA…`` in place of an ARN once the identity was deleted; a re-created one has a new id.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
    """
    if caller.unique_id is None or value != caller.unique_id:
        return Naming.NOT_AT_ALL
    return Naming.ROLE if caller.is_role else Naming.EXACT


def _name_identity(named: Caller, caller: Caller) -> Naming:
    if named.arn == caller.arn:
        return Naming.ROLE if caller.kind is CallerKind.ROLE else Naming.EXACT
    if named.kind is CallerKind.USER and caller.federated_by == named.arn:
        return Naming.FEDERATING_USER
    if named.kind is CallerKind.ROLE and caller.is_role and _same_role(named, caller):
        return Naming.ROLE
    return Naming.NOT_AT_ALL


def _same_role(named: Caller, caller: Caller) -> bool:
    """Role names are unique in an account whatever their path, and a session ARN does not carry the path."""
    same = (named.partition, named.account, named.name) == (caller.partition, caller.account, caller.name)
    return same and (caller.path is None or caller.path == named.path)


def not_principal_applies(entries: tuple[PrincipalEntry, ...], caller: Caller, *, has_boundary: Truth) -> Truth:
    """Whether a Deny with NotPrincipal hits the caller.

    It spares a principal only if the list has the principal itself and its account, and for a role session the role
    and the session; a principal with a permissions boundary is always hit.
    """
    if caller.account is None:
        return Truth.of(match_principals(entries, caller).naming is Naming.NOT_AT_ALL)
    if any(entry.form is PrincipalForm.ANYONE for entry in entries):
        return Truth.FALSE
    namings = {name_caller(entry, caller) for entry in entries}
    needed = {Naming.ACCOUNT} if caller.kind is CallerKind.ROOT else {Naming.ACCOUNT, Naming.EXACT}
    if caller.kind is CallerKind.ROLE_SESSION:
        needed = {Naming.ACCOUNT, Naming.ROLE, Naming.EXACT}
    elif caller.kind is CallerKind.ROLE:
        return _spares_sessions(entries, caller, namings, has_boundary)
    if needed <= namings:
        return has_boundary
    return Truth.UNKNOWN if None in namings else Truth.TRUE


def _spares_sessions(
    entries: tuple[PrincipalEntry, ...], caller: Caller, namings: set[Naming | None], has_boundary: Truth
) -> Truth:
    """Any session of a role: one that the list names may be spared, with account and role, and no other is.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
    """
    if not {Naming.ACCOUNT, Naming.ROLE} <= namings:
        return Truth.UNKNOWN if None in namings else Truth.TRUE
    start = f"arn:{caller.partition}:sts::{caller.account}:assumed-role/{caller.name}/"
    spared = any(entry.form is PrincipalForm.AWS and entry.value.startswith(start) for entry in entries)
    return max(has_boundary, Truth.UNKNOWN) if spared else Truth.TRUE
