"""Requests of other services than SageMaker, each with the checks that AWS makes for it, written by hand from its page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sagepass.calls.call import Call, Confidence
from sagepass.calls.operation import authorizations_of
from sagepass.calls.services.registry import clients

REQUESTS: list[dict[str, Any]] = [
    json.loads(line) for line in (Path(__file__).parent / "requests.jsonl").read_text("utf-8").splitlines()
]


def call_of(request: dict[str, Any]) -> Call:
    """The call of a row, made in eu-west-1 by account 111122223333."""
    return Call(
        service=request["service"],
        operation=request["operation"],
        params=request["params"],
        caller_account="111122223333",
        region="eu-west-1",
    )


@pytest.mark.parametrize(
    "request_", REQUESTS, ids=[f"{n}-{one['service']}-{one['operation']}" for n, one in enumerate(REQUESTS)]
)
def test_a_request_gives_exactly_these_checks(request_: dict[str, Any]) -> None:
    """Action and resource of every check, in order; the keys that the row gives; the keys that it says are absent."""
    needed = authorizations_of(call_of(request_))
    assert [[one.action, one.resource] for one in needed] == request_["expect"]
    context = {key: list(values) for one in needed for key, values in one.context}
    assert {key: context.get(key) for key in request_.get("context", {})} == request_.get("context", {})
    absent = {key for one in needed for key in one.absent}
    assert set(request_.get("absent", ())) <= absent
    for one in needed:
        assert not {key for key, _ in one.context} & set(one.absent)


def test_every_service_has_rows_and_every_row_a_source() -> None:
    """The rows cover each table of the room, and none is without its page."""
    assert set(clients()) <= {one["service"] for one in REQUESTS}
    assert all(one["source"] for one in REQUESTS)


def test_an_operation_in_no_table_is_inferred_and_says_so() -> None:
    """The action of the same name is a guess that is flagged as one, never silently taken as documented."""
    (needed,) = authorizations_of(Call(service="lambda", operation="Invoke", params={}))
    assert needed.confidence is Confidence.INFERRED
    assert "not in the catalog" in needed.note


def test_a_request_that_says_everything_has_no_note() -> None:
    """A note is for what a person should know: that a registry id may be left out is not."""
    call = Call(
        service="ecr",
        operation="BatchGetImage",
        params={"repositoryName": "app"},
        caller_account="1" * 12,
        region="eu-west-1",
    )
    (needed,) = authorizations_of(call)
    assert needed.note == ""


def test_no_resource_of_a_long_list_is_forgotten() -> None:
    """Every object of a long deletion and every repository of a long list is checked."""
    objects = [{"Key": f"{number}"} for number in range(2500)]
    deleted = Call(service="s3", operation="DeleteObjects", params={"Bucket": "b", "Delete": {"Objects": objects}})
    assert len(authorizations_of(deleted)) == 2500
    names = [f"t{number}" for number in range(1500)]
    looked_up = authorizations_of(
        Call(service="ecr", operation="DescribeRepositories", params={"repositoryNames": names})
    )
    assert len(looked_up) == 1500


@pytest.mark.parametrize("delete", [None, {}, {"Objects": []}, {"Objects": None}])
def test_a_request_with_nothing_in_it_still_needs_its_action(delete: object) -> None:
    """No check would mean no refusal."""
    (needed,) = authorizations_of(
        Call(service="s3", operation="DeleteObjects", params={"Bucket": "b", "Delete": delete})
    )
    assert (needed.action, needed.resource) == ("s3:DeleteObject", "*")


def test_an_option_that_is_off_needs_nothing() -> None:
    """``False`` is as good as left out."""
    params = {"Bucket": "b", "Key": "k", "BypassGovernanceRetention": False}
    (needed,) = authorizations_of(Call(service="s3", operation="DeleteObject", params=params))
    assert needed.action == "s3:DeleteObject"


def test_a_role_whose_service_is_not_documented_is_passed_to_an_open_one() -> None:
    """The check is there; to which service stays open."""
    params = {"name": "d", "roleArn": "arn:aws:iam::111122223333:role/r"}
    _, passed = authorizations_of(Call(service="logs", operation="PutDeliveryDestination", params=params))
    assert passed.action == "iam:PassRole"
    assert [one.key for one in passed.unsettled if not one.choices][:1] == ["iam:PassedToService"]


def test_names_beyond_the_bound_stand_as_the_set_of_all() -> None:
    """Where combinations of names are bounded, what is cut off is not forgotten."""
    names = [f"m{number}" for number in range(1500)]
    call = Call(service="cloudtrail", operation="GenerateQuery", params={"EventDataStores": names}, region="eu-west-1")
    assert authorizations_of(call)[-1].resource == "arn:aws:cloudtrail:eu-west-1:*:eventdatastore/*"
