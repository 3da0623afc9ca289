"""A fix: what to change, where, by whom, what it grants, and how far it was checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from sagepass.engine.decision import Decision
from sagepass.policy.kinds import CheckType, PolicyType
from sagepass.snapshot.changes import PolicyChange

if TYPE_CHECKING:
    from sagepass.proof.change import ChangeProof


class Applicability(StrEnum):
    """How far a fix can be relied on."""

    PROVEN = "PROVEN"
    """Re-evaluated, and proven to let nothing through beyond what it says it grants."""
    LIKELY = "LIKELY"
    """Re-evaluated: the request is then allowed, or allowed provided that what was not supplied allows it."""
    PLACEHOLDERS = "PLACEHOLDERS"
    """Holds parts to fill in."""
    DISPLAY_ONLY = "DISPLAY_ONLY"
    """Advice: nothing that could be re-evaluated here."""


class Owner(StrEnum):
    """Who must make a change."""

    CALLER = "the caller"
    ACCOUNT = "an administrator of the account"
    RESOURCE_ACCOUNT = "an administrator of the resource's account"
    ORGANIZATION = "an administrator of the organization"
    PERMISSION_SET = "an administrator of IAM Identity Center"
    KEY = "an administrator of the KMS key"
    ENDPOINT = "the owner of the VPC endpoint"
    CODE = "whoever maintains the stack or Terraform code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One change of one policy.

    Attributes:
        change: the policy with its new document, as the snapshot applies it.
        policy_type: the kind of policy.
        check: the check that it repairs.
        where: a phrase for people: ``inline policy sagepass-… of user mateojackson``.
        owner: who must make it; ``account`` is theirs.
        account: the account (or organization) in which the change is made.
        before: the document as it is; ``None`` for a new policy.
        after: the document as it shall be.
        statement: the statement that is added or changed, alone.
    """

    change: PolicyChange
    policy_type: PolicyType
    check: CheckType
    where: str
    owner: Owner
    account: str | None
    before: object | None
    after: object
    statement: object | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """One way out.

    Attributes:
        title: one line, an imperative: ``allow sagemaker:DescribeTrainingJob on my-example-widget for user mateojackson``.
        edits: what changes, each in one policy; empty for advice (``change the request instead``).
        applicability: see :class:`Applicability`.
        grants: sentences on all that becomes allowed.
        grants_data: the same as data: (principal, action pattern, resource pattern, conditions as JSON text).
        proof: whether nothing else becomes allowed; ``None`` where nothing was proven (advice, another request).
        result: the decision with the fix applied; ``None`` for advice.
        minimal: true if leaving out any one edit was tried and the request was then denied again.
        not_checked: what the re-evaluation rests on that was not supplied.
        warnings: what a careful administrator should know first (passes a stronger role, reaches a whole group, …).
        after: what still has to happen after the change (new session, restart, propagation).
        steps: for advice, what to do.
        optional: true for a companion that only makes the console page work.
    """

    title: str
    edits: tuple[Edit, ...]
    applicability: Applicability
    grants: tuple[str, ...] = ()
    grants_data: tuple[tuple[str, str, str, str], ...] = ()
    proof: ChangeProof | None = None
    result: Decision | None = None
    minimal: bool = False
    not_checked: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    steps: tuple[str, ...] = field(default=())
    optional: bool = False
