"""Walking a request: ``InstanceGroups[].ExecutionRole`` and the like.

``[]`` steps into every element of a list, ``{}`` into every value of a map. What is not there is skipped, what has
another shape than the path expects is skipped too (:mod:`sagepass.calls.parameters` reports it), and what a template or a
pipeline will only fill in later is found as *open*.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sagepass.source.route import Route

_REFERENCES = frozenset({"Ref", "Get", "Condition", "Std:Join", "Std:JsonGet"})
"""Objects with this one key stand for a value that is known later.

Sources: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html and
https://aws-sagemaker-mlops.github.io/sagemaker-model-building-pipeline-definition-JSON-schema/"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A value in a request. ``text`` is ``None`` if the value is *open*: there, but not known before the call."""

    route: Route
    text: str | None


def is_open(value: object) -> bool:
    """Whether a value is a reference that something else resolves later."""
    if not isinstance(value, Mapping) or len(value) != 1:
        return False
    (key,) = value
    return isinstance(key, str) and (key in _REFERENCES or key.startswith("Fn::"))


def not_known(what: str) -> dict[str, str]:
    """A reference to stand for a value that is there but not known before the call; ``what`` names what it refers to."""
    return {"Ref": what}


def find_values(params: Mapping[str, object], path: str) -> tuple[Found, ...]:
    """The scalar values at a path, in the order of the request; an empty text counts as not there."""
    places: list[tuple[Route, object]] = [((), params)]
    for step in path.split("."):
        name = step.rstrip("[]{}")
        places = [found for route, value in places for found in _member(route, value, name)]
        for _ in range((len(step) - len(name)) // 2):
            places = [found for route, value in places for found in _elements(route, value)]
    return tuple(found for route, value in places if (found := _scalar(route, value)) is not None)


def _member(route: Route, value: object, name: str) -> list[tuple[Route, object]]:
    if is_open(value):
        return [(route, value)]
    if isinstance(value, Mapping) and name in value and value[name] is not None:
        return [((*route, name), value[name])]
    return []


def _elements(route: Route, value: object) -> list[tuple[Route, object]]:
    if is_open(value):
        return [(route, value)]
    if isinstance(value, Mapping):
        return [((*route, str(key)), element) for key, element in value.items()]
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [((*route, index), element) for index, element in enumerate(value)]
    return []


def _scalar(route: Route, value: object) -> Found | None:
    if is_open(value):
        return Found(route=route, text=None)
    if isinstance(value, bool):
        return Found(route=route, text="true" if value else "false")
    if isinstance(value, int | float):
        return Found(route=route, text=str(value))
    return Found(route=route, text=value) if isinstance(value, str) and value else None
