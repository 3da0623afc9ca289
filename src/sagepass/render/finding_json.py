"""A finding as JSON."""

from __future__ import annotations

from typing import Any

from sagepass.source.finding import Finding
from sagepass.source.route import render_route


def finding_to_json(finding: Finding) -> dict[str, Any]:
    """Code, severity, message and remedy, with the document and the route in it; the same in every answer."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        "remedy": finding.remedy,
        "document": finding.document,
        "route": render_route(finding.route),
    }
