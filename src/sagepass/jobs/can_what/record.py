"""The answer to "can what": clauses that together say what a principal may do, and what they leave out."""

from __future__ import annotations

from dataclasses import dataclass

from sagepass.engine.decision import StatementRef
from sagepass.policy.kinds import Effect
from sagepass.policy.statement import StatementEffect


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """One condition: operator as a policy spells it, key, and values of which one has to fit (or none, if negated)."""

    operator: str
    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One statement of the effective permissions.

    Attributes:
        effect: Allow, or Deny for what is taken away again.
        actions: patterns; with ``not_action`` everything but these.
        resources: patterns; with ``not_resource`` everything but these.
        conditions: all have to hold.
        sources: the statements it comes from.
        because: the layer that it comes from, in words.
    """

    effect: StatementEffect
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    because: str
    not_action: bool = False
    not_resource: bool = False
    conditions: tuple[Test, ...] = ()
    sources: tuple[StatementRef, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Idle:
    """An Allow, or some of its actions, without effect: another layer takes them away altogether."""

    actions: tuple[str, ...]
    source: StatementRef
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OnResource:
    """One action on the one resource that was asked about."""

    action: str
    effect: Effect
    conditions: tuple[str, ...] = ()
    grants: tuple[StatementRef, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CanWhat:
    """The whole answer.

    Attributes:
        principal: the ARN asked about; ``label`` names it in words.
        service: the one service asked about, or ``None`` for all.
        resource: the one resource asked about, or ``None``.
        clauses: Allow clauses, then Deny clauses. Together they are what the principal may do on its own account's side.
        idle: what is granted without effect.
        on_resource: with ``resource``, every action that can be done on it.
        levels: access level to (actions allowed at least somewhere, actions there are), for one service.
        inexact: what one document cannot say; empty if it is equivalent.
        depends: what was not supplied and may take away more.
        assumptions: what was taken for granted.
    """

    principal: str
    label: str
    service: str | None
    resource: str | None
    clauses: tuple[Clause, ...]
    idle: tuple[Idle, ...] = ()
    on_resource: tuple[OnResource, ...] = ()
    levels: tuple[tuple[str, int, int], ...] = ()
    inexact: tuple[str, ...] = ()
    depends: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()

    @property
    def exact(self) -> bool:
        """Whether the document decides every request within the account as all policies together do."""
        return not self.inexact
