"""The identity whose policies a simulation takes: a user, group or role of the account, and what is left out of it.

Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html and
https://docs.aws.amazon.com/IAM/latest/APIReference/API_PolicyIdentifier.html
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sagepass.endpoint.answers.members import Members
from sagepass.endpoint.answers.world import ApiError, World
from sagepass.policy.arn import parse_arn
from sagepass.policy.document import Policy, PolicyForm
from sagepass.policy.glob import matches, read_pattern
from sagepass.policy.kinds import PolicyType
from sagepass.snapshot.identities import Identities, StoredGroup
from sagepass.snapshot.layer import GuardrailLayer

_TYPES = {
    "inline": frozenset({PolicyForm.INLINE_USER, PolicyForm.INLINE_GROUP, PolicyForm.INLINE_ROLE}),
    "aws-managed": frozenset({PolicyForm.AWS_MANAGED}),
    "user-managed": frozenset({PolicyForm.CUSTOMER_MANAGED}),
}
_INLINE = {
    "user": PolicyForm.INLINE_USER,
    "group": PolicyForm.INLINE_GROUP,
    "role": PolicyForm.INLINE_ROLE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The policies of one identity.

    Attributes:
        arn: of the user, group or role.
        identity: its identity-based policies, a user's groups included.
        boundary: its permissions boundary, ``None`` if it has none.
        tags: of a user or role.
        service_control: the service control policies over its account.
    """

    arn: str
    identity: tuple[Policy, ...]
    boundary: tuple[Policy, ...] | None
    tags: tuple[tuple[str, str], ...]
    service_control: GuardrailLayer

    @property
    def is_group(self) -> bool:
        """A group makes no requests."""
        parts = parse_arn(self.arn)
        return parts is not None and parts.resource.startswith("group/")


def source_of(arn: str, world: World) -> Source:
    """The identity behind an ARN of the caller's account.

    Raises:
        ApiError: ``NoSuchEntity`` if there is none, ``InvalidInput`` if the ARN cannot be that of one, or if its policies
            cannot be read.
    """
    parts = parse_arn(arn)
    kind = parts.resource.partition("/")[0] if parts else ""
    if parts is None or parts.service != "iam" or kind not in _INLINE:
        raise ApiError("InvalidInput", f"{arn} is not the ARN of a user, group or role")
    identities = world.snapshot.identities(parts.account) if parts.account == world.account else None
    if identities is None:
        raise _no_such(arn)
    if kind == "group":
        return _group(arn, identities, world)
    record = world.snapshot.principal(arn)
    if record is None:
        raise _no_such(arn)
    gaps = (*record.identity.missing, *record.boundary.missing)
    if gaps:
        raise ApiError("InvalidInput", f"not known here: {gaps[0].what}")
    return Source(
        arn=arn,
        identity=record.identity.policies,
        boundary=record.boundary.policies if record.boundary.exists else None,
        tags=record.tags,
        service_control=world.snapshot.service_control(parts.account),
    )


def _no_such(arn: str) -> ApiError:
    return ApiError("NoSuchEntity", f"there is no user, group or role {arn} in this account", 404)


def _group(arn: str, identities: Identities, world: World) -> Source:
    group = next((one for one in identities.groups.values() if one.arn == arn), None)
    if group is None:
        raise _no_such(arn)
    return Source(
        arn=arn,
        identity=tuple(_policies_of_group(group, identities)),
        boundary=None,
        tags=(),
        service_control=world.snapshot.service_control(world.account),
    )


def _policies_of_group(group: StoredGroup, identities: Identities) -> Iterable[Policy]:
    for inline in group.inline:
        yield inline.attached_to(group.arn)
    for attachment in group.attached:
        stored = identities.managed_policy(attachment.arn)
        if stored is None:
            raise ApiError("InvalidInput", f"not known here: the managed policy {attachment.arn}")
        yield stored.attached_to(group.arn, as_type=PolicyType.IDENTITY_BASED_POLICY)


def leave_out(source: Source, exclusions: Iterable[Members]) -> Source:
    """The identity as it would be without some policies; what matches nothing is ignored, as AWS has it.

    Raises:
        ApiError: an exclusion is not one of the three forms, or has wildcards where none may be.
    """
    for exclusion in exclusions:
        source = _without(source, exclusion)
    return source


def _without(source: Source, exclusion: Members) -> Source:
    kind, arn, inline = (
        exclusion.text("PolicyType"),
        exclusion.text("PolicyArn"),
        exclusion.inner("InlinePolicyIdentifier"),
    )
    if sum(given is not None for given in (kind, arn, inline)) != 1:
        raise exclusion.refuse("give exactly one of PolicyType, PolicyArn and InlinePolicyIdentifier")
    if kind == "permission-boundary":
        return replace(source, boundary=None)
    if kind == "scp":
        return replace(source, service_control=GuardrailLayer())
    if kind == "rcp":
        return source
    if kind is not None:
        forms = _TYPES.get(kind)
        if forms is None:
            raise exclusion.refuse(f"there is no policy type {kind!r}")
        return replace(source, identity=tuple(one for one in source.identity if one.form not in forms))
    if arn is not None:
        pattern = read_pattern(_checked(arn, exclusion))
        kept = tuple(one for one in source.identity if one.arn is None or not matches(pattern, one.arn))
        return replace(source, identity=kept)
    assert inline is not None
    return _without_inline(source, inline)


def _without_inline(source: Source, inline: Members) -> Source:
    name, kind = inline.required("PolicyName"), inline.required("AttachmentType")
    holder = read_pattern(_checked(inline.required("AttachmentName"), inline))
    form = _INLINE.get(kind)
    if form is None:
        raise inline.refuse(f"there is no attachment type {kind!r}")
    kept = tuple(
        one
        for one in source.identity
        if not (one.form is form and one.name == name and matches(holder, (one.holder or "").rpartition("/")[2]))
    )
    return replace(source, identity=kept)


def _checked(pattern: str, members: Members) -> str:
    """At most one ``*``, and none before the name."""
    head = pattern.rpartition("/")[0] if pattern.startswith("arn:") else ""
    if pattern.count("*") > 1 or set(head) & set("*?") or (pattern.startswith("arn:") and parse_arn(pattern) is None):
        raise members.refuse(f"{pattern!r} has wildcards where none may be, or is no ARN")
    return pattern
