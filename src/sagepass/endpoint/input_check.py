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
_DEEPEST = 60
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
    _structure(shape, params, "", missing, 0)
    if missing:
        count = f"{len(missing)} validation error{'s' if len(missing) > 1 else ''} detected: "
        texts = (f"Value null at '{path}' failed to satisfy constraint: Member must not be null" for path in missing)
        raise Refusal(Failure.INVALID, count + "; ".join(texts))


def _structure(shape: Shape, value: Mapping[str, Any], path: str, missing: list[str], depth: int) -> None:
    for name in shape.required_members:
        if value.get(name) is None and len(missing) < 10:
            missing.append(_joined(path, name))
    for name, member in shape.members.items():
        inner = value.get(name)
        if inner is not None:
            _value(member, inner, _joined(path, name), missing, depth + 1)


def _value(shape: Shape, value: Value, path: str, missing: list[str], depth: int) -> None:
    if depth > _DEEPEST:
        raise Refusal(Failure.MALFORMED, "The request body is nested too deeply")
    kind = shape.type_name
    if kind == "structure":
        if getattr(shape, "is_document_type", False) or getattr(shape, "is_eventstream", False):
            return
        _require(isinstance(value, Mapping), path, kind)
        _structure(shape, value, path, missing, depth)
    elif kind == "list":
        _require(isinstance(value, list), path, kind)
        for index, item in enumerate(value):
            _value(shape.member, item, f"{path}.{index + 1}.member", missing, depth + 1)
    elif kind == "map":
        _require(isinstance(value, Mapping), path, kind)
        for key, item in value.items():
            _value(shape.value, item, f"{path}.{key}", missing, depth + 1)
    else:
        fits = isinstance(value, _TYPES.get(kind, (object,)))
        number_for_bool = isinstance(value, bool) and kind != "boolean"
        streamed = hasattr(value, "read")
        _require((fits and not number_for_bool) or streamed, path, kind)


def _require(fits: bool, path: str, kind: str) -> None:
    if not fits:
        raise Refusal(Failure.MALFORMED, f"The value at '{path[:120]}' cannot be read as a {kind}")


def _joined(path: str, name: str) -> str:
    lowered = name[:1].lower() + name[1:]
    return f"{path}.{lowered}" if path else lowered
