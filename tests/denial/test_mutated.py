"""What is read does not hang on names, wrapping, quoting or surroundings."""

from __future__ import annotations

import random

import pytest
from tests.denial.labelled import unambiguous
from tests.denial.mutations import SURROUNDINGS, WRAPPINGS, may_be_wrapped, renamed
from tests.denial.scoring import Score, add

from sagepass.denial import read_denials


def _score(form: str, seed: int) -> Score:
    chance = random.Random(f"{form} {seed}")
    change = {**SURROUNDINGS, **WRAPPINGS}[form]
    score = Score()
    for record in unambiguous():
        new = renamed(record, chance)
        if form in WRAPPINGS and not may_be_wrapped(new):
            continue
        add(score, new, read_denials(change(new["text"], chance)))
    return score


@pytest.mark.parametrize("form", [*SURROUNDINGS, *WRAPPINGS])
def test_mutated_texts_are_read_like_the_originals(form: str) -> None:
    """New accounts, names, actions and partitions, in each form in which texts are passed on."""
    score = _score(form, 7)
    assert score.records > 70
    assert score.right_share >= 0.98, score.faults
    assert score.worst_field >= 0.95, score.faults
    assert score.filled_share <= 0.01, score.faults
    assert score.whole_share >= 0.9, score.faults


def test_mutations_do_change_the_texts() -> None:
    """Most records get other names, so that the test above cannot pass by memory."""
    chance = random.Random(1)
    changed = [renamed(record, chance)["text"] != record["text"] for record in unambiguous()]
    assert sum(changed) > 150


def test_several_denials_in_one_log_are_all_read() -> None:
    """Different denials in the records of one log are read each, in the order of the log."""
    chance = random.Random(3)
    picked = [
        record
        for record in unambiguous()
        if record["expected"]["action"] and "\n" not in record["text"] and record["expected"]["principal"]
    ]
    for _ in range(20):
        group = [renamed(record, chance) for record in chance.sample(picked, 5)]
        log = "\n".join(f"2026-04-01T10:00:0{index}Z ERROR {record['text']}" for index, record in enumerate(group))
        read = [(denial.action or "").lower() for denial in read_denials(log) if denial.kind != "not_a_denial"]
        assert read == [record["expected"]["action"].lower() for record in group]
