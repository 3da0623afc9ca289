"""The reference semantics gives the labelled answer on every labelled single-authorization case."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.reference import evaluate

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data" / "decisions.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("case", [case for case in CASES if "operation" not in case], ids=lambda case: case["id"])
def test_labelled_case(case: dict[str, Any]) -> None:
    """Effect and deciding checks are those of the label, in the order of checks."""
    verdict = evaluate(case)
    assert (verdict.effect, list(verdict.decided_by)) == (case["expect"]["effect"], case["expect"]["decided_by"]), case[
        "why"
    ]


def test_operation_cases_are_the_only_ones_left_out() -> None:
    """Four labelled cases are whole operations, which the reference does not take apart."""
    assert sum("operation" in case for case in CASES) == 4
    assert len(CASES) == 50
