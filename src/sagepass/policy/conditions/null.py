"""The Null operator: is the key there at all?

``"true"`` asks for a key that is absent, ``"false"`` for one that exists and is not null (an empty list is null).
Source:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Null
"""

from __future__ import annotations

from sagepass.policy.conditions.values import read_bool


def asks_for(expected: str, *, absent: bool) -> bool:
    """Whether a value of a Null condition asks for what the request has."""
    return read_bool(expected) is absent
