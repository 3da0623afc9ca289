"""Which policies take part in one check, or why none does."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache

from sagepass.policy.document import Policy
from sagepass.policy.kinds import CheckType
from sagepass.snapshot.layer import Missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """The policies of one check (of one level, for control policies).

    Attributes:
        type: which check.
        policies: the policies that take part.
        missing: what was not supplied of them.
        exists: there is such a policy; one that is silent then stands in the way.
        takes_part: false where the check has no impact on this request, for the reason in ``note``.
        target: for control policies the root, unit or account of the level.
        ignore_allow: only Deny statements count.
        allows_anyway: the check allows and cannot deny, whatever its policies say, for the reason in ``note``.
        note: see there.
    """

    type: CheckType
    policies: tuple[Policy, ...] = ()
    missing: tuple[Missing, ...] = ()
    exists: bool = True
    takes_part: bool = True
    target: str | None = None
    ignore_allow: bool = False
    allows_anyway: bool = False
    note: str = ""

    @property
    def said(self) -> Hashable:
        """All of it, quickly compared: policies by identity, so that it tells apart for as long as they live."""
        told = (
            self.type,
            self.missing,
            self.exists,
            self.takes_part,
            self.target,
            self.ignore_allow,
            self.allows_anyway,
        )
        return told, self.note, tuple(map(id, self.policies))


@lru_cache(maxsize=1024)
def takes_no_part(kind: CheckType, note: str) -> Applied:
    """A check without impact: it denies nothing, and its Allow is not needed."""
    return Applied(type=kind, exists=False, takes_part=False, note=note)
