"""Random small policies with many collisions, and random requests that come near them."""

from __future__ import annotations

from random import Random
from typing import Any

from sagepass.policy.document import Document
from sagepass.policy.kinds import PolicyType
from sagepass.policy.parse import parse_document
from sagepass.proof.verdict import Witness
from sagepass.source.origin import Origin

ACTIONS = (
    "sagemaker:CreateModel",
    "sagemaker:Create*",
    "sagemaker:DescribeModel",
    "sagemaker:*",
    "s3:GetObject",
    "s3:Get?bject",
    "*",
)
LISTED = ("sagemaker:CreateModel", "sagemaker:CreateTrainingJob", "sagemaker:DescribeModel", "s3:GetObject")
MODEL = "arn:aws:sagemaker:us-east-1:111122223333:model/"
RESOURCES = (
    "*",
    f"{MODEL}*",
    f"{MODEL}a*",
    f"{MODEL}*a",
    f"{MODEL}a",
    f"{MODEL}a?",
    "arn:aws:sagemaker:*:*:model/ab*",
    f"{MODEL}${{aws:PrincipalTag/team}}",
    f"{MODEL}${{aws:PrincipalTag/team}}*",
    f"{MODEL}${{aws:PrincipalTag/team, 'a'}}",
    "arn:aws:s3:::*data",
    "arn:aws:s3:::data/*",
)
TEAM, KEYS, SOURCE, TIME, ADDRESS, DATE, FROM = (
    "aws:RequestTag/team",
    "aws:TagKeys",
    "events:source",
    "sagemaker:MaxRuntimeInSeconds",
    "aws:SourceIp",
    "aws:CurrentTime",
    "aws:SourceArn",
)
TEXTS = ("a", "b", "ab", "A", "a*", "?", "${aws:PrincipalTag/team}")
NUMBERS = ("5", "10", "5.5")
NETWORKS = ("10.0.0.0/8", "10.1.0.0/16", "10.0.0.0/9", "2001:db8::/32")
DATES = ("2026-01-01T00:00:00Z", "2026-06-01T00:00:00Z", "1767225600")
ARNS = ("arn:aws:sns:*:*:a", "arn:aws:sns:us-east-1:111122223333:a", "arn:aws:*:*:*:*", "arn:aws:sns:us-?ast-1:*:*")
STRINGS = ("StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase")
COMPARISONS = ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
BOOLEAN, MISSING = "aws:SecureTransport", "Null"


