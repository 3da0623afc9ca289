"""Names that mean the caller's own account, where the thing that was meant lies in another.

Most SageMaker calls take a name and no ARN, and then always look in the account of the credentials.
Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Operations.html (the members of each request)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sagepass.catalog.operations import find_operation
from sagepass.engine.decision import Decision
from sagepass.policy.arn import parse_arn
from sagepass.snapshot.snapshot import Snapshot


def same_name_elsewhere(decision: Decision, snapshot: Snapshot) -> Iterator[str]:
    """A note if another account of the snapshot has a resource of this name, and the caller's own has not."""
    request = decision.request
    parts = parse_arn(request.resource)
    service, _, name = request.action.partition(":")
    operation = find_operation(service, name) if service == "sagemaker" else None
    if parts is None or operation is None or operation.can_address_other_account or "*" in parts.resource:
        return
    if snapshot.describe(request.resource) is not None:
        return
    for account in snapshot.accounts:
        other = str(replace(parts, account=account))
        if account != parts.account and snapshot.describe(other) is not None:
            yield (
                f"{operation.name} takes a name, so it looks in account {parts.account} alone; {other} is in account "
                f"{account}: reach it with a role of that account"
            )
