"""Logs of any size: the same denials, in linear time and bounded memory."""

from __future__ import annotations

import random
import time
import tracemalloc
from typing import TYPE_CHECKING

from tests.denial.labelled import unambiguous

from sagepass.denial import iter_denials, read_denials

if TYPE_CHECKING:
    from collections.abc import Iterator


def _message(number: int) -> str:
    return (
        f"An error occurred (AccessDeniedException) when calling the CreateModel operation: User: arn:aws:iam::123456789012:user/u{number} is not"
        f" authorized to perform: sagemaker:CreateModel on resource: arn:aws:sagemaker:us-east-1:123456789012:model/m{number} because no"
        " identity-based policy allows the sagemaker:CreateModel action"
    )


def _log(lines: int, every: int = 50) -> Iterator[str]:
    for number in range(lines):
        if number % every == 7:
            yield f"2026-01-01T00:00:{number % 60:02d}Z ERROR {_message(number)}"
        else:
            yield f"2026-01-01T00:00:{number % 60:02d}Z INFO request {number} took {number % 977} ms, cache warm, path /v1/items/{number}"


def test_every_denial_of_a_long_log_is_read_once() -> None:
    """Across the borders of windows none is lost, none is doubled, and the places fit the whole text."""
    lines = list(_log(12_000, every=40))
    text = "\n".join(lines)
    expected = [f"arn:aws:iam::123456789012:user/u{number}" for number in range(7, 12_000, 40)]
    assert [denial.principal for denial in iter_denials(lines)] == expected
    read = read_denials(text)
    assert [denial.principal for denial in read] == expected
    assert all(text[denial.span.start : denial.span.end] == denial.text for denial in read)
    assert all(
        text[place.start : place.end] == denial.principal
        for denial in read
        for name, place in denial.places
        if name == "principal"
    )


def test_a_single_line_of_many_events_is_read() -> None:
    """A CloudTrail file is one line; each event keeps to itself."""
    event = '{{"eventName":"CreateModel","awsRegion":"eu-west-1","eventSource":"sagemaker.amazonaws.com","errorCode":"AccessDenied","errorMessage":"User: arn:aws:iam::123456789012:user/u{0} is not authorized to perform: sagemaker:CreateModel","requestParameters":{{"n":"{1}"}}}}'
    line = '{"Records":[' + ",".join(event.format(number, "x" * (number % 700)) for number in range(2000)) + "]}"
    read = list(iter_denials([line]))
    assert [denial.principal for denial in read] == [
        f"arn:aws:iam::123456789012:user/u{number}" for number in range(2000)
    ]
    assert {(denial.operation, denial.region) for denial in read} == {("CreateModel", "eu-west-1")}


def test_records_in_a_log_are_read_as_by_themselves() -> None:
    """A record read out of the midst of a long log says what it says alone."""
    chance = random.Random(5)
    picked = chance.sample([record for record in unambiguous() if "cloudtrail" not in record["tags"]], 25)
    for record in picked:
        filler = [f"2026-01-01T00:00:00Z INFO step {number} of the nightly run is done" for number in range(400)]
        lines = [*filler, *record["text"].split("\n"), *filler]
        alone = read_denials(record["text"])[0]
        found = list(iter_denials(lines))
        if alone.reason == "other":
            continue
        assert (alone.kind, alone.action, alone.principal) in [
            (one.kind, one.action, one.principal) for one in found
        ], record["id"]


def test_time_grows_with_the_length_only() -> None:
    """Four times the log takes about four times as long."""

    def seconds(lines: int) -> float:
        start = time.process_time()
        sum(1 for _ in iter_denials(_log(lines, every=200)))
        return time.process_time() - start

    seconds(2_000)
    short, long = seconds(10_000), seconds(40_000)
    assert long < 8 * short + 0.5


def test_memory_stays_bounded() -> None:
    """Ten megabytes of log are read in a small part of that."""
    tracemalloc.start()
    try:
        count = sum(1 for _ in iter_denials(_log(120_000, every=4_000)))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 30
    assert peak < 16_000_000
