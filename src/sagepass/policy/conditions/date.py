"""Date operators: ISO 8601 dates or seconds since 1970 on either side; policy variables are not allowed here.

Source:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sagepass.policy.conditions.values import read_date
from sagepass.policy.context import Context
from sagepass.policy.truth import Truth


def _compare(expected: str, actual: str, holds: Callable[[datetime, datetime], bool]) -> Truth:
    left, right = read_date(actual), read_date(expected)
    return Truth.of(left is not None and right is not None and holds(left, right))


def equals(expected: str, actual: str, _context: Context, _variables: bool) -> Truth:
    """``DateEquals``: the same moment."""
    return _compare(expected, actual, lambda a, b: a == b)


def less_than(expected: str, actual: str, _context: Context, _variables: bool) -> Truth:
    """``DateLessThan``: the request's moment lies before the policy's."""
    return _compare(expected, actual, lambda a, b: a < b)


def less_than_equals(expected: str, actual: str, _context: Context, _variables: bool) -> Truth:
    """``DateLessThanEquals``."""
    return _compare(expected, actual, lambda a, b: a <= b)


def greater_than(expected: str, actual: str, _context: Context, _variables: bool) -> Truth:
    """``DateGreaterThan``."""
    return _compare(expected, actual, lambda a, b: a > b)


def greater_than_equals(expected: str, actual: str, _context: Context, _variables: bool) -> Truth:
    """``DateGreaterThanEquals``."""
    return _compare(expected, actual, lambda a, b: a >= b)
