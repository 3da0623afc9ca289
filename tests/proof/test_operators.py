"""Conditions against conditions: for each operator what is contained, what is not, and with which value."""

from __future__ import annotations

from typing import Any

import pytest
from tests.proof.policies import document

from sagepass.proof import Verdict, compare_documents

Conditions = dict[str, dict[str, Any]]
MODEL = "arn:aws:sagemaker:us-east-1:111122223333:model/"


def allowing(*conditions: Conditions, **more: object) -> Any:  # noqa: ANN401 - a parsed document
    """A document that allows one action under each of the conditions."""
    statements = [
        {"Effect": "Allow", "Action": "sagemaker:CreateModel", "Resource": "*", "Condition": condition, **more}
        for condition in conditions
    ]
    return document({"Version": "2012-10-17", "Statement": statements})


def on(operator: str, key: str, *values: str) -> Conditions:
    """One condition."""
    return {operator: {key: list(values)}}


TEAM, TIME, ADDRESS, WHEN, ARN, SUBNETS, SOURCE, LEADING = (
    "aws:RequestTag/team",
    "sagemaker:MaxRuntimeInSeconds",
    "aws:SourceIp",
    "aws:TokenIssueTime",
    "aws:SourceArn",
    "sagemaker:VpcSubnets",
    "events:source",
    "dynamodb:LeadingKeys",
)
SNS = "arn:aws:sns:us-east-1:111122223333:"

