"""The short answer to a request."""

from __future__ import annotations

from typing import NamedTuple

from sagepass.policy.document import Policy
from sagepass.policy.kinds import CheckType, Effect
from sagepass.policy.statement import Statement


class Verdict(NamedTuple):
    """The answer to a request.

    Attributes:
        effect: ALLOW, IMPLICIT_DENY, EXPLICIT_DENY or UNKNOWN.
        decided_by: the checks that decide, in AWS's order.
        policy: of the deciding statement.
        statement: one that denies, or one that allows, of the first check in ``decided_by``; ``None`` where no statement
            decides (an implicit deny, an open question, root, a grant of a key).
    """

    effect: Effect
    decided_by: tuple[CheckType, ...]
    policy: Policy | None = None
    statement: Statement | None = None
