"""Does an input fit its shape: members that are required, values of the wrong type.

Source: botocore's service models. A request that does not fit is answered as AWS answers it and is not forwarded.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeAlias

from sagepass.endpoint.errors import Failure, Refusal

Shape: TypeAlias = Any
"""A shape of botocore, which has no types."""
Value: TypeAlias = Any
"""Any value that JSON, XML or a form can hold."""
Path: TypeAlias = tuple[str | int, ...]
_DEEPEST = 60
_MOST_NAMED = 10
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "timestamp": (datetime,),
    "blob": (bytes, bytearray, str),
}


def check_input(shape: Shape, params: Mapping[str, Any]) -> None:
    """Refuse an input that does not fit.

    Raises:
        Refusal: a required member is missing, or a value has the wrong type.
    """
    if shape is None:
        return
    missing: list[str] = []
    _structure(shape, params, (), missing)
    if missing:
        count = f"{len(missing)} validation error{'s' if len(missing) > 1 else ''} detected: "
        texts = (f"Value null at '{path}' failed to satisfy constraint: Member must not be null" for path in missing)
        raise Refusal(Failure.INVALID, count + "; ".join(texts))


def _structure(shape: Shape, value: Mapping[str, Any], path: Path, missing: list[str]) -> None:
    for name in shape.required_members:
        if value.get(name) is None and len(missing) < _MOST_NAMED:
            missing.append(_written((*path, name)))
    members = shape.members
    for name, inner in value.items():
        if inner is not None and name in members:
            _value(members[name], inner, (*path, name), missing)


def _value(shape: Shape, value: Value, path: Path, missing: list[str]) -> None:
    if len(path) > _DEEPEST:
        raise Refusal(Failure.MALFORMED, "The request body is nested too deeply")
    kind = shape.type_name
    if kind == "structure":
        if getattr(shape, "is_document_type", False) or getattr(shape, "is_eventstream", False):
            return
        _require(isinstance(value, Mapping), path, kind)
        _structure(shape, value, path, missing)
    elif kind == "list":
        _require(isinstance(value, list), path, kind)
        for index, item in enumerate(value):
            _value(shape.member, item, (*path, index), missing)
    elif kind == "map":
        _require(isinstance(value, Mapping), path, kind)
        for key, item in value.items():
            _value(shape.value, item, (*path, str(key)), missing)
    else:
        fits = isinstance(value, _TYPES.get(kind, (object,)))
        number_for_bool = isinstance(value, bool) and kind != "boolean"
        streamed = hasattr(value, "read")
        _require((fits and not number_for_bool) or streamed, path, kind)


def _require(fits: bool, path: Path, kind: str) -> None:
    if not fits:
        raise Refusal(Failure.MALFORMED, f"The value at '{_written(path)[:120]}' cannot be read as a {kind}")


def _written(path: Path) -> str:
    """A place as AWS writes it: ``tags.1.member.key``."""
    return ".".join(f"{s + 1}.member" if isinstance(s, int) else s[:1].lower() + s[1:] for s in path)
