"""What has to hold for every fix that can be applied."""

from __future__ import annotations

from collections.abc import Sequence

from sagepass.engine.authorize import authorize
from sagepass.engine.request import Request
from sagepass.policy.kinds import Effect
from sagepass.repair.fix import Edit, Fix
from sagepass.repair.propose import propose
from sagepass.snapshot.snapshot import Snapshot

DENIED = {Effect.IMPLICIT_DENY, Effect.EXPLICIT_DENY}

UNSETTLED = DENIED | {Effect.UNKNOWN}


def proposed(request: Request, snapshot: Snapshot) -> tuple[Fix, ...]:
    """The fixes for a request that is denied here."""
    decision = authorize(request, snapshot)
    assert decision.effect in DENIED, decision
    return propose(request, snapshot, decision, authorize)


def with_edits(snapshot: Snapshot, edits: Sequence[Edit]) -> Snapshot:
    """The snapshot with edits made, by its own means."""
    return snapshot.with_changes([edit.change for edit in edits])


def complete_fixes(fixes: Sequence[Fix]) -> list[Fix]:
    """Fixes that were applied and decided again, without companions of the console."""
    return [fix for fix in fixes if fix.result is not None and not fix.optional]


def edits_alone(fixes: Sequence[Fix]) -> list[Fix]:
    """Complete fixes that leave the request as it is."""
    return [fix for fix in complete_fixes(fixes) if fix.edits and not fix.steps]


def assert_sound(fixes: Sequence[Fix], snapshot: Snapshot) -> None:
    """Every complete fix works, and none of its edits can be left out; what it grants is named."""
    for fix in complete_fixes(fixes):
        assert fix.result is not None
        assert fix.result.effect is Effect.ALLOW or fix.not_checked, fix.title
        asked = fix.result.request
        after = authorize(asked, with_edits(snapshot, fix.edits))
        assert after.effect is fix.result.effect, fix.title
        for edit in fix.edits:
            rest = [other for other in fix.edits if other is not edit]
            assert authorize(asked, with_edits(snapshot, rest)).effect in (DENIED if fix.minimal else UNSETTLED)
        if fix.edits:
            assert fix.grants, fix.title
            assert fix.grants_data, fix.title
            assert fix.after, fix.title
