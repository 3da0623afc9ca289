"""Whether one value of the request satisfies one value of a policy, for each operator family.

Each family has its own file; this one only chooses. Negation, several values, missing keys and the set quantifiers are
the same for all families and live in :mod:`sagepass.policy.conditions.evaluate`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from sagepass.policy.conditions import arn, binary, boolean, date, ip_address, numeric, string
from sagepass.policy.conditions.operator import BaseOperator
from sagepass.policy.context import Context
from sagepass.policy.truth import Truth

Comparison: TypeAlias = Callable[[str, str, Context, bool], Truth]
"""``(policy value, request value, context, variables enabled)``, always in the positive sense of the operator."""

_COMPARISONS: dict[BaseOperator, Comparison] = {
    BaseOperator.STRING_EQUALS: string.equals,
    BaseOperator.STRING_NOT_EQUALS: string.equals,
    BaseOperator.STRING_EQUALS_IGNORE_CASE: string.equals_ignore_case,
    BaseOperator.STRING_NOT_EQUALS_IGNORE_CASE: string.equals_ignore_case,
    BaseOperator.STRING_LIKE: string.like,
    BaseOperator.STRING_NOT_LIKE: string.like,
    BaseOperator.NUMERIC_EQUALS: numeric.equals,
    BaseOperator.NUMERIC_NOT_EQUALS: numeric.equals,
    BaseOperator.NUMERIC_LESS_THAN: numeric.less_than,
    BaseOperator.NUMERIC_LESS_THAN_EQUALS: numeric.less_than_equals,
    BaseOperator.NUMERIC_GREATER_THAN: numeric.greater_than,
    BaseOperator.NUMERIC_GREATER_THAN_EQUALS: numeric.greater_than_equals,
    BaseOperator.DATE_EQUALS: date.equals,
    BaseOperator.DATE_NOT_EQUALS: date.equals,
    BaseOperator.DATE_LESS_THAN: date.less_than,
    BaseOperator.DATE_LESS_THAN_EQUALS: date.less_than_equals,
    BaseOperator.DATE_GREATER_THAN: date.greater_than,
    BaseOperator.DATE_GREATER_THAN_EQUALS: date.greater_than_equals,
    BaseOperator.BOOL: boolean.equals,
    BaseOperator.BINARY_EQUALS: binary.equals,
    BaseOperator.IP_ADDRESS: ip_address.inside,
    BaseOperator.NOT_IP_ADDRESS: ip_address.inside,
    BaseOperator.ARN_EQUALS: arn.like,
    BaseOperator.ARN_LIKE: arn.like,
    BaseOperator.ARN_NOT_EQUALS: arn.like,
    BaseOperator.ARN_NOT_LIKE: arn.like,
}


def comparison(base: BaseOperator) -> Comparison:
    """The comparison of an operator. ``Null`` has none: it asks for presence, not for values."""
    return _COMPARISONS[base]
