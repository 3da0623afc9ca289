"""The random cases reach every effect, every check and every rule, often enough that a wrong engine cannot hide.

Run this file as a program for the table.
"""

from __future__ import annotations

from collections import Counter
from random import Random

from tests.generators.access_cases import random_case
from tests.generators.rules import rules_at_work
from tests.reference import evaluate
from tests.reference.semantics import CHECKS

CASES = 6_000
RULES = {
    "E1 explicit deny over a full allow": 60,
    "E2 named itself, other policies silent": 30,
    "E3 role named, boundary or session silent": 10,
    "E3 role named, identity silent": 10,
    "E4 wildcard with aws:PrincipalArn": 10,
    "E5 federating user named": 10,
    "E6 account named, identity silent": 30,
    "E7 SCP or RCP over a resource grant": 30,
    "E8 NotPrincipal deny, boundary": 10,
    "E8 NotPrincipal deny, spared": 10,
    "E9 key or trust policy silent": 60,
    "E9 key or trust policy delegates": 30,
    "E10 across accounts, both allow": 30,
    "E10 across accounts, no short-cut": 30,
    "E11 service principal": 60,
    "E12 no SCP allow at some level": 60,
    "E12 exempt from SCP": 30,
    "E13 RCP deny": 60,
    "E13 exempt from RCP": 30,
    "E14 session policy silent": 60,
    "E15 on behalf of the caller": 60,
    "E16 root allowed": 60,
    "E16 root denied": 60,
    "action without a resource, allowed on *": 30,
    "action without a resource, allowed on an ARN alone": 10,
    "action without a resource, not settled": 30,
    "PassRole to another account": 10,
    "federated user without session policy": 30,
}
DENYING_CHECKS = [("EXPLICIT_DENY", check) for check in CHECKS] + [("IMPLICIT_DENY", check) for check in CHECKS[1:]]


def tally() -> tuple[Counter[str], Counter[tuple[str, str]], Counter[str]]:
    """Effects, deciding checks by effect, and rules, over a fixed sequence of cases."""
    rng = Random(20261123)
    effects: Counter[str] = Counter()
    checks: Counter[tuple[str, str]] = Counter()
    rules: Counter[str] = Counter()
    for _ in range(CASES):
        case = random_case(rng)
        verdict = evaluate(case)
        effects[verdict.effect] += 1
        checks.update((verdict.effect, check) for check in verdict.decided_by)
        rules.update(rules_at_work(case, verdict))
    return effects, checks, rules


def test_distribution() -> None:
    """Each effect, each check that can deny, both checks that allow, and each rule has its minimum."""
    effects, checks, rules = tally()
    assert {
        effect: effects[effect]
        for effect in ("ALLOW", "IMPLICIT_DENY", "EXPLICIT_DENY")
        if effects[effect] < CASES // 6
    } == {}
    assert 0 < effects["UNKNOWN"] < CASES // 30
    assert {
        pair: checks[pair]
        for pair in (*DENYING_CHECKS, ("ALLOW", "PRINCIPAL"), ("ALLOW", "RESOURCE"))
        if checks[pair] < 15
    } == {}
    assert {rule: rules[rule] for rule, least in RULES.items() if rules[rule] < least} == {}


def test_one_seed_one_sequence() -> None:
    """The same seed gives the same cases, so that a reported seed can be run again."""
    assert [random_case(Random(7)) for _ in range(3)] == [random_case(Random(7)) for _ in range(3)]


if __name__ == "__main__":
    for counter in tally():
        for what, count in sorted(counter.items(), key=str):
            print(f"{count:6}  {what if isinstance(what, str) else ' by '.join(what)}")
        print()
