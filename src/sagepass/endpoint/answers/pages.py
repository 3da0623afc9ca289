"""Pages of a long answer: the token of the next one is opaque and goes with the same request only."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some items, and the token of the page behind them; ``None`` on the last page."""

    items: tuple[Item, ...]
    token: str | None


class BadTokenError(ValueError):
    """A token that was not issued for this request."""


def page_of(items: Sequence[Item], *, size: int, token: str | None, request: Mapping[str, object]) -> Page[Item]:
    """One page.

    Args:
        items: all of them, in a stable order.
        size: how many go on a page.
        token: of the page; ``None`` for the first one.
        request: the members that have to stay the same from page to page.

    Raises:
        BadTokenError: the token belongs to another request, or is none.
    """
    start = 0 if token is None else _position(token, request)
    end = start + size
    following = _token(end, request) if end < len(items) else None
    return Page(tuple(items[start:end]), following)


def _token(position: int, request: Mapping[str, object]) -> str:
    return base64.urlsafe_b64encode(f"{position}:{_digest(request)}".encode()).decode().rstrip("=")


def _position(token: str, request: Mapping[str, object]) -> int:
    try:
        text = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode("ascii")
    except ValueError:
        raise BadTokenError(token) from None
    number, _, digest = text.partition(":")
    if digest != _digest(request) or not number.isascii() or not number.isdigit() or len(number) > 9:
        raise BadTokenError(token)
    return int(number)


def _digest(request: Mapping[str, object]) -> str:
    return hashlib.sha256(repr(sorted(request.items(), key=lambda item: item[0])).encode()).hexdigest()[:24]
