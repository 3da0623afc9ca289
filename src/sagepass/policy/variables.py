"""Policy variables: ``${aws:username}``, ``${aws:PrincipalTag/team, 'none'}``, and the literals ``${*}`` ``${?}`` ``${$}``.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from sagepass.policy.context import Context
from sagepass.policy.glob import Pattern, Token, Wildcard, read_pattern

_VARIABLE = re.compile(r"\$\{([^${}]{1,512})\}")
_DEFAULT = re.compile(r"([^,]+?)\s*,\s*'([^']*)'\s*")
_LITERALS = {"*": "*", "?": "?", "$": "$"}


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable of a template."""

    key: str
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Filled:
    """A template with its variables filled in.

    ``pattern`` is ``None`` when a variable has no value: such a text matches nothing. ``unknown`` lists the keys that
    decide it and are not known.
    """

    pattern: Pattern | None
    without_value: str | None = None
    unknown: tuple[str, ...] = ()


@lru_cache(maxsize=65536)
def read_template(text: str, *, wildcards: bool) -> tuple[Token | Variable, ...]:
    """The tokens of a text with variables. With ``wildcards`` off, ``*`` and ``?`` are ordinary characters."""
    parts: list[Token | Variable] = []
    position = 0
    for match in _VARIABLE.finditer(text):
        _add_text(parts, text[position : match.start()], wildcards=wildcards)
        inner = match.group(1)
        if inner in _LITERALS:
            parts.append(_LITERALS[inner])
        else:
            default = _DEFAULT.fullmatch(inner)
            parts.append(Variable(default.group(1).strip(), default.group(2)) if default else Variable(inner.strip()))
        position = match.end()
    _add_text(parts, text[position:], wildcards=wildcards)
    return tuple(parts)


def _add_text(parts: list[Token | Variable], text: str, *, wildcards: bool) -> None:
    if text:
        parts.extend(read_pattern(text) if wildcards else (text,))


@lru_cache(maxsize=65536)
def variable_keys(text: str) -> tuple[str, ...]:
    """The condition keys that the variables of a text name."""
    return tuple(part.key for part in read_template(text, wildcards=False) if isinstance(part, Variable))


def fill(text: str, context: Context, *, enabled: bool, wildcards: bool) -> Filled:
    """Fill the variables of a text in.

    Args:
        text: a resource or a condition value.
        context: where the values come from.
        enabled: whether the document has ``"Version": "2012-10-17"``; otherwise the text stays as it is.
        wildcards: whether ``*`` and ``?`` are wildcards here. A substituted value is never scanned for them.
    """
    if not enabled or "${" not in text:
        return Filled(read_pattern(text) if wildcards else _plain(text))
    tokens: list[Token] = []
    unknown: list[str] = []
    missing: str | None = None
    for part in read_template(text, wildcards=wildcards):
        if not isinstance(part, Variable):
            tokens.append(part)
            continue
        value = context.get(part.key)
        if value is not None and not value.multivalued and len(value.values) == 1:
            tokens.append(value.values[0])
        elif value is not None or context.is_unknown(part.key):
            unknown.append(part.key)
        elif part.default is not None:
            tokens.append(part.default)
        else:
            missing = missing or part.key
    if missing is not None:
        return Filled(None, without_value=missing)
    return Filled(None if unknown else _join(tokens), unknown=tuple(unknown))


def _plain(text: str) -> Pattern:
    return (text,) if text else ()


def _join(tokens: list[Token]) -> Pattern:
    joined: list[Token] = []
    for token in tokens:
        if isinstance(token, str) and joined and isinstance(joined[-1], str):
            joined[-1] += token
        elif not (token is Wildcard.RUN and joined and joined[-1] is Wildcard.RUN) and token != "":
            joined.append(token)
    return tuple(joined)
