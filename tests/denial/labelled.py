"""Labelled texts for the tests of reading."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent


@cache
def records(name: str) -> list[dict[str, Any]]:
    """The records of one file: ``id``, ``text``, ``tags``, ``expected``."""
    return [json.loads(line) for line in (_HERE / name).read_text(encoding="utf-8").splitlines()]


def all_records() -> list[dict[str, Any]]:
    """The posted texts and the written ones."""
    return [*records("data/denials.jsonl"), *records("more_denials.jsonl")]


def unambiguous() -> list[dict[str, Any]]:
    """Those whose label admits of one reading."""
    return [record for record in all_records() if "ambiguous" not in record["tags"]]
