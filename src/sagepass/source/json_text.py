"""Strict JSON with bounds, clear errors, and a note of keys that stand twice in one object.

Source: https://www.rfc-editor.org/rfc/rfc8259
"""

from __future__ import annotations

import gc
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from sagepass.source.errors import SourceError
from sagepass.source.read import MAX_SIZE

MAX_DEPTH = 200
"""Levels of arrays and objects; AWS's own answers stay below 30."""

_LARGE = 8 * 1024 * 1024
_STRING = r'"[^"\\]*(?:\\.[^"\\]*)*"?'
_AWS_CLI_ERROR = ("an error occurred (", "unable to locate credentials", "usage: aws", "aws: error")


class Duplicates(Mapping[int, tuple[str, ...]]):
    """``id`` of an object (dict) to the keys that stood in it more than once.

    The objects are kept alive, so that their ids stay their own.
    """

    __slots__ = ("_found",)

    def __init__(self) -> None:
        self._found: dict[int, tuple[object, tuple[str, ...]]] = {}

    def note(self, value: object, keys: tuple[str, ...]) -> None:
        """Remember the doubled keys of one object."""
        self._found[id(value)] = (value, keys)

    def __getitem__(self, key: int) -> tuple[str, ...]:
        return self._found[key][1]

    def __iter__(self) -> Iterator[int]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


@dataclass(frozen=True, slots=True)
class ParsedJson:
    """A JSON value; of keys that stand twice in an object the last one counts, as AWS and most parsers have it."""

    value: object
    duplicates: Duplicates


def parse_json(text: str, name: str, *, max_size: int = MAX_SIZE) -> ParsedJson:
    """Parse one JSON document.

    Args:
        text: the document; a byte order mark in front is ignored.
        name: what people call it.
        max_size: the largest number of characters that is parsed.

    Raises:
        SourceError: the text is empty, no JSON, cut off, too large or nested too deeply.
    """
    if len(text) > max_size:
        raise SourceError(
            f"the text has {len(text):,} characters, more than the limit of {max_size:,}",
            name=name,
            remedy="give only the part that the question is about",
        )
    body = text.removeprefix("\ufeff")
    if not body.strip():
        raise SourceError("the text is empty", name=name, remedy="save the answer of the command again")
    if len(body) <= _LARGE and nesting_exceeds(body, MAX_DEPTH):
        raise _too_deep(name)
    duplicates = Duplicates()
    decoder = json.JSONDecoder(object_pairs_hook=_object_reader(duplicates), parse_constant=_refuse_constant)
    try:
        with _garbage_collector_at_rest(len(body)):
            value = decoder.decode(body)
    except json.JSONDecodeError as error:
        raise _syntax_error(body, name, error) from error
    except _ConstantError as error:
        raise _constant_error(body, name, error.constant) from error
    except RecursionError as error:
        raise _too_deep(name) from error
    except ValueError as error:  # an integer of more digits than Python converts
        raise SourceError("a number is too long", name=name, remedy="check that this is the right file") from error
    return ParsedJson(value, duplicates)


def nesting_exceeds(text: str, limit: int) -> bool:
    """Whether arrays and objects nest more than ``limit`` levels deep, without recursion and in linear time."""
    brackets = re.sub(r"[^\[\]{}]+", "", re.sub(_STRING, "", text, flags=re.DOTALL))
    depth = 0
    for character in brackets:
        if character in "[{":
            depth += 1
            if depth > limit:
                return True
        else:
            depth -= 1
    return False


def _object_reader(duplicates: Duplicates) -> Callable[[list[tuple[str, object]]], dict[str, object]]:
    def read(pairs: list[tuple[str, object]]) -> dict[str, object]:
        value = dict(pairs)
        if len(value) != len(pairs):
            counts = Counter(key for key, _ in pairs)
            duplicates.note(value, tuple(key for key, count in counts.items() if count > 1))
        return value

    return read


class _ConstantError(Exception):
    def __init__(self, constant: str) -> None:
        super().__init__(constant)
        self.constant = constant


def _refuse_constant(constant: str) -> object:
    raise _ConstantError(constant)


def _constant_error(text: str, name: str, constant: str) -> SourceError:
    tokens = re.finditer(rf"{_STRING}|(?P<constant>{re.escape(constant)})", text, re.DOTALL)
    start = next((token.start() for token in tokens if token["constant"]), None)
    line, column = (None, None) if start is None else _position(text, start)
    return SourceError(
        f"{constant} is not a JSON value", name=name, line=line, column=column, remedy="use a number, a string or null"
    )


def _syntax_error(text: str, name: str, error: json.JSONDecodeError) -> SourceError:
    line, column = _position(text, error.pos)
    lowered = text[:4096].lower()
    if any(sign in lowered for sign in _AWS_CLI_ERROR):
        return SourceError(
            "this is an error message of the AWS CLI, not an answer in JSON",
            name=name,
            line=line,
            remedy="run the command again with credentials that may do this, and save its output",
        )
    start = text.lstrip()[:1]
    if start == "<":
        return SourceError(
            "this is HTML or XML, not JSON", name=name, line=line, column=column, remedy="save the answer as JSON"
        )
    if start not in ("{", "["):
        return SourceError(
            "this is not JSON",
            name=name,
            line=line,
            column=column,
            remedy="save the answer of the AWS CLI with --output json",
        )
    if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
        return SourceError(
            "the JSON ends in the middle: the file is cut off",
            name=name,
            line=line,
            column=column,
            remedy="save the whole answer again",
        )
    if error.msg.startswith("Extra data"):
        return SourceError(
            "there is more text after the end of the JSON document",
            name=name,
            line=line,
            column=column,
            remedy="keep one document in one file (several pages: put them into one list)",
        )
    message = error.msg[:1].lower() + error.msg[1:]
    return SourceError(
        f"the JSON has a syntax error: {message}",
        name=name,
        line=line,
        column=column,
        remedy="correct it at this place",
    )


def _position(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _too_deep(name: str) -> SourceError:
    return SourceError(
        f"the JSON is nested more than {MAX_DEPTH} levels deep",
        name=name,
        remedy="check that this is the right file; no policy and no answer of AWS is nested like this",
    )


@contextmanager
def _garbage_collector_at_rest(size: int) -> Iterator[None]:
    """Parsing makes no cycles; looking for them in a large document takes longer than the parsing itself."""
    rest = size > _LARGE and gc.isenabled()
    if rest:
        gc.disable()
    try:
        yield
    finally:
        if rest:
            gc.enable()
