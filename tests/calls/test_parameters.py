"""Requests that do not fit their operation are told so at the place."""

from __future__ import annotations

from typing import Any

import pytest

from sagepass.calls.call import Call
from sagepass.calls.parameters import ParameterProblem, check_parameters
from sagepass.source.route import render_route

GOOD = {
    "ModelName": "m",
    "PrimaryContainer": {"Image": "i", "Environment": {"A": "b"}},
    "Tags": [{"Key": "a", "Value": "b"}],
}


def problems(
    operation: str, params: dict[str, Any], service: str = "sagemaker"
) -> list[tuple[str, str, tuple[str, ...]]]:
    """Problem, place and nearest names of each finding."""
    found = check_parameters(Call(service=service, operation=operation, params=params))
    return [(one.problem.value, render_route(one.route), one.nearest) for one in found]


def test_a_request_that_fits() -> None:
    """No findings, and none for other services' operations."""
    assert problems("CreateModel", GOOD) == []
    assert problems("ListModels", {}) == []
    assert problems("GetObject", {"x": 1}, service="s3") == []


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({**GOOD, "PrimaryContaner": {}}, ("unknown member", "PrimaryContaner", "PrimaryContainer")),
        (
            {**GOOD, "VpcConfig": {"Subnet": ["s"], "SecurityGroupIds": ["g"], "Subnets": ["s"]}},
            ("unknown member", "VpcConfig.Subnet", "Subnets"),
        ),
        ({**GOOD, "Tags": {"a": "b"}}, ("wrong type", "Tags", "")),
        ({**GOOD, "ModelName": 3}, ("wrong type", "ModelName", "")),
        ({**GOOD, "EnableNetworkIsolation": "true"}, ("wrong type", "EnableNetworkIsolation", "")),
        ({**GOOD, "Containers": [{"Image": 1}]}, ("wrong type", "Containers[0].Image", "")),
        ({}, ("missing member", "ModelName", "")),
        ({**GOOD, "VpcConfig": {"Subnets": ["s"]}}, ("missing member", "VpcConfig.SecurityGroupIds", "")),
    ],
)
def test_a_request_that_does_not_fit(params: dict[str, Any], expected: tuple[str, str, str]) -> None:
    """The problem, its place, and what may have been meant."""
    found = problems("CreateModel", params)
    assert [(kind, place, nearest[0] if nearest else "") for kind, place, nearest in found] == [expected]


def test_references_fit_everywhere() -> None:
    """Templates and pipelines fill them in later."""
    assert problems("CreateModel", {**GOOD, "ModelName": {"Ref": "Name"}, "Tags": {"Fn::If": ["a", [], []]}}) == []


def test_an_unknown_operation_names_its_neighbours() -> None:
    """A misspelt operation is not silently another one."""
    (found,) = check_parameters(Call(service="sagemaker", operation="CreateModle"))
    assert found.problem is ParameterProblem.UNKNOWN_OPERATION
    assert "CreateModel" in found.nearest


def test_huge_and_deep_requests_are_bounded() -> None:
    """Neither many problems nor deep nesting takes long or fails."""
    deep: dict[str, Any] = {}
    for _ in range(5000):
        deep = {"Environment": deep}
    check_parameters(Call(service="sagemaker", operation="CreateModel", params={"PrimaryContainer": deep}))
    many = {f"x{number}": 1 for number in range(2000)}
    assert len(check_parameters(Call(service="sagemaker", operation="CreateModel", params=many))) == 50
