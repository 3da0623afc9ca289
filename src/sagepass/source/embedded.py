"""JSON documents inside strings: policies that arrive URL-encoded, escaped, or escaped twice.

IAM's API returns documents URL-encoded (RFC 3986), most other services return them as JSON text in a string
(https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote

from sagepass.source.errors import SourceError
from sagepass.source.json_text import ParsedJson, parse_json

_MAX_LAYERS = 4


class Decoding(StrEnum):
    """One step that was undone to get at the document."""

    URL = "URL-encoded"
    JSON_STRING = "JSON text inside a JSON string"
    BACKSLASHES = "escaped with backslashes"


@dataclass(frozen=True, slots=True)
class Embedded:
    """A document that lay in a string: its text, and how it was decoded, outermost step first."""

    text: str
    steps: tuple[Decoding, ...]


def decode_embedded(text: str) -> Embedded:
    """Undo the encodings around a JSON document; a string that is already JSON text comes back unchanged.

    What is no JSON after all steps comes back as far as it could be decoded.
    """
    steps: list[Decoding] = []
    for _ in range(_MAX_LAYERS):
        body = text.strip()
        if body.startswith("%") or (body.startswith(("{%", "[%")) and '"' not in body):
            text = unquote(body if "%20" in body else body.replace("+", " "))
            steps.append(Decoding.URL)
            continue
        inner = _string_content(body)
        if inner is not None:
            text, step = inner
            steps.append(step)
            continue
        break
    return Embedded(text, tuple(steps))


def parse_embedded(text: str, name: str) -> ParsedJson:
    """Decode and parse a document that lies in a string.

    Raises:
        SourceError: what is inside is not JSON; line and column count in the decoded text.
    """
    parsed = parse_json(decode_embedded(text).text, name)
    if isinstance(parsed.value, str):
        raise SourceError("the string holds no JSON document", name=name, remedy="give the policy as a JSON object")
    return parsed


def _string_content(body: str) -> tuple[str, Decoding] | None:
    if body.startswith('"') and body.endswith('"') and len(body) > 1:
        inner = _as_string(body)
        return None if inner is None else (inner, Decoding.JSON_STRING)
    if body.startswith(('{\\"', "{\\n", "{\\r", '[{\\"')):
        inner = _as_string(f'"{body}"')
        return None if inner is None else (inner, Decoding.BACKSLASHES)
    return None


def _as_string(text: str) -> str | None:
    try:
        value = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, str) else None
