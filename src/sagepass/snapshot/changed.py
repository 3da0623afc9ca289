"""The layer of changes over the saved answers: every kind of policy has its place in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar, assert_never

from sagepass.policy.arn import parse_arn
from sagepass.policy.kinds import PolicyType
from sagepass.snapshot.changes import PolicyChange, change_identities, change_list
from sagepass.snapshot.errors import SnapshotError
from sagepass.snapshot.identities import Identities
from sagepass.snapshot.stored import StoredPolicy

if TYPE_CHECKING:
    from sagepass.snapshot.snapshot import Snapshot

Policies = tuple[StoredPolicy, ...]
K = TypeVar("K")
V = TypeVar("V")


def _none() -> Mapping[K, V]:
    return MappingProxyType({})


@dataclass(frozen=True, kw_only=True, eq=False)
class Changed:
    """What changes have put in the place of saved answers.

    Attributes:
        identities: by account.
        resources: policies by the ARN of the resource that carries them.
        endpoints: policies by the id of the VPC endpoint.
        sessions: session policies by the ARN of the session.
        controls: service and resource control policies by target and type.
    """

    identities: Mapping[str, Identities] = field(default_factory=_none)
    resources: Mapping[str, Policies] = field(default_factory=_none)
    endpoints: Mapping[str, Policies] = field(default_factory=_none)
    sessions: Mapping[str, Policies] = field(default_factory=_none)
    controls: Mapping[tuple[str, PolicyType], Policies] = field(default_factory=_none)


def changed_with(snapshot: Snapshot, change: PolicyChange) -> Changed:
    """The layer after one more change.

    Raises:
        SnapshotError: the change names a user, group, role or resource that cannot be found.
    """
    was = snapshot.changes
    match change.type:
        case PolicyType.SERVICE_CONTROL_POLICY | PolicyType.RESOURCE_CONTROL_POLICY:
            return replace(was, controls={**was.controls, **_controls(snapshot, change)})
        case PolicyType.VPC_ENDPOINT_POLICY:
            endpoint = change.holder.rpartition("/")[2]
            saved = {item.endpoint_id: item.policy for item in snapshot.vpc_endpoints()}.get(endpoint)
            before = was.endpoints.get(endpoint, (saved,) if saved else ())
            return replace(was, endpoints={**was.endpoints, endpoint: _single(before, change)})
        case PolicyType.SESSION_POLICY:
            stated = snapshot.stored_session_policies(change.holder) or ()
            return replace(was, sessions={**was.sessions, change.holder: change_list(stated, change)})
        case PolicyType.IDENTITY_BASED_POLICY | PolicyType.PERMISSIONS_BOUNDARY | PolicyType.ROLE_TRUST_POLICY:
            return replace(was, identities={**was.identities, **_identities(snapshot, change)})
        case PolicyType.RESOURCE_BASED_POLICY:
            return _with_resource(snapshot, change)
    assert_never(change.type)


def _with_resource(snapshot: Snapshot, change: PolicyChange) -> Changed:
    was = snapshot.changes
    parts = parse_arn(change.holder)
    if parts is None:
        raise SnapshotError(f"{change.holder} is not the ARN of a resource", remedy="give the resource's ARN")
    if parts.service == "iam":
        return replace(was, identities={**was.identities, **_identities(snapshot, change)})
    holder = snapshot.resource_holder(change.holder)
    before = was.resources.get(holder, snapshot.stored_resource_policies(change.holder))
    return replace(was, resources={**was.resources, holder: _single(before, change)})


def _identities(snapshot: Snapshot, change: PolicyChange) -> dict[str, Identities]:
    parts = parse_arn(change.holder)
    identities = snapshot.identities(parts.account) if parts else None
    if parts is None or identities is None:
        raise SnapshotError(
            f"the snapshot does not know the account of {change.holder}",
            remedy="collect that account's authorization details",
        )
    return {parts.account: change_identities(identities, change)}


def _controls(snapshot: Snapshot, change: PolicyChange) -> dict[tuple[str, PolicyType], Policies]:
    """A control policy's document changes on every target that it is attached to."""
    before = snapshot.control_policies_on(change.holder, change.type) or ()
    found = {(change.holder, change.type): change_list(before, change)}
    named = next((policy for policy in before if policy.name == change.name), None)
    if change.document is None or named is None:
        return found
    for target in snapshot.control_targets():
        policies = snapshot.control_policies_on(target, change.type) or ()
        if target != change.holder and any(policy.arn == named.arn for policy in policies):
            found[target, change.type] = change_list(policies, replace(change, arn=named.arn))
    return found


def _single(before: Policies, change: PolicyChange) -> Policies:
    """A resource has one policy of its own, whatever the change calls it; policies of AWS RAM stay beside it."""
    if len(before) == 1 and before[0].form is change.form and change.document is not None:
        return (change.stored(before[0]),)
    if len(before) == 1 and change.document is None:
        return ()
    return change_list(before, change)
