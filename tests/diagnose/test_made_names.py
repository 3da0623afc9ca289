"""A name that ends in the time at which it was made is another one at the next run."""

from __future__ import annotations

import pytest
from tests.repair.worlds import ACCOUNT, USER

from sagepass.jobs.diagnose import diagnose
from sagepass.snapshot.build import SnapshotBuilder

JOBS = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:training-job/"
BUILT = SnapshotBuilder().settings(no_organization=True).principal(USER).build()


def _warnings(name: str, *, with_snapshot: bool) -> str:
    text = f"User: {USER} is not authorized to perform: sagemaker:CreateTrainingJob on resource: {JOBS}{name}"
    found = diagnose(text, BUILT if with_snapshot else None)
    return " ".join(warning for fix in found.fixes for warning in fix.warnings)


@pytest.mark.parametrize("with_snapshot", [False, True])
@pytest.mark.parametrize("name", ["xgb-churn-2026-01-20-09-12-44-310", "xgb-churn-2026-01-20-09-12-44"])
def test_what_covers_the_next_run_is_said(name: str, *, with_snapshot: bool) -> None:
    """The fix stays as narrow as it is, and its warning names the pattern that covers all runs."""
    assert f"with {JOBS}xgb-churn-* in its place" in _warnings(name, with_snapshot=with_snapshot)


@pytest.mark.parametrize("name", ["xgb-churn", "xgb-2026-01-20", "2026-01-20-09-12-44-310-xgb"])
def test_other_names_are_left_alone(name: str) -> None:
    """A date alone, or a time at the beginning, is nothing that the SDK appends."""
    assert "next run" not in _warnings(name, with_snapshot=True)
