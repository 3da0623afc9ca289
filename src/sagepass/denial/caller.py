"""The caller that stands before ``is not authorized``."""

from __future__ import annotations

import re
from functools import cache

from sagepass.denial.principal import principal_type
from sagepass.denial.reference import Reference, joined, trimmed

_REACH = 900
_NOBODY = frozenset(
    [
        "user",
        "you",
        "it",
        "is",
        "this",
        "that",
        "role",
        "caller",
        "principal",
        "account",
        "service",
        "which",
        "who",
        "and",
        "because",
        "error",
        "message",
        "he",
        "she",
        "they",
        "client",
        "lambda",
        "identity",
        "entity",
        "credentials",
    ]
)


@cache
def _label() -> re.Pattern[str]:
    return re.compile(
        r"(?<![\w/:-])(?:User|Principal|Caller|Identity|(?:(?:IAM|execution|service|assumed)\s+)?Role|IAM\s+user)(?![\w/-])[*\"'`]{0,3}\s{0,3}:?[\s*]*",
        re.IGNORECASE,
    )


def caller_before(text: str, position: int, floor: int) -> Reference | None:
    """The principal named before ``position``, where ``is not authorized`` begins; never before ``floor``.

    The last ``User:`` counts: a terminal may have drawn a broken copy of the line before it.
    """
    start = max(floor, position - _REACH)
    segment = text[start:position]
    label = None
    for match in _label().finditer(segment):
        label = match
    if label and (found := _labelled(text, start + label.end(), position, explicit=":" in label.group())):
        return found
    return _unlabelled(text, start, position)


def _labelled(text: str, start: int, position: int, *, explicit: bool) -> Reference | None:
    piece = text[start:position]
    if "\n\n" in piece or not piece.strip(" \t\r\n.…"):
        return None
    found = joined(text, start, position)
    if found is None or not found.value.strip(".… "):
        return None
    if not re.search(r"\s", found.value):
        plain = found.value.lower() in _NOBODY or (not explicit and not _is_principal(found.value))
        return None if plain else found
    if re.fullmatch(r"<[^<>]+>|\[[^\[\]]+\]", found.value):
        return found
    return found if _masked_arn(found.value) else None


def _masked_arn(value: str) -> bool:
    """An ARN whose blanks lie inside brackets only, or an origin access identity's."""
    return value.startswith("arn:") and (
        not re.search(r"\s", re.sub(r"\[[^\[\]]*\]|<[^<>]*>|\{[^{}]*\}", "", value))
        or ":user/CloudFront Origin" in value
    )


def _unlabelled(text: str, start: int, position: int) -> Reference | None:
    """A principal's ARN, or what is left of it, as the word just before."""
    segment = text[start:position].rstrip(" \t\r\n,;")
    word = re.search(r"(?:[^\s\x1e]*[/:-]\n[ \t]*)?[^\s\x1e]{1,600}$", segment[-1200:])
    if not word:
        return None
    offset = start + max(0, len(segment) - 1200)
    left, right = trimmed(text, offset + word.start(), offset + word.end())
    found = joined(text, left, right)
    return found if found and _is_principal(found.value) else None


def _is_principal(value: str) -> bool:
    if value.startswith("arn:") and "amazonaws" not in value.split("/", maxsplit=1)[0]:
        return True
    kind = principal_type(value)
    return kind is not None and ("/" in value or "." in value or value.lower() == "anonymous")
