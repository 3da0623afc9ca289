"""Decides a request from a snapshot: finds the caller, the policies of every check and the context, then decides."""

from __future__ import annotations

from sagepass.engine.caller_side import UnknownPrincipal
from sagepass.engine.compiled import compiled
from sagepass.engine.decision import Decision
from sagepass.engine.request import Request
from sagepass.snapshot.snapshot import Snapshot

__all__ = ["UnknownPrincipal", "authorize"]


def authorize(request: Request, snapshot: Snapshot) -> Decision:
    """Decide one request from what the snapshot knows; what it does not know makes the decision conditional.

    The snapshot is indexed as far as requests need it, and the index is kept with it: further requests are faster, also on
    a snapshot that :meth:`~sagepass.snapshot.snapshot.Snapshot.with_changes` made of it.

    Raises:
        ValueError: the principal is none (see :func:`sagepass.policy.caller.parse_caller`).
        UnknownPrincipal: the snapshot has the caller's account in full, but not the caller.
    """
    return compiled(snapshot).explain(request)
