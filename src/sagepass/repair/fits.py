"""Whether a changed policy still fits AWS's quotas.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html and the pages that
:mod:`sagepass.catalog.quotas` names.
"""

from __future__ import annotations

import json

from sagepass.catalog.quotas import Unit, policy_size, quota
from sagepass.policy.arn import parse_arn
from sagepass.policy.document import PolicyForm
from sagepass.policy.kinds import PolicyType
from sagepass.repair.fix import Edit
from sagepass.snapshot.identities import StoredGroup, StoredPrincipal
from sagepass.snapshot.snapshot import Snapshot

_INLINE = {
    PolicyForm.INLINE_USER: "inline-user-size",
    PolicyForm.INLINE_ROLE: "inline-role-size",
    PolicyForm.INLINE_GROUP: "inline-group-size",
}
_RESOURCE = {
    "s3": "bucket-policy-size",
    "kms": "key-policy-size",
    "secretsmanager": "secret-policy-size",
    "lambda": "function-policy-size",
}


def over_quota(edit: Edit, snapshot: Snapshot) -> str | None:
    """A sentence that says which quota the edit breaks; ``None`` if it fits or AWS names no quota for it."""
    if edit.change.document is None:
        return None
    name = _quota_name(edit)
    if name is not None:
        limit = quota(name)
        size = size_of(edit.after, limit.unit) + _beside(edit, snapshot, limit.unit)
        if size > limit.default:
            raised = f" (AWS raises it to {limit.maximum:,} on request)" if limit.maximum > limit.default else ""
            return f"{edit.where} would take {size:,} of {limit.default:,} {limit.unit}{raised}"
    return _attachments(edit, snapshot)


def size_of(document: object, unit: Unit) -> int:
    """The size of a document, saved without white space between its elements."""
    return policy_size(json.dumps(document, separators=(",", ":"), ensure_ascii=False), unit)


def _quota_name(edit: Edit) -> str | None:
    match edit.policy_type:
        case PolicyType.SERVICE_CONTROL_POLICY:
            return "scp-size"
        case PolicyType.RESOURCE_CONTROL_POLICY:
            return "rcp-size"
        case PolicyType.SESSION_POLICY:
            return "session-policy-size"
        case PolicyType.ROLE_TRUST_POLICY:
            return "trust-policy-size"
        case PolicyType.RESOURCE_BASED_POLICY:
            parts = parse_arn(edit.change.holder)
            return _RESOURCE.get(parts.service) if parts else None
        case PolicyType.VPC_ENDPOINT_POLICY:
            return None
        case PolicyType.IDENTITY_BASED_POLICY | PolicyType.PERMISSIONS_BOUNDARY:
            return _INLINE.get(edit.change.form, "managed-policy-size")


def _beside(edit: Edit, snapshot: Snapshot, unit: Unit) -> int:
    """The inline policies of a holder count together."""
    if edit.change.form not in _INLINE:
        return 0
    stored = holder_of(edit.change.holder, snapshot)
    others = [policy for policy in stored.inline if policy.name != edit.change.name] if stored else []
    return sum(policy.document.size for policy in others) if unit is Unit.CHARACTERS_WITHOUT_SPACE else 0


def holder_of(arn: str, snapshot: Snapshot) -> StoredPrincipal | StoredGroup | None:
    """The user, role or group of an ARN as it is stored."""
    parts = parse_arn(arn)
    identities = snapshot.identities(parts.account) if parts else None
    if identities is None:
        return None
    found = identities.principals.get(arn)
    return found or next((group for group in identities.groups.values() if group.arn == arn), None)


def _attachments(edit: Edit, snapshot: Snapshot) -> str | None:
    """One more policy on a principal or a target must not be one too many."""
    if edit.before is not None:
        return None
    if edit.policy_type is PolicyType.SERVICE_CONTROL_POLICY:
        attached = len(snapshot.control_policies_on(edit.change.holder, edit.policy_type) or ())
        limit = quota("scps-per-target")
    elif edit.change.form is PolicyForm.CUSTOMER_MANAGED:
        stored = holder_of(edit.change.holder, snapshot)
        attached = len(stored.attached) if stored else 0
        kind = edit.change.holder.rpartition(":")[2].partition("/")[0]
        limit = quota(f"managed-policies-per-{kind}")
    else:
        return None
    if attached < limit.default:
        return None
    raised = f" (AWS raises it to {limit.maximum} on request)" if limit.maximum > limit.default else ""
    return f"{attached} policies are attached to {edit.change.holder}, and the quota is {limit.default}{raised}"
