"""CloudFormation's intrinsic functions, as far as the template itself tells their value.

Parameters have their defaults, pseudo parameters what is known of the call, conditions follow from both. What is only known
when the stack is made stays as the reference that it is, which counts as a value that is not known.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html and
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sagepass.calls.read.cloudformation_conditions import holds
from sagepass.calls.read.cloudformation_values import attribute_of, reference_of
from sagepass.calls.read.document import Document
from sagepass.calls.read.open_value import OpenValueError
from sagepass.calls.read.setting import Setting
from sagepass.calls.request_paths import is_open
from sagepass.source.route import Route

_VARIABLE = re.compile(r"\$\{(!?)([^{}]{1,300})\}")
_DYNAMIC = "{{resolve:"
_DEEPEST = 40
_LONGEST = 2 * 1024 * 1024
"""Characters of the longest text that is put together."""
_MOST_STEPS = 100_000
"""Values that are worked out for one template; functions that repeat each other could ask for billions."""


class _Removed:
    """``AWS::NoValue``: the property is as if it were not there."""


REMOVED = _Removed()


@dataclass(slots=True)
class Template:
    """The sections of a template that values are taken from, and what is being worked out."""

    document: Document
    setting: Setting
    parameters: Mapping[str, object]
    mappings: Mapping[str, object]
    conditions: Mapping[str, object]
    resources: Mapping[str, object]
    busy: set[str] = field(default_factory=set)
    reported: set[Route] = field(default_factory=set)
    depth: int = 0
    steps: int = 0
    held: dict[str, bool] = field(default_factory=dict)

    def resolve(self, value: object, route: Route) -> object:
        """A value with everything that is known put in; what stays open is reported at its place."""
        if is_open(value):
            return self._reported(value, route)
        if isinstance(value, Mapping):
            inner = {str(key): self.resolve(one, (*route, str(key))) for key, one in value.items()}
            return {key: one for key, one in inner.items() if one is not REMOVED}
        if isinstance(value, list):
            elements = [self.resolve(one, (*route, index)) for index, one in enumerate(value)]
            return [one for one in elements if one is not REMOVED]
        if isinstance(value, str) and _DYNAMIC in value:
            return self._reported({"Fn::Sub": value}, route)
        return value

    def evaluate(self, value: object) -> object:
        """A value that is wholly known.

        Raises:
            OpenValueError: it is not.
        """
        self.step()
        if self.depth > _DEEPEST:
            raise OpenValueError("functions nest too deeply")
        self.depth += 1
        try:
            if is_open(value):
                assert isinstance(value, Mapping)
                ((name, argument),) = value.items()
                return self._apply(str(name), argument)
            if isinstance(value, Mapping):
                return {str(key): self.evaluate(one) for key, one in value.items()}
            if isinstance(value, list):
                return [one for one in map(self.evaluate, value) if one is not REMOVED]
            if isinstance(value, str) and _DYNAMIC in value:
                raise OpenValueError("a dynamic reference is only read when the stack is made")
            return value
        finally:
            self.depth -= 1

    def text(self, value: object) -> str:
        """A value that is one text, numbers and switches included.

        Raises:
            OpenValueError: it is not known, or is no text.
        """
        found = self.evaluate(value)
        if isinstance(found, bool):
            return "true" if found else "false"
        if isinstance(found, str | int | float):
            return str(found)
        raise OpenValueError("a text is expected inside this function")

    def _reported(self, value: object, route: Route) -> object:
        try:
            return self._chosen(value, route)
        except OpenValueError as error:
            if route not in self.reported:
                self.reported.add(route)
                remedy = error.remedy or "give the value literally to get a definite answer"
                self.document.report(error.code, error.message, remedy, route)
            return value

    def _chosen(self, value: object, route: Route) -> object:
        """``Fn::If`` picks a branch, whose own open parts are reported one by one; anything else is known or open."""
        assert isinstance(value, Mapping)
        ((name, argument),) = value.items()
        if name == "Fn::If":
            index = self._branch(argument)
            return self.resolve(argument[index], (*route, "Fn::If", index))
        return self.evaluate(value)

    def _apply(self, name: str, argument: object) -> object:
        handler = _FUNCTIONS.get(name)
        if handler is None:
            raise OpenValueError(f"{name[:40]} is only worked out when the stack is made")
        return handler(self, argument)

    def step(self) -> None:
        """Count one value that is worked out.

        Raises:
            OpenValueError: there were too many.
        """
        self.steps += 1
        if self.steps > _MOST_STEPS:
            raise OpenValueError("the template asks for too much to be worked out")

    def _branch(self, argument: object) -> int:
        if not isinstance(argument, list) or len(argument) != 3:
            raise OpenValueError("Fn::If takes a condition and two values")
        return 1 if holds(self, str(argument[0])) else 2

    def missing(self, what: str, name: str, known: Mapping[str, object]) -> OpenValueError:
        """The error for a reference to something that the template does not have."""
        near = self.document.nearest(name, map(str, known), cutoff=0.6)
        return OpenValueError(
            f"the template has no {what} {name[:64]!r}",
            code="CALL_UNKNOWN_REFERENCE",
            remedy=f"did you mean {near}?" if near else f"declare the {what}, or give the value literally",
        )

    def ref(self, argument: object) -> object:
        """``Ref``: a pseudo parameter, a parameter with a default, or a resource whose identifier the template tells."""
        name = str(argument)
        if name.startswith("AWS::"):
            return self._pseudo(name)
        if name in self.parameters:
            return self._default(name, self.parameters[name])
        if name in self.resources:
            return reference_of(self, name)
        raise self.missing("parameter or resource", name, {**self.parameters, **self.resources})

    def _pseudo(self, name: str) -> object:
        known: dict[str, object] = {
            "AWS::AccountId": self.setting.caller_account,
            "AWS::NoValue": REMOVED,
            "AWS::Partition": self.setting.partition,
            "AWS::Region": self.setting.region,
            "AWS::URLSuffix": "amazonaws.com.cn" if self.setting.partition == "aws-cn" else "amazonaws.com",
        }
        if known.get(name) is None:
            raise OpenValueError(f"{name[:40]} is not known before the stack is made")
        return known[name]

    def _default(self, name: str, parameter: object) -> object:
        entry = parameter if isinstance(parameter, Mapping) else {}
        kind = str(entry.get("Type", "String"))
        if kind.startswith("AWS::SSM::Parameter::Value"):
            raise OpenValueError(f"the parameter {name[:64]} is read from Systems Manager when the stack is made")
        if entry.get("Default") is None:
            raise OpenValueError(f"the parameter {name[:64]} has no default")
        default = entry["Default"]
        if kind == "CommaDelimitedList" or kind.startswith("List<"):
            return [part.strip() for part in str(default).split(",")]
        return default

    def attribute(self, argument: object) -> object:
        """``Fn::GetAtt``: a property of a resource, or its ARN where the template tells its name."""
        parts = argument if isinstance(argument, list) else str(argument).split(".", 1)
        if len(parts) != 2:
            raise OpenValueError("Fn::GetAtt takes a resource and an attribute")
        name, attribute = str(parts[0]), self.text(parts[1])
        if name not in self.resources:
            raise self.missing("resource", name, self.resources)
        return attribute_of(self, name, attribute)

    def substituted(self, argument: object) -> object:
        """``Fn::Sub``: a text with ``${…}`` in it."""
        text, own = (argument[0], argument[1]) if isinstance(argument, list) and len(argument) == 2 else (argument, {})
        if not isinstance(text, str) or not isinstance(own, Mapping):
            raise OpenValueError("Fn::Sub takes a text, or a text and an object")

        def value_of(found: re.Match[str]) -> str:
            name = found[2].strip()
            if found[1]:
                return f"${{{name}}}"
            if name in own:
                return self.text(own[name])
            return self.text({"Fn::GetAtt": name} if "." in name else {"Ref": name})

        if _DYNAMIC in text:
            raise OpenValueError("a dynamic reference is only read when the stack is made")
        return _put_together(self._pieces(text, value_of))

    def _pieces(self, text: str, value_of: Callable[[re.Match[str]], str]) -> Iterator[str]:
        end = 0
        for found in _VARIABLE.finditer(text):
            self.step()
            yield text[end : found.start()]
            yield value_of(found)
            end = found.end()
        yield text[end:]

    def joined(self, argument: object) -> object:
        """``Fn::Join``: texts with a delimiter between them."""
        if not isinstance(argument, list) or len(argument) != 2:
            raise OpenValueError("Fn::Join takes a delimiter and a list")
        values = self.evaluate(argument[1])
        if not isinstance(values, list):
            raise OpenValueError("Fn::Join takes a list")
        delimiter = self.text(argument[0])
        return _put_together(part for one in values for part in (delimiter, self.text(one)))[len(delimiter) :]

    def selected(self, argument: object) -> object:
        """``Fn::Select``: one element of a list."""
        if not isinstance(argument, list) or len(argument) != 2:
            raise OpenValueError("Fn::Select takes an index and a list")
        index, values = self.text(argument[0]), self.evaluate(argument[1])
        if not isinstance(values, list) or not index.isdecimal() or int(index[:6]) >= len(values):
            raise OpenValueError("Fn::Select names an element that the list does not have")
        return values[int(index)]

    def split(self, argument: object) -> object:
        """``Fn::Split``: a text cut at a delimiter."""
        if not isinstance(argument, list) or len(argument) != 2 or not self.text(argument[0]):
            raise OpenValueError("Fn::Split takes a delimiter and a text")
        return self.text(argument[1]).split(self.text(argument[0]))

    def mapped(self, argument: object) -> object:
        """``Fn::FindInMap``: a value of the Mappings section."""
        if not isinstance(argument, list) or len(argument) < 3:
            raise OpenValueError("Fn::FindInMap takes a map and two keys")
        table: object = self.mappings
        for key in argument[:3]:
            name = self.text(key)
            if not isinstance(table, Mapping) or name not in table:
                raise OpenValueError(f"the mappings have no entry {name[:64]!r} here")
            table = table[name]
        return table

    def encoded(self, argument: object) -> object:
        """``Fn::Base64``."""
        return base64.b64encode(self.text(argument).encode("utf-8", "surrogatepass")).decode("ascii")

    def json_text(self, argument: object) -> object:
        """``Fn::ToJsonString``."""
        return _put_together(json.JSONEncoder().iterencode(self.evaluate(argument)))

    def either(self, argument: object) -> object:
        """``Fn::If``, where the whole value has to be known."""
        index = self._branch(argument)
        assert isinstance(argument, list)
        return self.evaluate(argument[index])


def _put_together(pieces: Iterable[str]) -> str:
    """One text from many, given up as soon as it is too long."""
    kept: list[str] = []
    length = 0
    for piece in pieces:
        length += len(piece)
        if length > _LONGEST:
            raise OpenValueError("the text is too long to be put together")
        kept.append(piece)
    return "".join(kept)


_FUNCTIONS: dict[str, Callable[[Template, object], object]] = {
    "Fn::Base64": Template.encoded,
    "Fn::FindInMap": Template.mapped,
    "Fn::GetAtt": Template.attribute,
    "Fn::If": Template.either,
    "Fn::Join": Template.joined,
    "Fn::Select": Template.selected,
    "Fn::Split": Template.split,
    "Fn::Sub": Template.substituted,
    "Fn::ToJsonString": Template.json_text,
    "Ref": Template.ref,
}
