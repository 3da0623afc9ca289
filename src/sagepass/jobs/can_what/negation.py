"""The opposite of a condition, as conditions: true exactly where the first is false, for an absent key as well.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html (what each
operator answers for a key that is absent) and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
"""

from __future__ import annotations

from sagepass.jobs.can_what.record import Test
from sagepass.policy.conditions.operator import BaseOperator, Operator, Quantifier
from sagepass.policy.conditions.values import read_bool
from sagepass.policy.conditions.without_set_operator import several_match_nothing
from sagepass.policy.statement import Condition

_B = BaseOperator
_EQUALITY = (
    (_B.STRING_EQUALS, _B.STRING_NOT_EQUALS),
    (_B.STRING_EQUALS_IGNORE_CASE, _B.STRING_NOT_EQUALS_IGNORE_CASE),
    (_B.STRING_LIKE, _B.STRING_NOT_LIKE),
    (_B.NUMERIC_EQUALS, _B.NUMERIC_NOT_EQUALS),
    (_B.DATE_EQUALS, _B.DATE_NOT_EQUALS),
    (_B.IP_ADDRESS, _B.NOT_IP_ADDRESS),
    (_B.ARN_EQUALS, _B.ARN_NOT_EQUALS),
    (_B.ARN_LIKE, _B.ARN_NOT_LIKE),
)
_OPPOSITE = {**dict(_EQUALITY), **{negated: positive for positive, negated in _EQUALITY}}
_ORDER = (
    (_B.NUMERIC_LESS_THAN, _B.NUMERIC_GREATER_THAN_EQUALS),
    (_B.NUMERIC_GREATER_THAN, _B.NUMERIC_LESS_THAN_EQUALS),
    (_B.DATE_LESS_THAN, _B.DATE_GREATER_THAN_EQUALS),
    (_B.DATE_GREATER_THAN, _B.DATE_LESS_THAN_EQUALS),
)
_OTHER_SIDE = {**dict(_ORDER), **{inclusive: strict for strict, inclusive in _ORDER}}


def negated(condition: Condition, values: tuple[str, ...]) -> tuple[Test, ...] | None:
    """Conditions that hold together exactly where this one does not; ``None`` if no operators of IAM say that.

    Args:
        condition: the condition.
        values: its values as they are to be written.
    """
    operator = condition.operator
    base = operator.base
    if operator.quantifier is Quantifier.NONE and several_match_nothing(base, condition.key.lower()):
        return None  # what the opposite operator makes of several values is not documented
    if base is _B.NULL:
        return _null(condition.key, values)
    if base in _OPPOSITE:
        return _equality(operator, condition.key, values)
    if len(values) != 1:
        return None
    if base is _B.BOOL:
        return _bool(operator, condition.key, values[0])
    if base in _OTHER_SIDE and operator.quantifier is Quantifier.NONE:
        # absent: false, unless IfExists makes it true; the opposite has to be the other way round
        other = Operator(base=_OTHER_SIDE[base], if_exists=not operator.if_exists)
        return (Test(operator=str(other), key=condition.key, values=values),)
    return None


def _equality(operator: Operator, key: str, values: tuple[str, ...]) -> tuple[Test, ...]:
    opposite = _OPPOSITE[operator.base]
    if operator.quantifier is not Quantifier.NONE:
        # absent: ForAllValues is true and ForAnyValue false, whatever follows
        every = operator.quantifier is Quantifier.FOR_ALL_VALUES
        turned = Quantifier.FOR_ANY_VALUE if every else Quantifier.FOR_ALL_VALUES
        return (Test(operator=str(Operator(base=opposite, quantifier=turned)), key=key, values=values),)
    test = Test(operator=str(Operator(base=opposite)), key=key, values=values)
    if operator.if_exists and not operator.base.negated:
        return (test, Test(operator="Null", key=key, values=("false",)))
    return (test,)


def _bool(operator: Operator, key: str, value: str) -> tuple[Test, ...] | None:
    wanted = read_bool(value)
    if wanted is None or operator.quantifier is not Quantifier.NONE:
        return None
    flipped = "false" if wanted else "true"
    other = Operator(base=_B.BOOL, if_exists=not operator.if_exists)
    return (Test(operator=str(other), key=key, values=(flipped,)),)


def _null(key: str, values: tuple[str, ...]) -> tuple[Test, ...] | None:
    asked = {read_bool(value) for value in values}
    if len(asked) != 1 or None in asked:
        return None
    return (Test(operator="Null", key=key, values=("false" if asked == {True} else "true",)),)
