"""The short answer, the full explanation and the bulk answer are one answer, and it is the reference's."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from tests.generators.access_cases import random_case
from tests.generators.agreement import disagreement
from tests.generators.case_world import CaseWorld, case_world
from tests.generators.minimal import minimal
from tests.reference import evaluate

from sagepass.engine.bulk import decide_matrix
from sagepass.engine.combine import Outcome
from sagepass.engine.compiled import Compiled, Verdict
from sagepass.engine.decision import Decision
from sagepass.engine.grid_statement import GridStatement
from sagepass.engine.layer_index import JoinedPlan
from sagepass.engine.planes import Planes
from sagepass.policy.kinds import CheckType, Effect
from sagepass.policy.statement_test import StatementTest
from sagepass.policy.truth import Truth

CASES = 700
FIXED_SEED = 20261124
FULL = (1 << 4096) - 1
TRUTHS = {Effect.ALLOW: Truth.TRUE, Effect.UNKNOWN: Truth.UNKNOWN}


def _differs(case: dict[str, Any]) -> str | None:
    """What differs between any two of the paths, or from the reference."""
    world = case_world(case)
    home = Compiled(world.snapshot)
    verdict, decision = home.decide(world.request), home.explain(world.request)
    found = _between(verdict, decision)
    if found is None and not world.request.session_policies and world.request.federated_by is None:
        bulk = _bulk(world)
        if bulk is not TRUTHS.get(verdict.effect, Truth.FALSE):
            found = f"decide: {verdict.effect}, bulk: {bulk.name}"
    return found or _from_reference(world.case, decision)


def _between(verdict: Verdict, decision: Decision) -> str | None:
    short = (verdict.effect, verdict.decided_by)
    if short != (decision.effect, decision.decided_by):
        return f"decide: {short}, explain: {(decision.effect, decision.decided_by)}"
    if verdict.statement is None:
        return None
    matched = [
        ref.statement for check in decision.checks if check.type is verdict.decided_by[0] for ref in check.matched
    ]
    return None if verdict.statement in matched else f"decide names {verdict.statement}, explain {matched}"


def _bulk(world: CaseWorld) -> Truth:
    """The same request among others, whose answers do not matter here."""
    request = world.request
    matrix = decide_matrix(
        world.snapshot,
        [request.principal],
        [request.action, "s3:GetObject", "sagemaker:CreateTrainingJob", "kms:Decrypt", "sts:AssumeRole"],
        [request.resource, "arn:aws:sagemaker:us-east-1:111122223333:training-job/other"],
        request.context,
        context_complete=True,
        owners={request.resource: request.resource_account} if request.resource_account else None,
    )
    return matrix.truth(request.principal, request.action, request.resource)


def _from_reference(case: dict[str, Any], decision: Decision) -> str | None:
    """As in the properties of the explaining path: where AWS leaves something open, nobody may be let in wrongly."""
    found = disagreement(case, decision.effect, decision.decided_by)
    if found is None:
        return None
    wanted = evaluate(case).effect
    if "NotPrincipal" in json.dumps(case) and decision.effect == wanted == "ALLOW":
        return None
    defects = any(ref.statement.defects for check in decision.checks for ref in check.matched)
    if not defects and not any(check.undecided for check in decision.checks):
        return found
    for certain in (Effect.ALLOW, Effect.EXPLICIT_DENY):
        if decision.effect is certain and wanted != certain:
            return found
    return None


@pytest.mark.parametrize("seed", [FIXED_SEED, datetime.now(UTC).date().toordinal()], ids=["fixed", "today"])
def test_random_cases(seed: int) -> None:
    """On random accounts and requests; a failure shows the smallest case that still differs."""
    rng = Random(seed)
    effects = set()
    for number in range(CASES):
        case = random_case(rng)
        effects.add(evaluate(case).effect)
        if _differs(case):
            smallest = minimal(case, lambda smaller: _differs(smaller) is not None)
            pytest.fail(f"seed {seed}, case {number}: {_differs(smallest)}\n{json.dumps(smallest, indent=1)}")

    assert effects >= {"ALLOW", "IMPLICIT_DENY", "EXPLICIT_DENY"}


@pytest.mark.parametrize(
    ("owner", "name", "broken"),
    [
        (StatementTest, "truth", lambda *_: Truth.TRUE),
        (
            JoinedPlan,
            "outcome",
            lambda *_: Outcome(
                effect=Effect.ALLOW, granted=Truth.TRUE, required=frozenset(), decided_by=(CheckType.PRINCIPAL,)
            ),
        ),
        (GridStatement, "effect", lambda *_: Planes(FULL, FULL, FULL)),
    ],
    ids=["a statement always applies", "everything is allowed", "in bulk a statement always applies"],
)
def test_a_difference_is_seen(monkeypatch: pytest.MonkeyPatch, owner: type, name: str, broken: object) -> None:
    """The comparison can fail: it sees each of the paths go wrong within a few cases."""
    monkeypatch.setattr(owner, name, broken)
    rng = Random(FIXED_SEED)

    assert any(_notices(random_case(rng)) for _ in range(60))


def _notices(case: dict[str, Any]) -> bool:
    """Whether the comparison, or a decision itself when it is read in full, sees that something is wrong."""
    try:
        return _differs(case) is not None
    except AssertionError as error:
        return "both ways ask the same statements" in str(error)
