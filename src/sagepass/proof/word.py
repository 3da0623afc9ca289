"""One pattern of a policy as it was written: its parts, its policy variables, and what of it AWS leaves open.

Where AWS's documentation leaves a match open, a word has two readings: what it matches for certain, and what it may
match. A proof has to hold for both; a counterexample must not depend on the choice. :mod:`sagepass.proof.word_glob` makes
the patterns.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TypeAlias

from sagepass.policy.glob import Token, Wildcard, read_pattern
from sagepass.policy.variables import Variable, read_template

Part: TypeAlias = Token | Variable


class WordKind(StrEnum):
    """What the characters of a word mean."""

    RESOURCE = "resource"
    """An entry of Resource: ``*`` and ``?``."""
    LIKE = "like"
    """A value of StringLike: ``*`` and ``?``."""
    EQUALS = "equals"
    """A value of StringEquals: no wildcards."""
    FOLDED = "folded"
    """A value of StringEqualsIgnoreCase."""
    ARN = "arn"
    """A value of ArnLike or ArnEquals: six components, wildcards within one of the first five stay in it."""
    ACTION = "action"
    """An entry of Action, in lower case."""
    SHAPE = "shape"
    """A form of our own: ``{seg}`` a run without colon, ``{seg1}`` at least one character, ``{12}`` an account id."""


class Reading(StrEnum):
    """How the open points are taken."""

    SURE = "sure"
    """Matches and mismatches count only where AWS's documentation settles them."""
    ACROSS = "across"
    """Every ``*`` of a resource runs over colons."""
    WITHIN = "within"
    """A ``*`` in the middle of an ARN segment stays in it."""


@dataclass(frozen=True, slots=True)
class Word:
    """One pattern.

    Attributes:
        kind: what its characters mean.
        text: as the policy has it.
        variables: whether ``${…}`` is a policy variable in its document.
        component: for a condition on an account, the component of the ARN it is compared with instead.
    """

    kind: WordKind
    text: str
    variables: bool = False
    component: int | None = None


@lru_cache(maxsize=65536)
def is_exact(word: Word) -> bool:
    """Whether all readings of the word are the same and it depends on nothing else in the request."""
    return not variables_of(word) and not is_open(word)


@lru_cache(maxsize=65536)
def variables_of(word: Word) -> tuple[Variable, ...]:
    """The policy variables that it holds."""
    if not word.variables or "${" not in word.text:
        return ()
    return tuple(part for part in read_template(word.text, wildcards=False) if isinstance(part, Variable))


def open_point(word: Word) -> str:
    """What keeps the word from being exact, in words; empty for an exact one."""
    if word.kind is WordKind.ARN and arn_parts(parts_of(word)) is None:
        return f"the ARN pattern {word.text!r} has fewer than six components; AWS does not say what it matches"
    if word.kind is WordKind.RESOURCE and early_variable(word):
        return f"{word.text!r} has a policy variable before the fifth colon; AWS does not say what it matches"
    if word.kind is WordKind.FOLDED and not word.text.isascii():
        return f"how the case of {word.text!r} is ignored beyond ASCII is not documented"
    if variables_of(word):
        return f"{word.text!r} depends on {', '.join(v.key for v in variables_of(word))}"
    if is_open(word):
        return f"whether the * in {word.text!r} runs over a colon is not documented"
    return ""


@lru_cache(maxsize=65536)
def parts_of(word: Word) -> tuple[Part, ...]:
    """Texts, wildcards and policy variables, in order."""
    wild = word.kind in {WordKind.RESOURCE, WordKind.LIKE, WordKind.ARN, WordKind.ACTION}
    if word.kind is WordKind.RESOURCE and word.text == "*":
        return (Wildcard.RUN,)
    if word.variables and "${" in word.text:
        return read_template(word.text, wildcards=wild)
    return read_pattern(word.text) if wild else (word.text,) if word.text else ()


def early_variable(word: Word) -> bool:
    """Whether a Resource entry has a policy variable before its fifth colon: what that matches is not documented."""
    text = word.text
    return word.variables and not text.startswith("${") and "${" in ":".join(text.split(":", 5)[:5])


@lru_cache(maxsize=65536)
def is_open(word: Word) -> bool:
    """Whether AWS's documentation leaves open what the word matches."""
    if word.kind is WordKind.RESOURCE:
        parts = parts_of(word)
        inner = any(
            part is Wildcard.RUN and index + 1 < len(parts) and not begins_with_colon(parts[index + 1])
            for index, part in enumerate(parts)
        )
        return inner or early_variable(word)
    if word.kind is WordKind.FOLDED:
        return not word.text.isascii()
    return word.kind is WordKind.ARN and arn_parts(parts_of(word)) is None


def begins_with_colon(part: Part) -> bool:
    """Whether a ``*`` in front of this part stands at the end of an ARN segment."""
    return isinstance(part, str) and part.startswith(":")


def arn_parts(parts: tuple[Part, ...]) -> list[tuple[Part, ...]] | None:
    """The six components of an ARN pattern, or ``None`` if there are fewer."""
    components: list[tuple[Part, ...]] = []
    current: list[Part] = []
    for part in parts:
        if not isinstance(part, str):
            current.append(part)
            continue
        rest = part
        while ":" in rest and len(components) < 5:
            head, _, rest = rest.partition(":")
            components.append((*current, head) if head else tuple(current))
            current = []
        if rest:
            current.append(rest)
    components.append(tuple(current))
    return components if len(components) == 6 else None
