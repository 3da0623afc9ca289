"""The SAT solver against trying everything, and its proofs against unit propagation."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sagepass.proof.budget import Budget
from sagepass.proof.cdcl import Solver
from sagepass.proof.checker import CertificateError, check

VARIABLES = 6
LITERALS = st.integers(min_value=1, max_value=VARIABLES).flatmap(lambda n: st.sampled_from((n, -n)))
CLAUSES = st.lists(st.lists(LITERALS, min_size=1, max_size=3), min_size=5, max_size=40)


def satisfiable(clauses: list[list[int]]) -> bool:
    """Whether some assignment makes all clauses true."""
    return any(
        all(any((values[abs(x) - 1]) is (x > 0) for x in clause) for clause in clauses)
        for values in product((False, True), repeat=VARIABLES)
    )


def certificate(clauses: list[list[int]], steps: list[list[int]]) -> dict[str, Any]:
    """A certificate with a gate for each clause, over facts."""
    gates = {str(VARIABLES + number): ["or", clause] for number, clause in enumerate(clauses, start=1)}
    fact = {"variable": "(free)", "ask": "fact"}
    search = {
        "never": False,
        "roots": [int(name) for name in gates],
        "gates": gates,
        "atoms": {str(number): fact for number in range(1, VARIABLES + 1)},
        "variables": {"(free)": {"always": True, "bound": {"groups": [], "excluded": []}}},
        "lemmas": [],
        "steps": steps,
    }
    return {"format": "sagepass-proof/3", "searches": [search]}


@given(CLAUSES)
def test_the_solver_is_right_and_can_show_it(clauses: list[list[int]]) -> None:
    """A model satisfies every clause; without one, the learned clauses are a proof that the checker accepts."""
    solver = Solver(Budget(seconds=5))
    for _ in range(VARIABLES):
        solver.new_variable()
    for clause in clauses:
        solver.add(clause)
    if solver.solve():
        assert all(any(solver.value(x) == 1 for x in clause) for clause in clauses)
        return
    assert not satisfiable(clauses)
    check(certificate(clauses, [list(step) for step in solver.learned]))


def test_a_step_that_does_not_follow_is_refused() -> None:
    """The checker believes nothing: a clause out of thin air is no proof."""
    with pytest.raises(CertificateError, match="does not follow"):
        check(certificate([[1, 2]], [[1], []]))
