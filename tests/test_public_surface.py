"""What the package offers, and what it costs to import."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version

import pytest

import sagepass

_NAMES = {
    "Decision", "Denial", "Diagnosis", "Request", "Snapshot", "__version__", "authorize", "diagnose", "read_denials", "record", "run_case",
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
    from pathlib import Path

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
