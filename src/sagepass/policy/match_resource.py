"""Whether a Resource entry covers the resource of a request.

The resource of a request may itself hold wildcards where a part is not known before the call (``domain/*``): it then
stands for a set of ARNs, and an entry covers all of it, none of it, or it depends.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sagepass.policy.context import NO_CONTEXT, Context
from sagepass.policy.glob import Pattern, Wildcard, literal_text, matches_set, read_pattern
from sagepass.policy.truth import Truth
from sagepass.policy.variables import fill


@dataclass(frozen=True, slots=True)
class ResourceMatch:
    """How one entry came out; ``unknown_keys`` are variables without a known value."""

    truth: Truth
    unknown_keys: tuple[str, ...] = ()
    without_value: str | None = None
    note: str = ""


def match_resource(entry: str, resource: str, context: Context, *, variables: bool) -> ResourceMatch:
    """Match one entry.

    A variable without a value makes the entry match nothing. A ``*`` runs over slashes; that a ``*`` in the middle of an
    ARN segment runs over a colon is not documented, so a match that needs it is ``UNKNOWN``.
    """
    if "${" not in entry:
        return _match_without_variables(entry, resource)
    return _match(entry, resource, context, variables)


@lru_cache(maxsize=16384)
def _match_without_variables(entry: str, resource: str) -> ResourceMatch:
    return _match(entry, resource, NO_CONTEXT, variables=False)


def _match(entry: str, resource: str, context: Context, variables: bool) -> ResourceMatch:
    filled = fill_entry(entry, context, variables=variables)
    if isinstance(filled, ResourceMatch):
        return filled
    target = (resource,) if resource == "*" else read_pattern(resource)
    truth = matches_set(filled, target)
    if truth is Truth.TRUE and literal_text(target) is not None and not within_segments(filled, resource):
        return ResourceMatch(Truth.UNKNOWN, note="a * inside an ARN segment would have to run over a colon")
    return ResourceMatch(truth)


def fill_entry(entry: str, context: Context, *, variables: bool) -> Pattern | ResourceMatch:
    """The pattern of an entry; or what it comes to, where that is the same for every resource."""
    if entry == "*":
        return ResourceMatch(Truth.TRUE)
    if variables and "${" in ":".join(entry.split(":", 5)[:5]) and not entry.startswith("${"):
        return ResourceMatch(Truth.UNKNOWN, note="a policy variable before the fifth colon of an ARN is not documented")
    filled = fill(entry, context, enabled=variables, wildcards=True)
    if filled.unknown:
        return ResourceMatch(Truth.UNKNOWN, unknown_keys=filled.unknown)
    if filled.pattern is None:
        return ResourceMatch(Truth.FALSE, without_value=filled.without_value)
    return filled.pattern


def within_segments(pattern: Pattern, text: str) -> bool:
    """Whether the match works without a ``*`` in mid-segment running over a colon."""
    return not has_inner_run(pattern) or _segment_match(pattern, text)


def has_inner_run(pattern: Pattern) -> bool:
    """A run that is followed by something other than a colon or the end."""
    return any(
        token is Wildcard.RUN and index + 1 < len(pattern) and not _starts_with_colon(pattern[index + 1])
        for index, token in enumerate(pattern)
    )


def _starts_with_colon(token: str | Wildcard) -> bool:
    return isinstance(token, str) and token.startswith(":")


def _segment_match(pattern: Pattern, text: str) -> bool:
    """Match with the rule that only a ``*`` at the end of a segment runs over colons.

    All ways through the pattern are followed at once, one bit each, so that no pattern is slow.
    """
    accepts, runs, crossing, end = _bits(pattern)
    positions = _with_runs(1, runs)
    for character in text:
        held = positions & (crossing if character == ":" else runs)
        stepped = positions & (accepts.get(character, 0) | accepts[""])
        positions = _with_runs(held | (stepped << 1), runs)
        if not positions:
            return False
    return bool(positions & end)


def _with_runs(positions: int, runs: int) -> int:
    """A run may be empty: whoever stands before it stands behind it too. Two runs never stand side by side."""
    return positions | ((positions & runs) << 1)


@lru_cache(maxsize=4096)
def _bits(pattern: Pattern) -> tuple[dict[str, int], int, int, int]:
    """For each character the places that take it (``""``: that take any), the runs, the runs over colons, the end."""
    flat = [piece for token in pattern for piece in (token if isinstance(token, str) else (token,))]
    accepts: dict[str, int] = {"": 0}
    runs = crossing = 0
    for index, token in enumerate(flat):
        bit = 1 << index
        if token is Wildcard.RUN:
            runs |= bit
            crossing |= bit if index + 1 == len(flat) or flat[index + 1] == ":" else 0
        else:
            key = "" if token is Wildcard.ONE else str(token)
            accepts[key] = accepts.get(key, 0) | bit
    return accepts, runs, crossing, 1 << len(flat)
