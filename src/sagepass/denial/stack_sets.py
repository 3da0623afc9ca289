"""CloudFormation StackSets' word for a role that it could not assume: ``Account A should have 'R' role with trust relationship to …``.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-prereqs-self-managed.html
"""

from __future__ import annotations

import re
from functools import cache

from sagepass.denial.draft import Draft
from sagepass.denial.record import DenialKind, PrincipalType
from sagepass.denial.reference import Reference


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(
        r"\bAccount\s+\d{12}\s+should\s+have\s+'(?P<role>[\w+=,.@-]{1,64})'\s+role\s+with\s+trust\s+relationship\s+to\s+"
        r"(?:(?P<service>CloudFormation)\s+service|Role\s+'(?P<caller>[\w+=,.@-]{1,64})')"
    )


def read_stack_sets(text: str) -> list[Draft]:
    """Every such sentence; the caller is the service, or the administration role that opens the execution role."""
    if "trust" not in text:
        return []
    drafts = []
    for match in _pattern().finditer(text):
        draft = Draft(kind=DenialKind.ASSUME_ROLE, start=match.start(), end=match.end(), service="sts")
        name, kind = ("service", PrincipalType.SERVICE) if match["service"] else ("caller", PrincipalType.ROLE)
        draft.set_principal(Reference(match[name], *match.span(name)), kind)
        draft.set_resource(Reference(match["role"], *match.span("role")))
        draft.infer_action("sts:AssumeRole", "StackSets assumes this role before it makes a stack")
        drafts.append(draft)
    return drafts
