"""cvc5 for what the search leaves open: only where it is asked for, and only to prove."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.proof.policies import Writer, document

from sagepass.policy.document import Document
from sagepass.proof import Verdict, compare_documents
from sagepass.proof.formula import FALSE, both, negated
from sagepass.proof.policy_formula import sides
from sagepass.proof.shapes import ANY_ARN
from sagepass.proof.smt import holds_for_none
from sagepass.proof.word import Reading
from sagepass.proof.world import World

TAG = "aws:RequestTag/t"


def policy(**conditions: dict[str, Any]) -> Document:
    """One Allow under conditions."""
    statement = {"Effect": "Allow", "Action": "sagemaker:CreateModel", "Resource": "*", "Condition": conditions}
    return document({"Version": "2012-10-17", "Statement": [statement]})


HARD = "?" * 22
OLD = policy(StringLike={TAG: f"*a?{HARD}"})
NEW = policy(StringLike={TAG: f"*ab{HARD}"})


def test_it_proves_what_was_given_up_and_says_so() -> None:
    """Patterns whose product is exponential: UNKNOWN without cvc5, PROVEN by cvc5 with it, and then without a certificate."""
    pytest.importorskip("cvc5")
    alone = compare_documents(OLD, NEW, seconds=0.3)
    assert (alone.verdict, alone.shown_by) == (Verdict.UNKNOWN, ())
    helped = compare_documents(OLD, NEW, seconds=0.3, solver_seconds=5)
    assert (helped.verdict, helped.shown_by, helped.certificate) == (Verdict.PROVEN, ("cvc5",), None)


def test_what_it_finds_refutes_nothing() -> None:
    """What cannot be settled, because AWS does not document it, stays open with cvc5 as well."""
    pytest.importorskip("cvc5")
    two = {"ForAnyValue:StringEquals": {"aws:TagKeys": "a"}, "ForAnyValue:StringLike": {"aws:TagKeys": "b"}}
    old = document({"Version": "2012-10-17", "Statement": []})
    new = policy(StringEquals={"aws:TagKeys": "a"}, **two)
    found = compare_documents(old, new, solver_seconds=2)
    assert (found.verdict, found.shown_by) == (Verdict.UNKNOWN, ())


def test_it_never_proves_what_is_refuted() -> None:
    """Random pairs of policies: where the engine confirms a request, cvc5 shows in neither reading that there is none."""
    pytest.importorskip("cvc5")
    asked = 0
    for seed in range(60):
        writer = Writer(Random(seed))
        old = writer.policy(2)
        was, now = document(old), document(writer.nearby(old))
        if compare_documents(was, now).verdict is not Verdict.REFUTED:
            continue
        after, before = sides((now,), None, None), sides((was,), None, None)
        formula = both([after.grants, negated(before.grants)])
        if formula is FALSE:
            continue
        asked += 1
        for reading in (Reading.ACROSS, Reading.WITHIN):
            world = World(reading=reading, bounds={"(resource)": ANY_ARN})
            assert not holds_for_none(formula, world, 0.3), seed
    assert asked > 5


def test_without_it_the_remedy_is_named() -> None:
    """The extra is loaded when it is asked for, and its absence says how to get it; nothing else needs it."""
    code = (
        "import sys; sys.modules['cvc5'] = None\n"
        "from sagepass.proof.smt import MissingSolverError, require_solver\n"
        "import sagepass.proof.compare\n"
        "try:\n    require_solver()\nexcept MissingSolverError as error:\n    print(error)"
    )
    told = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2] / "src",
    ).stdout
    assert told.strip() == "this needs the extra [smt]; pip install 'sagepass[smt]'"
