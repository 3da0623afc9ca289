"""The request context of a recorded call, in the two parts that AWS's record has: shared, and of each evaluation.

Source: ``requestContext`` and ``context`` in botocore's service model of ``iam-toolbox``. Keys about the caller, the
network and the time are the same for all evaluations of a call; keys about the resource and the request's content are not.
"""

from __future__ import annotations

from sagepass.catalog.condition_keys import condition_key
from sagepass.catalog.global_keys import GLOBAL_KEYS, Presence
from sagepass.endpoint.recorded import Recorded
from sagepass.engine.authorize import inputs_of
from sagepass.engine.decision import Decision
from sagepass.policy.context import context_from

_SHARED = frozenset({Presence.ALWAYS, Presence.SIGNED, Presence.PRINCIPAL, Presence.SESSION, Presence.NETWORK, Presence.SERVICE})  # fmt: skip
_ALSO_SHARED = frozenset({"aws:useragent", "aws:referer"})


def request_contexts(recorded: Recorded) -> tuple[dict[str, object], list[dict[str, object]]]:
    """The shared context, and what is special to each decision, in the order of the decisions."""
    contexts = [_context(recorded, decision) for decision in recorded.decisions]
    first = contexts[0] if contexts else {}
    shared = {
        key: value
        for key, value in first.items()
        if _is_shared(key) and all(context.get(key) == value for context in contexts)
    }
    return shared, [{key: value for key, value in context.items() if key not in shared} for context in contexts]


def _context(recorded: Recorded, decision: Decision) -> dict[str, object]:
    """All keys with values: a list where the key is multivalued, else a string."""
    if recorded.snapshot is not None:
        values = inputs_of(decision.request, recorded.snapshot).context.values
    else:
        values = context_from(decision.request.context, complete=False).values
    found = {value.key: value.values for value in values.values() if value.values}
    for evaluation in decision.evaluations:
        for fact in evaluation.context:
            if fact.values and fact.key.lower() not in {key.lower() for key in found}:
                found[fact.key] = fact.values
    return {key: list(texts) if len(texts) > 1 or _is_multivalued(key) else texts[0] for key, texts in found.items()}


def _is_multivalued(key: str) -> bool:
    known = condition_key(key)
    return known is not None and known.multivalued


def _is_shared(key: str) -> bool:
    lowered = key.lower()
    family, slash, _ = lowered.partition("/")
    row = GLOBAL_KEYS.get(f"{family}/${{tagkey}}" if slash else lowered)
    return row is not None and (row.presence in _SHARED or lowered in _ALSO_SHARED)
