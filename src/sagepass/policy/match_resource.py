"""Whether a Resource entry covers the resource of a request.

The resource of a request may itself hold wildcards where a part is not known before the call (``domain/*``): it then
stands for a set of ARNs, and an entry covers all of it, none of it, or it depends.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

from __future__ import annotations

from dataclasses import dataclass

from sagepass.policy.context import Context
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
    if entry == "*":
        return ResourceMatch(Truth.TRUE)
    if variables and "${" in ":".join(entry.split(":", 5)[:5]) and not entry.startswith("${"):
        return ResourceMatch(Truth.UNKNOWN, note="a policy variable before the fifth colon of an ARN is not documented")
    filled = fill(entry, context, enabled=variables, wildcards=True)
    if filled.unknown:
        return ResourceMatch(Truth.UNKNOWN, unknown_keys=filled.unknown)
    if filled.pattern is None:
        return ResourceMatch(Truth.FALSE, without_value=filled.without_value)
    target = (resource,) if resource == "*" else read_pattern(resource)
    truth = matches_set(filled.pattern, target)
    if truth is Truth.TRUE and literal_text(target) is not None and not _within_segments(filled.pattern, resource):
        return ResourceMatch(Truth.UNKNOWN, note="a * inside an ARN segment would have to run over a colon")
    return ResourceMatch(truth)


def _within_segments(pattern: Pattern, text: str) -> bool:
    """Whether the match works without a ``*`` in mid-segment running over a colon."""
    if not _has_inner_run(pattern):
        return True
    return _segment_match(pattern, text)


def _has_inner_run(pattern: Pattern) -> bool:
    """A run that is followed by something other than a colon or the end."""
    return any(
        token is Wildcard.RUN and index + 1 < len(pattern) and not _starts_with_colon(pattern[index + 1])
        for index, token in enumerate(pattern)
    )


def _starts_with_colon(token: str | Wildcard) -> bool:
    return isinstance(token, str) and token.startswith(":")


def _segment_match(pattern: Pattern, text: str) -> bool:
    """Match with the rule that only a ``*`` at the end of a segment runs over colons."""
    flat = [piece for token in pattern for piece in (token if isinstance(token, str) else (token,))]
    crossing = [
        token is Wildcard.RUN and (index + 1 == len(flat) or flat[index + 1] == ":") for index, token in enumerate(flat)
    ]
    positions = _closure(flat, {0})
    for character in text:
        positions = _closure(flat, {p for s in positions for p in _step(flat, crossing, s, character)})
        if not positions:
            return False
    return len(flat) in positions


def _step(flat: list[str | Wildcard], crossing: list[bool], state: int, character: str) -> tuple[int, ...]:
    if state == len(flat):
        return ()
    token = flat[state]
    if token is Wildcard.RUN:
        return (state,) if character != ":" or crossing[state] else ()
    return (state + 1,) if token is Wildcard.ONE or token == character else ()


def _closure(flat: list[str | Wildcard], states: set[int]) -> set[int]:
    todo = list(states)
    while todo:
        state = todo.pop()
        if state < len(flat) and flat[state] is Wildcard.RUN and state + 1 not in states:
            states.add(state + 1)
            todo.append(state + 1)
    return states
