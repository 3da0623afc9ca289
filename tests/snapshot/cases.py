"""Reads the small worlds in ``data/``: each JSON file lists the files of a snapshot folder and what it has to answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


def worlds() -> list[str]:
    """The names of all worlds."""
    return sorted(path.stem for path in DATA.glob("*.json"))


def world(name: str) -> dict[str, Any]:
    """One world as it is written."""
    loaded: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def lay_out(name: str, folder: Path) -> dict[str, Any]:
    """Write a world's files: a string is written as it is, anything else as JSON."""
    loaded = world(name)
    for path, content in loaded["files"].items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, str) else json.dumps(content, indent=4, ensure_ascii=False)
        target.write_text(text, encoding="utf-8")
    return loaded
