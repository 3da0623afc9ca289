"""A text that is cut anywhere is read as far as it goes."""

from __future__ import annotations

import pytest
from tests.denial.labelled import all_records

from sagepass.denial import read_denials


@pytest.mark.parametrize("offset", range(4))
def test_no_prefix_of_any_record_crashes(offset: int) -> None:
    """Prefixes of every record, at another stride for each run; spans stay inside the prefix."""
    for index, record in enumerate(all_records()):
        text = record["text"]
        for end in range((offset * 37 + index) % 61, len(text) + 1, 61):
            for denial in read_denials(text[:end]):
                assert 0 <= denial.span.start <= denial.span.end <= end
                assert all(0 <= place.start < place.end <= end for _, place in denial.places)


def test_a_text_without_an_error_gives_nothing() -> None:
    """No error, no denial: prose, policies and successful output."""
    for text in (
        "",
        "   \n",
        "all good",
        '{"Version": "2012-10-17", "Statement": []}',
        "Training job acme-1 is InProgress",
        "arn:aws:iam::123456789012:role/x",
    ):
        assert read_denials(text) == []
