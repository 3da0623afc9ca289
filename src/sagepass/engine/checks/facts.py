"""What the statements of one check say to a request, before the checks are combined."""

from __future__ import annotations

from dataclasses import dataclass

from sagepass.engine.checks.applied import Applied
from sagepass.policy.document import Policy
from sagepass.policy.document_index import document_index
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

    ``deny`` and ``allow`` are certain only if nothing that is missing could turn them. ``misses`` are the Allow
    statements whose action fits and that do not apply. ``unreadable`` are policies whose document could not be understood
    at all.
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


def doubt(applied: Applied) -> tuple[Truth, Truth]:
    """Whether what is missing or unreadable may deny, and whether it may allow.

    A missing policy that can only grant leaves the denial certain.
    """
    unreadable = any(not policy.document.readable for policy in applied.policies)
    may_deny = unreadable or any(not gap.grants_only for gap in applied.missing)
    may_allow = unreadable or bool(applied.missing)
    return (Truth.UNKNOWN if may_deny else Truth.FALSE, Truth.UNKNOWN if may_allow else Truth.FALSE)


def gather_facts(applied: Applied, request: MatchRequest) -> Facts:
    """Match the statements that the action leaves in play."""
    if not applied.takes_part:
        return Facts(
            type=applied.type, exists=False, deny=Truth.FALSE, allow=Truth.TRUE, applies=False, note=applied.note
        )
    denies: list[Hit] = []
    allows: list[Hit] = []
    misses: list[Hit] = []
    action = request.action.lower()
    for policy in applied.policies:
        variables = policy.document.variables_enabled
        for candidate in document_index(policy.document).of_action(action):
            denying = candidate.statement.effect is StatementEffect.DENY
            if applied.ignore_allow and not denying:
                continue
            hit = Hit(policy, match_statement(candidate.statement, request, variables=variables))
            if hit.match.truth is not Truth.FALSE:
                (denies if denying else allows).append(hit)
            elif not denying:
                misses.append(hit)
    may_deny, may_allow = doubt(applied)
    return Facts(
        type=applied.type,
        exists=applied.exists,
        deny=Truth.FALSE if applied.allows_anyway else any_of([may_deny, *(hit.match.truth for hit in denies)]),
        allow=Truth.TRUE if applied.allows_anyway else any_of([may_allow, *(hit.match.truth for hit in allows)]),
        denies=tuple(denies),
        allows=tuple(allows),
        misses=tuple(misses),
        missing=applied.missing,
        unreadable=tuple(policy for policy in applied.policies if not policy.document.readable),
        policies=applied.policies,
        target=applied.target,
        note=applied.note,
    )
