"""The condition keys that a decision looked at, with what was known of them."""

from __future__ import annotations

from sagepass.engine.checks.facts import Facts
from sagepass.engine.combine import AllFacts
from sagepass.engine.decision import ContextFact
from sagepass.policy.context import Context
from sagepass.policy.kinds import Evidence


def keys_looked_at(facts: AllFacts) -> tuple[str, ...]:
    """The keys that a condition of a statement with a fitting action names, once each, in the order of the checks."""
    keys: dict[str, str] = {}
    for fact in facts.in_order():
        for key in _keys(fact):
            keys.setdefault(key.lower(), key)
    return tuple(keys.values())


def _keys(fact: Facts) -> list[str]:
    if fact.settled:
        return []
    statements = [hit.match.statement for hit in (*fact.denies, *fact.allows)]
    statements += [miss.statement for miss in fact.misses]
    return [condition.key for statement in statements for condition in statement.conditions]


def context_fact(key: str, context: Context) -> ContextFact:
    """What is known of one key, spelled as the condition does."""
    value = context.get(key)
    if value is not None:
        return ContextFact(key=key, values=value.values, known=True, evidence=value.evidence, note=value.note)
    if context.is_unknown(key):
        return ContextFact(key=key, values=None, known=False, evidence=Evidence.ASSUMED, note="not known")
    note = context.absent.get(key.lower(), "the request does not carry it")
    return ContextFact(key=key, values=None, known=True, evidence=Evidence.COMPUTED, note=note)
