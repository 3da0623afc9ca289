"""One change of one resource in a Terraform plan, and what the calls of all changes share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sagepass.calls.read.document import Document
from sagepass.calls.read.setting import Setting
from sagepass.calls.read.terraform_configuration import Configuration
from sagepass.calls.read.terraform_resources import Kind
from sagepass.source.route import Route


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one resource: what is there before and after, and where that stands."""

    address: str
    kind: Kind
    verb: str
    before: Mapping[str, object]
    after: Mapping[str, object]
    route: Route

    @property
    def label(self) -> str:
        """What people know the change by."""
        return f"resource {self.address}" if self.verb == "create" else f"{self.verb} {self.address}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What the calls of all changes share; ``labels`` by address without index."""

    document: Document
    setting: Setting
    configuration: Configuration
    labels: Mapping[str, str]


def region_of(plan: Plan, change: Change) -> str | None:
    """The resource's own Region, else what is known of the call, else the provider's."""
    own = change.after.get("region") or change.before.get("region")
    return own if isinstance(own, str) else plan.setting.region or plan.configuration.region
