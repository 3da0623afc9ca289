"""What ``sagepass compare --format json`` prints for two snapshots (``compare-snapshots.schema.json``)."""

from __future__ import annotations

from typing import Any

from sagepass.jobs.compare_snapshots.record import Group, Side, SnapshotComparison
from sagepass.render.compare_snapshots import headline
from sagepass.render.decision_json import statement_to_json
from sagepass.render.json_form import FORMAT_VERSION


def snapshot_comparison_to_json(answer: SnapshotComparison, *, redact: bool = False) -> dict[str, Any]:
    """The whole answer as plain data; the caller puts in the pseudonyms."""
    return {
        "format_version": FORMAT_VERSION,
        "redacted": redact,
        "question": "who-gained-what",
        "verdict": answer.verdict.value,
        "headline": headline(answer),
        "before": answer.before,
        "after": answer.after,
        "asked_for": list(answer.asked_for),
        "actions": answer.actions,
        "resources": answer.resources,
        "principals": answer.principals,
        "changed_principals": answer.changed_principals,
        "changed_resources": list(answer.changed_resources),
        "changes": [_group(group) for group in answer.groups],
        "one_sided_accounts": list(answer.one_sided),
        "limits": list(answer.limits),
    }


def _group(group: Group) -> dict[str, Any]:
    return {
        "direction": group.direction.value,
        "who": [
            {"name": holder.name, "label": holder.label, "account": holder.account, "inside": holder.inside}
            for holder in group.who
        ],
        "requests": [{"action": action, "resources": list(resources)} for action, resources in group.requests],
        "before": _side(group.before),
        "after": _side(group.after),
    }


def _side(side: Side | None) -> dict[str, Any] | None:
    if side is None:
        return None
    return {
        "exists": side.exists,
        "by": [statement_to_json(ref) for ref in side.by],
        "conditions": list(side.conditions),
        "stopped_by": [check.value for check in side.stopped_by],
        "denials": [statement_to_json(ref) for ref in side.denials],
    }
