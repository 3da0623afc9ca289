"""Bringing the properties of a template or plan into the shape that the API's request has.

Templates and plans describe the same resources in other spellings: other names (``production_variants``), texts where the
API takes numbers, one-element lists where it takes an object. Every parameter keeps the way back to where it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sagepass.calls.request_paths import is_open
from sagepass.catalog.operations import Operation, request_members
from sagepass.source.route import Route

_DEEPEST = 60
"""No request is nested deeper; below this values are left as they are."""


@dataclass(slots=True)
class Fitted:
    """A request, the places of its parameters where they differ, and the properties that no parameter takes."""

    params: dict[str, object] = field(default_factory=dict)
    places: dict[Route, Route] = field(default_factory=dict)
    unknown: list[Route] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """How a form of document writes requests.

    Attributes:
        key: makes two spellings of one name equal (``production_variants`` and ``ProductionVariants``).
        readings: the keys that the name of a property can stand for, likeliest first (``container``, ``containers``).
        names: names of properties at the top to parameters, where they are not the same name.
        unwraps: whether an object stands in a list of one element, and an empty list for what is left out.
    """

    key: Callable[[str], str] = str
    readings: Callable[[str], tuple[str, ...]] = lambda name: (name,)
    names: Mapping[str, str] = field(default_factory=dict)
    unwraps: bool = False


def fit(operation: Operation, properties: Mapping[str, object], base: Route, spelling: Spelling) -> Fitted:
    """The request of an operation from the properties of a resource.

    Args:
        operation: whose request it becomes.
        properties: the resource's properties; references in it are kept.
        base: where the properties begin in the document.
        spelling: how they are written.
    """
    fitted = Fitted()
    if not operation.input_shape:
        return fitted
    work = _Work(operation.client, spelling, fitted)
    top = {spelling.names.get(name, name): name for name in properties}
    renamed = {parameter: properties[name] for parameter, name in top.items()}
    origins = {parameter: (*base, name) for parameter, name in top.items()}
    fitted.params = work.structure(renamed, operation.input_shape, (), origins)
    _drop_implied(fitted.places, base)
    return fitted


@dataclass(slots=True)
class _Work:
    client: str
    spelling: Spelling
    fitted: Fitted

    def structure(
        self, value: Mapping[str, object], shape: str, route: Route, origins: Mapping[str, Route]
    ) -> dict[str, object]:
        members = request_members(self.client, shape)
        spelled = {self.spelling.key(name): name for name in members}
        result: dict[str, object] = {}
        for name, one in value.items():
            if one is None or (self.spelling.unwraps and one == []):
                continue
            readings = (spelled.get(reading) for reading in self.spelling.readings(name))
            member = name if name in members else next((one for one in readings if one), None)
            if member is None:
                self.fitted.unknown.append(origins[name])
                continue
            inner = (*route, member)
            self.fitted.places[inner] = origins[name]
            result[member] = self.value(one, members[member].removeprefix("!"), inner, origins[name])
        return result

    def value(self, value: object, code: str, route: Route, origin: Route) -> object:
        if is_open(value) or len(route) > _DEEPEST:
            return value
        code = code.removeprefix("!")
        match code[:1]:
            case ".":
                return self._object(value, code[1:], route, origin)
            case "[" if isinstance(value, list):
                return [self._element(one, code[1:], (*route, at), (*origin, at)) for at, one in enumerate(value)]
            case "[":
                return [self._element(value, code[1:], (*route, 0), origin)]
            case "{" if isinstance(value, Mapping):
                return {
                    str(key): self._element(one, code[1:], (*route, str(key)), (*origin, str(key)))
                    for key, one in value.items()
                }
            case _:
                return _scalar(value, code)

    def _object(self, value: object, shape: str, route: Route, origin: Route) -> object:
        if self.spelling.unwraps and isinstance(value, list) and len(value) == 1:
            value, origin = value[0], (*origin, 0)
            self.fitted.places[route] = origin
        if is_open(value) or not isinstance(value, Mapping):
            return value
        return self.structure(value, shape, route, {name: (*origin, name) for name in value})

    def _element(self, value: object, code: str, route: Route, origin: Route) -> object:
        self.fitted.places[route] = origin
        return self.value(value, code, route, origin)


def _scalar(value: object, code: str) -> object:
    """Texts for numbers and switches, and numbers for texts, are what templates write."""
    if isinstance(value, str):
        if code == "b" and value.lower() in ("true", "false"):
            return value.lower() == "true"
        if code == "i" and value.lstrip("-").isdecimal() and len(value) < 20:
            return int(value)
        if code == "f" and value.replace(".", "", 1).lstrip("-").isdecimal() and len(value) < 30:
            return float(value)
    if code == "s" and isinstance(value, bool):
        return "true" if value else "false"
    if code == "s" and isinstance(value, int | float):
        return str(value)
    return value


def _drop_implied(places: dict[Route, Route], base: Route) -> None:
    """Leave only the places that differ from where the route itself, or the nearest place above it, leads."""
    for route in sorted(places, key=len, reverse=True):
        implied = (*base, *route)
        for length in range(len(route) - 1, 0, -1):
            above = places.get(route[:length])
            if above is not None:
                implied = (*above, *route[length:])
                break
        if places[route] == implied:
            del places[route]
