"""The engine gives the reference's answer on ten thousand random cases a run, half of them new each day."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from tests.generators.access_cases import random_case
from tests.generators.agreement import disagreement
from tests.generators.minimal import minimal

import sagepass

CASES = 5_000
FIXED_SEED = 20261123


def _differs(case: dict[str, Any]) -> str | None:
    outcome = sagepass.run_case(case)
    return disagreement(case, outcome.effect, outcome.decided_by)


@pytest.mark.parametrize("seed", [FIXED_SEED, datetime.now(UTC).date().toordinal()], ids=["fixed", "today"])
def test_random_cases(seed: int) -> None:
    """Effect and deciding checks agree; a failure names the seed and shows the smallest case that still differs."""
    rng = Random(seed)
    for number in range(CASES):
        case = random_case(rng)
        if _differs(case):
            smallest = minimal(case, lambda smaller: _differs(smaller) is not None)
            pytest.fail(f"seed {seed}, case {number}: {_differs(smallest)}\n{json.dumps(smallest, indent=1)}")
