"""What the package offers, and what it costs to import."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

import sagepass

_NAMES = {
    "Decision", "Denial", "Diagnosis", "Request", "Snapshot", "__version__", "authorize", "can_what", "diagnose",
    "preflight", "read_denials", "record", "run_case", "share", "who_can",
}  # fmt: skip
_HEAVY = (
    "rich",
    "cyclopts",
    "tree_sitter",
    "tree_sitter_json",
    "botocore",
    "boto3",
    "numpy",
    "moto",
    "werkzeug",
    "json",
)


def test_names() -> None:
    """These names and no others are public."""
    assert set(sagepass.__all__) == _NAMES
    assert set(dir(sagepass)) == _NAMES


@pytest.mark.parametrize("name", sorted(_NAMES))
def test_each_name_loads(name: str) -> None:
    """Every public name leads somewhere."""
    assert getattr(sagepass, name) is not None


EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


def test_who_can_and_can_what_answer_from_a_snapshot() -> None:
    """The two reverse questions agree with each other."""
    snapshot = sagepass.Snapshot.load(EXAMPLES / "describe-training-job" / "snapshot")
    user = "arn:aws:iam::123456789012:user/mateojackson"
    job = "arn:aws:sagemaker:us-east-1:123456789012:training-job/churn-1"
    answer = sagepass.who_can("sagemaker:DescribeTrainingJob", job, snapshot, max_hops=0)
    assert user in {access.holder.name for access in answer.access}
    table = sagepass.can_what(user, snapshot, service="sagemaker")
    assert any("sagemaker:DescribeTrainingJob" in clause.actions for clause in table.clauses)
    with pytest.raises(ValueError, match="max_hops"):
        sagepass.who_can("sagemaker:DescribeTrainingJob", job, snapshot, max_hops=99)


@pytest.mark.parametrize("operation", ["DescribeTrainingJob", "describe_training_job"])
def test_preflight_takes_a_call_as_boto3_does(operation: str) -> None:
    """Operation and parameters; the answer names what is missing and a plan that supplies it."""
    snapshot = sagepass.Snapshot.load(EXAMPLES / "describe-training-job" / "snapshot")
    found = sagepass.preflight(
        operation,
        {"TrainingJobName": "my-example-widget"},
        snapshot,
        caller="arn:aws:iam::123456789012:user/mateojackson",
    )
    assert [item.need.needed.action for item in found.missing] == ["sagemaker:DescribeTrainingJob"]
    assert found.plan is not None


def test_share_plans_without_a_snapshot() -> None:
    """The plan is tried in a world of its own: the party gets in, strangers do not."""
    group = "arn:aws:sagemaker:us-east-1:123456789012:model-package-group/churn"
    report = sagepass.share(group, "account:444455556666")
    assert report.plan.pieces
    assert not report.alone.blocked
    assert not report.alone.too_open


def test_unknown_name() -> None:
    """Another name is an AttributeError, as in any module."""
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = sagepass.nonsense


def _loaded(statement: str) -> set[str]:
    code = f"import sys; before = set(sys.modules); {statement}; print(*(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=_environment())
    return {name.partition(".")[0] for name in done.stdout.split()}


def _environment() -> dict[str, str]:
    import os

    return {**os.environ, "PYTHONPATH": str(Path(sagepass.__file__).parents[1])}


def test_import_loads_nothing() -> None:
    """``import sagepass`` loads no library and no room."""
    assert not _loaded("import sagepass") & set(_HEAVY)


def test_command_line_loads_no_cloud_library() -> None:
    """Nor does building the command line load AWS's SDK, numpy or a server."""
    loaded = _loaded(
        "from sagepass.fronts.cli.main import run; import sagepass.fronts.cli.why; import sagepass.jobs.diagnose"
    )
    assert not loaded & {"botocore", "boto3", "numpy", "moto", "werkzeug"}


def test_version_agrees() -> None:
    """The version of the package is the one it says."""
    try:
        installed = version("sagepass")
    except PackageNotFoundError:
        return
    assert installed == sagepass.__version__
