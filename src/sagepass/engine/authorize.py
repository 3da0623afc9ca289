"""Decides a request from a snapshot: finds the caller, the policies of every check and the context, then decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sagepass.engine.caller_side import UnknownPrincipal
from sagepass.engine.compiled import compiled
from sagepass.engine.decision import Decision
from sagepass.engine.inputs import Inputs
from sagepass.engine.request import Request
from sagepass.engine.request_context import RequestContext
from sagepass.policy.document import Policy
from sagepass.policy.document_index import document_index
from sagepass.snapshot.snapshot import Snapshot

__all__ = ["UnknownPrincipal", "authorize", "inputs_of"]


def authorize(request: Request, snapshot: Snapshot) -> Decision:
    """Decide one request from what the snapshot knows; what it does not know makes the decision conditional.

    The snapshot is indexed as far as requests need it, and the index is kept with it: further requests are faster, also on
    a snapshot that :meth:`~sagepass.snapshot.snapshot.Snapshot.with_changes` made of it.

    Raises:
        ValueError: the principal is none (see :func:`sagepass.policy.caller.parse_caller`).
        UnknownPrincipal: the snapshot has the caller's account in full, but not the caller.
    """
    return compiled(snapshot).explain(request)


def inputs_of(request: Request, snapshot: Snapshot) -> Inputs:
    """Everything that the decision is computed from; see :func:`authorize` for what it raises.

    The context is a plain one, with every key that a policy asks for, so that it can be changed before it is decided.
    """
    inputs = compiled(snapshot).inputs(request)
    assert isinstance(inputs.context, RequestContext)
    asked = {
        key for policy in _policies(inputs) for test in document_index(policy.document).tests for key in test.needs
    }
    return replace(inputs, context=inputs.context.settled(asked))


def _policies(inputs: Inputs) -> Iterator[Policy]:
    for layer in (inputs.identity, inputs.boundary, inputs.session, inputs.resource_policy, inputs.vpc_endpoint):
        yield from layer.policies
    for levels in (inputs.service_control.levels, inputs.resource_control.levels):
        for level in levels:
            yield from level.policies
