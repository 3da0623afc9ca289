"""The actions that AWS lists, as bits of one integer, and the classes of them that no statement tells apart.

Source of the list: :mod:`sagepass.catalog.actions`. Names are compared without regard to case
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from sagepass.catalog.actions import services
from sagepass.catalog.tables import table
from sagepass.policy.glob import literal_text, matches, read_pattern
from sagepass.policy.glob_expression import matcher_of
from sagepass.policy.statement import Statement
from sagepass.proof.budget import Budget

NEEDS_NO_PERMISSION = ("sts:GetCallerIdentity", "sts:GetSessionToken")
"""Always allowed, so that no policy grants them (see :mod:`sagepass.engine.services.sts`)."""


@cache
def _names() -> tuple[tuple[str, ...], dict[str, tuple[int, tuple[str, ...]]]]:
    """All names in order; for each service the number of its first action, and its names in lower case."""
    names: list[str] = []
    places: dict[str, tuple[int, tuple[str, ...]]] = {}
    for service in services():
        own = str(table("action_names.json")[service]).split()
        places[service] = (len(names), tuple(name.lower() for name in own))
        names.extend(f"{service}:{name}" for name in own)
    return tuple(names), places


@cache
def every_action() -> int:
    """All listed actions that need a permission."""
    free = action_mask(NEEDS_NO_PERMISSION)
    return ((1 << len(_names()[0])) - 1) & ~free


def action_mask(patterns: Iterable[str]) -> int:
    """The listed actions that one of the patterns matches."""
    mask = 0
    for pattern in patterns:
        mask |= _mask(pattern.lower())
    return mask


@lru_cache(maxsize=65536)
def _mask(pattern: str) -> int:
    names, places = _names()
    if pattern in {"*", "*:*"}:
        return (1 << len(names)) - 1
    service, colon, name = pattern.partition(":")
    if not colon:
        return 0
    if set(service) & set("*?"):
        return _scan(pattern)
    if service not in places:
        return 0
    first, own = places[service]
    if name == "*":
        return ((1 << len(own)) - 1) << first
    tokens = read_pattern(name)
    literal = literal_text(tokens)
    bits = 0
    for index, known in enumerate(own):
        if known == literal if literal is not None else matches(tokens, known):
            bits |= 1 << index
    return bits << first


def _scan(pattern: str) -> int:
    """A pattern with wildcards in the service: every name is looked at."""
    fits = matcher_of([read_pattern(pattern)])
    bits = ["0" if fits(name) is None else "1" for name in _lowered()]
    return int("".join(reversed(bits)), 2)


@cache
def _lowered() -> tuple[str, ...]:
    return tuple(name.lower() for name in _names()[0])


def names_unlisted(statement: Statement) -> bool:
    """Whether a statement is about actions that AWS does not list: wildcards, NotAction, names that are not in the tables."""
    return statement.not_action or any(is_unlisted(element.value) for element in statement.actions)


@lru_cache(maxsize=16384)
def is_unlisted(pattern: str) -> bool:
    """Whether a pattern can match an action that AWS does not list."""
    return bool(set(pattern) & set("*?")) or not action_mask([pattern])


def actions_in(mask: int) -> Iterator[str]:
    """The names of the actions of a mask, in order."""
    names = _names()[0]
    first = (mask & -mask).bit_length() - 1
    bits = f"{mask >> first:b}"[::-1] if mask else ""  # as text: to clear one bit of a long integer copies all of it
    start = bits.find("1")
    while start >= 0:
        end = bits.find("0", start)
        end = end if end >= 0 else len(bits)
        yield from names[first + start : first + end]
        start = bits.find("1", end)


def first_action(mask: int) -> str:
    """The first action of a mask."""
    return _names()[0][(mask & -mask).bit_length() - 1]


def classes(universe: int, masks: Iterable[int], budget: Budget) -> list[int]:
    """The universe cut into the pieces that no mask cuts any further.

    Raises:
        BudgetSpentError: there are too many.
    """
    pieces = [universe] if universe else []
    for mask in dict.fromkeys(masks):
        inside = mask & universe
        if not inside or inside == universe:
            continue
        cut: list[int] = []
        for piece in pieces:
            part = piece & inside
            if part and part != piece:
                cut.append(part)
                cut.append(piece ^ part)
            else:
                cut.append(piece)
        pieces = cut
        budget.tick(every=1)
    return pieces
