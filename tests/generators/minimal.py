"""The smallest case that still fails, for reports that a person reads."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any


def minimal(case: dict[str, Any], fails: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Take away policies, statements, elements, values and keys, one by one, as long as the case still fails."""
    shrunk = True
    while shrunk:
        shrunk = False
        for smaller in _smaller(case):
            if fails(smaller):
                case, shrunk = smaller, True
                break
    return case


def _smaller(case: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in sorted(_removable(case), key=len):
        smaller = copy.deepcopy(case)
        parent: Any = smaller
        for step in path[:-1]:
            parent = parent[step]
        del parent[path[-1]]
        yield smaller


def _removable(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 - any JSON
    """Paths of list items and of the mapping entries that a case can do without."""
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield (*path, index)
            yield from _removable(item, (*path, index))
    elif isinstance(node, dict):
        optional = path[-1:] in (("policies",), ("context",), ("Condition",)) or path[-2:-1] == ("Condition",)
        for key, item in node.items():
            if (optional and path[-2:] != ("request", "policies") and not _is_level(path)) or key in (
                "Condition",
                "organization",
            ):
                yield (*path, key)
            yield from _removable(item, (*path, key))


def _is_level(path: tuple[Any, ...]) -> bool:
    return len(path) > 1 and path[-1] == "policies" and isinstance(path[-2], int)
