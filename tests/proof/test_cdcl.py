"""The SAT solver against trying everything, and its proofs against unit propagation."""

from __future__ import annotations

from itertools import product

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
    proof = {"clauses": clauses, "lemmas": [], "steps": [list(step) for step in solver.learned]}
    check({"format": "sagepass-proof/1", "searches": [proof]})


def test_a_step_that_does_not_follow_is_refused() -> None:
    """The checker believes nothing: a clause out of thin air is no proof."""
    proof = {"clauses": [[1, 2]], "lemmas": [], "steps": [[1], []]}
    with pytest.raises(CertificateError, match="does not follow"):
        check({"format": "sagepass-proof/1", "searches": [proof]})
