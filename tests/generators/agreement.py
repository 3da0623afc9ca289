"""How an engine's answer to an access case is held against the reference semantics."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.reference import Verdict, evaluate


def disagreement(case: dict[str, Any], outcome_effect: str, outcome_decided_by: Iterable[str]) -> str | None:
    """What differs, in one line, or None.

    Where AWS documents nothing (UNKNOWN) an implicit deny is accepted as well, and neither an explicit deny that no statement makes
    nor an Allow that nothing settles. Silent checks of which AWS does not say whether they count may be named in an implicit deny or left out.
    """
    verdict = evaluate(case)
    decided_by = tuple(outcome_decided_by)
    if _accepts(verdict, str(outcome_effect), decided_by):
        return None
    open_points = f", open: {', '.join(verdict.undocumented)}" if verdict.undocumented else ""
    return (
        f"reference: {verdict.effect} by {', '.join(verdict.decided_by)}{open_points}; "
        f"engine: {outcome_effect} by {', '.join(decided_by) or 'nothing'}"
    )


def _accepts(verdict: Verdict, effect: str, decided_by: tuple[str, ...]) -> bool:
    if verdict.effect == "UNKNOWN":
        return effect not in {"EXPLICIT_DENY", "ALLOW"}
    if effect != verdict.effect:
        return False
    if effect != "IMPLICIT_DENY":
        return decided_by == verdict.decided_by
    certain = tuple(check for check in decided_by if check in verdict.decided_by)
    return certain == verdict.decided_by and set(decided_by) <= {*verdict.decided_by, *verdict.undocumented}
