"""Several requests that one text may mean: which of them to speak of, and that it is one of several."""

from __future__ import annotations

from sagepass.jobs.diagnosis import Candidate
from sagepass.policy.kinds import Effect

_DENIED = frozenset({Effect.EXPLICIT_DENY, Effect.IMPLICIT_DENY})
_NAMED = 4
"""Candidates that are all named in one sentence."""


def chosen_of(candidates: tuple[Candidate, ...]) -> Candidate:
    """The candidate to speak of: the first that is denied, else the first that is open, else the first."""
    for effects in (_DENIED, frozenset({Effect.UNKNOWN})):
        for candidate in candidates:
            if candidate.decision.effect in effects:
                return candidate
    return candidates[0]


def one_of_several(candidates: tuple[Candidate, ...]) -> str:
    """What follows a sentence about the chosen one, where the text leaves open which one it means; else nothing."""
    if len(candidates) < 2:
        return ""
    chosen = chosen_of(candidates)
    others = [_name(candidate.label) for candidate in candidates if candidate is not chosen]
    which = f"one of {len(candidates)}" if len(candidates) > _NAMED else f"or {' or '.join(others)}"
    return f" ({which}: the text does not say which; {_outcome(candidates)})"


def _outcome(candidates: tuple[Candidate, ...]) -> str:
    count = len(candidates)
    denied = sum(candidate.decision.effect in _DENIED for candidate in candidates)
    allowed = sum(candidate.decision.effect is Effect.ALLOW for candidate in candidates)
    both = "both" if count == 2 else "all"
    if count in {denied, allowed}:
        return f"{both} are {'denied' if denied else 'allowed'}"
    parts = [(denied, "denied"), (allowed, "allowed"), (count - denied - allowed, "open")]
    return ", ".join(f"{number} {'is' if number == 1 else 'are'} {word}" for number, word in parts if number)


def _name(label: str) -> str:
    """The resource part of an ARN; another label as it is."""
    parts = label.split(":", 5)
    return parts[5] if len(parts) == 6 else label
