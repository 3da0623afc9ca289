"""One pattern of a policy as it was written, and what it matches in each way of reading it.

Where AWS's documentation leaves a match open, a word has two readings: what it matches for certain, and what it may
match. A proof has to hold for both; a counterexample must not depend on the choice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TypeAlias

from sagepass.policy.glob import Token, Wildcard, matches, read_pattern
from sagepass.policy.variables import Variable, read_template
from sagepass.proof.glob import ANY, DIGIT, NO_COLON, Class, Glob, Loop, glob_of

Part: TypeAlias = Token | Variable
Values: TypeAlias = Mapping[str, str]
"""Lower-cased condition key to the value that a policy variable takes; a key that is not in it is absent."""


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
    if word.kind is WordKind.ARN and _arn_parts(_parts(word)) is None:
        return f"the ARN pattern {word.text!r} has fewer than six components; AWS does not say what it matches"
    if word.kind is WordKind.RESOURCE and _early_variable(word):
        return f"{word.text!r} has a policy variable before the fifth colon; AWS does not say what it matches"
    if variables_of(word):
        return f"{word.text!r} depends on {', '.join(v.key for v in variables_of(word))}"
    if is_open(word):
        return f"whether the * in {word.text!r} runs over a colon is not documented"
    return ""


def matched_by(word: Word, reading: Reading, *, positive: bool) -> Glob | None:
    """The glob to use for a word that shall match (``positive``), or shall not; ``None`` for "nothing".

    Policy variables are read as widely as possible here: any text where the word shall match, nothing where it shall
    not. :func:`filled` is exact once the values are known.
    """
    sure = reading is Reading.SURE
    if word.kind is WordKind.ARN and _arn_parts(_parts(word)) is None:
        return _shape_glob("arn:*:*:*:*:*") if positive is not sure else None
    if word.kind is WordKind.RESOURCE and _early_variable(word):
        return _glob(word, across=True) if positive is not sure else None
    if not positive and variables_of(word):
        return None
    across = reading is Reading.ACROSS or (sure and not positive)
    return _glob(word, across=across)


@lru_cache(maxsize=65536)
def _glob(word: Word, *, across: bool) -> Glob:
    return _compile(_parts(word), word, across=across)


def filled(word: Word, values: Values, reading: Reading, *, positive: bool) -> Glob | None:
    """The glob with the values of its policy variables filled in; ``None`` if one has no value, or nothing is certain."""
    if not variables_of(word):
        return matched_by(word, reading, positive=positive)
    parts: list[Part] = []
    for part in _parts(word):
        if not isinstance(part, Variable):
            parts.append(part)
            continue
        value = values.get(part.key.lower(), part.default)
        if value is None:
            return None
        parts.append(value)
    sure = reading is Reading.SURE
    if word.kind is WordKind.ARN and _arn_parts(tuple(parts)) is None:
        return _shape_glob("arn:*:*:*:*:*") if positive is not sure else None
    if word.kind is WordKind.RESOURCE and _early_variable(word) and positive is sure:
        return None
    return _compile(tuple(parts), word, across=reading is Reading.ACROSS or (sure and not positive))


@lru_cache(maxsize=16384)
def symbolic(word: Word) -> Glob:
    """The glob with a character of its own in the place of each variable."""
    return _compile(_parts(word), word, across=True, symbols=True)


@lru_cache(maxsize=16384)
def holds_symbols(word: Word) -> bool:
    """Whether every wildcard of the word, in any reading, can take in whatever value a variable has."""
    return (
        not is_open(word)
        and not any(step.negated for step in symbolic(word).steps)
        and NO_COLON not in symbolic(word).loops
    )


_FIRST_SYMBOL = 0xE000
_SYMBOLS: dict[tuple[str, str | None], str] = {}
_MOST_SYMBOLS = 1024


def _symbol(variable: Variable) -> str:
    """A character of the private use area, the same for the same variable with the same default."""
    key = (variable.key.lower(), variable.default)
    if key not in _SYMBOLS and len(_SYMBOLS) >= _MOST_SYMBOLS:
        _SYMBOLS.clear()
        symbolic.cache_clear()
        holds_symbols.cache_clear()
    return _SYMBOLS.setdefault(key, chr(_FIRST_SYMBOL + len(_SYMBOLS)))


@lru_cache(maxsize=65536)
def _parts(word: Word) -> tuple[Part, ...]:
    wild = word.kind in {WordKind.RESOURCE, WordKind.LIKE, WordKind.ARN, WordKind.ACTION}
    if word.kind is WordKind.RESOURCE and word.text == "*":
        return (Wildcard.RUN,)
    if word.variables and "${" in word.text:
        return read_template(word.text, wildcards=wild)
    return read_pattern(word.text) if wild else (word.text,) if word.text else ()


def _early_variable(word: Word) -> bool:
    text = word.text
    return word.variables and not text.startswith("${") and "${" in ":".join(text.split(":", 5)[:5])


@lru_cache(maxsize=65536)
def is_open(word: Word) -> bool:
    """Whether AWS's documentation leaves open what the word matches."""
    if word.kind is WordKind.RESOURCE:
        parts = _parts(word)
        inner = any(
            part is Wildcard.RUN and index + 1 < len(parts) and not _begins_with_colon(parts[index + 1])
            for index, part in enumerate(parts)
        )
        return inner or _early_variable(word)
    return word.kind is WordKind.ARN and _arn_parts(_parts(word)) is None


