"""What is known of a call beside its document: where it goes, and who makes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sagepass.calls.call import AddedTags, Call


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """The defaults for every call of one document."""

    service: str = "sagemaker"
    operation: str | None = None
    caller_account: str | None = None
    region: str | None = None
    partition: str = "aws"

    def call(
        self,
        operation: str,
        params: Mapping[str, object],
        *,
        service: str | None = None,
        region: str | None = None,
        added_tags: AddedTags = AddedTags.NONE,
    ) -> Call:
        """A call with these defaults."""
        return Call(
            service=service or self.service,
            operation=operation,
            params=params,
            caller_account=self.caller_account,
            partition=self.partition,
            region=region or self.region,
            added_tags=added_tags,
        )


def partition_of(region: str) -> str | None:
    """The partition that a Region lies in by its name; ``None`` where that does not settle it.

    Source: https://docs.aws.amazon.com/general/latest/gr/rande.html
    """
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else None
