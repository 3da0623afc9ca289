"""How each SageMaker resource type can be shared with somebody outside its account.

Three ways exist: a policy on the resource itself, a resource share of AWS Resource Access Manager (RAM), and a role of
the owner that others assume. The role works for every type. SageMaker has no access control lists
(https://docs.aws.amazon.com/sagemaker/latest/dg/security_iam_service-with-iam.html).

The same page still says that SageMaker has no resource-based policies, so each row names the page that describes its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from sagepass.catalog.actions import find_action, service_actions
from sagepass.catalog.resources import resource_type


class Mechanism(StrEnum):
    """The three ways to let somebody else in."""

    POLICY = "policy"
    """A resource-based policy, put on the resource through SageMaker's own API."""
    RAM = "ram"
    """A resource share of AWS RAM; RAM writes the policy."""
    ROLE = "role"
    """A role in the owner's account that the other party assumes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyApi:
    """The operations that set, read and take away the policy of a resource."""

    put: str
    get: str
    delete: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RamPermission:
    """A managed permission of AWS RAM.

    ``name`` is ``None`` for the default permission of a type whose name AWS's pages do not tell: a share that names no
    permission gets it (https://docs.aws.amazon.com/ram/latest/APIReference/API_CreateResourceShare.html). ``actions`` is ``None`` where AWS does not list what the permission allows; ``aws ram get-permission`` prints it.
    """

    name: str | None
    actions: tuple[str, ...] | None
    note: str = ""

    def arn(self, partition: str = "aws") -> str | None:
        """The ARN that a resource share names it by.

        https://docs.aws.amazon.com/ram/latest/userguide/security-ram-permissions.html
        """
        return f"arn:{partition}:ram::aws:permission/{self.name}" if self.name else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """One row: how a resource type is shared.

    Attributes:
        resource_type: as the Service Authorization Reference names it.
        policy: the operations of its resource-based policy; ``None`` where it has none of its own.
        ram_type: the type that a resource share names (``sagemaker:Pipeline``); ``None`` where RAM does not share it.
        permissions: the managed permissions of RAM for it, narrowest first.
        family: resource type to the resource part of its ARNs, for all that is shared along with the resource;
            ``{name}`` stands for the resource's own name.
        entities: the same for what lies in the resource and is asked about by its own ARN: policies of identities name it,
            the resource's own policy does not.
        named_on: action to the types of the family that a policy names it on, where the reference and AWS's own example
            differ.
        actions: what is shared if nobody says otherwise, by policy or RAM.
        role_actions: the same for a role; the actions of ``actions`` if empty.
        beside: what such access takes besides, in words.
        open: what AWS does not settle.
        notes: what one should know.
        sources: AWS's pages.
    """

    resource_type: str
    policy: PolicyApi | None = None
    ram_type: str | None = None
    permissions: tuple[RamPermission, ...] = ()
    family: MappingProxyType[str, str] = field(default_factory=lambda: MappingProxyType({}))
    entities: MappingProxyType[str, str] = field(default_factory=lambda: MappingProxyType({}))
    named_on: MappingProxyType[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    actions: tuple[str, ...] = ()
    role_actions: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def mechanisms(self) -> tuple[Mechanism, ...]:
        """What works for the type."""
        found = [Mechanism.POLICY] if self.policy is not None else []
        found += [Mechanism.RAM] if self.ram_type is not None else []
        return (*found, Mechanism.ROLE)

    def permission_for(self, actions: Iterable[str]) -> RamPermission | None:
        """The narrowest managed permission that is known to hold all of these actions."""
        wanted = {action.lower() for action in actions}
        known = (item for item in self.permissions if item.actions is not None)
        return next((item for item in known if wanted <= {action.lower() for action in item.actions or ()}), None)


def sharing_of(resource_type_name: str) -> Sharing | None:
    """The row of a SageMaker resource type, in any case; ``None`` if SageMaker has no such type.

    A type that lies within another is answered by its own row, which says what carries the policy. A type without
    special rules can be reached through a role only.
    """
    from sagepass.catalog.sharing_rows import ROWS  # noqa: PLC0415 - the rows build on the records above

    name = resource_type_name.lower()
    row = ROWS.get(name)
    if row is not None:
        return row
    known = resource_type("sagemaker", name)
    return None if known is None else _role_only(known.name)


def shareable_types() -> tuple[str, ...]:
    """The types that have more than a role, sorted."""
    from sagepass.catalog.sharing_rows import ROWS  # noqa: PLC0415 - the rows build on the records above

    return tuple(sorted(name for name, row in ROWS.items() if len(row.mechanisms) > 1))


def _role_only(name: str) -> Sharing:
    return Sharing(
        resource_type=name,
        actions=reading_actions(name),
        notes=(
            (
                "most APIs take this resource by its plain name and look in the caller's own account, so a grant across "
                "accounts would have nothing to act on"
            ),
        ),
        sources=(
            "https://docs.aws.amazon.com/sagemaker/latest/dg/security_iam_service-with-iam.html",
            "https://docs.aws.amazon.com/IAM/latest/UserGuide/tutorial_cross-account-with-roles.html",
        ),
    )


def reading_actions(resource_type_name: str) -> tuple[str, ...]:
    """The Describe actions on a type: what a reader needs at least; the Get and List actions where there is none."""
    reads = [
        action.id
        for action in service_actions("sagemaker")
        if action.access_level in {"Read", "List"}
        and any(use.type == resource_type_name and use.required for use in action.resource_types)
    ]
    return tuple([action for action in reads if ":Describe" in action] or reads)


def named_in_policies_of_resources(action: str) -> bool:
    """Whether an example of AWS allows the action in the policy of a resource on that resource's ARN, whatever the reference says.

    ``sagemaker:QueryLineage`` takes no resource by the reference, and is allowed on a lineage group
    (https://docs.aws.amazon.com/sagemaker/latest/dg/xaccount-lineage-tracking.html).
    """
    from sagepass.catalog.sharing_rows import ROWS  # noqa: PLC0415 - the rows build on the records above

    return any(name.lower() == action.lower() for row in ROWS.values() for name in row.named_on)


def acts_on(action: str) -> frozenset[str]:
    """The resource types that an action is authorized on; empty for one that takes none, or is not known."""
    found = find_action(action)
    return frozenset(use.type for use in found.resource_types) if found else frozenset()
