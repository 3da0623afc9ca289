"""The request as a text tells it, and the statements that would allow it."""

from __future__ import annotations

from dataclasses import dataclass

from sagepass.calls.container_image import PULL
from sagepass.engine.request import Request
from sagepass.policy.caller import Caller, CallerKind
from sagepass.repair.option import name_of
from sagepass.repair.statement_for import held_to_its_use, resource_in_own_policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The request as the text tells it."""

    request: Request
    caller: Caller
    resource: str

    @property
    def who(self) -> str:
        """The caller in words."""
        return name_of(self.caller.role_arn or self.caller.arn)

    @property
    def what(self) -> str:
        """The action and the resource in words."""
        return f"{self.request.action} on {self.resource}"

    @property
    def crosses_accounts(self) -> bool:
        """Whether the resource is known to be in another account than the caller."""
        own, other = self.caller.account, self.request.resource_account
        return own is not None and other is not None and own != other

    @property
    def actions(self) -> str | list[str]:
        """The action; for the pull of an image all three that it takes, since AWS refuses it for any of them."""
        return list(PULL) if self.request.action in PULL else self.request.action

    @property
    def statement(self) -> dict[str, object]:
        """The Allow that an identity-based policy needs for exactly this request."""
        return self._held({"Effect": "Allow", "Action": self.actions, "Resource": self.resource})

    def for_principal(self) -> dict[str, object]:
        """The same for the policy of the resource, which has to name the caller."""
        service = self.caller.kind is CallerKind.SERVICE
        principal = {"Service" if service else "AWS": self.caller.role_arn or self.caller.arn}
        statement: dict[str, object] = {"Effect": "Allow", "Principal": principal, "Action": self.actions}
        resource = resource_in_own_policy(self.request.action, self.resource)
        return self._held(statement if resource is None else {**statement, "Resource": resource})

    def _held(self, statement: dict[str, object]) -> dict[str, object]:
        conditions = held_to_its_use(self.request)
        return {**statement, "Condition": conditions} if conditions else statement
