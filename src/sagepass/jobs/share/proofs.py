"""What is proven of the documents of a plan, for every caller, action, resource and condition key at once.

The strangers who try a plan are examples; a proof is about everybody. It is about the documents alone: what other policies
of the accounts deny makes it only narrower.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sagepass.jobs.share.party import PartyKind
from sagepass.jobs.share.plan import NewRole, Piece, Plan, Side, documents_of
from sagepass.jobs.share.stated import stated_entry, stated_permissions
from sagepass.policy.document import Document
from sagepass.policy.kinds import PolicyType
from sagepass.policy.parse import parse_document
from sagepass.proof.compare import compare_documents
from sagepass.proof.comparison import Comparison
from sagepass.proof.public import reachable_from_outside
from sagepass.proof.verdict import Verdict
from sagepass.repair.fix import Edit
from sagepass.repair.policy_text import new_document
from sagepass.source.origin import Origin


class ShareClaim(StrEnum):
    """What is claimed of a document."""

    NOBODY_OUTSIDE = "nobody_outside"
    """It lets in nobody outside of the accounts or the organization of the party."""
    AS_STATED = "as_stated"
    """All that it allows is what the plan states: for the party, the listed actions on the listed ARNs."""
    WITH_WHAT_STANDS = "with_what_stands_there"
    """Together with the statements that stand there already it lets in nobody outside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareProof:
    """One claim about one document, and the answer.

    Attributes:
        piece: name of the piece.
        document: name of the document in it.
        claim: see :class:`ShareClaim`.
        sentence: the claim in words; the name of the document ends it.
        answer: the verdict, the witnesses, and what it rests on.
    """

    piece: str
    document: str
    claim: ShareClaim
    sentence: str
    answer: Comparison

    @property
    def fails(self) -> bool:
        """Whether a document of the plan itself lets in somebody else, or allows more."""
        return self.answer.verdict is Verdict.REFUTED and self.claim is not ShareClaim.WITH_WHAT_STANDS


def prove_plan(plan: Plan) -> tuple[ShareProof, ...]:
    """Prove, or refute, for each document of a plan that it lets in the party alone, to what is stated."""
    return tuple(proof for piece in plan.pieces for proof in _proofs(plan, piece))


def _proofs(plan: Plan, piece: Piece) -> Iterator[ShareProof]:
    content = piece.content
    is_role = isinstance(content, NewRole)
    for name, document in documents_of(piece):
        kind = PolicyType.ROLE_TRUST_POLICY if is_role else PolicyType.RESOURCE_BASED_POLICY
        title = f"{name}-trust" if is_role else name
        parsed = _parsed(title, document, kind)
        yield from _about_entry(plan, piece, title, parsed, kind)
    kind = PolicyType.IDENTITY_BASED_POLICY
    if isinstance(content, NewRole):
        yield _as_stated(plan, piece, f"{piece.name}-permissions", content.permissions, kind)
    elif isinstance(content, Edit) and piece.side is Side.OTHER and isinstance(content.after, Mapping):
        yield _as_stated(plan, piece, piece.name, content.after, kind)


def _about_entry(plan: Plan, piece: Piece, name: str, added: Document, kind: PolicyType) -> Iterator[ShareProof]:
    """Who gets in by a document, and to what."""
    yield _from_outside(plan, piece, name, added, claim=ShareClaim.NOBODY_OUTSIDE)
    stated = _parsed("stated", new_document(*stated_entry(plan, piece)), kind)
    yield ShareProof(
        piece=piece.name,
        document=name,
        claim=ShareClaim.AS_STATED,
        sentence=f"only {plan.party.words} gets in, and only to the actions and ARNs of this plan, by",
        answer=compare_documents(stated, added, kind),
    )
    content = piece.content
    if isinstance(content, Edit) and isinstance(content.after, Mapping) and _holds_more(content):
        whole = _parsed(name, content.after, kind)
        yield _from_outside(plan, piece, name, whole, claim=ShareClaim.WITH_WHAT_STANDS)


def _from_outside(plan: Plan, piece: Piece, name: str, document: Document, *, claim: ShareClaim) -> ShareProof:
    accounts, organization = _inside(plan)
    kind = PolicyType.ROLE_TRUST_POLICY if isinstance(piece.content, NewRole) else PolicyType.RESOURCE_BASED_POLICY
    by = "with what stands there already, by" if claim is ShareClaim.WITH_WHAT_STANDS else "by"
    listed = f"account{'s' if len(accounts) > 1 else ''} {' and '.join(accounts)}"
    also = f" and the organization {organization}" if organization else ""
    return ShareProof(
        piece=piece.name,
        document=name,
        claim=claim,
        sentence=f"nobody outside of {listed}{also} gets in {by}",
        answer=reachable_from_outside(document, kind, accounts=accounts, organization=organization),
    )


def _inside(plan: Plan) -> tuple[tuple[str, ...], str | None]:
    """The accounts and the organization that are not outside: the owner's and the party's."""
    party = plan.party
    accounts = tuple(dict.fromkeys(account for account in (plan.account, party.account) if account))
    if party.kind in {PartyKind.ORGANIZATION, PartyKind.UNIT}:
        return accounts, party.value.partition("/")[0]
    return accounts, None


def _as_stated(plan: Plan, piece: Piece, name: str, document: Mapping[str, object], kind: PolicyType) -> ShareProof:
    """What an identity-based policy allows."""
    stated = _parsed("stated", new_document(*stated_permissions(plan, piece)), kind)
    return ShareProof(
        piece=piece.name,
        document=name,
        claim=ShareClaim.AS_STATED,
        sentence="nothing is allowed beyond the calls of this plan by",
        answer=compare_documents(stated, _parsed(name, document, kind), kind),
    )


def _holds_more(edit: Edit) -> bool:
    """Whether the document holds other statements than those that are added."""
    assert isinstance(edit.after, Mapping)
    return _listed(edit.after.get("Statement")) != _listed(edit.statement)


def _listed(statements: object) -> Sequence[object]:
    return statements if isinstance(statements, list) else [statements]


def _parsed(name: str, document: Mapping[str, object], kind: PolicyType) -> Document:
    return parse_document(document, origin=Origin(name=name, value=document), policy_type=kind)
