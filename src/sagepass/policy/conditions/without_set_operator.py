"""A plain operator, without ForAllValues or ForAnyValue, on a key that can hold several values.

AWS asks for a set operator there, and says in part what comes of it without one (decisions/0009-one-value-is-one-value.md):

- A key counts by the number of values in the request, and set operators compare *sets* of values: a request with one value
  is compared as one with a single-valued key.
  https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
- Several values match no positive operator on the fields of an event pattern, even if all of them are listed: the tables of
  https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html, which show one value as well.
- DynamoDB asks for the set operator also where the request has one value, and does not say what happens without:
  https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html

Everything else is not documented, and so unknown.
"""

from __future__ import annotations

from collections.abc import Callable

from sagepass.policy.conditions.operator import BaseOperator
from sagepass.policy.context import KeyValue
from sagepass.policy.truth import Truth

_EVENT_PATTERN = frozenset({"events:source", "events:detail-type"})
"""The fields of an event pattern among the multivalued keys. The rows with several values are about ``events:source``."""
_DYNAMODB = "dynamodb:"


def one_value_decides(key: str) -> bool:
    """Whether a request with one value of the key, which is given in lower case, is compared as with any other key."""
    return not key.startswith(_DYNAMODB)


def several_match_nothing(base: BaseOperator, key: str) -> bool:
    """Whether AWS shows that several values of the key, which is given in lower case, do not match the operator."""
    return key in _EVENT_PATTERN and not base.negated


def truth_without_set_operator(base: BaseOperator, value: KeyValue, single: Callable[[str], Truth]) -> Truth:
    """What a plain operator comes to on a key that is present. ``single`` is the result for one of its values."""
    key = value.key.lower()
    if not value.multivalued:
        return single(value.values[0])
    if not one_value_decides(key):
        return Truth.UNKNOWN
    if _is_one(value):
        return single(value.values[0])
    return Truth.FALSE if several_match_nothing(base, key) else Truth.UNKNOWN


def what_is_open(key: str) -> str:
    """What is not settled where no single value of a key decides, in words."""
    without = "stands without ForAllValues or ForAnyValue"
    if one_value_decides(key.lower()):
        return f"the request carries several values of {key}, and the condition {without}"
    return f"the condition on {key} {without}, which DynamoDB asks for even for one value"


def why_without_set_operator(base: BaseOperator, value: KeyValue) -> str:
    """Why no single value of the key decides, in words; empty where one does."""
    key = value.key.lower()
    if not value.multivalued or (one_value_decides(key) and _is_one(value)):
        return ""
    if several_match_nothing(base, key):
        return f"several values of {value.key} match nothing without ForAllValues or ForAnyValue"
    return f"{what_is_open(value.key)}; AWS does not document what that matches"


def _is_one(value: KeyValue) -> bool:
    return len(set(value.values)) == 1