CONTAINED: dict[str, tuple[list[Conditions], Conditions]] = {
    "fewer values": ([on("StringEquals", TEAM, "a", "b")], on("StringEquals", TEAM, "a")),
    "a value of a pattern": ([on("StringLike", TEAM, "a*")], on("StringEquals", TEAM, "ab")),
    "a star in StringEquals is a star": ([on("StringLike", TEAM, "a${*}")], on("StringEquals", TEAM, "a*")),
    "two patterns make one": (
        [on("StringLike", TEAM, "?*"), on("StringEquals", TEAM, "")],
        on("StringLike", TEAM, "*"),
    ),
    "case folded": ([on("StringEqualsIgnoreCase", TEAM, "ML")], on("StringEquals", TEAM, "mL")),
    "negated, more left out": ([on("StringNotEquals", TEAM, "a")], on("StringNotEquals", TEAM, "a", "b")),
    "IfExists takes the absent": ([on("StringEqualsIfExists", TEAM, "a")], on("Null", TEAM, "true")),
    "present or absent is everything": (
        [on("Null", TEAM, "true"), on("Null", TEAM, "false")],
        on("StringNotEquals", TEAM, "a"),
    ),
    "up to ten, in two pieces": (
        [on("NumericLessThanEquals", TIME, "5"), on("NumericGreaterThan", TIME, "5")],
        on("NumericLessThanEquals", TIME, "10"),
    ),
    "the same number": ([on("NumericEquals", TIME, "5")], on("NumericEquals", TIME, "5.0")),
    "two halves of a network": (
        [on("IpAddress", ADDRESS, "10.0.0.0/25"), on("IpAddress", ADDRESS, "10.0.0.128/25")],
        on("IpAddress", ADDRESS, "10.0.0.0/24"),
    ),
    "outside of a wider network": (
        [on("NotIpAddress", ADDRESS, "10.1.0.0/16")],
        on("NotIpAddress", ADDRESS, "10.0.0.0/8"),
    ),
    "an epoch is a date": ([on("DateLessThan", WHEN, "1767225600")], on("DateLessThan", WHEN, "2026-01-01T00:00:00Z")),
    "an ARN component": ([on("ArnLike", ARN, "arn:aws:sns:*:111122223333:*")], on("ArnEquals", ARN, f"{SNS}a")),
    "ArnEquals has wildcards": ([on("ArnLike", ARN, f"{SNS}*")], on("ArnEquals", ARN, f"{SNS}a*")),
    "true or false": (
        [on("Bool", "aws:SecureTransport", "true"), on("Bool", "aws:SecureTransport", "false")],
        on("Null", "aws:SecureTransport", "false"),
    ),
    "a boolean as text": ([on("StringEquals", "aws:ViaAWSService", "true")], on("Bool", "aws:ViaAWSService", "TRUE")),
    "every value of fewer": (
        [on("ForAllValues:StringEquals", SUBNETS, "a", "b")],
        on("ForAllValues:StringEquals", SUBNETS, "a"),
    ),
    "some value of fewer": (
        [on("ForAnyValue:StringLike", SUBNETS, "a*")],
        on("ForAnyValue:StringEquals", SUBNETS, "ab"),
    ),
    "all values and one at least": (
        [on("ForAnyValue:StringEquals", SUBNETS, "a", "b")],
        {"ForAllValues:StringEquals": {SUBNETS: ["a"]}, "Null": {SUBNETS: "false"}},
    ),
    "no value is one of these": (
        [on("ForAllValues:StringNotEquals", SUBNETS, "a")],
        on("ForAllValues:StringNotEquals", SUBNETS, "a", "b"),
    ),
    "a set operator on a key with one value": (
        [on("StringEqualsIfExists", TEAM, "a")],
        on("ForAllValues:StringEquals", TEAM, "a"),
    ),
    "the same variable": (
        [on("StringLike", TEAM, "${aws:PrincipalTag/team}*")],
        on("StringEquals", TEAM, "${aws:PrincipalTag/team}"),
    ),
    "without a set operator, fewer values": (
        [on("StringEquals", SUBNETS, "a", "b")],
        on("StringEquals", SUBNETS, "a"),
    ),
    "without one, negated, more values": (
        [on("StringNotEquals", SUBNETS, "a")],
        on("StringNotEquals", SUBNETS, "a", "b"),
    ),
    "without one, a key that wants it for one value too": (
        [on("StringLike", LEADING, "a*", "b*")],
        on("StringLike", LEADING, "a*"),
    ),
    "one source alone is one of these": (
        [{"ForAllValues:StringEquals": {SOURCE: ["a", "b"]}, "Null": {SOURCE: "false"}}],
        on("StringEquals", SOURCE, "a"),
    ),
    "one source alone is some source": (
        [on("ForAnyValue:StringLike", SOURCE, "a*")],
        on("StringEquals", SOURCE, "ab"),
    ),
    "a source, absent or alone": (
        [on("ForAllValues:StringEquals", SOURCE, "a")],
        on("StringEqualsIfExists", SOURCE, "a"),
    ),
    "two sources that are not one": (
        [on("StringLike", TEAM, "never")],
        {"StringEquals": {SOURCE: "a"}, "ForAnyValue:StringEquals": {SOURCE: "b"}},
    ),
    "every source is this one, and one is there": (
        [on("StringEquals", SOURCE, "a")],
        {"ForAllValues:StringEquals": {SOURCE: "a"}, "Null": {SOURCE: "false"}},
    ),
    "the same variable about one source": (
        [on("StringLike", SOURCE, "${aws:PrincipalTag/team}*")],
        on("StringEquals", SOURCE, "${aws:PrincipalTag/team}"),
    ),
    "the same open point": (
        [on("ArnLike", ARN, "arn:aws:sns:*")],
        {"ArnLike": {ARN: "arn:aws:sns:*"}, "StringEquals": {TEAM: "a"}},
    ),
}

