"""The answer to a question about policies: the verdict by how much it covers, what differs, and what stays open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sagepass.catalog.dates import catalog_date
from sagepass.policy.document import Document
from sagepass.policy.kinds import PolicyType
from sagepass.proof.budget import Budget
from sagepass.proof.certificate import Certificate, certificate_of
from sagepass.proof.differences import Piece, Question, beyond_catalog, pieces_of, steps_of
from sagepass.proof.verdict import Basis, Claims, Verdict, Witness, weakest

Documents: TypeAlias = Document | Sequence[Document]

TAKEN = (
    "keys of type Bool hold true or false, numeric keys numbers, dates moments, address keys addresses",
    "account ids, Regions and user names hold no colon",
    "condition keys are independent of each other and of the resource's ARN",
)
HAS_PRINCIPALS = frozenset(
    {
        PolicyType.RESOURCE_BASED_POLICY,
        PolicyType.ROLE_TRUST_POLICY,
        PolicyType.VPC_ENDPOINT_POLICY,
        PolicyType.RESOURCE_CONTROL_POLICY,
    }
)
"""The types of policies that say whom they are about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What an answer may cost: seconds in all, and for each part that stays open seconds of another solver (0: none)."""

    seconds: float = 4.0
    solver_seconds: float = 0.0


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
        certificate: for ``PROVEN``, what :func:`sagepass.proof.checker.check` verifies; ``None`` if another solver was
            needed.
        shown_by: the other solvers that a proof rests on (``cvc5``).
    """

    verdict: Verdict
    claims: Claims
    differences: tuple[Difference, ...]
    open: tuple[Open, ...]
    basis: Basis
    certificate: Certificate | None = None
    shown_by: tuple[str, ...] = ()


def documents(given: Documents) -> tuple[Document, ...]:
    """One document or several, as a tuple."""
    return (given,) if isinstance(given, Document) else tuple(given)


def answer(
    question: Question, layers: Sequence[Document], *, beyond: bool, limit: Limit, first_only: bool = False
) -> Comparison:
    """Answer a question about some documents.

    Args:
        question: what no request may do.
        layers: the documents that the answer rests on.
        beyond: whether actions that AWS does not list can matter.
        limit: how long it may take, and whether another solver is asked.
        first_only: stop at the first difference.
    """
    budget = Budget(seconds=limit.seconds, solver_seconds=limit.solver_seconds)
    pieces: list[Piece] = []
    for piece in pieces_of(question, budget):
        pieces.append(piece)
        if first_only and piece.answer.verdict is Verdict.REFUTED:
            break
    listed = weakest([piece.answer.verdict for piece in pieces])
    further = list(beyond_catalog(question, budget)) if beyond and listed is not Verdict.REFUTED else []
    claims = Claims(
        documented=weakest([piece.documented for piece in pieces]),
        listed=listed,
        everything=weakest([listed, *(piece.answer.verdict for piece in further)]),
    )
    found = [piece for piece in (*pieces, *further) if piece.answer.verdict is not Verdict.PROVEN]
    basis = Basis(catalog=catalog_date(), layers=tuple(item.origin.name for item in layers), taken=TAKEN)
    proven = claims.everything is Verdict.PROVEN
    others = tuple(dict.fromkeys(piece.answer.shown_by for piece in (*pieces, *further) if piece.answer.shown_by))
    differences = [_difference(piece) for piece in found if piece.answer.witness]
    return Comparison(
        verdict=claims.everything,
        claims=claims,
        differences=tuple(sorted(differences, key=lambda item: not item.documented)),
        open=tuple(_open(piece) for piece in found if piece.answer.witness is None),
        basis=basis,
        certificate=certificate_of(steps_of([*pieces, *further]), basis, layers) if proven and not others else None,
        shown_by=others if proven else (),
    )


def _difference(piece: Piece) -> Difference:
    witness, shown = piece.answer.witness, piece.answer.shown
    assert witness is not None
    assert shown is not None
    return Difference(
        actions=piece.actions,
        who=piece.who.words if piece.who is not None else "",
        witness=witness,
        by=tuple(StatementPlace(document=number, index=index) for number, index in shown.after.allowing),
        no_longer_denied_by=tuple(
            StatementPlace(document=number, index=index) for number, index in shown.before.denying
        ),
        documented=witness.documented,
    )


def _open(piece: Piece) -> Open:
    return Open(
        actions=piece.actions,
        who=piece.who.words if piece.who is not None else "",
        reason=piece.answer.reason,
    )
