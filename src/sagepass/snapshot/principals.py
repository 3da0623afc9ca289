"""Users and roles, with all policies that are attached to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from sagepass.snapshot.layer import Layer


class PrincipalKind(StrEnum):
    """The kinds of IAM identities that make requests."""

    USER = "user"
    ROLE = "role"


@dataclass(frozen=True, kw_only=True, eq=False)
class PrincipalRecord:
    """One user or role. The policies are parsed when they are asked for.

    Attributes:
        arn: with the path.
        kind: user or role.
        account: the 12-digit account.
        name: without the path.
        path: ``/`` or ``/service-role/``.
        unique_id: ``AIDA…`` or ``AROA…``; empty if the answer does not say.
        tags: key and value, as they are spelled.
        tags_known: false if the snapshot contradicts itself about them.
        groups: names of the groups that a user is in.
        description: of a role.
        max_session_duration: of a role, in seconds; ``None`` if the answer does not say.
    """

    arn: str
    kind: PrincipalKind
    account: str
    name: str
    path: str
    unique_id: str
    tags: tuple[tuple[str, str], ...] = ()
    tags_known: bool = True
    groups: tuple[str, ...] = ()
    description: str = ""
    max_session_duration: int | None = None
    read_identity: Callable[[], Layer]
    read_boundary: Callable[[], Layer]
    read_trust: Callable[[], Layer]

    @cached_property
    def identity(self) -> Layer:
        """Inline and attached policies, and those of the user's groups; each names its holder."""
        return self.read_identity()

    @cached_property
    def boundary(self) -> Layer:
        """The permissions boundary."""
        return self.read_boundary()

    @cached_property
    def trust(self) -> Layer:
        """The role trust policy; a user has none."""
        return self.read_trust()

    @property
    def service_linked(self) -> bool:
        """Whether this is a service-linked role, which only its service can change and assume.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html
        """
        return self.kind is PrincipalKind.ROLE and self.path.startswith("/aws-service-role/")

    @property
    def permission_set(self) -> str | None:
        """The name of the IAM Identity Center permission set that made this role, if one did.

        https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
        """
        prefix = "AWSReservedSSO_"
        if self.kind is not PrincipalKind.ROLE or not self.path.startswith("/aws-reserved/sso.amazonaws.com/"):
            return None
        return self.name.removeprefix(prefix).rpartition("_")[0] if self.name.startswith(prefix) else None
