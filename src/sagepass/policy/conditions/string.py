"""String operators: exact, without regard to case, and with wildcards.

Source:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_String
"""

from __future__ import annotations

from sagepass.policy.context import Context
from sagepass.policy.glob import literal_text, matches
from sagepass.policy.truth import Truth
from sagepass.policy.variables import fill


def equals(expected: str, actual: str, context: Context, variables: bool) -> Truth:
    """``StringEquals``: the same characters; ``*`` and ``?`` are ordinary characters."""
    filled = fill(expected, context, enabled=variables, wildcards=False)
    if filled.unknown:
        return Truth.UNKNOWN
    return Truth.of(filled.pattern is not None and literal_text(filled.pattern) == actual)


def equals_ignore_case(expected: str, actual: str, context: Context, variables: bool) -> Truth:
    """``StringEqualsIgnoreCase``."""
    filled = fill(expected, context, enabled=variables, wildcards=False)
    if filled.unknown:
        return Truth.UNKNOWN
    text = literal_text(filled.pattern) if filled.pattern is not None else None
    return Truth.of(text is not None and text.lower() == actual.lower())


def like(expected: str, actual: str, context: Context, variables: bool) -> Truth:
    """``StringLike``: case sensitive, with ``*`` and ``?``."""
    filled = fill(expected, context, enabled=variables, wildcards=True)
    if filled.unknown:
        return Truth.UNKNOWN
    return Truth.of(filled.pattern is not None and matches(filled.pattern, actual))
