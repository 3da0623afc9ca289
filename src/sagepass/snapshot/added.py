"""Principals that exist in thought only, laid over a snapshot: a role that is to be made, a stranger who tries.

Nothing is added to the saved answers: the result is a layer, as with any other change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sagepass.policy.arn import parse_arn
from sagepass.policy.document import PolicyForm
from sagepass.policy.kinds import PolicyType
from sagepass.snapshot.changes import PolicyChange
from sagepass.snapshot.errors import SnapshotError
from sagepass.snapshot.identities import Identities, StoredPrincipal
from sagepass.snapshot.principals import PrincipalKind


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedPrincipal:
    """A user or role: its ARN, its inline policies by name, and the trust policy of a role."""

    arn: str
    inline: Mapping[str, object] = field(default_factory=dict)
    trust: object = None

    @property
    def account(self) -> str:
        """The 12-digit account."""
        parts = parse_arn(self.arn)
        return parts.account if parts else ""

    def stored(self) -> StoredPrincipal:
        """The principal as a snapshot holds it.

        Raises:
            SnapshotError: the ARN is not that of a user or role.
        """
        parts = parse_arn(self.arn)
        kind, _, rest = parts.resource.partition("/") if parts else ("", "", "")
        if parts is None or parts.service != "iam" or kind not in set(PrincipalKind) or not rest:
            raise SnapshotError(f"{self.arn} is not the ARN of a user or role", remedy="check the ARN")
        path, _, name = rest.rpartition("/")
        form = PolicyForm.INLINE_USER if kind == "user" else PolicyForm.INLINE_ROLE
        trust = None
        if self.trust is not None:
            trust = self._policy("trust policy", PolicyType.ROLE_TRUST_POLICY, PolicyForm.TRUST, self.trust).stored()
        return StoredPrincipal(
            arn=self.arn,
            kind=PrincipalKind(kind),
            name=name,
            path=f"/{path}/" if path else "/",
            inline=tuple(
                self._policy(title, PolicyType.IDENTITY_BASED_POLICY, form, document).stored()
                for title, document in self.inline.items()
            ),
            trust=trust,
        )

    def _policy(self, name: str, kind: PolicyType, form: PolicyForm, document: object) -> PolicyChange:
        return PolicyChange(holder=self.arn, type=kind, name=name, form=form, document=document)


def add_principals(known: Mapping[str, Identities | None], added: Iterable[AddedPrincipal]) -> dict[str, Identities]:
    """The identities of each account with these principals in it, or in the place of those of the same ARN.

    Raises:
        SnapshotError: an ARN is not that of a user or role.
    """
    found: dict[str, dict[str, StoredPrincipal]] = {}
    for principal in added:
        found.setdefault(principal.account, {})[principal.arn] = principal.stored()
    result = {}
    for account, principals in found.items():
        before = known.get(account)
        if before is None:
            result[account] = Identities(account=account, principals=principals)
        else:
            result[account] = Identities(
                account=account,
                principals={**before.principals, **principals},
                groups=before.groups,
                managed=before.managed,
                truncated=before.truncated,
                findings=before.findings,
            )
    return result
