"""What ``sagepass who-can --format json`` prints (``who-can.schema.json``)."""

from __future__ import annotations

from typing import Any

from sagepass.jobs.who_can.record import Access, Basis, Holder, WhoCan
from sagepass.render.decision_json import statement_to_json
from sagepass.render.json_form import FORMAT_VERSION


def who_can_to_json(answer: WhoCan, *, redact: bool = False) -> dict[str, Any]:
    """The whole answer as plain data; the caller puts in the pseudonyms."""
    return {
        "format_version": FORMAT_VERSION,
        "redacted": redact,
        "action": answer.action,
        "resource": answer.resource,
        "resource_account": answer.resource_account,
        "max_hops": answer.max_hops,
        "asked": answer.asked,
        "access": [_access(access) for access in answer.access],
        "assumptions": list(answer.assumptions),
        "limits": list(answer.limits),
    }


def _access(access: Access) -> dict[str, Any]:
    return {
        "holder": _holder(access.holder),
        "certainty": access.certainty.value,
        "hops": [{"action": hop.action, "role": hop.role, **_basis(hop.basis)} for hop in access.hops],
        "final": _basis(access.final),
        "conditions": list(access.conditions),
        "more_ways": access.more_ways,
        "notes": list(access.notes),
    }


def _holder(holder: Holder) -> dict[str, Any]:
    return {"kind": holder.kind.value, "name": holder.name, "account": holder.account, "label": holder.label}


def _basis(basis: Basis) -> dict[str, Any]:
    return {
        "certainty": basis.certainty.value,
        "grants": [statement_to_json(ref) for ref in basis.grants],
        "because": list(basis.because),
        "conditions": list(basis.conditions),
        "left_to_their_account": list(basis.theirs),
    }
