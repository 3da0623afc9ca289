"""What the statements of one check say to a request, before the checks are combined."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sagepass.policy.document import Policy
from sagepass.policy.kinds import CheckType
from sagepass.policy.match_statement import MatchRequest, StatementMatch, match_statement
from sagepass.policy.statement import StatementEffect
from sagepass.policy.truth import Truth, any_of
from sagepass.snapshot.layer import Missing


@dataclass(frozen=True, slots=True)
class Hit:
    """One statement of one policy and how it came out."""

    policy: Policy
    match: StatementMatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The statements of one check (of one level, for control policies).

    ``deny`` and ``allow`` are certain only if nothing that is missing could turn them. ``unreadable`` are policies
    whose document could not be understood at all.
    """

    type: CheckType
    exists: bool
    deny: Truth
    allow: Truth
    denies: tuple[Hit, ...] = ()
    allows: tuple[Hit, ...] = ()
    misses: tuple[Hit, ...] = ()
    missing: tuple[Missing, ...] = ()
    unreadable: tuple[Policy, ...] = ()
    policies: tuple[Policy, ...] = ()
    target: str | None = None
    applies: bool = True
    note: str = ""

    @property
    def certain_denies(self) -> tuple[Hit, ...]:
        """The Deny statements that certainly match."""
        return tuple(hit for hit in self.denies if hit.match.truth is Truth.TRUE)

    @property
    def certain_allows(self) -> tuple[Hit, ...]:
        """The Allow statements that certainly match."""
        return tuple(hit for hit in self.allows if hit.match.truth is Truth.TRUE)


def not_applicable(kind: CheckType, note: str = "", *, target: str | None = None) -> Facts:
    """A check that does not take part: nothing denied, nothing to allow."""
    return Facts(type=kind, exists=False, deny=Truth.FALSE, allow=Truth.TRUE, applies=False, note=note, target=target)


def gather_facts(
    kind: CheckType,
    policies: Iterable[Policy],
    request: MatchRequest,
    *,
    exists: bool,
    missing: tuple[Missing, ...] = (),
    target: str | None = None,
    ignore_allow: bool = False,
    keep: Callable[[Hit], bool] = lambda _hit: True,
) -> Facts:
    """Match every statement of some policies.

    A missing policy that can only grant leaves ``deny`` certain. With ``ignore_allow`` only Deny statements count.
    """
    policies = tuple(policies)
    denies: list[Hit] = []
    allows: list[Hit] = []
    misses: list[Hit] = []
    for policy in policies:
        variables = policy.document.variables_enabled
        for statement in policy.document.statements:
            hit = Hit(policy, match_statement(statement, request, variables=variables))
            denying = statement.effect is StatementEffect.DENY
            if not keep(hit) or (ignore_allow and not denying):
                continue
            if hit.match.truth is not Truth.FALSE:
                (denies if denying else allows).append(hit)
            elif not denying:
                misses.append(hit)
    unreadable = tuple(policy for policy in policies if not policy.document.readable)
    unsure = Truth.UNKNOWN if missing or unreadable else Truth.FALSE
    may_deny = Truth.UNKNOWN if unreadable or any(not gap.grants_only for gap in missing) else Truth.FALSE
    return Facts(
        type=kind,
        exists=exists,
        deny=any_of([may_deny, *(hit.match.truth for hit in denies)]),
        allow=any_of([unsure, *(hit.match.truth for hit in allows)]),
        denies=tuple(denies),
        allows=tuple(allows),
        misses=tuple(misses),
        missing=missing,
        unreadable=unreadable,
        policies=policies,
        target=target,
    )
