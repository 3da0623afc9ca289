"""Which principal may have been meant by an ARN that is not in the snapshot."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

_SIMILAR = 0.75
_LIMIT = 3
_MAX_COMPARED = 5000


def nearest_principals(arn: str, known: Sequence[str]) -> tuple[str, ...]:
    """At most three ARNs: equal names first (another path, kind, account or case), then similar ones, best first."""
    account, name = _account(arn), _name(arn)
    lowered = name.lower()
    equal = [other for other in known if _name(other).lower() == lowered and other != arn]
    equal.sort(key=lambda other: (_account(other) != account, _name(other) != name, other))
    if len(equal) >= _LIMIT:
        return tuple(equal[:_LIMIT])
    pool = [other for other in known if other not in equal and _account(other) == account][:_MAX_COMPARED]
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(lowered)
    scored: list[tuple[float, str]] = []
    for other in pool:
        matcher.set_seq1(_name(other).lower())
        if matcher.real_quick_ratio() >= _SIMILAR and matcher.quick_ratio() >= _SIMILAR:
            score = matcher.ratio()
            if score >= _SIMILAR:
                scored.append((-score, other))
    return tuple([*equal, *(other for _, other in sorted(scored))][:_LIMIT])


def _account(arn: str) -> str:
    parts = arn.split(":", 5)
    return parts[4] if len(parts) == 6 else ""


def _name(arn: str) -> str:
    """The name without path; of a role session the role's name."""
    resource = arn.rpartition(":")[2]
    if resource.startswith("assumed-role/"):
        return resource.split("/")[1]
    return resource.rpartition("/")[2]
