"""The example that a newcomer runs first, as a newcomer runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "examples" / "local-endpoint"


def test_the_local_endpoint_example_runs_to_its_end(tmp_path: Path) -> None:
    """Denied, explained with the fix that the script attaches, and allowed; nothing keeps running."""
    environ = {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "HOME": str(tmp_path),
        "TMPDIR": str(tmp_path),
    }
    done = subprocess.run(
        ["sh", str(EXAMPLE / "run.sh")], env=environ, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    denied, explained, allowed = done.stdout.split("\n=== ")[1:]
    assert "(AccessDeniedException) when calling the DescribeTrainingJob operation: User: " in denied
    first = explained[explained.index("fix 1 [PROVEN]") : explained.index("fix 2")]
    (statement,) = json.loads((EXAMPLE / "fix.json").read_text())["Statement"]
    assert all(f'"{name}": "{value}"' in first for name, value in statement.items())
    assert allowed.splitlines()[-1].startswith(
        "arn:aws:sagemaker:us-east-1:123456789012:training-job/my-example-widget\t"
    )
    assert list(tmp_path.iterdir()) == []
