"""Labelled texts are read as labelled."""

from __future__ import annotations

import pytest
from tests.denial.labelled import records
from tests.denial.scoring import Score, add

from sagepass.denial import read_denials


@pytest.mark.parametrize("name", ["data/denials.jsonl", "more_denials.jsonl"])
def test_unambiguous_texts_are_read_as_labelled(name: str) -> None:
    """At least 98 % of what a text says is read, 95 % of each field, and next to nothing is made up."""
    score = Score()
    for record in records(name):
        if "ambiguous" not in record["tags"]:
            add(score, record, read_denials(record["text"]))
    assert score.right_share >= 0.99, score.faults
    assert score.worst_field >= 0.98, score.faults
    assert score.filled_share <= 0.005, score.faults
    assert score.whole_share >= 0.98, score.faults


@pytest.mark.parametrize("name", ["data/denials.jsonl", "more_denials.jsonl"])
def test_ambiguous_texts_are_read_as_one_of_their_readings(name: str) -> None:
    """The texts on which people may differ are mostly read as their label says."""
    score = Score()
    for record in records(name):
        if "ambiguous" in record["tags"]:
            add(score, record, read_denials(record["text"]))
    assert score.right_share >= 0.9, score.faults


@pytest.mark.parametrize("name", ["data/denials.jsonl", "more_denials.jsonl"])
def test_places_lead_back_to_the_text(name: str) -> None:
    """Each place holds the piece that was read; a value without breaks or escapes stands there letter for letter."""
    exact = told = 0
    for record in records(name):
        for denial in read_denials(record["text"]):
            assert record["text"][denial.span.start : denial.span.end] == denial.text
            for field, span in denial.places:
                piece = record["text"][span.start : span.end]
                assert piece, (record["id"], field)
                if field in {"principal", "resource", "action", "operation"}:
                    told += 1
                    exact += piece == getattr(denial, field)
    assert exact / told > 0.94
