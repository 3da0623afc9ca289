"""Calls to other services that pipelines make; of all others only the action is known."""

from __future__ import annotations

import pytest

from sagepass.calls.call import Call, ResourceState
from sagepass.calls.operation import authorizations_of
from sagepass.calls.other_services import _RULES
from sagepass.catalog.actions import find_action
from sagepass.catalog.resources import types_of_arn

ACCOUNT = "111122223333"


def one(service: str, operation: str, params: dict[str, object]) -> tuple[str, ResourceState]:
    """Resource of the only check of a call."""
    call = Call(service=service, operation=operation, params=params, caller_account=ACCOUNT, region="eu-west-1")
    (need,) = authorizations_of(call)
    return need.resource, need.resource_state


@pytest.mark.parametrize(
    ("service", "operation", "params", "resource"),
    [
        ("lambda", "InvokeFunction", {"FunctionName": "f"}, f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:f"),
        ("lambda", "InvokeFunction", {"FunctionName": "arn:aws:lambda:us-east-1:444455556666:function:g"}, "arn:aws:lambda:us-east-1:444455556666:function:g"),
        ("sqs", "SendMessage", {"QueueUrl": "https://eu-west-1.queue.amazonaws.com/444455556666/q.fifo"}, "arn:aws:sqs:eu-west-1:444455556666:q.fifo"),
        ("sqs", "SendMessage", {"QueueUrl": "https://example.com/q"}, f"arn:aws:sqs:eu-west-1:{ACCOUNT}:*"),
        ("s3", "GetObject", {"Bucket": "b", "Key": "a/b.json"}, "arn:aws:s3:::b/a/b.json"),
        ("s3", "GetObject", {"Bucket": "b"}, "arn:aws:s3:::b/*"),
        ("elasticmapreduce", "DescribeCluster", {"ClusterId": {"Get": "Parameters.C"}}, f"arn:aws:elasticmapreduce:eu-west-1:{ACCOUNT}:cluster/*"),
        ("s3", "PutObject", {"Bucket": "b"}, "arn:aws:s3:::b/*"),
        ("nope", "Do", {}, "*"),
    ],
)  # fmt: skip
def test_resources(service: str, operation: str, params: dict[str, object], resource: str) -> None:
    """The ARN from the parameter, a set where it does not tell it, unknown where there is no rule."""
    state = (
        ResourceState.UNKNOWN if resource == "*" else (ResourceState.SET if "*" in resource else ResourceState.EXACT)
    )
    assert one(service, operation, params) == (resource, state)


def test_every_rule_is_about_an_action_and_makes_arns_of_its_types() -> None:
    """The tables know the actions, and the ARNs that the rules make are of a type that the action takes."""
    for name in _RULES:
        action = find_action(name)
        assert action is not None, name
        resource, _ = (
            one(action.service, action.name, {_RULES[name].path: "value"})
            if _RULES[name].path != "QueueUrl"
            else one("sqs", "SendMessage", {"QueueUrl": f"https://sqs.eu-west-1.amazonaws.com/{ACCOUNT}/q"})
        )
        taken = {use.type for use in action.resource_types}
        assert (not taken and resource == "*") or {kind.name for kind in types_of_arn(resource)} & taken, name
