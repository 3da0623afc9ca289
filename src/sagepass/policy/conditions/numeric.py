"""Numeric operators: integers and decimals; policy variables are not allowed here.

Source:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Numeric
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from sagepass.policy.conditions.values import read_number
from sagepass.policy.context import Context
from sagepass.policy.truth import Truth


def _compare(expected: str, actual: str, holds: Callable[[Decimal, Decimal], bool]) -> Truth:
    left, right = read_number(actual), read_number(expected)
    return Truth.of(left is not None and right is not None and holds(left, right))


def equals(expected: str, actual: str, _context: Context, _variables: bool) -> Truth:
    """``NumericEquals``: the same number, however it is written."""
    return _compare(expected, actual, lambda a, b: a == b)


def less_than(expected: str, actual: str, _context: Context, _variables: bool) -> Truth:
    """``NumericLessThan``: the request's number is below the policy's."""
    return _compare(expected, actual, lambda a, b: a < b)


def less_than_equals(expected: str, actual: str, _context: Context, _variables: bool) -> Truth:
    """``NumericLessThanEquals``."""
    return _compare(expected, actual, lambda a, b: a <= b)


def greater_than(expected: str, actual: str, _context: Context, _variables: bool) -> Truth:
    """``NumericGreaterThan``."""
    return _compare(expected, actual, lambda a, b: a > b)


def greater_than_equals(expected: str, actual: str, _context: Context, _variables: bool) -> Truth:
    """``NumericGreaterThanEquals``."""
    return _compare(expected, actual, lambda a, b: a >= b)
