"""Hostile policies of up to 100 KB: an answer, or UNKNOWN with the budget that was spent, and never a hang."""

from __future__ import annotations

import json
import time
import tracemalloc
from random import Random
from typing import Any

import pytest
from tests.proof.policies import document

from sagepass.jobs.lint.policies import lint_policies
from sagepass.jobs.policy_file import PolicyFile
from sagepass.policy.kinds import PolicyType
from sagepass.proof import Comparison, Verdict, compare_documents, reachable_from_outside
from sagepass.source.json_text import Duplicates

ACCOUNT = "111122223333"
MODEL = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:model/"
SECONDS, MEGABYTES = 5.0, 500


def allow(action: object, resource: object, **more: object) -> dict[str, Any]:
    """An Allow."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def policy(statements: list[dict[str, Any]]) -> dict[str, Any]:
    """A document of at most 100 KB."""
    found = {"Version": "2012-10-17", "Statement": statements}
    assert len(json.dumps(found)) <= 110_000
    return found


def many_statements() -> tuple[dict[str, Any], dict[str, Any]]:
    """Hundreds of statements, each with a wildcard of its own for actions."""
    rng = Random(1)
    letters = "abcdefghilmnoprstuvw"
    actions = [
        f"{rng.choice(('ec2', 's3', 'sagemaker', 'iam'))}:*{''.join(rng.sample(letters, 3))}*" for _ in range(700)
    ]
    statements = [allow(action, f"arn:aws:s3:::{number}*") for number, action in enumerate(actions)]
    return policy(statements[:-1]), policy(statements)


def many_denies() -> tuple[dict[str, Any], dict[str, Any]]:
    """Denies with many conditions each, over a few keys."""
    rng = Random(2)

    def deny() -> dict[str, Any]:
        keys = rng.sample([f"aws:PrincipalTag/k{n}" for n in range(8)], 4)
        tests = {rng.choice(("StringEquals", "StringNotEquals")): {key: rng.choice("abc")} for key in keys[:2]}
        tests["StringLike"] = {key: rng.choice(("a*", "*b", "?")) for key in keys[2:]}
        return {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": tests}

    denies = [deny() for _ in range(120)]
    return policy([allow("*", "*"), *denies]), policy([allow("*", "*"), *denies[:60], *denies[61:]])


def long_lists() -> tuple[dict[str, Any], dict[str, Any]]:
    """Nine hundred ARNs with wildcards against nearly the same."""
    rng = Random(3)
    names = [f"{MODEL}{''.join(rng.choices('abcdefgh', k=40))}*" for _ in range(900)]
    return policy([allow("sagemaker:*", names[1:])]), policy([allow("sagemaker:*", names)])


def words_in_any_order() -> tuple[dict[str, Any], dict[str, Any]]:
    """A resource that holds fourteen words in any order: the product has two to the fourteen states and more."""
    words = [f"*w{letter}{letter}x*" for letter in "abcdefghijklmn"]
    old = [{"Effect": "Deny", "Action": "*", "NotResource": word} for word in words]
    return policy([]), policy([allow("*", "*"), *old])


def question_marks() -> tuple[dict[str, Any], dict[str, Any]]:
    """The classic exponential pattern."""
    return policy([allow("*", [f"{MODEL}*a{'?' * n}" for n in (28, 29)])]), policy([allow("*", f"{MODEL}*a{'?' * 30}")])


def one_long_pattern() -> tuple[dict[str, Any], dict[str, Any]]:
    """A pattern of ninety thousand characters."""
    return policy([allow("*", f"{MODEL}{'a*' * 40_000}")]), policy([allow("*", f"{MODEL}{'a*?' * 30_000}")])


def many_conditions() -> tuple[dict[str, Any], dict[str, Any]]:
    """One statement with a thousand keys."""
    keys = {f"aws:RequestTag/key{n}": [f"value{n}*", "x"] for n in range(1000)}
    return (
        policy([allow("*", "*", Condition={"StringLike": keys})]),
        policy([allow("*", "*", Condition={"StringLikeIfExists": keys})]),
    )


def variables() -> tuple[dict[str, Any], dict[str, Any]]:
    """Hundreds of policy variables."""
    names = [f"{MODEL}${{aws:PrincipalTag/t{n}}}*x{n}" for n in range(600)]
    return policy([allow("*", names[:-1])]), policy([allow("*", names)])


def any_service() -> tuple[dict[str, Any], dict[str, Any]]:
    """Action patterns with wildcards in the service, each of which has to be held against every action there is."""
    rng = Random(4)
    actions = ["*:*" + "*".join(rng.sample("abcdefghi", 4)) + "*" for _ in range(1200)]
    statements = [allow(action, "*") for action in actions]
    return policy(statements[1:]), policy(statements)


def addresses_and_numbers() -> tuple[dict[str, Any], dict[str, Any]]:
    """Thousands of networks and numbers, wanted and not wanted at once."""
    rng = Random(5)
    networks = [
        f"{rng.randrange(255)}.{rng.randrange(255)}.{rng.randrange(255)}.0/{rng.randrange(16, 33)}" for _ in range(2600)
    ]
    numbers = [str(rng.randrange(10**8)) for _ in range(1600)]
    tests = {"IpAddress": {"aws:SourceIp": networks[:1300]}, "NumericEquals": {"aws:MultiFactorAuthAge": numbers[:800]}}
    unlike = {
        "NotIpAddress": {"aws:SourceIp": networks[1300:]},
        "NumericNotEquals": {"aws:MultiFactorAuthAge": numbers[800:]},
    }
    return policy([]), policy([allow("*", "*", Condition=tests | unlike)])


def denies_of_everything() -> tuple[dict[str, Any], dict[str, Any]]:
    """Hundreds of denies that overlap, none of which makes another one needless."""
    rng = Random(6)
    denies = [
        {"Effect": "Deny", "Action": "*", "Resource": f"arn:aws:s3:::*{''.join(rng.choices('abcdefgh', k=3))}*"}
        for _ in range(900)
    ]
    return policy([allow("*", "*"), *denies]), policy([allow("*", "*"), *denies[1:]])


PAIRS = (
    many_statements,
    many_denies,
    long_lists,
    words_in_any_order,
    question_marks,
    one_long_pattern,
    many_conditions,
    variables,
    any_service,
    addresses_and_numbers,
    denies_of_everything,
)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.__name__)
def test_no_policy_takes_longer_than_five_seconds(pair: Any) -> None:  # noqa: ANN401 - a function of the list above
    """Both ways round, and the lint: in time; what is not settled says so."""
    old, new = pair()
    for one, other in ((old, new), (new, old)):
        start = time.process_time()
        result = compare_documents(document(one), document(other), seconds=1.5)
        assert time.process_time() - start < SECONDS
        assert_honest(result)
    start = time.process_time()
    file = PolicyFile(name="p", value=new, duplicates=Duplicates(), origin=document(new).origin)
    lint_policies([file], PolicyType.IDENTITY_BASED_POLICY, seconds=1)
    assert time.process_time() - start < SECONDS


def assert_honest(result: Comparison) -> None:
    """An open verdict has its reasons."""
    if result.verdict is Verdict.UNKNOWN:
        assert result.open
        assert all(item.reason for item in result.open)


def test_the_exponential_case_takes_bounded_memory() -> None:
    """The states of a search that is given up stay below the bound."""
    old, new = question_marks()
    tracemalloc.start()
    result = compare_documents(document(old), document(new), seconds=2)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < MEGABYTES * 1_000_000
    assert result.verdict is Verdict.UNKNOWN
    assert "given up after" in result.open[0].reason


def test_hundreds_of_principals() -> None:
    """Four hundred named roles, and nearly the same."""
    kind = PolicyType.ROLE_TRUST_POLICY
    roles = [f"arn:aws:iam::{444455550000 + n % 50}:role/team/role-{n}" for n in range(400)]

    def trusting(names: list[str]) -> Any:  # noqa: ANN401 - a parsed document
        statement = {"Effect": "Allow", "Principal": {"AWS": names}, "Action": "sts:AssumeRole"}
        return document({"Version": "2012-10-17", "Statement": [statement]}, kind)

    start = time.process_time()
    assert compare_documents(trusting(roles), trusting(roles[1:]), kind).verdict is Verdict.PROVEN
    (difference,) = compare_documents(trusting(roles[1:]), trusting(roles), kind).differences
    assert difference.witness.principal.startswith("arn:aws:sts::444455550000:assumed-role/role-0/")
    assert reachable_from_outside(trusting(roles), kind).verdict is Verdict.PROVEN
    assert time.process_time() - start < SECONDS


def test_a_thousand_principals_that_are_left_out() -> None:
    """NotPrincipal with a thousand roles of a hundred accounts: each caller is held against all, and the clock is looked at."""
    roles = [f"arn:aws:iam::{444455550000 + n % 97}:role/r{n}" for n in range(1000)]
    deny = {"Effect": "Deny", "NotPrincipal": {"AWS": roles}, "Action": "s3:*", "Resource": "*"}
    opened = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}
    given = document({"Version": "2012-10-17", "Statement": [deny, opened]}, PolicyType.RESOURCE_BASED_POLICY)
    start = time.process_time()
    for result in (
        compare_documents(given, given, PolicyType.RESOURCE_BASED_POLICY, seconds=1),
        reachable_from_outside(given, accounts=["111122223333"], seconds=1),
    ):
        assert_honest(result)
    assert time.process_time() - start < SECONDS
