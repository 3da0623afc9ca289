"""ARN operators: six components, compared one by one.

``ArnEquals`` and ``ArnLike`` behave identically, and so do their negations. A ``*`` in one of the first five components
cannot run past its colon.
Source:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
"""

from __future__ import annotations

from sagepass.policy.context import Context
from sagepass.policy.glob import Pattern, Token, matches
from sagepass.policy.truth import Truth, all_of
from sagepass.policy.variables import fill

_COMPONENTS = 6


def like(expected: str, actual: str, context: Context, variables: bool) -> Truth:
    """``ArnLike``.

    A request value that is no ARN matches nothing. What a pattern of fewer than six components matches is not
    documented, so it settles nothing.
    """
    given = actual.split(":", _COMPONENTS - 1)
    if len(given) != _COMPONENTS or given[0] != "arn":
        return Truth.FALSE
    filled = fill(expected, context, enabled=variables, wildcards=True)
    if filled.unknown:
        return Truth.UNKNOWN
    if filled.pattern is None:
        return Truth.FALSE
    components = _components(filled.pattern)
    if len(components) != _COMPONENTS:
        return Truth.UNKNOWN
    return all_of(Truth.of(matches(p, text)) for p, text in zip(components, given, strict=True))


def _components(pattern: Pattern) -> list[Pattern]:
    """The pattern cut at its first five colons."""
    components: list[Pattern] = []
    current: list[Token] = []
    for token in pattern:
        if not isinstance(token, str):
            current.append(token)
            continue
        rest = token
        while ":" in rest and len(components) < _COMPONENTS - 1:
            head, _, rest = rest.partition(":")
            if head:
                current.append(head)
            components.append(tuple(current))
            current = []
        if rest:
            current.append(rest)
    components.append(tuple(current))
    return components
