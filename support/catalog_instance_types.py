"""Compile which instance types each operation takes where ``sagemaker:InstanceTypes`` looks, by the enumerations of its model."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

KEY = "sagemaker:InstanceTypes"
_STEP = re.compile(r"[A-Za-z0-9]+")


def instance_types(model: dict[str, Any], operations: dict[str, Any]) -> dict[str, dict[str, list[str]]]:
    """``types``: enumeration to its values, sorted; ``operations``: name to its enumerations.

    Args:
        model: the service model.
        operations: the entries of the client's operations, with the request paths of condition keys.
    """
    found: dict[str, list[str]] = {}
    used: dict[str, list[str]] = {}
    for name, entry in operations.items():
        shapes = {_leaf(model["shapes"], entry["input"], path) for path in entry.get("keys", {}).get(KEY, ())}
        enumerated = sorted(shape for shape in shapes if "enum" in model["shapes"][shape])
        for shape in enumerated:
            found[shape] = sorted(model["shapes"][shape]["enum"])
        if enumerated:
            used[name] = enumerated
    return {"types": dict(sorted(found.items())), "operations": dict(sorted(used.items()))}


def _leaf(shapes: dict[str, Any], root: str, path: str) -> str:
    """The name of the shape that a request path ends in."""
    return _follow(shapes, root, _STEP.findall(path))


def _follow(shapes: dict[str, Any], shape: str, steps: Iterable[str]) -> str:
    for step in steps:
        shape = _inside(shapes, shape)
        shape = shapes[shape]["members"][step]["shape"]
    return _inside(shapes, shape)


def _inside(shapes: dict[str, Any], shape: str) -> str:
    """What lists and maps hold in the end."""
    while shapes[shape]["type"] in {"list", "map"}:
        definition = shapes[shape]
        shape = definition["member" if definition["type"] == "list" else "value"]["shape"]
    return shape