class Writer:
    """Writes policies; ``variables`` says whether they may hold policy variables."""

    def __init__(self, rng: Random, *, variables: bool = True) -> None:
        self.rng, self.variables = rng, variables

    def policy(self, most: int = 3) -> dict[str, Any]:
        """A document of one to ``most`` statements."""
        return {"Version": "2012-10-17", "Statement": [self.statement() for _ in range(self.rng.randint(1, most))]}

    def statement(self) -> dict[str, Any]:
        """One statement."""
        rng = self.rng
        statement: dict[str, Any] = {"Effect": "Allow" if rng.random() < 0.75 else "Deny"}
        statement["NotAction" if rng.random() < 0.1 else "Action"] = self.some(ACTIONS)
        statement["NotResource" if rng.random() < 0.15 else "Resource"] = self.some(RESOURCES)
        conditions: dict[str, dict[str, Any]] = {}
        for _ in range(rng.choice((0, 0, 1, 1, 2))):
            operator, key, values = self.condition()
            conditions.setdefault(operator, {})[key] = values
        return {**statement, "Condition": conditions} if conditions else statement

    def some(self, values: tuple[str, ...]) -> list[str]:
        """One or two of the values."""
        allowed = [value for value in values if self.variables or "${" not in value]
        return self.rng.sample(allowed, self.rng.choice((1, 1, 2)))

    def condition(self) -> tuple[str, str, Any]:
        """Operator, key and values."""
        rng = self.rng
        exists = "IfExists" if rng.random() < 0.2 else ""
        match rng.randint(0, 9):
            case 0 | 1:
                return rng.choice(STRINGS) + exists, TEAM, self.some(TEXTS)
            case 2:
                key = rng.choice((KEYS, SOURCE))
                return rng.choice(("ForAllValues:", "ForAnyValue:")) + rng.choice(STRINGS), key, self.some(TEXTS)
            case 3:
                return "Numeric" + rng.choice(COMPARISONS) + exists, TIME, self.some(NUMBERS)
            case 4:
                return rng.choice(("IpAddress", "NotIpAddress")) + exists, ADDRESS, self.some(NETWORKS)
            case 5:
                return "Date" + rng.choice(COMPARISONS), DATE, self.some(DATES)
            case 6:
                return rng.choice(("ArnLike", "ArnNotLike")) + exists, FROM, self.some(ARNS)
            case 7:
                return "Bool" + exists, BOOLEAN, rng.choice(("true", "false"))
            case 8:
                return rng.choice(STRINGS) + exists, rng.choice((KEYS, SOURCE, SOURCE)), self.some(TEXTS)
            case _:
                return MISSING, rng.choice((TEAM, KEYS, SOURCE, ADDRESS)), rng.choice(("true", "false"))

    def nearby(self, policy: dict[str, Any]) -> dict[str, Any]:
        """The policy with one statement added, taken away or changed."""
        statements = list(policy["Statement"])
        place = self.rng.randrange(len(statements))
        match self.rng.randint(0, 3):
            case 0:
                statements.append(self.statement())
            case 1 if len(statements) > 1:
                del statements[place]
            case 2:
                statements[place] = {**statements[place], "Resource": self.some(RESOURCES)}
                statements[place].pop("NotResource", None)
            case _:
                statements[place] = self.statement()
        return {**policy, "Statement": statements}

    def request(self) -> Witness:
        """A request that touches what the vocabulary distinguishes."""
        rng = self.rng
        resource = rng.choice(
            (
                "*",
                f"{MODEL}a",
                f"{MODEL}ab",
                f"{MODEL}aba",
                f"{MODEL}b",
                f"{MODEL}xa",
                "arn:aws:sagemaker:eu-west-1:444455556666:model/ab",
                "arn:aws:s3:::data/x",
                "arn:aws:s3:::mydata",
                "arn:aws:s3:::x:data",
            )
        )
        choices: dict[str, tuple[object, ...]] = {
            TEAM: (None, "a", "b", "ab", "A", "x"),
            KEYS: (None, ["a"], ["a", "b"], ["b"], ["A"], ["x", "a"], ["ab"]),
            SOURCE: (None, ["a"], ["a", "b"], ["b"], ["A"], ["x", "a"], ["ab"], ["a", "ab"], ["a*"], ["a", "a"]),
            TIME: (None, "4", "5", "5.2", "5.5", "7", "10", "11"),
            ADDRESS: (None, "10.0.0.1", "10.1.2.3", "10.200.0.1", "9.9.9.9", "2001:db8::1", "2001:db9::1"),
            DATE: (
                "2025-12-31T00:00:00Z",
                "2026-01-01T00:00:00Z",
                "2026-03-01T00:00:00Z",
                "2026-06-01T00:00:00Z",
                "2027-01-01T00:00:00Z",
            ),
            FROM: (
                None,
                "arn:aws:sns:us-east-1:111122223333:a",
                "arn:aws:sns:us-east-1:111122223333:b",
                "arn:aws:sqs:eu-west-1:111122223333:a:b",
            ),
            BOOLEAN: ("true", "false"),
            "aws:PrincipalTag/team": (None, "a", "ab", "b", "x"),
        }
        context = {key: rng.choice(values) for key, values in choices.items()}
        return Witness(
            principal="arn:aws:iam::111122223333:user/anyone",
            action=rng.choice(LISTED),
            resource=resource,
            context=context,
        )


def document(
    value: object, policy_type: PolicyType = PolicyType.IDENTITY_BASED_POLICY, name: str = "policy"
) -> Document:
    """A parsed document."""
    return parse_document(value, origin=Origin(name=name, value=value), policy_type=policy_type)
