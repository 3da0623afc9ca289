"""What ``sagepass who-can --format json`` prints for several actions or resources (``who-can-table.schema.json``)."""

from __future__ import annotations

from typing import Any

from sagepass.jobs.who_can.table import Row, WhoCanTable
from sagepass.render.json_form import FORMAT_VERSION


def who_can_table_to_json(table: WhoCanTable, *, redact: bool = False) -> dict[str, Any]:
    """The whole answer as plain data; the caller puts in the pseudonyms."""
    return {
        "format_version": FORMAT_VERSION,
        "redacted": redact,
        "asked_for": list(table.asked_for),
        "actions": list(table.actions),
        "resources": list(table.resources),
        "principals": table.principals,
        "requests": table.requests,
        "rows": [_row(row) for row in table.rows],
        "limits": list(table.limits),
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "actions": list(row.actions),
        "resources": list(row.resources),
        "certain": list(row.certain),
        "conditional": list(row.open),
        "outside": [
            {
                "kind": one.holder.kind.value,
                "name": one.holder.name,
                "account": one.holder.account,
                "label": one.holder.label,
                "certainty": one.certainty.value,
            }
            for one in row.outside
        ],
    }