NOT_CONTAINED: dict[str, tuple[list[Conditions], Conditions, dict[str, object]]] = {
    "another value": ([on("StringEquals", TEAM, "a")], on("StringEquals", TEAM, "a", "b"), {TEAM: "b"}),
    "case": ([on("StringEquals", TEAM, "a")], on("StringEqualsIgnoreCase", TEAM, "a"), {TEAM: "A"}),
    "negated and absent": ([on("StringNotEquals", TEAM, "a")], on("Null", TEAM, "false"), {TEAM: "a"}),
    "exactly five": (
        [on("NumericLessThan", TIME, "5"), on("NumericGreaterThan", TIME, "5")],
        on("NumericLessThanEquals", TIME, "10"),
        {TIME: "5"},
    ),
    "between two numbers": (
        [on("NumericLessThanEquals", TIME, "5"), on("NumericGreaterThanEquals", TIME, "6")],
        on("NumericLessThanEquals", TIME, "10"),
        {TIME: "5.5"},
    ),
    "the address between": (
        [on("IpAddress", ADDRESS, "10.0.0.0/31"), on("IpAddress", ADDRESS, "10.0.0.3")],
        on("IpAddress", ADDRESS, "10.0.0.0/30"),
        {ADDRESS: "10.0.0.2"},
    ),
    "version six": (
        [on("IpAddress", ADDRESS, "0.0.0.0/0")],
        on("IpAddress", ADDRESS, "0.0.0.0/0", "2001:db8::/128"),
        {ADDRESS: "2001:db8::"},
    ),
    "the moment itself": (
        [on("DateLessThan", WHEN, "2026-01-01T00:00:00Z")],
        on("DateLessThanEquals", WHEN, "2026-01-01T00:00:00Z"),
        {WHEN: "2026-01-01T00:00:00Z"},
    ),
    "a star stays in its component": (
        [on("ArnLike", ARN, "arn:aws:sns:*:111122223333:a")],
        on("ArnLike", ARN, "arn:aws:sns:*:*:a"),
        {ARN: "arn:aws:sns:::a"},
    ),
    "ForAllValues passes on absence": (
        [{"ForAllValues:StringEquals": {SUBNETS: ["a"]}, "Null": {SUBNETS: "false"}}],
        on("ForAllValues:StringEquals", SUBNETS, "a"),
        {},
    ),
    "one good value among others": (
        [on("ForAllValues:StringEquals", SUBNETS, "a")],
        on("ForAnyValue:StringEquals", SUBNETS, "a"),
        {SUBNETS: ["a", "b"]},
    ),
    "ForAnyValue, negated": (
        [on("ForAllValues:StringNotEquals", SUBNETS, "a")],
        on("ForAnyValue:StringNotEquals", SUBNETS, "a"),
        {SUBNETS: ["a", "b"]},
    ),
    "one value that is not listed": (
        [on("StringEquals", SUBNETS, "a")],
        on("StringEquals", SUBNETS, "b"),
        {SUBNETS: ["b"]},
    ),
    "one value, negated": (
        [on("StringNotEquals", SUBNETS, "a", "b")],
        on("StringNotEquals", SUBNETS, "a"),
        {SUBNETS: ["b"]},
    ),
    "several sources are not one": (
        [on("StringLike", SOURCE, "*")],
        {"ForAllValues:StringLike": {SOURCE: "a*"}, "Null": {SOURCE: "false"}},
        {SOURCE: ["a", "aa"]},
    ),
    "two sources, each of them listed": (
        [on("StringEquals", SOURCE, "a", "b")],
        {"ForAllValues:StringEquals": {SOURCE: ["a", "b"]}, "Null": {SOURCE: "false"}},
        {SOURCE: ["a", "b"]},
    ),
    "a variable about one source": (
        [on("StringEquals", SOURCE, "${aws:PrincipalTag/team}")],
        on("StringEquals", SOURCE, "${aws:PrincipalTag/unit}"),
        {SOURCE: ["value-1"], "aws:PrincipalTag/unit": "value-1"},
    ),
    "another variable": (
        [on("StringEquals", TEAM, "${aws:PrincipalTag/team}")],
        on("StringEquals", TEAM, "${aws:PrincipalTag/unit}"),
        {TEAM: "value-1", "aws:PrincipalTag/unit": "value-1"},
    ),
    "a tag of an object": (
        [on("StringEquals", "s3:ExistingObjectTag/team", "a")],
        on("StringEquals", "s3:ExistingObjectTag/team", "b"),
        {"s3:ExistingObjectTag/team": "b"},
    ),
    "the default of a variable": (
        [on("StringEquals", TEAM, "${aws:PrincipalTag/team}")],
        on("StringEquals", TEAM, "${aws:PrincipalTag/team, 'none'}"),
        {TEAM: "none"},
    ),
}

OPEN: dict[str, tuple[list[Conditions], Conditions, str]] = {
    "several values without a set operator": (
        [{"ForAllValues:StringEquals": {SUBNETS: "a"}, "Null": {SUBNETS: "false"}}],
        on("StringEquals", SUBNETS, "a"),
        "carries several values of sagemaker:vpcsubnets",
    ),
    "several values, negated, of a source": (
        [on("ForAllValues:StringNotEquals", SOURCE, "a")],
        on("StringNotEquals", SOURCE, "a"),
        "carries several values of events:source",
    ),
    "a condition and its opposite, where there are several values": (
        [on("StringEquals", SUBNETS, "a"), on("StringNotEquals", SUBNETS, "a")],
        on("Null", SUBNETS, "false"),
        "carries several values of sagemaker:vpcsubnets",
    ),
    "one value of a key that wants the set operator always": (
        [on("StringEquals", LEADING, "a")],
        on("StringEquals", LEADING, "b"),
        "without ForAllValues or ForAnyValue, which DynamoDB asks for",
    ),
    "two numbers that may be one": (
        [on("StringEquals", TEAM, "never"), on("NumericEquals", SOURCE, "1")],
        {"ForAllValues:NumericEquals": {SOURCE: "1"}, "Null": {SOURCE: "false"}},
        "",
    ),
    "an ARN of four parts": (
        [on("ArnLike", ARN, "arn:aws:sns:*:*:a")],
        on("ArnLike", ARN, "arn:aws:*:a"),
        "six components",
    ),
    "Bool with a variable": (
        [on("Bool", "aws:SecureTransport", "true")],
        on("Bool", "aws:SecureTransport", "${aws:PrincipalTag/x}"),
        "Bool with a policy variable",
    ),
}


