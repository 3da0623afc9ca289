"""The rows in which a file of this room says what the operations of its service need.

Without a row an operation needs the action of its own name, on the resource types that the Service Authorization Reference
lists for it (https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html).
A table therefore holds three things: how resource types are named in requests, which members carry which condition keys,
and the operations that differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias, TypeVar

from sagepass.calls.call import Call, Confidence, Values
from sagepass.calls.condition_values import Conditions
from sagepass.calls.resource_arns import Named
from sagepass.snapshot.snapshot import Snapshot

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A call and what is known around it.

    Attributes:
        call: the call.
        snapshot: where names that are no ARNs are looked up (paths of roles, keys behind aliases); ``None`` if there is none.
        caller: ARN of the caller, for operations that mean the caller where they name nobody; ``None`` if not known.
    """

    call: Call
    snapshot: Snapshot | None = None
    caller: str | None = None


Rule: TypeAlias = Mapping[str, str]
"""Template variable to request path, as in :class:`sagepass.catalog.operations.Operation`.

``Account`` may be among the variables; it counts only where the request has the member."""

Finder: TypeAlias = Callable[[Asked], Iterable[Named]]
"""Names the resources of one type where a rule cannot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One authorization of an operation.

    Attributes:
        action: its name, with a prefix only where it is another service's.
        on: the resource types, in order; empty: those that the catalog lists for the action.
        when: request paths (``A|B``): the row counts only if one of them has a value.
        unless: request paths: the row counts only if none of them has a value.
        role: for ``iam:PassRole``, the request path that holds the role.
        keys: whether the members of the request describe this action; false for the source of a copy.
        each: the row counts only for resources that the request names; none, no authorization.
        context: keys that are the same in every such request.
        confidence: how sure it is that AWS checks it.
        note: what a person should know about it.
    """

    action: str
    on: tuple[str, ...] = ()
    when: str = ""
    unless: str = ""
    role: str = ""
    keys: bool = True
    each: bool = False
    context: tuple[tuple[str, Values], ...] = ()
    confidence: Confidence = Confidence.DOCUMENTED
    note: str = ""


Hook: TypeAlias = Callable[[Asked, str, Named], Conditions]
"""Condition keys of an action (``service:Name``) on a resource that no request path gives."""


def _nothing() -> Mapping[str, _Value]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ServiceTable:
    """What the operations of one client need.

    Attributes:
        prefix: the service prefix of its actions.
        resources: resource type (AWS's, or one of the file's own for rows) to how a request names it.
        keys: condition key to the request paths that hold its values; used where the action can carry the key.
        defaults: what AWS takes where the member for a key is left out.
        instead: rows in place of the action of the same name.
        beside: rows in addition to it.
        looked_up: keys that AWS takes from what is stored, and not from the request: where nothing else settles them they
            are open. A family (``s3:ExistingObjectTag/<key>``) stands for all its keys.
        conditions: further condition keys.
    """

    prefix: str
    resources: Mapping[str, Rule | Finder] = field(default_factory=_nothing)
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=_nothing)
    defaults: Mapping[str, str] = field(default_factory=_nothing)
    instead: Mapping[str, tuple[Row, ...]] = field(default_factory=_nothing)
    beside: Mapping[str, tuple[Row, ...]] = field(default_factory=_nothing)
    looked_up: tuple[str, ...] = ()
    conditions: Hook | None = None


def pass_role(path: str, service: str = "", *, confidence: Confidence = Confidence.DOCUMENTED, note: str = "") -> Row:
    """The row of a role that the request passes to a service; without one AWS does not document to which.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    """
    return Row(
        action="iam:PassRole",
        role=path,
        context=(("iam:PassedToService", (service,)),) if service else (),
        confidence=confidence,
        note=note,
    )
