"""What a word matches, as a pattern: in each way of reading it, with its variables filled in, or kept as symbols."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TypeAlias

from sagepass.policy.glob import Wildcard, matches
from sagepass.policy.variables import Variable
from sagepass.proof.budget import BudgetSpentError
from sagepass.proof.glob import ANY, DIGIT, NO_COLON, Class, Glob, Loop, glob_of
from sagepass.proof.word import (
    Part,
    Reading,
    Word,
    WordKind,
    arn_parts,
    begins_with_colon,
    early_variable,
    is_open,
    parts_of,
    variables_of,
)

Values: TypeAlias = Mapping[str, str]
"""Lower-cased condition key to the value that a policy variable takes; a key that is not in it is absent."""
_ANYTHING = glob_of((), (ANY,))


def matched_by(word: Word, reading: Reading, *, positive: bool) -> Glob | None:
    """The glob to use for a word that shall match (``positive``), or shall not; ``None`` for "nothing".

    Policy variables are read as widely as possible here: any text where the word shall match, nothing where it shall
    not. :func:`filled` is exact once the values are known.
    """
    sure = reading is Reading.SURE
    if word.kind is WordKind.ARN and arn_parts(parts_of(word)) is None:
        return _shape_glob("arn:*:*:*:*:*") if positive is not sure else None
    if word.kind is WordKind.FOLDED and not word.text.isascii():
        return _ANYTHING if positive is not sure else None
    if word.kind is WordKind.RESOURCE and early_variable(word):
        return _glob(word, across=True) if positive is not sure else None
    if not positive and variables_of(word):
        return None
    if word.kind is WordKind.ARN and _may_shift(word):
        return _flat(word)
    across = reading is Reading.ACROSS or (sure and not positive)
    return _glob(word, across=across)


_ONE_SEGMENT = frozenset(
    {
        "aws:principalaccount",
        "aws:requestedregion",
        "aws:resourceaccount",
        "aws:sourceaccount",
        "aws:username",
        "kms:calleraccount",
    }
)
"""Keys whose values hold no colon: account ids, Regions and user names
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html)."""


def _may_shift(word: Word) -> bool:
    """Whether the value of a policy variable can hold a colon in front of the last component, and so move the others."""
    early = [part for component in (arn_parts(parts_of(word)) or ())[:5] for part in component]
    return any(
        isinstance(part, Variable) and (part.key.lower() not in _ONE_SEGMENT or ":" in (part.default or ""))
        for part in early
    )


@lru_cache(maxsize=65536)
def _flat(word: Word) -> Glob:
    """At least what an ARN pattern matches, wherever the colons in the values of its variables put its components."""
    writer = _Writer()
    _write(writer, parts_of(word), word, across=True, bound=False, symbols=False)
    return writer.glob()


@lru_cache(maxsize=65536)
def _glob(word: Word, *, across: bool) -> Glob:
    return _compile(parts_of(word), word, across=across)


def filled(word: Word, values: Values, reading: Reading, *, positive: bool) -> Glob | None:
    """The glob with the values of its policy variables filled in; ``None`` if one has no value, or nothing is certain."""
    if not variables_of(word):
        return matched_by(word, reading, positive=positive)
    parts: list[Part] = []
    for part in parts_of(word):
        if not isinstance(part, Variable):
            parts.append(part)
            continue
        value = values.get(part.key.lower(), part.default)
        if value is None:
            return None
        parts.append(value)
    sure = reading is Reading.SURE
    if word.kind is WordKind.ARN and arn_parts(tuple(parts)) is None:
        return _shape_glob("arn:*:*:*:*:*") if positive is not sure else None
    if word.kind is WordKind.RESOURCE and early_variable(word) and positive is sure:
        return None
    return _compile(tuple(parts), word, across=reading is Reading.ACROSS or (sure and not positive))


@lru_cache(maxsize=16384)
def symbolic(word: Word) -> Glob | None:
    """The glob with a character of its own in the place of each variable; ``None`` if the word holds such a character."""
    if any(0xE000 <= ord(char) <= 0xF8FF or ord(char) >= _FIRST_SYMBOL for char in word.text):
        return None
    return _compile(parts_of(word), word, across=True, symbols=True)


def symbolic_in(word: Word, reading: Reading) -> Glob | None:
    """The same in one way of reading; ``None`` if the components of the word can shift, or it holds such a character."""
    if symbolic(word) is None or is_open(word) or (word.kind is WordKind.ARN and _may_shift(word)):
        return None
    return _compile(parts_of(word), word, across=reading is Reading.ACROSS, symbols=True)


def variable_of(symbol: str) -> tuple[str, str | None] | None:
    """The key and the default of the policy variable that a character stands for; ``None`` for any other character."""
    if ord(symbol) < _FIRST_SYMBOL:
        return None
    return next((variable for variable, char in _SYMBOLS.items() if char == symbol), None)


@lru_cache(maxsize=16384)
def holds_symbols(word: Word) -> bool:
    """Whether every wildcard of the word, in any reading, can take in whatever value a variable has."""
    glob = symbolic(word)
    return (
        glob is not None
        and not is_open(word)
        and not any(step.negated for step in glob.steps)
        and NO_COLON not in glob.loops
    )


_FIRST_SYMBOL = 0xF0000
_SYMBOLS: dict[tuple[str, str | None], str] = {}
_MOST_SYMBOLS = 0x10FFFF - _FIRST_SYMBOL


def _symbol(variable: Variable) -> str:
    """A character of the private use planes, the same for the same variable with the same default, for ever."""
    key = (variable.key.lower(), variable.default)
    if key not in _SYMBOLS and len(_SYMBOLS) >= _MOST_SYMBOLS:
        raise BudgetSpentError(f"{_MOST_SYMBOLS} different policy variables")
    return _SYMBOLS.setdefault(key, chr(_FIRST_SYMBOL + len(_SYMBOLS)))


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


_KELVIN = "\u212a"
"""The only character beyond ASCII whose lower case is a letter of ASCII."""


def _folded(char: str) -> Class:
    lowered = char.lower()
    forms = [form for form in (char, lowered, char.upper()) if len(form) == 1 and form.lower() == lowered]
    return Class("".join(dict.fromkeys([*forms, *([_KELVIN] if lowered == "k" else [])])))


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
        components = arn_parts(parts)
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
            free = index + 1 == len(parts) or begins_with_colon(parts[index + 1])
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
