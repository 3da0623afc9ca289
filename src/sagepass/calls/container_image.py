"""Image addresses: the repository of Amazon ECR that a container comes from.

Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_ADDRESS = re.compile(
    r"(?P<account>[0-9]{12})\.dkr[.-]ecr(?:-fips)?\.(?P<region>[a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws)/"
    r"(?P<name>[a-z0-9][a-z0-9._/-]*)(?:[:@]\S*)?"
)
PULL = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
"""What a pull takes on the repository: https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html."""
_LONGEST = 1024


@dataclass(frozen=True, slots=True)
class EcrRepository:
    """The repository of an image."""

    account: str
    region: str
    name: str

    def arn(self, partition: str) -> str:
        """The repository's ARN."""
        return f"arn:{partition}:ecr:{self.region}:{self.account}:repository/{self.name}"


def ecr_repository(image: str) -> EcrRepository | None:
    """The repository that an image address names; ``None`` if the image is not in a private registry of Amazon ECR."""
    found = _ADDRESS.fullmatch(image) if len(image) <= _LONGEST else None
    return EcrRepository(found["account"], found["region"], found["name"].rstrip("/")) if found else None
