"""What differs between two snapshots and was not asked about: nobody shall take "nothing gained" for more than it says."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

from sagepass.policy.document import Policy
from sagepass.policy.statement import Statement
from sagepass.policy.statement_test import statement_meaning
from sagepass.proof.actions import action_mask, actions_in


def unasked_services(before: Iterable[Policy], after: Iterable[Policy], asked: Sequence[str]) -> tuple[str, ...]:
    """The services whose actions stand in statements that only one side has, beyond the actions asked about; in order."""
    old, new = _statements(before), _statements(after)
    mask = 0
    for statement in (new[meaning] if meaning in new else old[meaning] for meaning in old.keys() ^ new.keys()):
        named = action_mask([element.value for element in statement.actions])
        mask |= ~named & action_mask(["*"]) if statement.not_action else named
    beyond = actions_in(mask & ~action_mask(asked))
    return tuple(sorted({action.partition(":")[0] for action in beyond}))


def _statements(policies: Iterable[Policy]) -> dict[Hashable, Statement]:
    return {
        statement_meaning(item, policy.document.variables_enabled): item
        for policy in policies
        for item in policy.document.statements
    }
