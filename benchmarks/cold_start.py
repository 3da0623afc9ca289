"""Measures how long the shortest things take from a standing start: ``import sagepass``, and ``sagepass why`` on saved files.

Run ``python benchmarks/cold_start.py [ROUNDS]``. Each round starts a new Python; figures are medians and the fastest. The
bounds are 0.1 s and 0.3 s.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

# as it is installed: compiled modules are kept, whatever this shell says
ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
EXAMPLES = Path(__file__).parents[1] / "examples" / "describe-training-job"
COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "import sagepass": ["-c", "import sagepass"],
    "import sagepass.engine.authorize": ["-c", "import sagepass.engine.authorize"],
    "sagepass --version": ["-m", "sagepass", "--version"],
    "sagepass why ERROR --snapshot FOLDER": [
        "-m", "sagepass", "why", str(EXAMPLES / "error.txt"), "--snapshot", str(EXAMPLES / "snapshot"),
    ],
}  # fmt: skip


def took(arguments: list[str]) -> tuple[float, float]:
    """Seconds by the clock, and seconds that the processor worked."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=False, capture_output=True, env=ENVIRONMENT)
    clock = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    for name, arguments in COMMANDS.items():
        took(arguments)
        clock, worked = zip(*(took(arguments) for _ in range(rounds)), strict=True)
        print(
            f"{name:38} clock: median {statistics.median(clock):.3f} s, fastest {min(clock):.3f} s; "
            f"processor: median {statistics.median(worked):.3f} s"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
