"""A denial while it is being read: what one piece of the cleaned text says, before its surroundings are added."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sagepass.denial.principal import account_of, principal_type

if TYPE_CHECKING:
    from sagepass.denial.action_name import ActionName
    from sagepass.denial.record import DenialKind, OtherError, PrincipalType
    from sagepass.denial.reference import Reference
    from sagepass.policy.kinds import Effect, PolicyType


@dataclass(slots=True, kw_only=True)
class Draft:
    """Fields as in :class:`~sagepass.denial.record.Denial`; positions are those of the cleaned text.

    ``settled`` drafts name their cause in words; the others rest on an error code alone and give way to a settled one
    nearby.
    """

    kind: DenialKind
    start: int
    end: int
    settled: bool = True
    principal: str | None = None
    principal_type: PrincipalType | None = None
    account: str | None = None
    action: str | None = None
    action_inferred: str | None = None
    resource: str | None = None
    policy_type: PolicyType | None = None
    effect: Effect | None = None
    operation: str | None = None
    service: str | None = None
    policy_arn: str | None = None
    authorization_id: str | None = None
    encoded_message: str | None = None
    reason: OtherError | None = None
    region: str | None = None
    error_code: str | None = None
    context: dict[str, tuple[str, ...]] = field(default_factory=dict)
    basis: dict[str, str] = field(default_factory=dict)
    places: dict[str, tuple[int, int]] = field(default_factory=dict)
    request: tuple[int, int] | None = None

    def set_principal(self, found: Reference, kind: PrincipalType | None = None) -> None:
        """Take a caller with its kind and account."""
        self.principal = found.value
        self.principal_type = kind or principal_type(found.value)
        self.account = account_of(found.value)
        self.places["principal"] = (found.start, found.end)
        self.cover(found.start, found.end)

    def set_resource(self, found: Reference) -> None:
        """Take a resource."""
        self.resource = found.value
        self.places["resource"] = (found.start, found.end)
        self.cover(found.start, found.end)

    def set_action(self, found: ActionName) -> None:
        """Take an action that the text names."""
        self.action = found.action
        self.service = found.service
        self.places["action"] = (found.start, found.end)
        if found.doubled:
            self.basis["action"] = f"the text spells the prefix twice ({found.service}:{found.action})"

    def infer_action(self, action: str, why: str) -> None:
        """Take an action that the text only implies."""
        self.action_inferred = action
        self.service = self.service or action.partition(":")[0].lower()
        self.basis["action_inferred"] = why

    def cover(self, start: int, end: int) -> None:
        """Extend the piece of text that this draft stands for."""
        self.start = min(self.start, start)
        self.end = max(self.end, end)
