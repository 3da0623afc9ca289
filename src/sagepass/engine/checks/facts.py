"""What the statements of one check say to a request, before the checks are combined."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from sagepass.engine.checks.applied import Applied
from sagepass.policy.document import Policy
from sagepass.policy.document_index import Candidate, document_index
from sagepass.policy.kinds import CheckType
from sagepass.policy.match_statement import MatchRequest, StatementMatch, match_statement
from sagepass.policy.resource_entries import is_set
from sagepass.policy.statement import Statement
from sagepass.policy.truth import Truth, any_of
from sagepass.snapshot.layer import Missing


@dataclass(frozen=True, slots=True)
class Hit:
    """One statement of one policy and how it came out."""

    policy: Policy
    match: StatementMatch


@dataclass(frozen=True, slots=True)
class Miss:
    """An Allow whose action fits and that does not apply; why is worked out where somebody asks."""

    policy: Policy
    statement: Statement

    def hit(self, request: MatchRequest) -> Hit:
        """How it came out."""
        variables = self.policy.document.variables_enabled
        return Hit(self.policy, match_statement(self.statement, request, variables=variables))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Facts:
    """The statements of one check (of one level, for control policies).

    ``deny`` and ``allow`` are certain only if nothing that is missing could turn them. ``certain_denies`` and
    ``certain_allows`` are the statements that certainly apply. ``unreadable`` are policies whose document could not be
    understood at all. ``settled``: no statement in play asks the request for anything, so that another request by the same caller
    for the same action and resource gets the same.
    """

    type: CheckType
    exists: bool
    deny: Truth
    allow: Truth
    denies: tuple[Hit, ...] = ()
    allows: tuple[Hit, ...] = ()
    certain_denies: tuple[Hit, ...] = ()
    certain_allows: tuple[Hit, ...] = ()
    misses: tuple[Miss, ...] = ()
    missing: tuple[Missing, ...] = ()
    unreadable: tuple[Policy, ...] = ()
    policies: tuple[Policy, ...] = ()
    target: str | None = None
    applies: bool = True
    note: str = ""
    settled: bool = False


def doubt(applied: Applied) -> tuple[Truth, Truth]:
    """Whether what is missing or unreadable may deny, and whether it may allow.

    A missing policy that can only grant leaves the denial certain.
    """
    unreadable = any(not policy.document.readable for policy in applied.policies)
    may_deny = unreadable or any(not gap.grants_only for gap in applied.missing)
    may_allow = unreadable or bool(applied.missing)
    return (Truth.UNKNOWN if may_deny else Truth.FALSE, Truth.UNKNOWN if may_allow else Truth.FALSE)


def in_play(applied: Applied, action: str) -> Iterator[tuple[Policy, Candidate]]:
    """The statements that may say something to an action, which is given in lower case."""
    if applied.takes_part:
        for policy in applied.policies:
            for candidate in document_index(policy.document).of_action(action):
                if candidate.test.denies or not applied.ignore_allow:
                    yield policy, candidate


@lru_cache(maxsize=1024)
def _no_impact(kind: CheckType, note: str) -> Facts:
    return Facts(type=kind, exists=False, deny=Truth.FALSE, allow=Truth.TRUE, applies=False, note=note, settled=True)


def gather_facts(applied: Applied, request: MatchRequest) -> Facts:
    """Match the statements that the action leaves in play; what certainly does not apply is not looked at any further."""
    if not applied.takes_part:
        return _no_impact(applied.type, applied.note)
    denies: list[Hit] = []
    allows: list[Hit] = []
    misses: list[Miss] = []
    resource, context = request.resource, request.context
    resource_is_set = is_set(resource)
    settled = True
    for policy, candidate in in_play(applied, request.action.lower()):
        statement, test = candidate.statement, candidate.test
        settled = settled and not test.needs and not test.defective
        if test.plain and test.truth(resource, resource_is_set, request.reading, context) is Truth.FALSE:
            if not test.denies:
                misses.append(Miss(policy, statement))
            continue
        hit = Hit(policy, match_statement(statement, request, variables=test.variables))
        if hit.match.truth is not Truth.FALSE:
            (denies if test.denies else allows).append(hit)
        elif not test.denies:
            misses.append(Miss(policy, statement))
    may_deny, may_allow = doubt(applied)
    return Facts(
        type=applied.type,
        exists=applied.exists,
        deny=Truth.FALSE if applied.allows_anyway else any_of([may_deny, *(hit.match.truth for hit in denies)]),
        allow=Truth.TRUE if applied.allows_anyway else any_of([may_allow, *(hit.match.truth for hit in allows)]),
        denies=tuple(denies),
        allows=tuple(allows),
        certain_denies=tuple([hit for hit in denies if hit.match.truth is Truth.TRUE]),
        certain_allows=tuple([hit for hit in allows if hit.match.truth is Truth.TRUE]),
        misses=tuple(misses),
        missing=applied.missing,
        unreadable=tuple([policy for policy in applied.policies if not policy.document.readable]),
        policies=applied.policies,
        target=applied.target,
        note=applied.note,
        settled=settled,
    )
