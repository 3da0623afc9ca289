"""The plan: every document that has to be made, on whose side, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias, assert_never

from sagepass.catalog.sharing import Mechanism, RamPermission
from sagepass.jobs.share.party import Party
from sagepass.jobs.share.subject import Grant, Subject
from sagepass.repair.fix import Edit

Statement: TypeAlias = dict[str, object]


class Side(StrEnum):
    """On whose side a document is made."""

    OWNER = "the owner's side"
    OTHER = "the other side"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRole:
    """A role that is made: its trust policy, and the one inline policy that holds its permissions."""

    arn: str
    name: str
    trust: Mapping[str, object]
    policy_name: str
    permissions: Mapping[str, object]
    max_session_duration: int = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceShare:
    """A resource share of AWS RAM.

    ``policy`` is what RAM makes of it, as far as AWS documents that: the managed permission's actions for the principals.
    ``principals`` are account ids, or ARNs of an organization or a unit.
    """

    name: str
    resource: str
    principals: tuple[str, ...]
    permission: RamPermission
    outside: bool
    policy: Mapping[str, object]


Content: TypeAlias = Edit | NewRole | ResourceShare


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One document, or one role or share with its documents.

    Attributes:
        name: for file names: ``trust``, ``bucket-policy-models``.
        side: who makes it.
        account: where it is made; ``None`` if that is not known.
        title: what it is, for people.
        why: one sentence: what it is needed for.
        content: the document itself.
        grants: what it lets the other party do, and is therefore asked when the plan is tried.
        warnings: what to know before it is put in place.
    """

    name: str
    side: Side
    account: str | None
    title: str
    why: str
    content: Content
    grants: tuple[Grant, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is shared with whom, how, and the documents in the order in which they are made.

    ``router`` is the inference router that calls an endpoint; ``worker`` the role on the other side that reads the data,
    where that is not the caller; ``member`` an account of the organization or unit that is among the saved ones.
    """

    subject: Subject
    party: Party
    mechanism: Mechanism
    actions: tuple[str, ...]
    pieces: tuple[Piece, ...]
    router: str | None = None
    worker: str | None = None
    member: str | None = None

    @property
    def role(self) -> NewRole | None:
        """The role that is assumed, if there is one."""
        return next((piece.content for piece in self.pieces if isinstance(piece.content, NewRole)), None)

    @property
    def account(self) -> str:
        """The owner's account."""
        return self.subject.arn.account


def documents_of(piece: Piece) -> Iterator[tuple[str, Mapping[str, object]]]:
    """The documents of a piece that say who gets in: its name and what it says.

    For a policy that exists only the statements that are added count; what a role or identity may do says nothing of who
    gets in.
    """
    content = piece.content
    if isinstance(content, Edit):
        if piece.side is Side.OWNER:
            added = content.statement if isinstance(content.statement, list) else [content.statement]
            yield piece.name, {"Version": "2012-10-17", "Statement": added}
    elif isinstance(content, NewRole):
        yield piece.name, content.trust
    elif isinstance(content, ResourceShare):
        yield piece.name, content.policy
    else:
        assert_never(content)


def with_document(piece: Piece, document: Mapping[str, object]) -> Piece:
    """The piece with another document in the place of the one that says who gets in."""
    content = piece.content
    if isinstance(content, Edit):
        return replace(piece, content=replace(content, statement=document["Statement"]))
    if isinstance(content, NewRole):
        return replace(piece, content=replace(content, trust=document))
    if isinstance(content, ResourceShare):
        return replace(piece, content=replace(content, policy=document))
    assert_never(content)
