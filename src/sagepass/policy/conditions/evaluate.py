"""Evaluates one condition: missing keys, IfExists, negation, several values, ForAllValues and ForAnyValue.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from sagepass.policy.conditions.compare import comparison
from sagepass.policy.conditions.null import asks_for
from sagepass.policy.conditions.operator import BaseOperator, Operator, Quantifier
from sagepass.policy.context import Context, KeyValue
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
    value = context.get(condition.key)
    if value is None and context.is_unknown(condition.key):
        return _unknown_key(condition)
    if condition.operator.base is BaseOperator.NULL:
        return _null(condition, value)
    if value is None:
        return ConditionOutcome(condition=condition, truth=_when_absent(condition.operator), state=KeyState.ABSENT)
    return _present(condition, value, context, variables)


def _unknown_key(condition: Condition) -> ConditionOutcome:
    return ConditionOutcome(
        condition=condition, truth=Truth.UNKNOWN, state=KeyState.UNKNOWN, unknown_keys=(condition.key,)
    )


def _null(condition: Condition, value: KeyValue | None) -> ConditionOutcome:
    truth = any_of(Truth.of(asks_for(element.value, absent=value is None)) for element in condition.values)
    state = KeyState.ABSENT if value is None else KeyState.PRESENT
    return ConditionOutcome(
        condition=condition, truth=truth, state=state, actual=value.values if value is not None else ()
    )


def _when_absent(operator: Operator) -> Truth:
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


def _present(condition: Condition, value: KeyValue, context: Context, variables: bool) -> ConditionOutcome:
    operator = condition.operator
    singles = [_one(condition, actual, context, variables) for actual in value.values]
    note = ""
    match operator.quantifier:
        case Quantifier.FOR_ALL_VALUES:
            truth = all_of(singles)
        case Quantifier.FOR_ANY_VALUE:
            truth = any_of(singles)
        case Quantifier.NONE:
            if value.multivalued:
                truth = Truth.UNKNOWN
                note = (
                    f"{condition.key} can hold several values and stands here without ForAllValues or ForAnyValue; "
                    "AWS does not document what that matches"
                )
            else:
                truth = singles[0]
        case _:
            assert_never(operator.quantifier)
    unknown = _unknown_variables(condition, context, variables) if truth is Truth.UNKNOWN else ()
    return ConditionOutcome(
        condition=condition,
        truth=truth,
        state=KeyState.PRESENT,
        actual=value.values,
        unknown_keys=unknown,
        note=note,
    )


def _one(condition: Condition, actual: str, context: Context, variables: bool) -> Truth:
    """One request value against the list: any policy value for a positive operator, none for a negated one."""
    base = condition.operator.base
    compare = comparison(base)
    any_matches = any_of(compare(element.value, actual, context, variables) for element in condition.values)
    return ~any_matches if base.negated else any_matches


def _unknown_variables(condition: Condition, context: Context, variables: bool) -> tuple[str, ...]:
    if not variables:
        return ()
    keys = dict.fromkeys(
        key for element in condition.values for key in variable_keys(element.value) if context.is_unknown(key)
    )
    return tuple(keys)
