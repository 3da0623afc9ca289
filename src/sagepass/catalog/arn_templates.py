"""ARN templates of the Service Authorization Reference: ``arn:${Partition}:sagemaker:${Region}:${Account}:model/${Name}``.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html#resources_table
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TypeAlias

_LONGEST_ARN = 4096
"""AWS's own limit is 2,048 characters; anything longer matches no template."""
_VARIABLE = re.compile(r"\$\{([^}]*)\}")

Pieces: TypeAlias = tuple[tuple[str, ...], tuple[str, ...]]
"""The literal texts of a template and the variables between them: one literal more than variables."""


@lru_cache(maxsize=8192)
def pieces(template: str) -> Pieces:
    """Take a template apart."""
    parts = _VARIABLE.split(template)
    return tuple(parts[0::2]), tuple(parts[1::2])


def variables(template: str) -> tuple[str, ...]:
    """The variables of a template after the account, in order (``DomainId``, ``UserProfileName``)."""
    return tuple(name for name in pieces(template)[1] if name not in {"Partition", "Region", "Account"})


def fill(template: str, values: Mapping[str, str]) -> str:
    """Put values in the place of variables; a variable without a value becomes ``*``."""
    return _VARIABLE.sub(lambda variable: values.get(variable[1], "*"), template)


def match(template: str, arn: str) -> dict[str, str] | None:
    """The value of each variable if the ARN has the template's form, else ``None``.

    The first five fields are matched one by one and may be empty or ``*``; in the resource part every variable takes
    one character or more, as few as possible (the last one takes the rest, slashes and colons included).
    """
    template_fields, arn_fields = template.split(":", 5), arn.split(":", 5)
    if len(arn) > _LONGEST_ARN or len(arn_fields) != len(template_fields):
        return None
    values: dict[str, str] = {}
    for expected, actual in zip(template_fields[:5], arn_fields[:5], strict=True):
        variable = _VARIABLE.fullmatch(expected)
        if variable:
            values[variable[1]] = actual
        elif actual not in {expected, "*"}:
            return None
    named = _match_resource(template_fields[5], arn_fields[5])
    return None if named is None else values | named


def _match_resource(template: str, resource: str) -> dict[str, str] | None:
    literals, names = pieces(template)
    if not names:
        return {} if resource == template else None
    if not resource.startswith(literals[0]):
        return None
    start, values = len(literals[0]), {}
    for name, literal in zip(names[:-1], literals[1:-1], strict=True):
        end = resource.find(literal, start + 1) if literal else start + 1
        if end < 0:
            return None
        values[name] = resource[start:end]
        start = end + len(literal)
    end = len(resource) - len(literals[-1])
    if end <= start or not resource.endswith(literals[-1]):
        return None
    return values | {names[-1]: resource[start:end]}


def literal_length(template: str) -> int:
    """How many characters of the resource part are fixed: the more, the more specific the template."""
    fields = template.split(":", 5)
    return sum(map(len, pieces(fields[5])[0])) if len(fields) > 5 else 0
