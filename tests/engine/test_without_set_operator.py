"""A plain operator on a key of several values: what AWS's pages show is decided, and nothing else is.

The rows of EventBridge's tables: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html
"""

from __future__ import annotations

from typing import TypeAlias

import pytest
from tests.reference.conditions import Json, holds

import sagepass
from sagepass.engine.bulk import decide_matrix
from sagepass.engine.decision import Decision
from sagepass.policy.kinds import Effect
from sagepass.snapshot.build import SnapshotBuilder

Conditions: TypeAlias = dict[str, dict[str, Json]]
ACCOUNT = "111122223333"
USER = f"arn:aws:iam::{ACCOUNT}:user/dana"
RULE = f"arn:aws:events:us-east-1:{ACCOUNT}:rule/r"
SOURCE, TYPE, TAGS, LEADING = "events:source", "events:detail-type", "aws:TagKeys", "dynamodb:LeadingKeys"
STARTED, FAILED = "EC2 Instance State-change Notification", "EC2 Instance Health Failed"
ONE: Conditions = {"StringEquals": {SOURCE: "aws.ec2"}}
EITHER: Conditions = {"StringEquals": {SOURCE: ["aws.ec2", "aws.ecs"]}}
BOTH: Conditions = {"StringEquals": {SOURCE: "aws.ec2", TYPE: STARTED}}
EACH: Conditions = {
    "ForAllValues:StringEquals": {SOURCE: ["aws.ec2", "aws.s3"]},
    "Null": {SOURCE: "false"},
}

EVENT_BRIDGE: list[tuple[Conditions, dict[str, list[str]], bool]] = [
    (ONE, {SOURCE: ["aws.ec2"]}, True),
    (ONE, {SOURCE: ["aws.ec2", "aws.s3"]}, False),
    (ONE, {SOURCE: ["aws.ec2"], TYPE: [STARTED]}, True),
    (ONE, {TYPE: [STARTED]}, False),
    (EITHER, {SOURCE: ["aws.ec2"]}, True),
    (EITHER, {SOURCE: ["aws.ecs"]}, True),
    (EITHER, {SOURCE: ["aws.s3"]}, False),
    (EITHER, {SOURCE: ["aws.ec2", "aws.ecs"]}, False),
    (EITHER, {TYPE: ["AWS API Call via CloudTrail"]}, False),
    (BOTH, {SOURCE: ["aws.ec2"]}, False),
    (BOTH, {SOURCE: ["aws.ecs"]}, False),
    (BOTH, {SOURCE: ["aws.ec2"], TYPE: [STARTED]}, True),
    (BOTH, {SOURCE: ["aws.ec2"], TYPE: [FAILED]}, False),
    (BOTH, {TYPE: [STARTED]}, False),
    (EACH, {SOURCE: ["aws.ec2"]}, True),
    (EACH, {SOURCE: ["aws.ec2", "aws.s3"]}, True),
    (EACH, {SOURCE: ["aws.ec2", "aws.autoscaling"]}, False),
    (EACH, {TYPE: [STARTED]}, False),
]


def ask(condition: Conditions, context: dict[str, object], effect: str = "Allow") -> Decision:
    """One statement about PutRule under a condition; beside a Deny stands an Allow of everything."""
    statements: list[dict[str, object]] = [
        {"Effect": effect, "Action": "events:PutRule", "Resource": "*", "Condition": condition}
    ]
    if effect == "Deny":
        statements.append({"Effect": "Allow", "Action": "*", "Resource": "*"})
    document = {"Version": "2012-10-17", "Statement": statements}
    world = SnapshotBuilder().principal(USER, inline={"p": document}).build().without_organization()
    given = {key: context.get(key) for key in (SOURCE, TYPE, TAGS, LEADING)}
    matrix = decide_matrix(world, [USER], ["events:PutRule", "events:PutTargets"], [RULE], given, context_complete=True)
    request = sagepass.Request(principal=USER, action="events:PutRule", resource=RULE, context=given)
    decision = sagepass.authorize(request, world)
    assert matrix.truth(USER, "events:PutRule", RULE).name == {
        Effect.ALLOW: "TRUE",
        Effect.UNKNOWN: "UNKNOWN",
    }.get(decision.effect, "FALSE")
    return decision


@pytest.mark.parametrize(("condition", "pattern", "allowed"), EVENT_BRIDGE)
def test_the_tables_of_event_bridge(condition: Conditions, pattern: dict[str, list[str]], allowed: bool) -> None:
    """Every row of the page on event patterns, by the engine, in bulk, and by the slow reference semantics."""
    decision = ask(condition, dict(pattern))
    assert decision.effect is (Effect.ALLOW if allowed else Effect.IMPLICIT_DENY)
    context = {key: tuple(values) for key, values in pattern.items()}
    assert holds(condition, context, variables=True) is allowed


