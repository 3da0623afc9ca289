"""Requests of all classes of operations, each with the checks that AWS makes for it, written by hand."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from sagepass.calls.call import Call
from sagepass.calls.operation import authorizations_of
from sagepass.catalog.operations import find_operation

PAIRS: list[dict[str, Any]] = [
    json.loads(line) for line in (Path(__file__).parent / "request_pairs.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("pair", PAIRS, ids=[f"{number}-{pair['operation']}" for number, pair in enumerate(PAIRS)])
def test_a_request_gives_exactly_these_checks(pair: dict[str, Any]) -> None:
    """Action and resource of every check, in order; each pair names the page it comes from."""
    call = Call(
        service=pair["service"],
        operation=pair["operation"],
        params=pair["params"],
        caller_account="111122223333",
        region="eu-west-1",
    )
    assert [f"{needed.action} {needed.resource}" for needed in authorizations_of(call)] == pair["expect"]
    operation = find_operation(pair["service"], pair["operation"])
    assert pair["class"] == (operation.resource_class if operation else "role session")
    assert pair["source"].startswith("https://docs.aws.amazon.com/")


def test_the_pairs_cover_every_class() -> None:
    """At least sixty pairs, and none of the classes is left out."""
    classes = Counter(pair["class"] for pair in PAIRS)
    assert sum(classes.values()) >= 60
    assert set(classes) == {
        "exact", "nested", "type from ARN", "cluster by name", "id made by the service", "unresolved", "no resource",
        "newer than the reference", "role session",
    }  # fmt: skip
