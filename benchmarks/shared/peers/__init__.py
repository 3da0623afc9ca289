"""Other evaluators of IAM policies, run beside this one for comparison; the package itself never imports them.

They lie in a scratch folder that the variable ``SAGEPASS_PEERS`` names (else ``.peers``): ``npm install --prefix .peers
@cloud-copilot/iam-simulate`` for the one that runs in node, and a virtual environment ``.peers/venv`` with ``cedarpy`` and
``principalmapper``. moto comes with the development tools. What is not there is skipped with a message.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

HERE = Path(__file__).parent
FOLDER = Path(os.environ.get("SAGEPASS_PEERS", ".peers")).absolute()
_KNOWN = ("iam-simulate, unsafe", "iam-simulate, validated", "moto access_control", "PMapper", "cedarpy")


class Peers:
    """The peers that are installed, each ready for one pass over the workload after the other."""

    def __init__(self, workload: dict[str, Any]) -> None:
        self._stack = contextlib.ExitStack()
        self._homes: dict[str, subprocess.Popen[str]] = {}
        file = Path(self._stack.enter_context(tempfile.TemporaryDirectory()), "workload.json")
        file.write_text(json.dumps(workload), encoding="utf-8")
        for command in _commands(file):
            child = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
            )
            self._stack.callback(child.kill)
            assert child.stdout is not None
            for name in json.loads(child.stdout.readline() or "[]"):
                self._homes.setdefault(name, child)
        for name in _KNOWN:
            if name not in self._homes:
                print(f"skipped {name}: not installed (see benchmarks/shared/peers/__init__.py)")

    @property
    def names(self) -> list[str]:
        """Those that are installed."""
        return list(self._homes)

    def one_pass(self, name: str) -> tuple[float, list[bool]]:
        """Seconds of one pass over the workload, and which requests were allowed."""
        child = self._homes[name]
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(f"{name}\n")
        child.stdin.flush()
        answer = json.loads(child.stdout.readline())
        return answer["seconds"], answer["allowed"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()


def _commands(file: Path) -> Iterator[list[str]]:
    node = shutil.which("node")
    if node and (FOLDER / "node_modules").is_dir():
        yield [node, str(HERE / "iam_simulate.mjs"), str(FOLDER), str(file)]
    script = str(HERE / "local_python.py")
    yield [sys.executable, script, str(file)]
    python = FOLDER / "venv" / "bin" / "python"
    if python.is_file():
        yield [str(python), script, str(file)]
