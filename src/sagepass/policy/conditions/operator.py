"""The name of a condition operator taken apart: set quantifier, base operator, IfExists."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class BaseOperator(StrEnum):
    """The operators of the IAM grammar, without quantifier and ``IfExists``."""

    STRING_EQUALS = "StringEquals"
    STRING_NOT_EQUALS = "StringNotEquals"
    STRING_EQUALS_IGNORE_CASE = "StringEqualsIgnoreCase"
    STRING_NOT_EQUALS_IGNORE_CASE = "StringNotEqualsIgnoreCase"
    STRING_LIKE = "StringLike"
    STRING_NOT_LIKE = "StringNotLike"
    NUMERIC_EQUALS = "NumericEquals"
    NUMERIC_NOT_EQUALS = "NumericNotEquals"
    NUMERIC_LESS_THAN = "NumericLessThan"
    NUMERIC_LESS_THAN_EQUALS = "NumericLessThanEquals"
    NUMERIC_GREATER_THAN = "NumericGreaterThan"
    NUMERIC_GREATER_THAN_EQUALS = "NumericGreaterThanEquals"
    DATE_EQUALS = "DateEquals"
    DATE_NOT_EQUALS = "DateNotEquals"
    DATE_LESS_THAN = "DateLessThan"
    DATE_LESS_THAN_EQUALS = "DateLessThanEquals"
    DATE_GREATER_THAN = "DateGreaterThan"
    DATE_GREATER_THAN_EQUALS = "DateGreaterThanEquals"
    BOOL = "Bool"
    BINARY_EQUALS = "BinaryEquals"
    IP_ADDRESS = "IpAddress"
    NOT_IP_ADDRESS = "NotIpAddress"
    ARN_EQUALS = "ArnEquals"
    ARN_LIKE = "ArnLike"
    ARN_NOT_EQUALS = "ArnNotEquals"
    ARN_NOT_LIKE = "ArnNotLike"
    NULL = "Null"

    @property
    def negated(self) -> bool:
        """True for the operators that match when no value does, and when the key is absent."""
        return self in _NEGATED


_NEGATED = frozenset(
    {
        BaseOperator.STRING_NOT_EQUALS,
        BaseOperator.STRING_NOT_EQUALS_IGNORE_CASE,
        BaseOperator.STRING_NOT_LIKE,
        BaseOperator.NUMERIC_NOT_EQUALS,
        BaseOperator.DATE_NOT_EQUALS,
        BaseOperator.NOT_IP_ADDRESS,
        BaseOperator.ARN_NOT_EQUALS,
        BaseOperator.ARN_NOT_LIKE,
    }
)


class Quantifier(StrEnum):
    """The set operators of multivalued keys."""

    NONE = ""
    FOR_ALL_VALUES = "ForAllValues"
    FOR_ANY_VALUE = "ForAnyValue"


@dataclass(frozen=True, slots=True)
class Operator:
    """A parsed operator: ``ForAllValues:StringEqualsIfExists``."""

    base: BaseOperator
    quantifier: Quantifier = Quantifier.NONE
    if_exists: bool = False

    def __str__(self) -> str:
        """The operator as a policy spells it."""
        prefix = f"{self.quantifier}:" if self.quantifier is not Quantifier.NONE else ""
        return f"{prefix}{self.base}{'IfExists' if self.if_exists else ''}"


_BY_NAME = {operator.value.lower(): operator for operator in BaseOperator}
_LONGEST = 64
"""No operator's name is longer."""
_QUANTIFIERS = {
    "forallvalues": Quantifier.FOR_ALL_VALUES,
    "foranyvalue": Quantifier.FOR_ANY_VALUE,
}


def parse_operator(text: str) -> Operator | None:
    """Take an operator's name apart; ``None`` for a name that IAM does not know.

    Names are compared without regard to case. ``NullIfExists`` does not exist
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
    """
    head, colon, tail = text.partition(":")
    quantifier = _QUANTIFIERS.get(head.strip().lower()) if colon else Quantifier.NONE
    if quantifier is None:
        return None
    name = (tail if colon else head).strip().lower()
    if_exists = name.endswith("ifexists")
    base = _BY_NAME.get(name.removesuffix("ifexists"))
    if base is None or (base is BaseOperator.NULL and (if_exists or quantifier is not Quantifier.NONE)):
        return None
    return Operator(base=base, quantifier=quantifier, if_exists=if_exists)


def nearest_operator(text: str) -> Operator | None:
    """The operator that a misspelt name may have meant, with its quantifier and ``IfExists``; ``None`` if none is near."""
    from difflib import get_close_matches  # noqa: PLC0415 - only misspelt operators pay for loading it

    head, colon, tail = text[:_LONGEST].partition(":")
    name = (tail if colon else head).strip().lower()
    near_name = get_close_matches(name.removesuffix("ifexists"), _BY_NAME, n=1, cutoff=0.75)
    near_head = get_close_matches(head.strip().lower(), _QUANTIFIERS, n=1, cutoff=0.75) if colon else []
    if not near_name or (colon and not near_head):
        return None
    suffix = "ifexists" if name.endswith("ifexists") else ""
    return parse_operator(f"{near_head[0]}:{near_name[0]}{suffix}" if colon else f"{near_name[0]}{suffix}")
