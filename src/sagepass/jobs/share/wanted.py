"""Everything that the documents of a plan are written from."""

from __future__ import annotations

from dataclasses import dataclass

from sagepass.catalog.sharing import Mechanism
from sagepass.jobs.share.beside import Beside
from sagepass.jobs.share.naming import PartyNaming, name_party
from sagepass.jobs.share.party import Party
from sagepass.jobs.share.subject import Subject
from sagepass.snapshot.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Everything that the documents are written from.

    ``beside`` is what is read besides; ``worker`` is the principal that reads it, where the caller does not (the execution
    role of a model).
    """

    subject: Subject
    party: Party
    mechanism: Mechanism
    actions: tuple[str, ...]
    beside: tuple[Beside, ...] = ()
    router: str | None = None
    worker: str | None = None
    role_name: str = "sagepass-share"
    snapshot: Snapshot | None = None

    @property
    def naming(self) -> PartyNaming:
        """How documents name the party."""
        return name_party(self.party, partition=self.subject.arn.partition, owner=self.subject.arn.account)

    @property
    def role_arn(self) -> str:
        """The role that a plan with a role makes."""
        return f"arn:{self.subject.arn.partition}:iam::{self.subject.arn.account}:role/{self.role_name}"
