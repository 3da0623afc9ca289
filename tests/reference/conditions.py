"""The Condition element.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html (several values without a set operator)
"""

from __future__ import annotations

import base64
import ipaddress
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from tests.reference.patterns import Context, arn_like, like, plain, resolve

Json: TypeAlias = "str | bool | int | float | list[Json] | dict[str, Json] | None"


def holds(condition: dict[str, dict[str, Json]], context: Context, *, variables: bool) -> bool:
    """Whether every operator holds for every one of its keys ("evaluated using a logical AND")."""
    return all(
        _key_holds(operator, context.get(key.lower(), ()), texts(wanted), context, variables=variables)
        for operator, keys in condition.items()
        for key, wanted in keys.items()
    )


def texts(value: Json) -> list[str]:
    """The values of a policy element as strings: one value may stand without its list, true and 1 without quotes."""
    values = value if isinstance(value, list) else [value]
    return [str(item).lower() if isinstance(item, bool) else str(item) for item in values]


def _key_holds(operator: str, values: tuple[str, ...], wanted: list[str], context: Context, *, variables: bool) -> bool:
    """One operator on one key. `values` is empty if the key is absent; an empty list of values counts as absent."""
    set_operator, _, name = operator.rpartition(":")
    if name == "Null":  # "true": the key must not be there; "false": it must exist and not be null
        return ("false" if values else "true") in wanted
    base = name.removesuffix("IfExists")
    if not values:
        if set_operator == "ForAllValues":
            return True  # "also returns true if the context key is missing"
        if set_operator == "ForAnyValue":
            return False  # "the request must have the key", negated or IfExists or not
        return base != name or base in NEGATED  # IfExists: true; else only "must not match" holds without a key

    def satisfied(value: str) -> bool:
        equals = any(_equals(base, pattern, value, context, variables=variables) for pattern in wanted)
        return equals != (base in NEGATED)  # several values: any may match; negated: none may

    if set_operator == "ForAllValues":
        return all(map(satisfied, values))
    if set_operator == "ForAnyValue":
        return any(map(satisfied, values))
    if len(set(values)) > 1:  # "source": ["aws.ec2", "aws.ecs"] equals neither "aws.ec2" nor "aws.ecs"
        return base in NEGATED  # shown nowhere, and nowhere for other keys: the engine leaves both open
    return satisfied(values[0])  # one value, of whatever key: "the number of values in the request context"


NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
    "NotIpAddress": "IpAddress",
    "ArnNotEquals": "ArnLike",
    "ArnNotLike": "ArnLike",
}


def _equals(base: str, pattern: str, value: str, context: Context, *, variables: bool) -> bool:
    """Whether one request value matches one policy value under the positive form of the operator."""
    positive = NEGATED.get(base, base)
    if not positive.startswith(("String", "Arn")):
        return OPERATORS[positive](pattern, value)
    resolved = resolve(pattern, context, variables=variables)  # variables: string and ARN operators only
    if resolved is None:
        return False  # a variable without a value matches no value
    match positive:
        case "StringEquals":
            return plain(resolved) == value
        case "StringEqualsIgnoreCase":
            return plain(resolved).lower() == value.lower()
        case "StringLike":
            return like(resolved, value)
        case "ArnEquals" | "ArnLike":  # "behave identically"
            return arn_like(resolved, value)
        case _:
            message = f"no such operator: {base}"
            raise ValueError(message)


def _numbers(compare: Callable[[Decimal, Decimal], bool]) -> Callable[[str, str], bool]:
    def matches(pattern: str, value: str) -> bool:
        try:
            return compare(Decimal(value), Decimal(pattern))
        except InvalidOperation:
            return False

    return matches


def _moments(compare: Callable[[float, float], bool]) -> Callable[[str, str], bool]:
    def matches(pattern: str, value: str) -> bool:
        try:
            return compare(_moment(value), _moment(pattern))
        except ValueError:
            return False

    return matches


def _moment(text: str) -> float:
    """Seconds since 1970 of an ISO 8601 date or of epoch seconds ("or in epoch (UNIX) time")."""
    if text.isdigit() and len(text) != 4:  # four digits are a year of the W3C formats
        return float(text)
    moment = datetime.fromisoformat(text + "-01" * (2 - text.count("-")) if len(text) < 8 else text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _in_network(pattern: str, value: str) -> bool:
    try:
        return ipaddress.ip_address(value) in ipaddress.ip_network(pattern, strict=False)
    except ValueError:
        return False


def _same_bytes(pattern: str, value: str) -> bool:
    return base64.b64decode(pattern) == base64.b64decode(value)


OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "Bool": lambda pattern, value: pattern.lower() == value.lower() and value.lower() in ("true", "false"),
    "BinaryEquals": _same_bytes,
    "IpAddress": _in_network,
    "NumericEquals": _numbers(lambda value, pattern: value == pattern),
    "NumericLessThan": _numbers(lambda value, pattern: value < pattern),
    "NumericLessThanEquals": _numbers(lambda value, pattern: value <= pattern),
    "NumericGreaterThan": _numbers(lambda value, pattern: value > pattern),
    "NumericGreaterThanEquals": _numbers(lambda value, pattern: value >= pattern),
    "DateEquals": _moments(lambda value, pattern: value == pattern),
    "DateLessThan": _moments(lambda value, pattern: value < pattern),
    "DateLessThanEquals": _moments(lambda value, pattern: value <= pattern),
    "DateGreaterThan": _moments(lambda value, pattern: value > pattern),
    "DateGreaterThanEquals": _moments(lambda value, pattern: value >= pattern),
}
