"""Other evaluators of IAM policies, run beside this one for comparison; the package itself never imports them.

They lie in a scratch folder that the variable ``SAGEPASS_PEERS`` names (else ``.peers``): ``npm install --prefix .peers
@cloud-copilot/iam-simulate`` for the one that runs in node, and a virtual environment ``.peers/venv`` with ``cedarpy`` and
``principalmapper``. moto comes with the development tools. What is not there is skipped with a message.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FOLDER = Path(os.environ.get("SAGEPASS_PEERS", ".peers")).absolute()


@dataclass(frozen=True)
class PeerRun:
    """One peer's passes over the workload: seconds of each, and which requests it allowed."""

    name: str
    seconds: list[float]
    allowed: list[bool]


def run_peers(workload: dict[str, Any], passes: int) -> Iterator[PeerRun]:
    """Every peer that is installed, one after the other; the others are named as skipped."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "workload.json")
        file.write_text(json.dumps(workload), encoding="utf-8")
        wanted = {"iam-simulate, unsafe", "iam-simulate, validated", "moto access_control", "PMapper", "cedarpy"}
        for command in _commands(file, passes):
            done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
            if done.returncode:
                print(f"skipped {command[1]}: {done.stderr.strip().splitlines()[-1:]}")
                continue
            for name, result in json.loads(done.stdout).items():
                if name in wanted:
                    wanted.remove(name)
                    yield PeerRun(name, result["seconds"], result["allowed"])
        for name in sorted(wanted):
            print(f"skipped {name}: not installed")


def _commands(file: Path, passes: int) -> Iterator[list[str]]:
    node = shutil.which("node")
    if node and (FOLDER / "node_modules").is_dir():
        yield [node, str(HERE / "iam_simulate.mjs"), str(FOLDER), str(file), str(passes)]
    script = str(HERE / "local_python.py")
    yield [sys.executable, script, str(file), str(passes)]
    python = FOLDER / "venv" / "bin" / "python"
    if python.is_file():
        yield [str(python), script, str(file), str(passes)]
