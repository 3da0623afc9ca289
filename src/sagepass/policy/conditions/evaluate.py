"""Evaluates one condition: missing keys, IfExists, negation, several values, ForAllValues and ForAnyValue.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from sagepass.policy.conditions.compare import comparison
from sagepass.policy.conditions.null import asks_for
from sagepass.policy.conditions.operator import BaseOperator, Operator, Quantifier
from sagepass.policy.conditions.without_set_operator import truth_without_set_operator, why_without_set_operator
from sagepass.policy.context import Context, KeyValue, NoValue
from sagepass.policy.statement import Condition
from sagepass.policy.truth import Truth, all_of, any_of
from sagepass.policy.variables import variable_keys


class KeyState(StrEnum):
    """What is known of the condition's key in the request."""

    PRESENT = "present"
    ABSENT = "absent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionOutcome:
    """How one condition came out, with both sides.

    ``unknown_keys`` names the keys that would settle an ``UNKNOWN``; ``note`` says why one cannot be settled by a value.
    """

    condition: Condition
    truth: Truth
    state: KeyState
    actual: tuple[str, ...] = ()
    unknown_keys: tuple[str, ...] = ()
    note: str = ""


def evaluate_condition(condition: Condition, context: Context, *, variables: bool) -> ConditionOutcome:
    """Evaluate one key of one operator. ``variables``: whether policy variables are in force in the document."""
    found = context.state(condition.key.lower())
    if found is NoValue.UNKNOWN:
        return ConditionOutcome(
            condition=condition, truth=Truth.UNKNOWN, state=KeyState.UNKNOWN, unknown_keys=(condition.key,)
        )
    value = None if isinstance(found, NoValue) else found
    state = KeyState.ABSENT if value is None else KeyState.PRESENT
    if condition.operator.base is BaseOperator.NULL:
        truth = null_truth(condition, absent=value is None)
        return ConditionOutcome(
            condition=condition, truth=truth, state=state, actual=value.values if value is not None else ()
        )
    if value is None:
        return ConditionOutcome(condition=condition, truth=truth_when_absent(condition.operator), state=state)
    return _present(condition, value, context, variables)


def null_truth(condition: Condition, *, absent: bool) -> Truth:
    """What a ``Null`` condition comes to."""
    return any_of(Truth.of(asks_for(element.value, absent=absent)) for element in condition.values)


def truth_when_absent(operator: Operator) -> Truth:
    """The result for a key that the request does not carry.

    ``ForAllValues`` is true, ``ForAnyValue`` false (also for negated operators and with IfExists); otherwise IfExists
    and negated operators are true and positive ones false.
    """
    match operator.quantifier:
        case Quantifier.FOR_ALL_VALUES:
            return Truth.TRUE
        case Quantifier.FOR_ANY_VALUE:
            return Truth.FALSE
        case Quantifier.NONE:
            return Truth.of(operator.if_exists or operator.base.negated)
    assert_never(operator.quantifier)


def truth_of_values(operator: Operator, value: KeyValue, single: Callable[[str], Truth]) -> Truth:
    """The result for the values of a key that is present. ``single`` is the result for one of them."""
    match operator.quantifier:
        case Quantifier.FOR_ALL_VALUES:
            return all_of(map(single, value.values))
        case Quantifier.FOR_ANY_VALUE:
            return any_of(map(single, value.values))
        case Quantifier.NONE:
            return truth_without_set_operator(operator.base, value, single)
    assert_never(operator.quantifier)


def truth_of_value(condition: Condition, actual: str, context: Context, *, variables: bool) -> Truth:
    """One request value against the list: any policy value for a positive operator, none for a negated one."""
    base = condition.operator.base
    compare = comparison(base)
    any_matches = any_of(compare(element.value, actual, context, variables) for element in condition.values)
    return ~any_matches if base.negated else any_matches


def _present(condition: Condition, value: KeyValue, context: Context, variables: bool) -> ConditionOutcome:
    operator = condition.operator
    truth = truth_of_values(
        operator, value, lambda actual: truth_of_value(condition, actual, context, variables=variables)
    )
    plain = operator.quantifier is Quantifier.NONE
    unknown = _unknown_variables(condition, context, variables) if truth is Truth.UNKNOWN else ()
    return ConditionOutcome(
        condition=condition,
        truth=truth,
        state=KeyState.PRESENT,
        actual=value.values,
        unknown_keys=unknown,
        note=why_without_set_operator(operator.base, value) if plain else "",
    )


def _unknown_variables(condition: Condition, context: Context, variables: bool) -> tuple[str, ...]:
    if not variables:
        return ()
    keys = dict.fromkeys(
        key for element in condition.values for key in variable_keys(element.value) if context.is_unknown(key)
    )
    return tuple(keys)
