"""Does a new policy allow anything that the old one did not?

The question of AWS's CheckNoNewAccess
(https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckNoNewAccess.html), answered with a request that
shows the difference, for every kind of policy, and through principals where the policy has them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sagepass.catalog.dates import catalog_date
from sagepass.catalog.rcp import rcp_services
from sagepass.policy.document import Document
from sagepass.policy.kinds import PolicyType
from sagepass.policy.statement import StatementEffect
from sagepass.proof.actions import action_mask
from sagepass.proof.budget import Budget
from sagepass.proof.certificate import Certificate, certificate_of
from sagepass.proof.differences import Piece, Question, beyond_catalog, pieces_of, searches_of
from sagepass.proof.formula import Formula, both, negated
from sagepass.proof.policy_formula import allowed_actions, masks, principals_of, sides
from sagepass.proof.replay import shows_difference
from sagepass.proof.verdict import Basis, Claims, Verdict, Witness, weakest
from sagepass.proof.who import Who, callers

Documents: TypeAlias = Document | Sequence[Document]

TAKEN = (
    "keys of type Bool hold true or false, numeric keys numbers, dates moments, address keys addresses",
    "condition keys are independent of each other and of the resource's ARN",
)
_WITH_PRINCIPALS = frozenset(
    {
        PolicyType.RESOURCE_BASED_POLICY,
        PolicyType.ROLE_TRUST_POLICY,
        PolicyType.VPC_ENDPOINT_POLICY,
        PolicyType.RESOURCE_CONTROL_POLICY,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementPlace:
    """One statement: the number of its document among those given, and its index there."""

    document: int
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Actions that become allowed, with one request that shows it.

    Attributes:
        actions: the listed actions that no statement of the policies tells apart; empty for one that AWS does not list.
        who: the caller in words; empty where the policy has no principals.
        witness: the request.
        by: the statements of the new policy that allow it.
        no_longer_denied_by: the statements of the old policy that denied it.
        documented: false if it differs only on ARNs of a form that AWS does not document for the action.
    """

    actions: tuple[str, ...]
    who: str
    witness: Witness
    by: tuple[StatementPlace, ...]
    no_longer_denied_by: tuple[StatementPlace, ...]
    documented: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """Actions about which nothing could be shown, and why."""

    actions: tuple[str, ...]
    who: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Whether the new policy allows nothing that the old one did not.

    Attributes:
        verdict: on every action and every ARN: ``PROVEN``, ``REFUTED`` with differences, or ``UNKNOWN``.
        claims: the same by how much is covered.
        differences: what becomes allowed.
        open: what could not be settled.
        basis: what the proof rests on.
        certificate: for ``PROVEN``, what :func:`sagepass.proof.checker.check` verifies.
    """

    verdict: Verdict
    claims: Claims
    differences: tuple[Difference, ...]
    open: tuple[Open, ...]
    basis: Basis
    certificate: Certificate | None = None


def compare_documents(
    old: Documents,
    new: Documents,
    policy_type: PolicyType = PolicyType.IDENTITY_BASED_POLICY,
    *,
    seconds: float = 4.0,
    first_only: bool = False,
) -> Comparison:
    """Whether the new policy (or several that add up) allows nothing that the old one did not.

    Args:
        old: the policy as it was, parsed with the same ``policy_type``; an empty list for "nothing".
        new: the policy as it shall be.
        policy_type: what both are.
        seconds: how long it may take; what is not settled by then is ``UNKNOWN``.
        first_only: stop at the first difference.

    Never raises for what the documents say: malformed statements end as ``UNKNOWN``.
    """
    was, now = documents(old), documents(new)
    only_denies = policy_type is PolicyType.RESOURCE_CONTROL_POLICY
    return _answer(_question(was, now, policy_type, only_denies=only_denies), was, now, policy_type, seconds, first_only)


def documents(given: Documents) -> tuple[Document, ...]:
    """One document or several, as a tuple."""
    return (given,) if isinstance(given, Document) else tuple(given)


def _question(
    was: tuple[Document, ...], now: tuple[Document, ...], policy_type: PolicyType, *, only_denies: bool
) -> Question:
    if only_denies:
        universe = 0
        for mask in masks(was, StatementEffect.DENY):
            universe |= mask
        universe &= action_mask(f"{service}:*" for service in rcp_services())
        if any(not document.readable for document in was):
            universe = action_mask(f"{service}:*" for service in rcp_services())
    else:
        universe = allowed_actions(now)
        if any(not document.readable for document in now):
            universe = action_mask(["*"])

    def formula(action: int | None, who: Who | None) -> Formula:
        after, before = sides(now, action, who), sides(was, action, who)
        if only_denies:
            return both([before.deny, negated(after.deny)])
        return both([after.grants, negated(before.grants)])

    with_principals = policy_type in _WITH_PRINCIPALS
    return Question(
        universe=universe,
        granted_before=allowed_actions(was),
        masks=[*masks(now), *masks(was)],
        formula=formula,
        callers=list(callers(principals_of((*was, *now)))) if with_principals else [None],
        replay=lambda witness: shows_difference(was, now, policy_type, witness),
        documents=(*now, *was),
        open_world=not only_denies or bool(was),
    )


def _answer(
    question: Question,
    was: tuple[Document, ...],
    now: tuple[Document, ...],
    policy_type: PolicyType,
    seconds: float,
    first_only: bool,
) -> Comparison:
    budget = Budget(seconds=seconds)
    pieces: list[Piece] = []
    for piece in pieces_of(question, budget):
        pieces.append(piece)
        if first_only and piece.answer.verdict is Verdict.REFUTED:
            break
    listed = weakest([piece.answer.verdict for piece in pieces])
    beyond: list[Piece] = []
    if listed is not Verdict.REFUTED and _may_reach_beyond(now, was, policy_type):
        beyond = list(beyond_catalog(question, budget))
    claims = Claims(
        documented=weakest([piece.documented for piece in pieces]),
        listed=listed,
        everything=weakest([listed, *(piece.answer.verdict for piece in beyond)]),
    )
    found = [piece for piece in (*pieces, *beyond) if piece.answer.verdict is not Verdict.PROVEN]
    basis = Basis(catalog=catalog_date(), layers=tuple(item.origin.name for item in (*was, *now)), taken=TAKEN)
    proven = claims.everything is Verdict.PROVEN
    return Comparison(
        verdict=claims.everything,
        claims=claims,
        differences=tuple(_difference(piece) for piece in found if piece.answer.witness),
        open=tuple(_open(piece) for piece in found if piece.answer.witness is None),
        basis=basis,
        certificate=certificate_of(searches_of([*pieces, *beyond]), basis) if proven else None,
    )


def _may_reach_beyond(now: tuple[Document, ...], was: tuple[Document, ...], policy_type: PolicyType) -> bool:
    """Whether some statement is about actions that AWS does not list: wildcards, NotAction, names that are not listed."""
    effect = StatementEffect.DENY if policy_type is PolicyType.RESOURCE_CONTROL_POLICY else StatementEffect.ALLOW
    side = was if policy_type is PolicyType.RESOURCE_CONTROL_POLICY else now
    return any(
        statement.not_action or any("*" in e.value or "?" in e.value or not action_mask([e.value]) for e in statement.actions)
        for document in side
        for statement in document.statements
        if statement.effect is effect
    ) or any(not document.readable for document in side)


def _difference(piece: Piece) -> Difference:
    witness, shown = piece.answer.witness, piece.answer.shown
    assert witness is not None
    assert shown is not None
    return Difference(
        actions=piece.actions,
        who=piece.who.words if piece.who is not None else "",
        witness=witness,
        by=tuple(StatementPlace(document=number, index=index) for number, index in shown.after.allowing),
        no_longer_denied_by=tuple(StatementPlace(document=number, index=index) for number, index in shown.before.denying),
        documented=witness.documented,
    )


def _open(piece: Piece) -> Open:
    return Open(
        actions=piece.actions,
        who=piece.who.words if piece.who is not None else "",
        reason=piece.answer.reason,
    )
