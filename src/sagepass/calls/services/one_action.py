"""The one action that an operation needs whatever its request holds, for texts that name the operation alone."""

from __future__ import annotations

from sagepass.calls.call import Confidence
from sagepass.calls.services.registry import find_table
from sagepass.calls.services.table import ServiceTable
from sagepass.catalog.actions import find_action
from sagepass.catalog.operation_actions import OWN_ACTIONS

_VERSION = "Version"


def one_action(service: str, operation: str) -> str | None:
    """The action, as AWS spells it.

    Args:
        service: the prefix of the service, or the client as the SDKs name it.
        operation: as the service spells it.

    Returns:
        ``None`` where the operation needs several, so that a refusal of it may be about any of them. That a version was asked
        for, which changes the action (``s3:GetObjectVersion``), the name does not tell: the action without one is meant.
    """
    table = find_table(service)
    own = OWN_ACTIONS.get(operation) if service.startswith("sagemaker") else None
    found = own or (operation,) if table is None else _needed(table, operation)
    names = [name for name in found if name.removesuffix(_VERSION) not in found or not name.endswith(_VERSION)]
    if len(names) != 1:
        return None
    prefix = service if table is None else table.prefix
    action = names[0] if ":" in names[0] else f"{prefix}:{names[0]}"
    known = find_action(action)
    return known.id if known is not None else action


def _needed(table: ServiceTable, operation: str) -> tuple[str, ...]:
    own = table.instead.get(operation)
    rows = [*(own or ()), *table.beside.get(operation, ())]
    always = [row.action for row in rows if not row.when and row.confidence is Confidence.DOCUMENTED]
    return tuple(dict.fromkeys([operation, *always] if own is None else always))
