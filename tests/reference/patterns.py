"""Wildcards and policy variables.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

Context: TypeAlias = dict[str, tuple[str, ...]]  # lower-case key name → its values; an absent key is not in it

_VARIABLE = re.compile(r"\$\{([^}]*)\}")


@dataclass(frozen=True)
class Part:
    """A stretch of a policy string: as written (its `*` and `?` are wildcards) or put in by a variable (plain text)."""

    text: str
    as_written: bool


def resolve(text: str, context: Context, *, variables: bool) -> list[Part] | None:
    """Replace the variables of a policy string; None if one of them has no value.

    `variables` is false for a document whose Version is not 2012-10-17: there `${...}` is ordinary text.
    """
    if not variables:
        return [Part(text, as_written=True)]
    parts: list[Part] = []
    end = 0
    for variable in _VARIABLE.finditer(text):
        parts.append(Part(text[end : variable.start()], as_written=True))
        value = _value_of(variable.group(1), context)
        if value is None:
            return None
        parts.append(Part(value, as_written=False))
        end = variable.end()
    parts.append(Part(text[end:], as_written=True))
    return parts


def _value_of(variable: str, context: Context) -> str | None:
    if variable in ("*", "?", "$"):
        return variable
    key, comma, default = variable.partition(",")
    values = context.get(key.strip().lower(), ())
    if len(values) == 1:  # "you cannot use a multivalued key as a variable"
        return values[0]
    return default.strip().removeprefix("'").removesuffix("'") if comma else None


def plain(parts: list[Part]) -> str:
    """The text of a resolved string, its `*` and `?` being nothing special."""
    return "".join(part.text for part in parts)


def like(parts: list[Part], value: str, *, ignore_case: bool = False) -> bool:
    """Whether `value` fits the pattern: `*` is any run of characters (also `/` and `:`), `?` is exactly one."""
    wildcards = {"*": ".*", "?": "."}
    regex = "".join(
        wildcards.get(character, re.escape(character)) if part.as_written else re.escape(character)
        for part in parts
        for character in part.text
    )
    return re.fullmatch(regex, value, re.DOTALL | (re.IGNORECASE if ignore_case else 0)) is not None


def components(parts: list[Part]) -> list[list[Part]]:
    """Cut a resolved ARN pattern at its first five colons, written or put in, into at most six components."""
    cut: list[list[Part]] = [[]]
    for part in parts:
        pieces = part.text.split(":", 6 - len(cut))
        cut[-1].append(Part(pieces[0], part.as_written))
        cut.extend([Part(piece, part.as_written)] for piece in pieces[1:])
    return cut


def arn_like(parts: list[Part], value: str) -> bool:
    """ARN comparison: "each of the six colon-delimited components of the ARN is checked separately".

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
    """
    patterns, values = components(parts), value.split(":", 5)
    return len(patterns) == len(values) == 6 and all(map(like, patterns, values))


def resource_like(text: str, resource: str, context: Context, *, variables: bool) -> bool:
    """Whether a Resource (or NotResource) entry covers the resource of the request.

    Variables count only after the fifth colon; an entry with a variable that has no value covers nothing.
    """
    head, tail = text, ""
    if variables and text.count(":") >= 5:
        fields = text.split(":", 5)
        head, tail = ":".join(fields[:5]) + ":", fields[5]
    resolved = resolve(tail, context, variables=variables)
    return resolved is not None and like([Part(head, as_written=True), *resolved], resource)