@pytest.mark.parametrize("name", CONTAINED)
def test_a_narrower_condition_is_proven(name: str) -> None:
    """What the new condition lets through, one of the old ones does."""
    old, new = CONTAINED[name]
    result = compare_documents(allowing(*old), allowing(new))
    assert result.verdict is Verdict.PROVEN, (result.differences, result.open)


@pytest.mark.parametrize("name", NOT_CONTAINED)
def test_a_wider_condition_is_refuted_with_the_value_that_shows_it(name: str) -> None:
    """The witness holds the one value that makes the difference."""
    old, new, context = NOT_CONTAINED[name]
    result = compare_documents(allowing(*old), allowing(new))
    assert result.verdict is Verdict.REFUTED, result.open
    assert result.differences[0].witness.context == context


@pytest.mark.parametrize("name", OPEN)
def test_what_aws_does_not_document_stays_open_and_is_named(name: str) -> None:
    """No guess: the verdict is UNKNOWN, and the construct is named."""
    old, new, reason = OPEN[name]
    result = compare_documents(allowing(*old), allowing(new))
    assert result.verdict is Verdict.UNKNOWN
    assert reason in result.open[0].reason


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        (f"{MODEL}*", f"{MODEL}a", Verdict.PROVEN),
        (f"{MODEL}a*", f"{MODEL}*", Verdict.REFUTED),
        ("arn:aws:sagemaker:*:*:model/*", f"{MODEL}*", Verdict.PROVEN),
        (f"{MODEL}${{aws:username}}*", f"{MODEL}${{aws:username}}", Verdict.PROVEN),
        (f"{MODEL}${{aws:username}}", f"{MODEL}${{aws:username}}*", Verdict.REFUTED),
        (f"{MODEL}*", f"{MODEL}${{aws:username}}", Verdict.PROVEN),
        (f"{MODEL}${{aws:username}}", f"{MODEL}a", Verdict.REFUTED),
        ("arn:aws:s3:::*data", "arn:aws:s3:::*data", Verdict.PROVEN),
        ("arn:aws:s3:::*a*", "arn:aws:s3:::*data", Verdict.PROVEN),
        ("arn:aws:s3:::?*data", "arn:aws:s3:::*:data", Verdict.UNKNOWN),
    ],
)
def test_resources_with_stars_and_variables(old: str, new: str, verdict: Verdict) -> None:
    """Policy variables are exact where they can be; a star that may or may not run over a colon is open."""

    def allow(resource: str) -> Any:  # noqa: ANN401 - a parsed document
        statement = {"Effect": "Allow", "Action": "sagemaker:CreateModel", "Resource": resource}
        return document({"Version": "2012-10-17", "Statement": [statement]})

    assert compare_documents(allow(old), allow(new)).verdict is verdict


def test_without_the_version_a_variable_is_text() -> None:
    """In the old policy language ``${aws:username}`` is nine letters and some signs."""

    def allow(value: str, version: str) -> Any:  # noqa: ANN401 - a parsed document
        statement = {
            "Effect": "Allow",
            "Action": "sagemaker:CreateModel",
            "Resource": "*",
            "Condition": on("StringEquals", TEAM, value),
        }
        return document({"Version": version, "Statement": [statement]})

    literal = allow("${aws:username}", "2008-10-17")
    assert compare_documents(literal, literal).verdict is Verdict.PROVEN
    assert compare_documents(literal, allow("${aws:username}", "2012-10-17")).verdict is Verdict.REFUTED
