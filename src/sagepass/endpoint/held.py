"""Authorization state that the emulation has no place for: boundaries of users, and a few resource policies.

Sources: https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPermissionsBoundary.html,
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_PutModelPackageGroupPolicy.html,
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_PutEndpointPolicy.html
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Held:
    """What the endpoint keeps itself.

    Attributes:
        user_boundaries: ARN of a user to the ARN of the managed policy that is the boundary.
        resource_policies: ARN of a model package group or an endpoint to its policy, as it was sent.
    """

    user_boundaries: dict[str, str] = field(default_factory=dict)
    resource_policies: dict[str, str] = field(default_factory=dict)

    def rows(self) -> dict[str, dict[str, str]]:
        """Everything, by a key that says what it is."""
        boundaries = {f"user-boundary/{arn}": {"boundary": policy} for arn, policy in self.user_boundaries.items()}
        policies = {f"resource-policy/{arn}": {"policy": text} for arn, text in self.resource_policies.items()}
        return boundaries | policies

    def load_row(self, key: str, row: dict[str, str]) -> None:
        """Take back one of :meth:`rows`."""
        kind, _, arn = key.partition("/")
        if kind == "user-boundary":
            self.user_boundaries[arn] = row["boundary"]
        else:
            self.resource_policies[arn] = row["policy"]
