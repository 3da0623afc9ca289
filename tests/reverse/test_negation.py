"""The opposite of a condition is false exactly where the condition holds: for every operator, and for absent keys."""

from __future__ import annotations

from itertools import product

import pytest

from sagepass.jobs.can_what.negation import negated
from sagepass.policy.conditions.evaluate import evaluate_condition
from sagepass.policy.conditions.operator import BaseOperator, Operator, Quantifier, parse_operator
from sagepass.policy.context import Context, context_from
from sagepass.policy.statement import Condition, Element
from sagepass.policy.truth import Truth, all_of

KEY = "aws:SourceVpce"
LISTED: dict[str, tuple[str, ...]] = {
    "String": ("ml", "m*", "ML", "${aws:PrincipalTag/team}"),
    "Numeric": ("3600", "7200"),
    "Date": ("2026-01-01T00:00:00Z", "2026-06-30T10:00:00Z"),
    "Bool": ("true", "false"),
    "Ip": ("203.0.113.0/24", "2001:db8::/32"),
    "Not": ("203.0.113.0/24", "2001:db8::/32"),
    "Arn": ("arn:aws:iam::111122223333:role/*", "arn:aws:iam::111122223333:role/a"),
    "Null": ("true", "false"),
    "Binary": ("AAEC", "AwQF"),
}
GIVEN = (
    "ml", "ops", "ML", "3600", "7200", "1", "2026-01-01T00:00:00Z", "2030-01-01", "true", "false", "203.0.113.7", "198.51.100.1",
    "arn:aws:iam::111122223333:role/a", "arn:aws:iam::444455556666:role/a", "AAEC",
)  # fmt: skip
OPERATORS = tuple(
    Operator(base=base, quantifier=quantifier, if_exists=if_exists)
    for base, quantifier, if_exists in product(BaseOperator, Quantifier, (False, True))
    if not (base is BaseOperator.NULL and (if_exists or quantifier is not Quantifier.NONE))
)


def _condition(operator: str, key: str, values: tuple[str, ...]) -> Condition:
    parsed = parse_operator(operator)
    assert parsed is not None
    elements = tuple(Element(value, ("Condition", operator, key)) for value in values)
    return Condition(operator=parsed, key=key, values=elements, route=("Condition", operator, key))


def _contexts(operator: Operator) -> list[Context]:
    """The key absent, with each value, and for a set operator with several; the team tag with and without a value."""
    given: list[object] = [None, *GIVEN]
    if operator.quantifier is not Quantifier.NONE:
        given = [None, [], *([value] for value in GIVEN), ["ml", "ops"], ["ml", "ML"], ["3600", "1"]]
    return [
        context_from({KEY: value, "aws:PrincipalTag/team": team}, complete=True)
        for value in given
        for team in (None, "ml")
        if _comparable(operator, value)
    ]


def _comparable(operator: Operator, value: object) -> bool:
    """AWS's keys have types: what is no number is never compared with one."""
    values = value if isinstance(value, list) else [value]
    name = operator.base.value
    numbers, dates = ("3600", "7200", "1"), ("2026-01-01T00:00:00Z", "2030-01-01")
    known = numbers if name.startswith("Numeric") else dates if name.startswith("Date") else None
    known = ("true", "false") if name == "Bool" else known
    return known is None or all(item is None or item in known for item in values)


@pytest.mark.parametrize("operator", OPERATORS, ids=str)
def test_a_condition_and_its_opposite_never_agree(operator: Operator) -> None:
    """For one value and for two, absent or not: exactly one of the two holds."""
    pool = next(values for prefix, values in LISTED.items() if operator.base.value.startswith(prefix))
    expressed = 0
    for listed in (*((value,) for value in pool), pool[:2]):
        condition = _condition(str(operator), KEY, listed)
        tests = negated(condition, listed)
        if tests is None:
            continue
        expressed += 1
        opposites = [_condition(test.operator, test.key, test.values) for test in tests]
        for context in _contexts(operator):
            holds = evaluate_condition(condition, context, variables=True).truth
            other = all_of(evaluate_condition(item, context, variables=True).truth for item in opposites)
            assert other is ~holds, (listed, context.get(KEY), opposites)
            assert holds is not Truth.UNKNOWN
    ordered_set = "Than" in operator.base.value and operator.quantifier is not Quantifier.NONE
    no_opposite = operator.base is BaseOperator.BINARY_EQUALS or ordered_set
    no_opposite = no_opposite or (operator.base is BaseOperator.BOOL and operator.quantifier is not Quantifier.NONE)
    assert bool(expressed) is not no_opposite


def test_several_values_that_match_nothing_leave_no_opposite() -> None:
    """Sources that are not one match neither ``StringEquals`` nor, for all that AWS says, ``StringNotEquals``."""
    assert negated(_condition("StringEquals", "events:source", ("aws.ec2",)), ("aws.ec2",)) is None
    assert negated(_condition("ForAnyValue:StringEquals", "events:source", ("aws.ec2",)), ("aws.ec2",)) is not None