OUTCOMES: list[tuple[str, str, object, Effect]] = [
    # one value is compared as with any other key
    ("StringEquals", TAGS, ["team"], Effect.ALLOW),
    ("StringEquals", TAGS, ["unit"], Effect.IMPLICIT_DENY),
    ("StringNotEquals", TAGS, ["team"], Effect.IMPLICIT_DENY),
    ("StringNotEquals", TAGS, ["unit"], Effect.ALLOW),
    ("StringEqualsIfExists", TAGS, ["unit"], Effect.IMPLICIT_DENY),
    ("StringEqualsIfExists", TAGS, None, Effect.ALLOW),
    ("StringLike", TAGS, ["team"], Effect.ALLOW),
    # the values are a set
    ("StringEquals", TAGS, ["team", "team"], Effect.ALLOW),
    # several: nowhere shown for this key, nor for negated operators
    ("StringEquals", TAGS, ["team", "unit"], Effect.UNKNOWN),
    ("StringNotEquals", TAGS, ["x", "y"], Effect.UNKNOWN),
    ("StringEqualsIfExists", TAGS, ["team", "unit"], Effect.UNKNOWN),
    ("StringNotEquals", SOURCE, ["x", "y"], Effect.UNKNOWN),
    ("StringEqualsIfExists", SOURCE, ["team", "x"], Effect.IMPLICIT_DENY),
    ("StringLike", TYPE, ["team", "x"], Effect.IMPLICIT_DENY),
    # DynamoDB asks for the set operator even for one value
    ("StringEquals", LEADING, ["team"], Effect.UNKNOWN),
    ("StringNotEquals", LEADING, ["x"], Effect.UNKNOWN),
    ("StringNotEquals", LEADING, None, Effect.ALLOW),
    ("ForAllValues:StringEquals", LEADING, ["team"], Effect.ALLOW),
    # absent, and an empty list, which counts as absent
    ("StringEquals", TAGS, None, Effect.IMPLICIT_DENY),
    ("StringEquals", TAGS, [], Effect.IMPLICIT_DENY),
    ("StringNotEquals", TAGS, [], Effect.ALLOW),
]


@pytest.mark.parametrize(("operator", "key", "values", "effect"), OUTCOMES)
def test_one_value_decides_and_several_are_shown_or_open(
    operator: str, key: str, values: object, effect: Effect
) -> None:
    """By number of values, sign of the operator, and key."""
    assert ask({operator: {key: "team"}}, {key: values}).effect is effect


def test_a_deny_reads_its_condition_alike() -> None:
    """What is not settled keeps a Deny from being passed over; what is settled decides it."""
    condition: Conditions = {"StringEquals": {TAGS: "team"}}
    assert ask(condition, {TAGS: ["team"]}, "Deny").effect is Effect.EXPLICIT_DENY
    assert ask(condition, {TAGS: ["unit"]}, "Deny").effect is Effect.ALLOW
    assert ask(condition, {TAGS: ["team", "unit"]}, "Deny").effect is Effect.UNKNOWN


def test_the_reason_names_the_several_values() -> None:
    """What is open and what matches nothing are both said, without a wrong guess at upper and lower case."""
    open_reason = ask({"StringEquals": {TAGS: "team"}}, {TAGS: ["team", "unit"]})
    (undecided,) = [item for check in open_reason.checks for item in check.undecided]
    assert "the request carries several values of aws:TagKeys" in undecided.reason
    assert "without ForAllValues or ForAnyValue" in undecided.reason
    (miss,) = [miss for check in ask(EITHER, {SOURCE: ["aws.ec2", "aws.ecs"]}).checks for miss in check.nearest]
    assert "several values of events:source match nothing without ForAllValues or ForAnyValue" in miss.sentence
    assert "case" not in miss.sentence
    dynamodb = ask({"StringEquals": {LEADING: "team"}}, {LEADING: ["team"]})
    (undecided,) = [item for check in dynamodb.checks for item in check.undecided]
    assert "DynamoDB asks for" in undecided.reason


def test_a_value_that_is_not_known_stays_unknown() -> None:
    """Whether the request carries one value or several, nobody has said."""
    document = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": ONE}],
    }
    world = SnapshotBuilder().principal(USER, inline={"p": document}).build().without_organization()
    request = sagepass.Request(principal=USER, action="events:PutRule", resource=RULE)
    assert sagepass.authorize(request, world).effect is Effect.UNKNOWN
