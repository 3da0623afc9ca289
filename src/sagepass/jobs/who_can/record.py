"""The answer to "who can": holders of an access, each with the way it takes and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sagepass.engine.decision import StatementRef


class HolderKind(StrEnum):
    """Who is let in."""

    USER = "user"
    ROLE = "role"
    ROOT = "root"
    SESSION = "session"
    """One session that a policy names: of a role, or of GetFederationToken."""
    OUTSIDE_PRINCIPAL = "outside_principal"
    """A user, role or session of an account that the snapshot does not hold."""
    OUTSIDE_ACCOUNT = "outside_account"
    """Whomever the administrators of an account let, that the snapshot does not hold."""
    SERVICE = "service"
    FEDERATED = "federated"
    """Identities of a SAML or OIDC provider."""
    ANY_ACCOUNT = "any_account"
    """Everyone with credentials of any AWS account."""
    ANONYMOUS = "anonymous"
    """Everyone, without credentials."""


class Certainty(StrEnum):
    """How far an access is settled."""

    CERTAIN = "certain"
    THEIR_SIDE = "their_side"
    """This side lets the holder in; what is open is up to the holder's own account, which the snapshot does not hold."""
    CONDITIONAL = "conditional"
    """It depends on the request, or on something that was not supplied."""

    @property
    def weight(self) -> int:
        """0 for the most certain."""
        return _WEIGHTS[self]


_WEIGHTS = {Certainty.CERTAIN: 0, Certainty.THEIR_SIDE: 1, Certainty.CONDITIONAL: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who has an access.

    Attributes:
        kind: see :class:`HolderKind`.
        name: an ARN, an account id, a service principal, a provider, or ``*``.
        account: of the holder; ``None`` for services, providers and everyone.
        label: in words: ``user mateojackson``, ``any principal of account 444455556666``.
    """

    kind: HolderKind
    name: str
    account: str | None
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What one decision rests on.

    Attributes:
        certainty: see :class:`Certainty`.
        grants: the statements that allow it, or may.
        because: what allows it where no statement does (the root user, a grant of a KMS key).
        conditions: what it depends on; each completes "provided that …", and all have to hold.
        theirs: what is left to the holder's own account, in words.
    """

    certainty: Certainty
    grants: tuple[StatementRef, ...] = ()
    because: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One step of a chain: the holder, or the role before it, opens a session of ``role`` by ``action``."""

    action: str
    role: str
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """One way in which one holder can perform the action.

    Attributes:
        holder: who.
        hops: the roles on the way, first to last; empty for direct access.
        final: what the request itself rests on, made by the holder or by the last role.
        certainty: the least certain of all steps.
        more_ways: further first hops of the same holder that lead there as well.
        notes: what AWS's rules add (role chaining, who acts behind a service).
    """

    holder: Holder
    hops: tuple[Hop, ...]
    final: Basis
    certainty: Certainty
    more_ways: int = 0
    notes: tuple[str, ...] = ()

    @property
    def conditions(self) -> tuple[str, ...]:
        """The conditions of all steps, each once."""
        return tuple(dict.fromkeys(text for basis in self.steps for text in basis.conditions))

    @property
    def steps(self) -> tuple[Basis, ...]:
        """The bases of all steps, the request itself last."""
        return (*(hop.basis for hop in self.hops), self.final)


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoCan:
    """The whole answer.

    Attributes:
        action: as AWS spells it.
        resource: as asked.
        resource_account: the owner, if known.
        max_hops: the bound on chains.
        access: certain ones first, then by account and name; direct before chains.
        asked: principals of the snapshot that were looked at.
        assumptions: what was taken for granted.
        limits: what was not looked at.
    """

    action: str
    resource: str
    resource_account: str | None
    max_hops: int
    access: tuple[Access, ...]
    asked: int
    assumptions: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
