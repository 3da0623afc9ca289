"""Refusals by AWS Lake Formation, which decides on databases and tables beside IAM.

They carry no IAM message, only ``Insufficient Lake Formation permission(s)``: what is required, or on what. Source:
https://docs.aws.amazon.com/lake-formation/latest/dg/access-control-underlying-data.html and
https://docs.aws.amazon.com/glue/latest/dg/troubleshooting-lake-formation-permissions.html
"""

from __future__ import annotations

import re
from functools import cache

from sagepass.denial.draft import Draft
from sagepass.denial.record import DenialKind
from sagepass.denial.reference import token_at

SIGN = "lake formation permission"


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(
        r"Insufficient\s+Lake\s+Formation\s+permission(?:\(s\)|s)?(?:\s*:\s*Required\s+(?P<needed>[\w ]{3,40}?)\s+on\s+|\s+on\s+)?",
        re.IGNORECASE,
    )


def read_lake_formation(text: str) -> list[Draft]:
    """Every refusal that names Lake Formation; Glue's Data Catalog is what answers."""
    if SIGN not in re.sub(r"\s+", " ", text.lower()):
        return []
    drafts = []
    for match in _pattern().finditer(text):
        draft = Draft(kind=DenialKind.IAM_DENIAL, start=match.start(), end=match.end(), service="glue")
        draft.basis["service"] = "Lake Formation guards the databases and tables of the Glue Data Catalog"
        found = token_at(text, match.end()) if match.group().rstrip().lower().endswith(" on") else None
        if found and found.value.lower() != "catalog":
            draft.set_resource(found)
        drafts.append(draft)
    return drafts
