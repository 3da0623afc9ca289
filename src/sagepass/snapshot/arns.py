"""Taking ARNs of principals and resources apart.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_PARTS = 6
_ACCOUNT = re.compile(r"[0-9]{12}\Z")


@dataclass(frozen=True, slots=True)
class Arn:
    """The six parts of an ARN; region and account may be empty."""

    partition: str
    service: str
    region: str
    account: str
    resource: str

    def __str__(self) -> str:
        """The ARN as text."""
        return f"arn:{self.partition}:{self.service}:{self.region}:{self.account}:{self.resource}"


def split_arn(text: str) -> Arn | None:
    """The parts of an ARN; ``None`` for any other text."""
    parts = text.split(":", _PARTS - 1)
    if len(parts) != _PARTS or parts[0] != "arn" or not parts[2] or not parts[5]:
        return None
    return Arn(*parts[1:])


def is_account(text: str) -> bool:
    """Whether this is a 12-digit account id."""
    return _ACCOUNT.match(text) is not None


def partition_of_region(region: str) -> str:
    """The partition that a Region belongs to (https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html)."""
    prefixes = {
        "cn-": "aws-cn",
        "us-gov-": "aws-us-gov",
        "us-iso-": "aws-iso",
        "us-isob-": "aws-iso-b",
        "eu-isoe-": "aws-iso-e",
        "us-isof-": "aws-iso-f",
        "eusc-": "aws-eusc",
    }
    return next((partition for prefix, partition in prefixes.items() if region.startswith(prefix)), "aws")
