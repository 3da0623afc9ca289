"""Which candidates there are for a check, by its type and effect."""

from __future__ import annotations

from typing import assert_never

from sagepass.policy.kinds import CheckType, Effect
from sagepass.repair.candidates.explicit_deny import explicit_deny_options
from sagepass.repair.candidates.permissions_boundary import boundary_options
from sagepass.repair.candidates.principal import principal_options
from sagepass.repair.candidates.resource import resource_options
from sagepass.repair.candidates.service_control_policy import service_control_options
from sagepass.repair.candidates.session import session_options
from sagepass.repair.candidates.vpc_endpoint import vpc_endpoint_options
from sagepass.repair.option import Option, Situation
from sagepass.repair.request_change import request_options


def options_for(situation: Situation) -> tuple[Option, ...]:
    """Candidates for one check that blocks: changes of the request first, then edits, each narrowest first."""
    return (*request_options(situation), *sorted(edit_options(situation), key=lambda option: option.breadth))


def edit_options(situation: Situation) -> tuple[Option, ...]:
    """Candidates that change a policy, and advice where none can be changed."""
    if situation.check.effect is Effect.EXPLICIT_DENY:
        return explicit_deny_options(situation)
    match situation.check.type:
        case CheckType.PRINCIPAL:
            return principal_options(situation)
        case CheckType.PERMISSIONS_BOUNDARY:
            return boundary_options(situation)
        case CheckType.SESSION:
            return session_options(situation)
        case CheckType.SERVICE_CONTROL_POLICY:
            return service_control_options(situation)
        case CheckType.VPC_ENDPOINT:
            return vpc_endpoint_options(situation)
        case CheckType.RESOURCE:
            return resource_options(situation)
        case CheckType.RESOURCE_CONTROL_POLICY:
            return ()
    assert_never(situation.check.type)
