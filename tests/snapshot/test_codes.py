"""The documentation of codes and the code agree, and so do docs and commands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sagepass.snapshot import folder
from sagepass.snapshot.build import SnapshotBuilder
from sagepass.snapshot.codes import CODES
from sagepass.snapshot.policy_holders import _ATTACHED
from sagepass.snapshot.snapshot import Snapshot

ROOT = Path(__file__).parents[2]


def test_every_code_is_documented_once_and_used() -> None:
    """No finding without a page, no page without a finding."""
    used: set[str] = set()
    for path in (ROOT / "src/sagepass/snapshot").glob("*.py"):
        if path.name != "codes.py":
            used |= set(re.findall(r'"(SNAPSHOT_[A-Z_]+)"', path.read_text(encoding="utf-8")))
    documented = [code.code for code in CODES]
    assert sorted(documented) == sorted(used)
    assert all(code.summary and code.body for code in CODES)


def test_the_page_lists_every_command_that_a_gap_can_name() -> None:
    """``docs/snapshot.md`` has one command for each kind of resource policy."""
    page = (ROOT / "docs/snapshot.md").read_text(encoding="utf-8")
    for getter in _ATTACHED.values():
        assert f"aws {getter.service} {getter.operation}" in page
        assert f"/{getter.service}/{getter.operation}" in page


def test_too_many_files_are_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that is far too large is read up to the bound, and says so."""
    SnapshotBuilder().principal("arn:aws:iam::123456789012:user/u").write(tmp_path)
    for number in range(5):
        (tmp_path / "zz").mkdir(exist_ok=True)
        (tmp_path / "zz" / f"{number}.json").write_text("{}")
    monkeypatch.setattr(folder, "_MAX_FILES", 3)
    codes = [finding.code for finding in Snapshot.load(tmp_path).findings]
    assert "SNAPSHOT_TOO_MANY_FILES" in codes
