"""The reference's conditions and patterns against what AWS's pages state, one row a statement."""

from __future__ import annotations

from typing import Any

import pytest
from tests.reference.conditions import Json, holds
from tests.reference.patterns import resource_like

ARN = "arn:aws:sagemaker:us-east-1:111122223333:endpoint/e:1"
CONTEXT = {
    "k": ("ml",),
    "many": ("a", "b"),
    "twice": ("a", "a"),
    "n": ("10",),
    "t": ("2026-06-30T12:00:00Z",),
    "ip": ("203.0.113.7",),
    "arn": (ARN,),
    "star": ("m*",),
}

HOLDS: list[tuple[str, str, Any, bool]] = [
    # key missing: positive false, negated true, IfExists true, ForAllValues true, ForAnyValue false
    ("StringEquals", "none", "x", False),
    ("StringNotEquals", "none", "x", True),
    ("ArnNotLike", "none", "arn:aws:s3:::x", True),
    ("NotIpAddress", "none", "203.0.113.0/24", True),
    ("NumericNotEquals", "none", "1", True),
    ("Bool", "none", "false", False),
    ("StringEqualsIfExists", "none", "x", True),
    ("StringNotEqualsIfExists", "none", "x", True),
    ("ForAllValues:StringEquals", "none", "x", True),
    ("ForAnyValue:StringEquals", "none", "x", False),
    ("ForAnyValue:StringNotEquals", "none", "x", False),
    ("ForAnyValue:StringEqualsIfExists", "none", "x", False),
    ("Null", "none", "true", True),
    ("Null", "none", "false", False),
    ("Null", "k", "false", True),
    # several policy values: any may match, of negated operators none may
    ("StringEquals", "k", ["x", "ml"], True),
    ("StringNotEquals", "k", ["x", "ml"], False),
    # sets
    ("ForAllValues:StringEquals", "many", ["a", "b", "c"], True),
    ("ForAllValues:StringEquals", "many", ["a"], False),
    ("ForAnyValue:StringEquals", "many", ["a"], True),
    ("ForAllValues:StringNotEquals", "many", ["a"], False),
    ("ForAllValues:StringNotEquals", "many", ["c"], True),
    ("ForAnyValue:StringNotEquals", "many", ["a"], True),
    ("ForAnyValue:StringNotEquals", "many", ["a", "b"], False),
    # several values without a set operator, and one value twice: a set
    ("StringEquals", "many", ["a", "b"], False),
    ("StringLike", "many", "*", False),
    ("StringEqualsIfExists", "many", "a", False),
    ("StringEquals", "twice", "a", True),
    ("StringNotEquals", "twice", "a", False),
    # wildcards and case
    ("StringEquals", "k", "m*", False),
    ("StringLike", "k", "m?", True),
    ("StringLike", "k", "M*", False),
    ("StringEqualsIgnoreCase", "k", "ML", True),
    ("StringEquals", "K", "ml", True),
    # variables
    ("StringEquals", "k", "${K}", True),
    ("StringEquals", "star", "m${*}", True),
    ("StringLike", "k", "m${*}", False),
    ("StringLike", "k", "${star}", False),
    ("StringEquals", "k", "${none, 'ml'}", True),
    ("StringEquals", "k", "${none}", False),
    ("StringNotEquals", "k", "${none}", True),
    ("StringNotEquals", "k", ["${none}", "ml"], False),
    # numbers, dates, addresses, ARNs
    ("NumericEquals", "n", "10.0", True),
    ("NumericLessThan", "n", "9", False),
    ("NumericGreaterThan", "n", "9", True),
    ("DateEquals", "t", "1782820800", True),
    ("DateEquals", "t", "2026-06-30T14:00:00+02:00", True),
    ("DateGreaterThan", "t", "2026-06", True),
    ("DateLessThan", "t", "2027", True),
    ("IpAddress", "ip", "203.0.113.0/24", True),
    ("IpAddress", "ip", "203.0.113.8", False),
    ("NotIpAddress", "ip", "2001:db8::/32", True),
    ("ArnEquals", "arn", "arn:*:sagemaker:*:1111*:endpoint/*", True),
    ("ArnLike", "arn", "arn:aws:sagemaker:*:endpoint/*", False),
    ("ArnNotEquals", "arn", "arn:aws:sagemaker:*:endpoint/*", True),
    ("StringLike", "arn", "arn:aws:sagemaker:*:endpoint/*", True),
]


@pytest.mark.parametrize(("operator", "key", "wanted", "expected"), HOLDS)
def test_operator(operator: str, key: str, wanted: Json, expected: bool) -> None:
    """One operator on one key holds, or does not."""
    assert holds({operator: {key: wanted}}, CONTEXT, variables=True) is expected


def test_variables_are_text_in_older_documents() -> None:
    """Without Version 2012-10-17 the characters of a variable stand for themselves."""
    assert not holds({"StringEquals": {"k": "${k}"}}, CONTEXT, variables=False)
    assert holds({"StringEquals": {"k": "${k}"}}, {"k": ("${k}",)}, variables=False)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("*", True),
        ("arn:aws:s3:::data/*", True),
        ("arn:aws:s3:::data/ml/?.csv", True),
        ("arn:aws:s3:::DATA/*", False),
        ("arn:aws:s3:::data/${k}/*", True),
        ("arn:aws:s3:::data/${star}/*", False),
        ("arn:aws:s3:::data/${none}*", False),
        ("arn:aws:s3:::data/${none, 'ml'}/x.csv", True),
        ("arn:aws:s3:*", True),
    ],
)
def test_resource(entry: str, expected: bool) -> None:
    """A Resource entry covers an object, or does not."""
    assert resource_like(entry, "arn:aws:s3:::data/ml/x.csv", CONTEXT, variables=True) is expected
