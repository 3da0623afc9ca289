"""Random policies: what is refuted can be run, what is proven survives, and the checker verifies every proof."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from tests.proof.policies import Writer, document
from tests.reference.semantics import evaluate

from sagepass import run_case
from sagepass.engine.reading_of import reading_of
from sagepass.policy.kinds import PolicyType
from sagepass.policy.resource_reading import ResourceReading
from sagepass.proof import Verdict, compare_documents
from sagepass.proof.case import access_case
from sagepass.proof.checker import check
from sagepass.proof.replay import shows_difference

IDENTITY = PolicyType.IDENTITY_BASED_POLICY
PAIRS, REQUESTS = 120, 1000


@pytest.mark.parametrize("part", range(4))
def test_every_verdict_holds(part: int) -> None:
    """A witness is a real difference, also by the slow reference semantics; a proof verifies, and survives requests."""
    seen: Counter[Verdict] = Counter()
    survived = 0
    for seed in range(part * PAIRS // 4, (part + 1) * PAIRS // 4):
        writer = Writer(Random(seed))
        old = writer.policy()
        new = writer.nearby(old) if seed % 3 else writer.policy()
        was, now = document(old), document(new)
        result = compare_documents(was, now)
        seen[result.verdict] += 1
        for difference in result.differences:
            if reading_of(difference.witness.action, difference.witness.resource) is not ResourceReading.NAMED:
                assert not difference.documented, "on such a resource the action is documented to be asked of * alone"
                assert shows_difference((was,), (now,), IDENTITY, difference.witness) is not None
                continue
            before, after = (access_case(difference.witness, IDENTITY, [item], "case") for item in (old, new))
            assert run_case(after).effect == "ALLOW"
            assert run_case(before).effect in {"IMPLICIT_DENY", "EXPLICIT_DENY"}
            assert evaluate(after).effect == "ALLOW"
            assert evaluate(before).effect in {"IMPLICIT_DENY", "EXPLICIT_DENY"}
        if result.verdict is Verdict.PROVEN:
            assert result.certificate is not None
            check(result.certificate.to_json())
            for _ in range(REQUESTS * 4 // PAIRS):
                assert shows_difference((was,), (now,), IDENTITY, writer.request()) is None, seed
                survived += 1
    assert seen[Verdict.REFUTED] > 5
    assert seen[Verdict.PROVEN] > 5
    assert seen[Verdict.UNKNOWN] <= 2
    assert survived >= REQUESTS // 8


def test_a_policy_contains_itself_and_less() -> None:
    """Nothing new in the same policy, in one with a statement of Allow taken away, or with a Deny more."""
    for seed in range(40):
        writer = Writer(Random(seed))
        whole = writer.policy(4)
        deny = {**writer.statement(), "Effect": "Deny"}
        kept = [item for item in whole["Statement"] if item["Effect"] == "Deny"]
        allows = [item for item in whole["Statement"] if item["Effect"] == "Allow"]
        for less in (whole["Statement"], [*whole["Statement"], deny], [*kept, *allows[1:]]):
            smaller = document({**whole, "Statement": less})
            assert compare_documents(document(whole), smaller).verdict is Verdict.PROVEN, seed
