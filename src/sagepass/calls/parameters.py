"""Does a request fit its operation: unknown members, members of the wrong type, missing ones.

Source: the service models of botocore. A misspelt member would otherwise silently cost the checks that depend on it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sagepass.calls.call import Call
from sagepass.calls.request_paths import is_open
from sagepass.catalog.operations import find_operation, nearest_operations, request_members
from sagepass.source.route import Route

_DEEPEST = 40
"""No SageMaker request is nested deeper; below this nothing is looked at."""
_MOST_PROBLEMS = 50


class ParameterProblem(StrEnum):
    """What is wrong with a piece of a request."""

    UNKNOWN_OPERATION = "unknown operation"
    UNKNOWN_MEMBER = "unknown member"
    WRONG_TYPE = "wrong type"
    MISSING_MEMBER = "missing member"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterFinding:
    """One problem: its place, what stands there, and what may have been meant (``nearest``, best first)."""

    problem: ParameterProblem
    route: Route
    message: str
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Place:
    client: str
    route: Route
    value: object


_TYPES = {"s": "text", "b": "true or false", "i": "a whole number", "f": "a number", "t": "a time", "x": "bytes"}


def check_parameters(call: Call) -> tuple[ParameterFinding, ...]:
    """The problems of a request, outermost first; empty if it fits, or if the operation is not one of SageMaker's.

    References of templates and pipelines fit everywhere. Members are compared with regard to case, as the SDKs do.
    """
    operation = find_operation(call.service, call.operation)
    if operation is None:
        return _unknown_operation(call)
    if not operation.input_shape:
        return ()
    found: list[ParameterFinding] = []
    places = deque([(_Place(operation.client, (), call.params), f".{operation.input_shape}")])
    while places and len(found) < _MOST_PROBLEMS:
        place, code = places.popleft()
        if is_open(place.value) or len(place.route) > _DEEPEST:
            continue
        inner, problems = _look(place, code)
        places += inner
        found += problems
    return tuple(found[:_MOST_PROBLEMS])


def _unknown_operation(call: Call) -> tuple[ParameterFinding, ...]:
    if not call.service.lower().startswith("sagemaker"):
        return ()
    message = f"{call.service} has no operation {call.operation} in the catalog"
    return (
        ParameterFinding(
            problem=ParameterProblem.UNKNOWN_OPERATION,
            route=(),
            message=message,
            nearest=nearest_operations(call.operation),
        ),
    )


def _look(place: _Place, code: str) -> tuple[list[tuple[_Place, str]], list[ParameterFinding]]:
    """One step: the places inside this one, and the problems of this one."""
    code = code.removeprefix("!")
    match code[0]:
        case "." if isinstance(place.value, Mapping):
            return _structure(place, place.value, request_members(place.client, code[1:]))
        case "[" if isinstance(place.value, Sequence) and not isinstance(place.value, str | bytes):
            inner = [(_at(place, index, element), code[1:]) for index, element in enumerate(place.value)]
            return inner, []
        case "{" if isinstance(place.value, Mapping):
            return [(_at(place, str(key), element), code[1:]) for key, element in place.value.items()], []
        case "." | "[" | "{":
            wanted = {".": "an object", "[": "a list", "{": "an object"}[code[0]]
            return [], [_wrong_type(place, wanted)]
        case scalar:
            return [], [] if _fits(scalar, place.value) else [_wrong_type(place, _TYPES[scalar])]


def _structure(
    place: _Place, value: Mapping[str, object], members: Mapping[str, str]
) -> tuple[list[tuple[_Place, str]], list[ParameterFinding]]:
    inner = [
        (_at(place, name, value[name]), code)
        for name, code in members.items()
        if name in value and value[name] is not None
    ]
    problems = [
        ParameterFinding(
            problem=ParameterProblem.UNKNOWN_MEMBER,
            route=(*place.route, str(name)),
            message=f"there is no member {str(name)[:80]!r} here",
            nearest=_nearest(str(name), members),
        )
        for name in value
        if name not in members
    ]
    problems += [
        ParameterFinding(
            problem=ParameterProblem.MISSING_MEMBER,
            route=(*place.route, name),
            message=f"{name} is required and not there",
        )
        for name, code in members.items()
        if code.startswith("!") and value.get(name) is None
    ]
    return inner, problems


def _nearest(name: str, members: Mapping[str, str]) -> tuple[str, ...]:
    from difflib import get_close_matches  # noqa: PLC0415 - only a misspelt request pays for loading it

    spelled = {member.lower(): member for member in members}
    return tuple(spelled[close] for close in get_close_matches(name.lower()[:128], spelled, n=3, cutoff=0.7))


def _at(place: _Place, step: str | int, value: object) -> _Place:
    return _Place(place.client, (*place.route, step), value)


def _wrong_type(place: _Place, wanted: str) -> ParameterFinding:
    return ParameterFinding(
        problem=ParameterProblem.WRONG_TYPE,
        route=place.route,
        message=f"{wanted} is expected here, not {_kind(place.value)}",
    )


def _kind(value: object) -> str:
    match value:
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case Mapping():
            return "an object"
        case None:
            return "null"
        case _:
            return "a list"


def _fits(scalar: str, value: object) -> bool:
    match scalar:
        case "s":
            return isinstance(value, str)
        case "b":
            return isinstance(value, bool)
        case "i":
            return isinstance(value, int) and not isinstance(value, bool)
        case "f":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case _:
            return not isinstance(value, Mapping | list)