def _begins_with_colon(part: Part) -> bool:
    return isinstance(part, str) and part.startswith(":")


class _Writer:
    """Steps and loops of one glob."""

    def __init__(self) -> None:
        self.steps: list[Class] = []
        self.loops: list[Loop] = [None]

    def step(self, step: Class) -> None:
        self.steps.append(step)
        self.loops.append(None)

    def loop(self, loop: Class) -> None:
        if self.loops[-1] != ANY:
            self.loops[-1] = loop

    def glob(self) -> Glob:
        return glob_of(tuple(self.steps), tuple(self.loops))


_NOTHING = Class("")
_LITERAL_CLASSES: dict[str, Class] = {}


def _literal(char: str) -> Class:
    found = _LITERAL_CLASSES.get(char)
    return found if found is not None else _LITERAL_CLASSES.setdefault(char, Class(char))


def _folded(char: str) -> Class:
    lowered = char.lower()
    forms = dict.fromkeys(form for form in (char, lowered, char.upper()) if len(form) == 1 and form.lower() == lowered)
    return Class("".join(forms))


def _compile(parts: tuple[Part, ...], word: Word, *, across: bool, symbols: bool = False) -> Glob:
    if word.kind is WordKind.SHAPE:
        return _shape_glob(word.text)
    writer = _Writer()
    if word.component is not None:
        _prefix(writer, word.component)
        _write(writer, parts, word, across=False, bound=True, symbols=symbols)
        writer.step(_literal(":"))
        writer.loop(ANY)
        return writer.glob()
    if word.kind is WordKind.ARN:
        components = _arn_parts(parts)
        if components is None:
            return _shape_glob("arn:*:*:*:*:*")
        _write_arn(writer, components, word, symbols=symbols)
        return writer.glob()
    _write(writer, parts, word, across=across, bound=False, symbols=symbols)
    return writer.glob()


def _prefix(writer: _Writer, component: int) -> None:
    """``arn:``, and then runs without colon up to the component."""
    for char in "arn:":
        writer.step(_literal(char))
    for _ in range(component - 1):
        writer.loop(NO_COLON)
        writer.step(_literal(":"))


def _write(writer: _Writer, parts: tuple[Part, ...], word: Word, *, across: bool, bound: bool, symbols: bool) -> None:
    """The parts one after the other; ``bound``: no wildcard takes a colon."""
    for index, part in enumerate(parts):
        if isinstance(part, str):
            for char in part.lower() if word.kind is WordKind.ACTION else part:
                writer.step(_folded(char) if word.kind is WordKind.FOLDED else _literal(char))
        elif isinstance(part, Variable):
            if symbols:
                writer.step(_literal(_symbol(part)))
            else:
                writer.loop(NO_COLON if bound else ANY)
        elif part is Wildcard.ONE:
            writer.step(NO_COLON if bound else ANY)
        else:
            free = index + 1 == len(parts) or _begins_with_colon(parts[index + 1])
            inner = word.kind is WordKind.RESOURCE and not across and not free
            writer.loop(NO_COLON if bound or inner else ANY)


def _write_arn(writer: _Writer, components: list[tuple[Part, ...]], word: Word, *, symbols: bool) -> None:
    """Component by component; the first one of any ARN is ``arn``."""
    for index, parts in enumerate(components):
        if index:
            writer.step(_literal(":"))
        if index == 0:
            for char in "arn":
                writer.step(_literal(char) if _takes_arn(parts) else _NOTHING)
        else:
            _write(writer, parts, word, across=True, bound=index < 5, symbols=symbols)


def _takes_arn(parts: tuple[Part, ...]) -> bool:
    return all(not isinstance(part, Variable) for part in parts) and matches(
        tuple(part for part in parts if not isinstance(part, Variable)), "arn"
    )


def _arn_parts(parts: tuple[Part, ...]) -> list[tuple[Part, ...]] | None:
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


_SHAPE = re.compile(r"\{(seg1|seg|12)\}|([*?])")


@lru_cache(maxsize=16384)
def _shape_glob(text: str) -> Glob:
    writer = _Writer()
    position = 0
    for found in _SHAPE.finditer(text):
        for char in text[position : found.start()]:
            writer.step(_literal(char))
        _write_hole(writer, found[0])
        position = found.end()
    for char in text[position:]:
        writer.step(_literal(char))
    return writer.glob()


def _write_hole(writer: _Writer, hole: str) -> None:
    match hole:
        case "{seg}":
            writer.loop(NO_COLON)
        case "{seg1}":
            writer.step(NO_COLON)
            writer.loop(NO_COLON)
        case "{12}":
            for _ in range(12):
                writer.step(DIGIT)
        case "?":
            writer.step(ANY)
        case _:
            writer.loop(ANY)
