"""The proof engine against cvc5, an SMT solver that knows strings, on random policies in a reading of its own."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import pytest
from tests.proof.policies import BOOLEAN, FROM, KEYS, MODEL, SOURCE, STRINGS, TEAM, TIME, document
from tests.proof.smt import Sense, more_than

from sagepass.proof import Verdict, compare_documents

cvc5 = pytest.importorskip("cvc5")

PAIRS = 18
SINGLE = (TEAM, TIME, FROM, BOOLEAN)
ACTIONS = ("sagemaker:CreateModel", "sagemaker:Create*", "sagemaker:*", "s3:Get?bject", "*")
RESOURCES = (
    "*",
    f"{MODEL}*",
    f"{MODEL}a*",
    f"{MODEL}a",
    f"{MODEL}a?",
    "arn:aws:s3:::data/*",
    "arn:aws:sagemaker:*:*:model/ab*",
)
COMPARISONS = ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")


def policy(rng: Random, size: int) -> dict[str, Any]:
    """A document of the operators that the oracle knows."""
    return {"Version": "2012-10-17", "Statement": [statement(rng) for _ in range(size)]}


def statement(rng: Random) -> dict[str, Any]:
    """One statement."""
    found: dict[str, Any] = {
        "Effect": rng.choice(("Allow", "Allow", "Allow", "Deny")),
        rng.choice(("Action", "Action", "Action", "NotAction")): some(rng, ACTIONS),
        rng.choice(("Resource", "Resource", "Resource", "NotResource")): some(rng, RESOURCES),
    }
    conditions: dict[str, dict[str, Any]] = {}
    for _ in range(rng.choice((0, 1, 1, 2))):
        operator, key, values = condition(rng)
        conditions.setdefault(operator, {})[key] = values
    return {**found, "Condition": conditions} if conditions else found


def some(rng: Random, values: tuple[str, ...]) -> list[str]:
    """One or two values."""
    return rng.sample(values, rng.choice((1, 1, 2)))


def condition(rng: Random) -> tuple[str, str, Any]:
    """Operator, key, values."""
    exists = rng.choice(("", "", "IfExists"))
    match rng.randint(0, 5):
        case 0 | 1:
            return rng.choice(STRINGS) + exists, TEAM, some(rng, ("a", "ab", "a*", "?", "A"))
        case 2:
            return f"Numeric{rng.choice(COMPARISONS)}{exists}", TIME, some(rng, ("5", "5.5", "10"))
        case 3:
            arns = ("arn:aws:sns:*:*:a", "arn:aws:sns:us-east-1:1:a*", "arn:aws:*:*:*:*")
            return rng.choice(("ArnLike", "ArnNotLike")) + exists, FROM, some(rng, arns)
        case 4:
            return "Bool" + exists, BOOLEAN, [rng.choice(("true", "false"))]
        case _:
            return "Null", rng.choice((TEAM, TIME)), [rng.choice(("true", "false"))]


def satisfiable(script: str) -> bool | None:
    """What cvc5 says to a script; ``None`` if it gives up."""
    solver = cvc5.Solver(cvc5.TermManager())
    solver.setOption("tlimit-per", "2000")
    solver.setOption("strings-exp", "true")
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, script, "script")
    symbols = parser.getSymbolManager()
    while not (command := parser.nextCommand()).isNull():
        command.invoke(solver, symbols)
    result = solver.checkSat()
    return True if result.isSat() else False if result.isUnsat() else None


def test_both_say_the_same() -> None:
    """PROVEN where cvc5 finds no request, REFUTED where it finds one; cvc5 may give up, the engine does not."""
    seen: Counter[tuple[str, bool | None]] = Counter()
    for seed in range(PAIRS):
        rng = Random(seed)
        old = policy(rng, rng.randint(1, 3))
        new = {**old, "Statement": [*old["Statement"][1:], statement(rng)]} if rng.random() < 0.7 else policy(rng, 2)
        verdict = compare_documents(document(old), document(new)).verdict
        answer = satisfiable(more_than(old, new, SINGLE))
        seen[verdict.value, answer] += 1
        assert verdict is not Verdict.UNKNOWN, seed
        assert answer is None or answer is (verdict is Verdict.REFUTED), (seed, old, new)
    assert seen["PROVEN", False] > 0
    assert seen["REFUTED", True] > 0


def several(rng: Random) -> dict[str, Any]:
    """A statement about one action, under one to three conditions on keys of several values."""
    conditions: dict[str, dict[str, Any]] = {}
    for _ in range(rng.choice((1, 2, 2, 3))):
        operator = rng.choice(("", "", "", "ForAllValues:", "ForAnyValue:")) + rng.choice(STRINGS)
        plain = ":" not in operator
        key = rng.choice((SOURCE, SOURCE, KEYS))
        if rng.random() < 0.15:
            conditions.setdefault("Null", {})[key] = [rng.choice(("true", "false"))]
        else:
            exists = rng.choice(("", "", "IfExists")) if plain else ""
            conditions.setdefault(operator + exists, {})[key] = some(rng, ("a", "b", "ab", "a*", "?", "*", "A"))
    effect = rng.choice(("Allow", "Allow", "Allow", "Deny"))
    return {"Effect": effect, "Action": "s3:GetObject", "Resource": "*", "Condition": conditions}


SEVERAL = 150


def test_both_say_the_same_of_several_values() -> None:
    """REFUTED where a request differs for certain, PROVEN where none does whatever AWS's silence means, else UNKNOWN."""
    seen: Counter[str] = Counter()
    for seed in range(SEVERAL):
        rng = Random(seed)
        old = {"Version": "2012-10-17", "Statement": [several(rng) for _ in range(rng.randint(1, 2))]}
        kept = old["Statement"] if rng.random() < 0.7 else old["Statement"][1:]
        new = {**old, "Statement": [*kept, several(rng)]}
        verdict = compare_documents(document(old), document(new)).verdict
        certain = satisfiable(more_than(old, new, (KEYS, SOURCE), Sense.MUST))
        possible = satisfiable(more_than(old, new, (KEYS, SOURCE), Sense.FREE))
        if certain is None or possible is None:
            continue
        wanted = Verdict.REFUTED if certain else Verdict.UNKNOWN if possible else Verdict.PROVEN
        seen[wanted.value] += 1
        assert verdict is wanted, (seed, old, new)
    assert all(seen[verdict.value] > 2 for verdict in (Verdict.PROVEN, Verdict.REFUTED, Verdict.UNKNOWN)), seen
