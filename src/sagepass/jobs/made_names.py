"""Names that end in the time at which they were made: the next job has another one, and a change for this one does not cover it.

The SageMaker Python SDK appends such a time to the names of jobs, models and endpoints unless it is given a name
(https://sagemaker.readthedocs.io/en/stable/api/training/estimators.html, ``base_job_name``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from sagepass.repair.fix import Fix

_WITH_TIME = re.compile(r"(?P<stem>[^*?]*[:/][^:/*?]+)-\d{4}-\d{2}-\d{2}-\d{2}-\d{2}-\d{2}(-\d{3})?")


def warned_of_made_names(fixes: tuple[Fix, ...]) -> tuple[Fix, ...]:
    """The fixes, those for one such name with a warning and with what covers all names of its kind."""
    return tuple(_warned(fix) for fix in fixes)


def _warned(fix: Fix) -> Fix:
    found = dict.fromkeys(warning for edit in fix.edits for warning in _warnings(edit.statement))
    return replace(fix, warnings=(*fix.warnings, *found)) if found else fix


def _warnings(statement: object) -> Iterator[str]:
    resources = statement.get("Resource") if isinstance(statement, Mapping) else None
    for arn in resources if isinstance(resources, list) else [resources]:
        match = _WITH_TIME.fullmatch(arn) if isinstance(arn, str) else None
        if match:
            yield (
                "the name ends in the time at which it was made, so the next run has another name and is denied again; "
                f"with {match['stem']}-* in its place, all runs are covered"
            )
