"""Requests that mean harm: huge, deep, odd. The answer is bounded, and nothing is an allow by accident."""

from __future__ import annotations

import time

from tests.preflight import world

from sagepass.calls.need import MOST_NEEDS
from sagepass.jobs.preflight.run import preflight
from sagepass.policy.kinds import Effect


def test_a_request_with_too_many_channels() -> None:
    """Thousands of channels: cut off at a bound, which is said, in seconds; never an allow of the whole."""
    channels = [
        {"ChannelName": f"c{n}", "DataSource": {"S3DataSource": {"S3Uri": f"s3://acme-churn-data/features/train/{n}/"}}}
        for n in range(6_000)
    ]
    (read,) = world.requests("training-job")
    call = world.request("CreateTrainingJob", {**read.call.params, "InputDataConfig": channels})
    start = time.monotonic()
    found = preflight([call], world.snapshot(), caller=world.STUDIO, with_plan=False)
    assert time.monotonic() - start < 60
    assert len(found.authorizations) <= MOST_NEEDS
    assert any("are looked at" in question.point.what for question in found.open_questions)
    assert found.effect is not Effect.ALLOW


def test_members_of_the_wrong_type_are_no_allow() -> None:
    """Lists where texts belong, numbers where structures belong: what cannot be read asks for nothing, and nothing breaks."""
    (read,) = world.requests("training-job")
    kinds: tuple[object, ...] = (7, [], {}, [[]], {"x": [1]}, "text", True, None)
    for name in read.call.params:
        for wrong in kinds:
            call = world.request("CreateTrainingJob", {**read.call.params, name: wrong})
            preflight([call], world.snapshot(), caller=world.STUDIO, with_plan=False)


def test_a_deep_request() -> None:
    """Nesting beyond any request does not end the recursion of the reader."""
    deep: object = "s3://x/y"
    for _ in range(500):
        deep = {"DataSource": deep}
    call = world.request("CreateTrainingJob", {"TrainingJobName": "t", "InputDataConfig": [deep]})
    assert preflight([call], world.snapshot(), caller=world.STUDIO, with_plan=False).authorizations


def test_wildcards_in_names_do_not_widen_what_is_written() -> None:
    """A name with a wildcard is no address: no plan grants on a pattern that the request smuggled in."""
    (read,) = world.requests("training-job")
    params = {**read.call.params, "OutputDataConfig": {"S3OutputPath": "s3://acme-*/out/"}}
    found = world.run([world.request("CreateTrainingJob", params)])
    assert all("acme-*" not in item.need.needed.resource for item in found.authorizations)
    assert found.effect is Effect.UNKNOWN
