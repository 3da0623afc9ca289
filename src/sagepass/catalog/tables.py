"""Reading the compiled tables: each file is read once, when it is first asked for.

The tables are made by ``support/refresh_catalog.py`` from the packages that ``manifest.json`` names.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

DATA = Path(__file__).parent / "data"

Table: TypeAlias = dict[str, Any]


@cache
def table(name: str) -> Table:
    """One table by its file name below the data directory; the name is never taken from input."""
    loaded: Table = json.loads((DATA / name).read_bytes())
    return loaded


@cache
def service_table(prefix: str) -> Table | None:
    """The details of one service (``sagemaker``, any case); ``None`` for a prefix that AWS does not define."""
    prefix = prefix.lower()
    return table(f"services/{prefix}.json") if prefix in table("services.json") else None
