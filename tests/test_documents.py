"""What the documents show is what the commands print.

A block fenced as ``console`` holds commands after ``$ `` and, below each, all that it prints. Every such block of the
documents is run from the root of the project. ``SAGEPASS_UPDATE_GOLDEN=1`` writes the outputs anew.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *(ROOT / "examples").glob("*/README.md")])
BLOCK = re.compile(r"(?ms)^```console\n(.*?)^```$")
COMMAND = re.compile(r"(?m)^\$ (.+)$")


def printed(command: str) -> str:
    """What a ``sagepass`` command prints, from the root of the project."""
    program, *words = shlex.split(command)
    assert program == "sagepass", command
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "NO_COLOR": "1"}
    run = subprocess.run(
        [sys.executable, "-m", "sagepass", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return run.stdout + run.stderr


def rendered(block: str) -> str:
    """The block as it has to be."""
    return "".join(f"$ {command}\n{printed(command)}" for command in COMMAND.findall(block))


def test_the_documents_show_runs() -> None:
    """There is something to hold: the README at least shows what the main job prints."""
    assert BLOCK.search((ROOT / "README.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "page", [page for page in PAGES if "```console" in page.read_text(encoding="utf-8")], ids=lambda page: page.name
)
def test_a_shown_run_is_a_true_one(page: Path) -> None:
    """Each command that a document shows prints exactly what stands below it."""
    text = page.read_text(encoding="utf-8")
    if os.environ.get("SAGEPASS_UPDATE_GOLDEN"):
        text = BLOCK.sub(lambda found: f"```console\n{rendered(found[1])}```", text)
        page.write_text(text, encoding="utf-8")
    for block in BLOCK.findall(text):
        assert rendered(block) == block


def test_the_example_of_the_library_runs() -> None:
    """The Python that README shows runs as it stands, from the root of the project."""
    (code,) = re.findall(r"(?ms)^```python\n(.*?)^```$", (ROOT / "README.md").read_text(encoding="utf-8"))
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert "IMPLICIT_DENY PRINCIPAL" in run.stdout
