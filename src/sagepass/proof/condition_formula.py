"""One condition as a formula about its key: presence, one of the values, every value, one value alone.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
"""

from __future__ import annotations

from functools import lru_cache

from sagepass.catalog.condition_keys import condition_key
from sagepass.policy.conditions.null import asks_for
from sagepass.policy.conditions.operator import BaseOperator, Operator, Quantifier
from sagepass.policy.conditions.without_set_operator import one_value_decides, several_match_nothing, what_is_open
from sagepass.policy.statement import Condition
from sagepass.proof.atom import FREE, Ask, atom
from sagepass.proof.formula import FALSE, Formula, both, either, lit, negated
from sagepass.proof.values import Domain, Values, values_of
from sagepass.proof.word import Word, is_exact


def unknown(name: str, owner: object) -> Formula:
    """Something of which nothing is known; the same only for the very same object, which lives as long as the atom."""
    made = atom(FREE, Ask.FREE, name=f"{name}\0{id(owner)}")
    made.__dict__["owner"] = owner
    return lit(made)


def any_word(variable: str, ask: Ask, words: list[Word]) -> Formula:
    """One atom for all exact words together, and one for each of the others, so that the same one is one atom."""
    exact = frozenset(word for word in words if is_exact(word))
    found = [lit(atom(variable, ask, Values(Domain.TEXT, words=exact)))] if exact else []
    found += [
        lit(atom(variable, ask, Values(Domain.TEXT, words=frozenset({word})))) for word in words if not is_exact(word)
    ]
    return either(found)


def condition_formula(condition: Condition, *, variables: bool) -> Formula:
    """One condition as a formula about its key.

    Missing keys, IfExists, negation and the set operators are all put into presence, "one of the values", "every value";
    source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html and
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
    """
    values = tuple(element.value for element in condition.values)
    operator = condition.operator
    return _condition(operator, condition.key.lower(), values, variables=variables)


@lru_cache(maxsize=16384)
def _condition(operator: Operator, key: str, values: tuple[str, ...], *, variables: bool) -> Formula:
    base, quantifier, if_exists = operator.base, operator.quantifier, operator.if_exists
    present = lit(atom(key, Ask.PRESENT))
    if base is BaseOperator.NULL:
        kept = [negated(present)] if any(asks_for(value, absent=True) for value in values) else []
        kept += [present] if any(asks_for(value, absent=False) for value in values) else []
        return either(kept)
    several = is_multivalued(key) or (quantifier is not Quantifier.NONE and condition_key(key) is None)
    if base is BaseOperator.BOOL and variables and any("${" in value for value in values):
        return both([present, _undocumented("Bool with a policy variable", base, key, values)])
    if quantifier is Quantifier.NONE and is_multivalued(key):
        found = _without_set_operator(base, key, values, variables)
        return either([negated(present), found]) if if_exists and not base.negated else found
    some = Ask.SOME if several else Ask.ONE
    match quantifier:
        case Quantifier.NONE:
            found = _some_of(key, some, base, values, variables)
            if base.negated:
                return negated(found)
            return either([negated(present), found]) if if_exists else found
        case Quantifier.FOR_ANY_VALUE if not base.negated:
            return _some_of(key, some, base, values, variables)
        case Quantifier.FOR_ANY_VALUE:
            return negated(_every_of(key, several, base, values, variables))
        case Quantifier.FOR_ALL_VALUES if not base.negated:
            return _every_of(key, several, base, values, variables)
        case _:
            return negated(_some_of(key, some, base, values, variables))


def _undocumented(name: str, base: BaseOperator, key: str, values: tuple[str, ...]) -> Formula:
    return lit(atom(FREE, Ask.FREE, name=f"{name}\0{base} {key} {values}"))


def _without_set_operator(base: BaseOperator, key: str, values: tuple[str, ...], variables: bool) -> Formula:
    """A plain operator on a key that can hold several values (:mod:`sagepass.policy.conditions.without_set_operator`).

    Of what is not documented this much is: several policy values are alternatives, and none of them may match for a negated
    operator. That a negated one holds where the positive one does not is said of one value only.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
    """
    present = lit(atom(key, Ask.PRESENT))
    named = [f"{base} {key} {value!r} {variables and '${' in value}" for value in values]
    free = [lit(atom(FREE, Ask.FREE, name=f"{what_is_open(key)}\0{name}")) for name in named]
    undecided = both([present, both(free) if base.negated else either(free)])
    if not one_value_decides(key):
        return either([negated(present), undecided]) if base.negated else undecided
    one, listed = lit(atom(key, Ask.ONLY)), _some_of(key, Ask.ONLY, base, values, variables)
    several = both([negated(one), undecided])
    if base.negated:
        return either([negated(present), both([one, negated(listed)]), several])
    return listed if several_match_nothing(base, key) else either([listed, several])


def is_multivalued(key: str) -> bool:
    """Whether AWS lists the key as one that can hold several values."""
    known = condition_key(key)
    return known is not None and known.multivalued


def _some_of(key: str, ask: Ask, base: BaseOperator, values: tuple[str, ...], variables: bool) -> Formula:
    found = [values_of(base, value, variables=variables and "${" in value) for value in values]
    spans = [item for item in found if item.domain is not Domain.TEXT]
    if spans:
        joined = Values(spans[0].domain, spans=frozenset().union(*(item.spans for item in spans)))
        return lit(atom(key, ask, joined))
    words = [word for item in found for word in item.words]
    return any_word(key, ask, words) if words else FALSE


def _every_of(key: str, several: bool, base: BaseOperator, values: tuple[str, ...], variables: bool) -> Formula:
    """Absent, or every value is one of these; a key with one value at most needs no atom of its own for that."""
    if not several:
        return either([negated(lit(atom(key, Ask.PRESENT))), _some_of(key, Ask.ONE, base, values, variables)])
    found = [values_of(base, value, variables=variables and "${" in value) for value in values]
    joined = Values(
        found[0].domain if found else Domain.TEXT,
        words=frozenset[Word]().union(*(item.words for item in found)),
        spans=frozenset().union(*(item.spans for item in found)),
    )
    return lit(atom(key, Ask.EVERY, joined))
