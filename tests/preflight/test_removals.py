"""Every permission of the example is needed: each one taken away gives exactly its own finding, and no other."""

from __future__ import annotations

import pytest
from tests.preflight import world
from tests.preflight.removals import removals

from sagepass.policy.kinds import Effect
from sagepass.snapshot.changes import PolicyChange


@pytest.mark.parametrize("name", world.REQUESTS)
def test_the_whole_of_the_example_is_allowed(name: str) -> None:
    """Each of the five is allowed with everything it takes: nothing missing, nothing open."""
    found = world.check(name, with_plan=True)
    assert [(world.named(item), item.reason) for item in found.authorizations if item.effect is not Effect.ALLOW] == []
    assert found.open_questions == ()
    assert found.effect is Effect.ALLOW
    assert found.plan is None


@pytest.mark.parametrize("name", world.REQUESTS)
def test_each_permission_taken_away_is_exactly_that_finding(name: str) -> None:
    """One action on one resource is taken out of one policy: what rests on it is missing, and nothing else is.

    That is one authorization for each permission; only in the pipeline do two roles rest on one statement of a key policy
    and of a repository policy.
    """
    before = world.check(name)
    resting: dict[str, list[tuple[str, str, str]]] = {}
    changes: dict[str, PolicyChange] = {}
    for item in before.authorizations:
        taken = list(removals(item))
        assert taken, f"nothing grants {world.named(item)}"
        for removal in taken:
            resting.setdefault(removal.label, []).append(world.named(item))
            changes[removal.label] = removal.change
    assert len(changes) >= len(before.authorizations) - 8
    for label, change in changes.items():
        after = world.check(name, world.snapshot().with_changes([change]))
        assert [world.named(one) for one in after.missing] == resting[label], label
        assert (after.undecided, after.open_questions) == ((), ()), label
        assert name == "pipeline" or len(resting[label]) == 1, label
