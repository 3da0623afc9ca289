"""Who has to allow a request: the one formula, for a single decision and for many at once.

It is written with "and", "or" and two steps for what AWS leaves open, so that it works on one truth
(:class:`~sagepass.policy.truth.Truth`) as well as on planes of them (:mod:`sagepass.engine.bulk`). Source:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html (one account),
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html (two accounts)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar


class Kleene(Protocol):
    """Something that is true, false or unknown, or many of these at once."""

    def __and__(self, other: Any, /) -> Any:  # noqa: ANN401 - of its own type; a Protocol cannot say so for an IntEnum
        """And."""

    def __or__(self, other: Any, /) -> Any:  # noqa: ANN401 - the same
        """Or."""

    def softened(self) -> Any:  # noqa: ANN401 - the same
        """What certainly holds stays; anything else is not settled."""

    def agreed(self, other: Any, /) -> Any:  # noqa: ANN401 - the same
        """The common answer of two readings of which one is right; unknown if they differ."""


T = TypeVar("T", bound=Kleene)


@dataclass(frozen=True, slots=True)
class Allows(Generic[T]):
    """What each side allows.

    Attributes:
        direct, role, anyone, account: the resource's policy, by how it names the caller.
        identity, boundary, session: the caller's own policies.
        key_or_trust_optional: false where the resource's policy must allow (KMS keys, roles that are assumed).
    """

    direct: T
    role: T
    anyone: T
    account: T
    identity: T
    boundary: T
    session: T
    key_or_trust_optional: T

    @property
    def resource(self) -> T:
        """The resource's policy lets the caller in by any naming."""
        found: T = self.direct | self.role | self.anyone | self.account
        return found


def base_in_one_account(allows: Allows[T]) -> T:
    """The identity's policy or the role's naming, before boundary and session policy limit them."""
    found: T = allows.role | (allows.identity & (allows.account | allows.key_or_trust_optional))
    return found


def granted_in_one_account(allows: Allows[T]) -> T:
    """One account: the resource's policy and the identity's add up, limited by boundary and session policy.

    A grant to the caller itself is limited by neither; for ``*`` without ``aws:PrincipalArn`` AWS does not say.
    """
    limited = base_in_one_account(allows) & allows.boundary & allows.session
    by_anyone = allows.anyone & allows.boundary.softened() & allows.session.softened()
    found: T = allows.direct | limited | by_anyone
    return found


def granted_across_accounts(allows: Allows[T]) -> T:
    """Two accounts: the resource's policy and everything on the caller's side must allow, without short-cuts."""
    found: T = allows.resource & allows.identity & allows.boundary & allows.session
    return found


def granted_by_resource_alone(allows: Allows[T]) -> T:
    """A caller without policies of its own (a service, an outside identity, nobody): only the resource's policy can."""
    found: T = allows.direct | allows.anyone
    return found
