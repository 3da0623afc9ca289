# ruff: noqa: PLC0415 - a command imports what it needs when it runs, so that help and errors come at once
"""A question that names a resource for an action that takes none is asked as AWS asks it: of ``*``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sagepass.fronts.cli.output import note

if TYPE_CHECKING:
    from sagepass.engine.request import Request


def asked_of_star(request: Request) -> Request:
    """The request as it stands, or on ``*`` where by AWS's tables only ``"Resource": "*"`` covers the action.

    Account and Region of the ARN are kept, and a note says what was done. Source:
    https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
    """
    from sagepass.catalog.actions import find_action
    from sagepass.policy.arn import account_of, parse_arn

    known = find_action(request.action)
    if request.resource == "*" or known is None or known.resource_types:
        return request
    note(f"{known.id} takes no resource: AWS asks for it on *, and so it is decided")
    arn = parse_arn(request.resource)
    region = {"aws:RequestedRegion": arn.region} if arn is not None and arn.region else {}
    account = request.resource_account or account_of(request.resource)
    return replace(request, resource="*", resource_account=account, context={**region, **request.context})
