"""The operations that the endpoint answers itself because they change or read authorization state that it holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TypeAlias

from sagepass.endpoint.own.scene import Scene

Handler: TypeAlias = Callable[[Mapping[str, object], Scene], Mapping[str, object]]
"""The request's members to the answer's members, both as botocore names them."""

_FILES = {
    "sts": "sts",
    "iam": "user_boundary",
    "sagemaker": "resource_policy",
}


def find_handler(client: str, operation: str) -> Handler | None:
    """The handler of an operation, or ``None``; a file is loaded when its service is first used."""
    file = _FILES.get(client)
    if file is None:
        return None
    handlers: dict[str, Handler] = import_module(f"{__name__}.{file}").HANDLERS
    return handlers.get(operation)


__all__ = ["Handler", "Scene", "find_handler"]
