"""A role that does not exist yet, laid over the saved answers."""

from __future__ import annotations

from dataclasses import replace

from sagepass.policy.arn import parse_arn
from sagepass.policy.document import PolicyForm
from sagepass.policy.kinds import PolicyType
from sagepass.snapshot.errors import SnapshotError
from sagepass.snapshot.identities import StoredPrincipal
from sagepass.snapshot.principals import PrincipalKind
from sagepass.snapshot.snapshot import Snapshot
from sagepass.snapshot.stored import StoredPolicy
from sagepass.source.origin import Origin


def with_new_role(snapshot: Snapshot, arn: str, trust: object) -> Snapshot:
    """A copy of the snapshot with one more role, which has a trust policy and may do nothing.

    Raises:
        SnapshotError: the ARN is not that of a role, the account is not known, or it has a role of that name.
    """
    parts = parse_arn(arn)
    kind, _, rest = parts.resource.partition("/") if parts else ("", "", "")
    if parts is None or parts.service != "iam" or kind != "role" or not rest:
        raise SnapshotError(f"{arn} is not the ARN of a role", remedy="check the name")
    identities = snapshot.identities(parts.account)
    if identities is None:
        raise SnapshotError(
            f"the snapshot does not know account {parts.account}", remedy="collect its authorization details"
        )
    path, _, name = rest.rpartition("/")
    if identities.role_named(name) is not None:
        raise SnapshotError(f"account {parts.account} has a role {name} already", remedy="choose another name")
    label = f"new trust policy of {name}"
    role = StoredPrincipal(
        arn=arn,
        kind=PrincipalKind.ROLE,
        name=name,
        path=f"/{path}/" if path else "/",
        trust=StoredPolicy(
            name="trust policy",
            type=PolicyType.ROLE_TRUST_POLICY,
            form=PolicyForm.TRUST,
            value=trust,
            origin=Origin(name=label, value=trust),
        ),
    )
    changed = replace(identities, principals={**identities.principals, arn: role})
    layer = replace(snapshot.changes, identities={**snapshot.changes.identities, parts.account: changed})
    return snapshot.with_layer(layer)
