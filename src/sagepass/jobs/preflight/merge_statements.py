"""Statements put together where nothing more is allowed by it: same resources, or same actions, all else equal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

Statement = dict[str, object]


def merge_statements(statements: Iterable[Mapping[str, object]]) -> list[Statement]:
    """The same permissions in as few statements as that takes, in the order in which they were needed."""
    return _merged(_merged(statements, "Action"), "Resource")


def _merged(statements: Iterable[Mapping[str, object]], element: str) -> list[Statement]:
    """Statements that differ in one element only, as one with all its values."""
    found: dict[str, Statement] = {}
    values: dict[str, dict[str, None]] = {}
    for statement in statements:
        rest = {key: value for key, value in statement.items() if key != element}
        key = json.dumps([element in statement, rest], sort_keys=True, default=str)
        found.setdefault(key, dict(statement))
        values.setdefault(key, {}).update(dict.fromkeys(_list(statement.get(element))))
    return [
        {name: _one_or_all(values[key]) if name == element else value for name, value in statement.items()}
        for key, statement in found.items()
    ]


def _list(value: object) -> list[str]:
    if value is None:
        return []
    return [str(item) for item in value] if isinstance(value, list | tuple) else [str(value)]


def _one_or_all(values: Mapping[str, None]) -> str | list[str]:
    ordered = sorted(values)
    if "*" in ordered:
        return "*"
    return ordered[0] if len(ordered) == 1 else ordered
