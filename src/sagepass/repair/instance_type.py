"""Another instance type in place of one that a condition on ``sagemaker:InstanceTypes`` does not let through.

The key is documented at
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html; a request that needs a type
cannot leave it out, so that "none" is no way past a Deny.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sagepass.catalog.instance_types import INSTANCE_TYPES_KEY, similar_instance_types
from sagepass.engine.authorize import authorize
from sagepass.engine.request import Request
from sagepass.policy.kinds import Effect
from sagepass.policy.statement import Condition
from sagepass.repair.option import Option, Situation
from sagepass.repair.passing_value import passes
from sagepass.repair.statement_for import action_name

_MOST_TRIED = 48
"""Types that are decided, the most similar first."""


def is_about_instance_types(condition: Condition) -> bool:
    """Whether a condition compares instance types with others; ``Null`` asks only whether there are any."""
    compared = condition.operator.base.value.startswith("String")
    return compared and condition.key.lower() == INSTANCE_TYPES_KEY.lower()


def other_type(situation: Situation, condition: Condition, actual: tuple[str, ...], *, wanted: bool) -> Option | None:
    """The most similar type with which the request is allowed, or else the most similar that passes the condition.

    Args:
        situation: the check that stands in the way.
        condition: the one on instance types.
        actual: the types of the request.
        wanted: how the condition should come out.

    Returns:
        ``None`` if the request's types are not known, or AWS lists none for the operation that would pass.
    """
    ways = list(_ways(situation, condition, actual, wanted=wanted))
    if not ways:
        return None
    chosen = next((way for way in ways if _allowed(situation, way)), ways[0])
    value = " and ".join(dict.fromkeys(chosen))
    unlike = " and ".join(dict.fromkeys(name for name in actual if name not in chosen))
    return Option(
        title=f"change the request instead: send the request with {condition.key} = {value}",
        steps=(
            f"{action_name(situation.action)} passes with {condition.key} = {value}, the most similar to {unlike} of those that pass",
        ),
        request=_asked(situation, chosen),
        warnings=("whether the Region has this instance type, and the account a quota for it, is not checked",),
    )


def patterns_to_avoid(situation: Situation, condition: Condition, *, wanted: bool) -> Option:
    """What the type may be, where none can be named."""
    listed = [element.value for element in condition.values]
    shown = " or ".join(listed[:6]) + (f" (or {len(listed) - 6} more)" if len(listed) > 6 else "")
    inside = condition.operator.base.negated is not wanted
    words = f"a {condition.key} that matches {shown}" if inside else f"a {condition.key} that does not match {shown}"
    return Option(
        title=f"change the request instead: send the request with {words}",
        steps=(f"{action_name(situation.action)} passes with {words}",),
        placeholder=True,
    )


def _ways(
    situation: Situation, condition: Condition, actual: tuple[str, ...], *, wanted: bool
) -> Iterator[tuple[str, ...]]:
    """The types of the request with those replaced that do not pass, the most similar first."""
    listed = tuple(element.value for element in condition.values)
    operation = action_name(situation.action).partition(":")[2]

    def good(name: str) -> bool:
        return passes(condition.operator, listed, name, wanted=wanted)

    instead = {
        name: [other for other in similar_instance_types(operation, name) if good(other)]
        for name in dict.fromkeys(actual)
        if not good(name)
    }
    if not instead or not all(instead.values()):
        return
    for rank in range(min(_MOST_TRIED, max(map(len, instead.values())))):
        yield tuple(instead[name][min(rank, len(instead[name]) - 1)] if name in instead else name for name in actual)


def _allowed(situation: Situation, types: tuple[str, ...]) -> bool:
    return authorize(_asked(situation, types), situation.snapshot).effect is Effect.ALLOW


def _asked(situation: Situation, types: tuple[str, ...]) -> Request:
    request = situation.request
    others = {key: value for key, value in request.context.items() if key.lower() != INSTANCE_TYPES_KEY.lower()}
    return replace(request, context={**others, INSTANCE_TYPES_KEY: list(dict.fromkeys(types))})
