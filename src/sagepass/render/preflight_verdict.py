"""The first line of a preflight: level, code and one sentence."""

from __future__ import annotations

from sagepass.calls.need import Necessity
from sagepass.jobs.preflight.record import Authorization, Preflight
from sagepass.policy.kinds import Effect
from sagepass.render.verdict import decision_code
from sagepass.source.finding import Severity


def preflight_code(preflight: Preflight) -> str:
    """The code of the whole."""
    if any(item.need.necessity is Necessity.REQUIRED for item in preflight.missing):
        return "PREFLIGHT_MISSING"
    if preflight.missing:
        return "PREFLIGHT_USUAL_MISSING"
    passes = preflight.effect is Effect.ALLOW and not _unread(preflight)
    return "PREFLIGHT_PASSES" if passes else "PREFLIGHT_UNDECIDED"


def preflight_level(preflight: Preflight) -> str:
    """``error`` if the call fails, ``warning`` if it is open or works with less, else ``note``."""
    return {"PREFLIGHT_MISSING": "error", "PREFLIGHT_PASSES": "note"}.get(preflight_code(preflight), "warning")


def authorization_code(item: Authorization) -> str:
    """The code of one authorization that is not allowed."""
    if item.need.refused:
        return "PREFLIGHT_ROLE_REFUSED"
    if item.decision is None or item.effect is Effect.UNKNOWN:
        return "CANNOT_DETERMINE"
    return decision_code(item.decision)


def preflight_sentence(preflight: Preflight) -> str:
    """One sentence that makes sense alone."""
    count, unread = len(preflight.authorizations), _unread(preflight)
    if not preflight.calls and unread:
        return f"no call could be read from the document: {_number(unread, 'error')} in it"
    total = f"{_calls(preflight)} {'takes' if len(preflight.calls) == 1 else 'take'} {_number(count, 'authorization')}"
    missing, so_far = len(preflight.missing), sum(item.so_far for item in preflight.authorizations)
    unknown = len(preflight.undecided) - so_far
    if not missing and not unknown and not so_far:
        tail = f"; {_number(len(preflight.open_questions), 'question')} open" if preflight.open_questions else ""
        errors = f"; {_number(unread, 'error')} in the document" if unread else ""
        return f"{total}: {'it is' if count == 1 else 'all are'} allowed{tail}{errors}"
    parts = [f"{missing} missing"] if missing else []
    parts += [f"{unknown} not settled"] if unknown else []
    parts += [f"{so_far} allowed so far"] if so_far else []
    allowed = count - missing - unknown - so_far
    parts += [f"{allowed} allowed"] if allowed else []
    return f"{total}: {', '.join(parts)}"


def _unread(preflight: Preflight) -> int:
    """Errors of the document: what they hide was not looked at, so nothing passes with them."""
    return sum(finding.severity is Severity.ERROR for finding in preflight.findings)


def _calls(preflight: Preflight) -> str:
    labels = list(dict.fromkeys(call.label for call in preflight.calls))
    if len(labels) <= 3:
        return ", ".join(labels) or "the document"
    return f"{labels[0]} and {len(labels) - 1} further calls"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
