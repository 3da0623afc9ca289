"""Amazon Resource Names.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass

PARTITIONS = ("aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc")
_ACCOUNT = re.compile(r"[0-9]{12}")


@dataclass(frozen=True, slots=True)
class Arn:
    """The six parts of an ARN; ``resource`` keeps any further colons."""

    partition: str
    service: str
    region: str
    account: str
    resource: str

    def __str__(self) -> str:
        """The ARN as text."""
        return f"arn:{self.partition}:{self.service}:{self.region}:{self.account}:{self.resource}"


def parse_arn(text: str) -> Arn | None:
    """Take an ARN apart; ``None`` if the text is not one. The parts may hold wildcards or placeholders."""
    parts = text.split(":", 5)
    if len(parts) != 6 or parts[0] != "arn" or not parts[2] or not parts[5]:
        return None
    return Arn(*parts[1:])


def is_role_arn(text: str) -> bool:
    """Whether this is the ARN of an IAM role."""
    parsed = parse_arn(text)
    return parsed is not None and parsed.service == "iam" and parsed.resource.startswith("role/")


def is_account_id(text: str) -> bool:
    """Whether this is a 12-digit account id."""
    return _ACCOUNT.fullmatch(text) is not None


def account_of(arn: str) -> str | None:
    """The account part of an ARN, if it is a real account id."""
    parsed = parse_arn(arn)
    return parsed.account if parsed and is_account_id(parsed.account) else None
