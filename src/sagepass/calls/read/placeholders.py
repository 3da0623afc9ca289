"""What a skeleton leaves empty, and text that only holds a value's place.

A skeleton of the AWS CLI has every parameter of an operation: texts are empty, numbers are 0, times are the epoch. What was
left like that is not given. Where the API requires the parameter, something will stand there later, so that it counts as
not known; an optional one, with everything around it that was left empty too, counts as left out.

Source: https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-skeleton.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sagepass.calls.read.document import Document
from sagepass.calls.request_paths import is_open, not_known
from sagepass.catalog.operations import Operation, request_members
from sagepass.source.finding import Severity
from sagepass.source.route import Route, render_route

_PLACEHOLDER = re.compile(
    r"<[^<>]{1,80}>|\[REQUIRED\].{0,200}|(?:REPLACE|CHANGE|INSERT|YOUR|TODO|FIXME)(?:[-_ ]?[A-Z0-9_ -]{0,60})|X{4,20}"
)
_CHOICE = re.compile(r"[A-Z][A-Za-z0-9_]{0,60}|ml[.][a-z0-9-]{1,30}[.][a-z0-9-]{1,30}")
"""What the values of closed lists look like (``File``, ``ml.m5.large``): a skeleton has any of them."""
_UNSET_TIMES = ("1970-01-01T00:00:00", "1970-01-01 00:00:00")


class _Empty:
    """The value of what is left out."""


_EMPTY = _Empty()


@dataclass(slots=True)
class _Filler:
    client: str
    document: Document
    base: Route
    skeleton: bool


def without_placeholders(
    params: Mapping[str, object], operation: Operation | None, document: Document, base: Route
) -> dict[str, object]:
    """The request that is really given; every placeholder is reported.

    Args:
        params: the request as it stands in the document.
        operation: whose request it is, to tell required parameters from optional ones.
        document: where findings go.
        base: where the request begins in the document.
    """
    filler = _Filler(operation.client if operation else "", document, base, is_skeleton(params))
    code = f".{operation.input_shape}" if operation and operation.input_shape else ""
    filled = _fill(filler, params, code, (), required=True)
    return filled if isinstance(filled, dict) else {}


def is_skeleton(value: object) -> bool:
    """Whether anything was left as a skeleton has it: an empty text. Then 0 and the epoch count as empty too."""
    places = [value]
    while places:
        one = places.pop()
        if isinstance(one, Mapping):
            places += [] if _is_tag_without_value(one) else one.values()
        elif isinstance(one, list):
            places += one
        elif isinstance(one, str) and not one.strip():
            return True
    return False


def _is_tag_without_value(value: Mapping[str, object]) -> bool:
    """``{"Key": "team", "Value": ""}``: the value of a tag may be empty."""
    return value.keys() == {"Key", "Value"} and bool(value["Key"]) and value["Value"] == ""


def _fill(filler: _Filler, value: object, code: str, route: Route, *, required: bool) -> object:
    if is_open(value):
        return value
    if isinstance(value, Mapping):
        return _fill_mapping(filler, value, code, route, required=required)
    if isinstance(value, list):
        inner_code = code[1:] if code.startswith("[") else ""
        inner = [
            _fill(filler, one, inner_code, (*route, index), required=required and index == 0)
            for index, one in enumerate(value)
        ]
        kept = [one for one in inner if one is not _EMPTY]
        return kept if kept or not value or required else _EMPTY
    return _fill_scalar(filler, value, route, required=required)


def _fill_mapping(filler: _Filler, value: Mapping[str, object], code: str, route: Route, *, required: bool) -> object:
    members = request_members(filler.client, code[1:]) if code.startswith(".") and filler.client else {}
    if not required and _is_untouched(filler, value):
        if _leaves(value, lambda one: not _unset(filler, one)):
            what = f"{render_route(route)} holds only what a skeleton has, so it counts as left out"
            _report(filler, route, what, severity=Severity.INFO)
        return _EMPTY
    if _is_tag_without_value(value):
        return dict(value)
    filled: dict[str, object] = {}
    for name, one in value.items():
        member = members.get(str(name), "")
        if code.startswith("{"):
            member = code[1:]
        inner = _fill(filler, one, member.removeprefix("!"), (*route, str(name)), required=member.startswith("!"))
        if inner is not _EMPTY:
            filled[str(name)] = inner
    return filled


def _fill_scalar(filler: _Filler, value: object, route: Route, *, required: bool) -> object:
    if isinstance(value, str) and _PLACEHOLDER.fullmatch(value.strip()):
        _report(filler, route, f"{value.strip()[:60]!r} is a placeholder: the value counts as not known")
        return not_known(render_route(route))
    if not _unset(filler, value):
        return value
    if not required:
        return _EMPTY
    _report(filler, route, f"{render_route(route)} is required and left empty: it counts as not known")
    return not_known(render_route(route))


def _is_untouched(filler: _Filler, value: object) -> bool:
    """Whether all of it is as a skeleton has it: something is empty, switches are on, choices are any of their values."""
    return (
        filler.skeleton
        and _leaves(value, lambda one: _unset(filler, one))
        and not _leaves(value, lambda one: not _unset(filler, one) and one is not True and not _is_choice(one))
    )


def _is_choice(value: object) -> bool:
    return isinstance(value, str) and _CHOICE.fullmatch(value) is not None


def _leaves(value: object, wanted: Callable[[object], bool]) -> bool:
    """Whether any value inside is as wanted."""
    places = [value]
    while places:
        one = places.pop()
        if isinstance(one, Mapping):
            places += one.values()
        elif isinstance(one, list):
            places += one
        elif wanted(one):
            return True
    return False


def _unset(filler: _Filler, value: object) -> bool:
    if value is None or (isinstance(value, str) and not value.strip()):
        return True
    if not filler.skeleton or isinstance(value, bool):
        return False
    return value in _UNSET_TIMES or (isinstance(value, int | float) and value == 0)


def _report(filler: _Filler, route: Route, message: str, severity: Severity | None = None) -> None:
    filler.document.report(
        "CALL_PLACEHOLDER",
        message,
        "put the value in, or remove the parameter",
        (*filler.base, *route),
        severity=severity,
    )
