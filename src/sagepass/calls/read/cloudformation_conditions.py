"""Conditions of a CloudFormation template: whether they hold with what is known.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-conditions.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sagepass.calls.read.open_value import OpenValueError

if TYPE_CHECKING:
    from sagepass.calls.read.intrinsics import Template


def holds(template: Template, name: str) -> bool:
    """Whether a condition of the template holds.

    Raises:
        OpenValueError: it depends on something that is not known, on itself, or is not there.
    """
    if name not in template.conditions:
        raise template.missing("condition", name, template.conditions)
    mark = f"condition {name}"
    if mark in template.busy:
        raise OpenValueError(f"the condition {name[:64]} depends on itself")
    if name not in template.held:
        template.busy.add(mark)
        try:
            template.held[name] = _true(template, template.conditions[name])
        finally:
            template.busy.discard(mark)
    return template.held[name]


def _true(template: Template, value: object) -> bool:
    template.step()
    if isinstance(value, Mapping) and len(value) == 1:
        ((name, argument),) = value.items()
        arguments = argument if isinstance(argument, list) else [argument]
        match name:
            case "Fn::Equals" if len(arguments) == 2:
                return template.text(arguments[0]) == template.text(arguments[1])
            case "Fn::Not" if len(arguments) == 1:
                return not _true(template, arguments[0])
            case "Fn::And":
                return _all(template, arguments, wanted=True)
            case "Fn::Or":
                return not _all(template, arguments, wanted=False)
            case "Condition":
                return holds(template, str(argument))
            case _:
                pass
    raise OpenValueError("this is no condition that can be worked out")


def _all(template: Template, values: list[object], *, wanted: bool) -> bool:
    """Whether all are as wanted; one that certainly is not outweighs those that are not known."""
    unknown: OpenValueError | None = None
    for value in values:
        try:
            if _true(template, value) is not wanted:
                return False
        except OpenValueError as error:
            unknown = error
    if unknown is not None:
        raise unknown
    return True
