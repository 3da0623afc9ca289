"""How large policies may be and how many may be attached: to be checked before a change is proposed.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (IAM and STS),
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html (organization policies; the two
figures for service control policies were doubled on 2026-05-15), and the page named in a row for resource policies.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

_IAM = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"
_ORGANIZATIONS = "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html"
_S3 = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/add-bucket-policy.html"
_KMS = "https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html"
_SECRETS = "https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html"
_LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"


class Unit(StrEnum):
    """What a quota counts."""

    CHARACTERS_WITHOUT_SPACE = "characters, white space not counted"
    CHARACTERS = "characters"
    BYTES = "bytes"
    POLICIES = "policies"
    VERSIONS = "versions"
    GROUPS = "groups"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """One quota. ``maximum`` is what AWS raises it to on request; equal to ``default`` where it cannot be raised."""

    name: str
    default: int
    maximum: int
    unit: Unit
    source: str
    note: str = ""


def _fixed(name: str, value: int, unit: Unit, source: str, note: str = "") -> Quota:
    return Quota(name=name, default=value, maximum=value, unit=unit, source=source, note=note)


_SIZE = Unit.CHARACTERS_WITHOUT_SPACE

QUOTAS: dict[str, Quota] = {
    quota.name: quota
    for quota in (
        _fixed("managed-policy-size", 6144, _SIZE, _IAM),
        _fixed("managed-policy-versions", 5, Unit.VERSIONS, _IAM, "a sixth needs an old one deleted first"),
        _fixed("inline-user-size", 2048, _SIZE, _IAM, "all inline policies of the user together"),
        _fixed("inline-role-size", 10240, _SIZE, _IAM, "all inline policies of the role together"),
        _fixed("inline-group-size", 5120, _SIZE, _IAM, "all inline policies of the group together"),
        Quota(name="trust-policy-size", default=2048, maximum=8192, unit=_SIZE, source=_IAM),
        Quota(name="managed-policies-per-role", default=10, maximum=25, unit=Unit.POLICIES, source=_IAM),
        Quota(name="managed-policies-per-user", default=10, maximum=20, unit=Unit.POLICIES, source=_IAM),
        _fixed("managed-policies-per-group", 10, Unit.POLICIES, _IAM),
        _fixed("groups-per-user", 10, Unit.GROUPS, _IAM),
        _fixed("session-policy-size", 2048, Unit.CHARACTERS, _IAM, "inline and managed session policies together"),
        _fixed("session-policies-managed", 10, Unit.POLICIES, _IAM, "managed policy ARNs passed with a session"),
        _fixed("scp-size", 10240, Unit.CHARACTERS, _ORGANIZATIONS, "white space counts; 5,120 before 2026-05-15"),
        _fixed("scps-per-target", 10, Unit.POLICIES, _ORGANIZATIONS, "root, unit or account; 5 before 2026-05-15"),
        _fixed("rcp-size", 5120, Unit.CHARACTERS, _ORGANIZATIONS, "white space counts"),
        _fixed("rcps-per-target", 5, Unit.POLICIES, _ORGANIZATIONS, "RCPFullAWSAccess takes one of them"),
        _fixed("bucket-policy-size", 20480, Unit.BYTES, _S3),
        _fixed("key-policy-size", 32768, Unit.BYTES, _KMS),
        _fixed("secret-policy-size", 20480, Unit.CHARACTERS, _SECRETS),
        _fixed("function-policy-size", 20480, Unit.BYTES, _LAMBDA),
    )
}
"""Name to quota."""


def quota(name: str) -> Quota:
    """A quota by its name in :data:`QUOTAS`.

    Raises:
        KeyError: there is no such quota in the table.
    """
    return QUOTAS[name]


def policy_size(text: str, unit: Unit) -> int:
    """The size of a policy's text as AWS counts it for a quota of that unit."""
    match unit:
        case Unit.CHARACTERS_WITHOUT_SPACE:
            return sum(not character.isspace() for character in text)
        case Unit.BYTES:
            return len(text.encode())
        case Unit.CHARACTERS | Unit.POLICIES | Unit.VERSIONS | Unit.GROUPS:
            return len(text)
