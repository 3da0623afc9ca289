"""The request context of a recorded call, in the two parts that AWS's record has: shared, and of each evaluation.

Source: ``requestContext`` and ``context`` in botocore's service model of ``iam-toolbox``. Keys about the caller, the
network and the time are the same for all evaluations of a call; keys about the resource and the request's content are not.
"""

from __future__ import annotations

from sagepass.catalog.condition_keys import condition_key
from sagepass.catalog.global_keys import GLOBAL_KEYS, Presence
from sagepass.endpoint.answers.world import World
from sagepass.endpoint.recorded import Recorded
from sagepass.engine.authorize import inputs_of
from sagepass.engine.decision import Decision
from sagepass.engine.derive_context import derive_context
from sagepass.engine.resource_owner import owner_of
from sagepass.policy.caller import parse_caller
from sagepass.policy.context import Context

_SHARED = frozenset({Presence.ALWAYS, Presence.SIGNED, Presence.PRINCIPAL, Presence.SESSION, Presence.NETWORK, Presence.SERVICE})  # fmt: skip
_ALSO_SHARED = frozenset({"aws:useragent", "aws:referer"})


def request_contexts(recorded: Recorded, world: World) -> tuple[dict[str, object], list[dict[str, object]]]:
    """The shared context, and what is special to each decision, in the order of the decisions."""
    contexts = [_context(recorded, decision, world) for decision in recorded.decisions]
    first = contexts[0] if contexts else {}
    shared = {
        key: value
        for key, value in first.items()
        if _is_shared(key) and all(context.get(key) == value for context in contexts)
    }
    return shared, [{key: value for key, value in context.items() if key not in shared} for context in contexts]


def _context(recorded: Recorded, decision: Decision, world: World) -> dict[str, object]:
    """All keys with values: a list where the key is multivalued, else a string."""
    if recorded.snapshot is not None:
        values = inputs_of(decision.request, recorded.snapshot).context.values
    else:
        values = _without_snapshot(decision, world).values
    found = {value.key: value.values for value in values.values() if value.values}
    spelled = {key.lower() for key in found}
    for evaluation in decision.evaluations:
        found |= {
            fact.key: fact.values for fact in evaluation.context if fact.values and fact.key.lower() not in spelled
        }
    return {key: list(texts) if len(texts) > 1 or _is_multivalued(key) else texts[0] for key, texts in found.items()}


def _without_snapshot(decision: Decision, world: World) -> Context:
    """What the request itself says; of the state of today only the path and the id of the caller, which do not change."""
    request = decision.request
    caller = parse_caller(request.principal, federated_by=request.federated_by)
    record = world.snapshot.principal(caller.arn)
    if record is not None:
        caller = caller.known_as(path=record.path, unique_id=record.unique_id or None)
    return derive_context(request, caller, request.resource_account or owner_of(request.resource, caller), None)


def _is_multivalued(key: str) -> bool:
    known = condition_key(key)
    return known is not None and known.multivalued


def _is_shared(key: str) -> bool:
    lowered = key.lower()
    family, slash, _ = lowered.partition("/")
    row = GLOBAL_KEYS.get(f"{family}/${{tagkey}}" if slash else lowered)
    return row is not None and (row.presence in _SHARED or lowered in _ALSO_SHARED)
