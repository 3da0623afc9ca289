"""Which policies take part in each check of one request, and the rules of its service."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from sagepass.engine.checks.applied import Applied
from sagepass.engine.checks.permissions_boundary import applied_boundary
from sagepass.engine.checks.principal import applied_identity
from sagepass.engine.checks.resource import applied_resource
from sagepass.engine.checks.resource_control_policy import applied_resource_control
from sagepass.engine.checks.service_control_policy import applied_service_control
from sagepass.engine.checks.session import applied_session
from sagepass.engine.checks.vpc_endpoint import applied_endpoint
from sagepass.engine.inputs import Inputs
from sagepass.engine.services.rules import ServiceRules, rules_for


@dataclass(frozen=True, slots=True, eq=False)
class CallerTaking:
    """What takes part by the caller and the action, whatever the resource."""

    service_control: tuple[Applied, ...]
    principal: Applied
    boundary: Applied
    session: Applied


@dataclass(frozen=True, slots=True, eq=False)
class ResourceTaking:
    """What takes part by the resource and the action, with the rules of the service."""

    rules: ServiceRules
    resource_control: tuple[Applied, ...]
    resource: Applied

    @property
    def said(self) -> Hashable:
        """All of it, quickly compared; see :attr:`sagepass.engine.checks.applied.Applied.said`."""
        return self.rules, self.resource.said, *[level.said for level in self.resource_control]


@dataclass(frozen=True, slots=True, eq=False)
class Taking:
    """All that takes part in one request.

    Attributes:
        in_order: all of it in AWS's order of checks, as in :meth:`sagepass.engine.combine.AllFacts.in_order`.
        place_of_resource: where the policy of the resource stands in it.
    """

    caller: CallerTaking
    resource: ResourceTaking
    vpc_endpoint: Applied
    in_order: tuple[Applied, ...] = field(init=False)
    place_of_resource: int = field(init=False)

    def __post_init__(self) -> None:
        own, theirs = self.caller, self.resource
        guardrails = (*theirs.resource_control, *own.service_control)
        in_order = (*guardrails, self.vpc_endpoint, theirs.resource, own.principal, own.boundary, own.session)
        object.__setattr__(self, "in_order", in_order)
        object.__setattr__(self, "place_of_resource", len(guardrails) + 1)


def caller_taking(inputs: Inputs) -> CallerTaking:
    """Ask the checks of the caller's side which policies take part."""
    return CallerTaking(
        applied_service_control(inputs), applied_identity(inputs), applied_boundary(inputs), applied_session(inputs)
    )


def resource_taking(inputs: Inputs) -> ResourceTaking:
    """Ask those of the resource's side."""
    rules = rules_for(inputs)
    return ResourceTaking(rules, applied_resource_control(inputs), applied_resource(inputs, rules))


def taking_part(inputs: Inputs) -> Taking:
    """Ask every check."""
    return Taking(caller_taking(inputs), resource_taking(inputs), applied_endpoint(inputs))
