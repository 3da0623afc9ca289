"""Which value of a condition key would make a condition come out the wanted way.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

from dataclasses import dataclass

from sagepass.policy.conditions.compare import comparison
from sagepass.policy.conditions.operator import BaseOperator, Operator, Quantifier
from sagepass.policy.context import Context
from sagepass.policy.truth import Truth

_NUMBERS = {
    BaseOperator.NUMERIC_EQUALS: (0, 1),
    BaseOperator.NUMERIC_NOT_EQUALS: (1, 0),
    BaseOperator.NUMERIC_LESS_THAN: (-1, 0),
    BaseOperator.NUMERIC_LESS_THAN_EQUALS: (0, 1),
    BaseOperator.NUMERIC_GREATER_THAN: (1, 0),
    BaseOperator.NUMERIC_GREATER_THAN_EQUALS: (0, -1),
}
"""What to add to the policy's number so that the condition is true, and so that it is false."""

_NOTHING = Context(complete=True)
_DATES = frozenset(operator for operator in BaseOperator if operator.value.startswith("Date"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """A way to pass.

    Attributes:
        words: completes "send the request with …".
        values: the values that pass; empty for an absent key.
        certain: false where the value cannot be named, only described.
    """

    words: str
    values: tuple[str, ...] = ()
    certain: bool = True


def passing_value(
    operator: Operator, key: str, listed: tuple[str, ...], actual: tuple[str, ...], *, wanted: bool
) -> Passing | None:
    """How a request passes one condition; ``None`` if no value of the key can do that.

    Args:
        operator: of the condition.
        key: the condition key.
        listed: the values that the policy lists.
        actual: the values that the request has now; empty if the key is absent.
        wanted: how the condition should come out: true for an Allow, false for a Deny.
    """
    base = operator.base
    if base is BaseOperator.NULL:
        return _null(key, listed, wanted=wanted)
    if base in _DATES or base is BaseOperator.BINARY_EQUALS or not listed:
        return None
    if operator.quantifier is not Quantifier.NONE:
        return _set_value(operator, key, listed, actual, wanted=wanted)
    if base in _NUMBERS:
        return _number(base, key, listed, wanted=wanted)
    if base is BaseOperator.BOOL:
        value = listed[0].lower()
        flipped = "false" if value == "true" else "true"
        chosen = value if wanted else flipped
        return Passing(words=f"{key} = {chosen}", values=(chosen,))
    if base.negated is wanted:
        return Passing(words=f"another {key} than {_join(listed)}, or without it")
    return _one_of(key, listed)


def passes(operator: Operator, listed: tuple[str, ...], value: str, *, wanted: bool) -> bool:
    """Whether one value certainly is as a condition wants it: inside the list or outside, as the operator compares.

    What depends on a policy variable is not certain.
    """
    compare = comparison(operator.base)
    found = [Truth.UNKNOWN if "${" in entry else compare(entry, value, _NOTHING, True) for entry in listed]
    inside_wanted = operator.base.negated is not wanted
    return Truth.TRUE in found if inside_wanted else all(truth is Truth.FALSE for truth in found)


def _one_of(key: str, listed: tuple[str, ...]) -> Passing:
    plain = [_address(value) if "ip" in key.lower() else value for value in listed]
    literal = [value for value in plain if not any(sign in value for sign in "*?$")]
    if not literal:
        return Passing(words=f"a {key} that matches {_join(listed)}", certain=False)
    return Passing(words=f"{key} = {_join(listed)}", values=(literal[0],))


def _address(value: str) -> str:
    return value.partition("/")[0]


def _null(key: str, listed: tuple[str, ...], *, wanted: bool) -> Passing | None:
    if not listed:
        return None
    absent = (listed[0].lower() == "true") is wanted
    return Passing(words=f"no {key}") if absent else Passing(words=f"a value for {key}", certain=False)


def _number(base: BaseOperator, key: str, listed: tuple[str, ...], *, wanted: bool) -> Passing | None:
    try:
        number = int(listed[0])
    except ValueError:
        return None
    chosen = str(number + _NUMBERS[base][0 if wanted else 1])
    return Passing(words=f"{key} = {chosen}", values=(chosen,))


def _set_value(
    operator: Operator, key: str, listed: tuple[str, ...], actual: tuple[str, ...], *, wanted: bool
) -> Passing | None:
    """ForAllValues and ForAnyValue: only the values inside (or outside) the list."""
    inside_wanted = operator.base.negated is not wanted
    kept = tuple(value for value in actual if passes(operator, listed, value, wanted=wanted))
    if kept:
        return Passing(words=f"only {_join(kept)} in {key}", values=kept)
    if inside_wanted:
        literal = [value for value in listed if not any(sign in value for sign in "*?$")]
        if literal:
            return Passing(words=f"{key} = {literal[0]}", values=(literal[0],))
        return Passing(words=f"a {key} that matches {_join(listed)}", certain=False)
    return Passing(words=f"no {key}")


def _join(values: tuple[str, ...]) -> str:
    shown = " or ".join(values[:6])
    return f"{shown} (or {len(values) - 6} more)" if len(values) > 6 else shown
