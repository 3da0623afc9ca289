"""Reasons are worked out when somebody asks, from the state in which the call was decided."""

from __future__ import annotations

from dataclasses import replace

from tests.endpoint.answers.worlds import MATEO, recorded
from tests.endpoint.conftest import ACCOUNT, Aws, allow

from sagepass.endpoint.explanations import Explanations
from sagepass.endpoint.log_of_calls import LogOfCalls
from sagepass.engine.authorize import authorize
from sagepass.engine.request import Request
from sagepass.snapshot.build import SnapshotBuilder


def test_a_request_is_explained_once_it_is_asked_for() -> None:
    """The same decision as without delay; what was decided already stays as it is."""
    policy = allow("sagemaker:ListModels")
    snapshot = SnapshotBuilder().principal(MATEO, inline={"p": policy}).settings(no_organization=True).build()
    requests = [
        Request(principal=MATEO, action=f"sagemaker:{name}", resource="*") for name in ("ListModels", "ListApps")
    ]
    denied = authorize(requests[1], snapshot)
    found = Explanations([requests[0], denied], snapshot)
    assert len(found) == 2
    assert found[1] is denied
    assert found[0] == authorize(requests[0], snapshot)
    assert found[0] is found[0]
    assert found[:1] == (found[0],)


def test_an_allowed_call_is_explained_with_the_policies_of_its_time(aws: Aws) -> None:
    """Also after the policy is gone."""
    who = aws.user("explained-later", allow("sagemaker:ListModels"))
    aws.client("sagemaker", who).list_models()
    aws.client("iam").delete_user_policy(UserName="explained-later", PolicyName="p0")
    call = next(one for one in aws.endpoint.log.recent() if one.operation == "ListModels")
    assert call.caller == f"arn:aws:iam::{ACCOUNT}:user/explained-later"
    (decision,) = call.decisions
    (check,) = [one for one in decision.checks if one.matched]
    assert (decision.effect, check.matched[0].policy.name) == ("ALLOW", "p0")


def test_the_log_keeps_few_states_and_all_reasons() -> None:
    """Of the calls of older states the decisions remain, the state does not."""
    log = LogOfCalls(most=10, states=2)
    calls = [recorded("sagemaker", "ListModels", {}, number=number) for number in range(4)]
    for call in calls:
        state = replace(call.snapshot, name=call.authorization_id) if call.snapshot else None
        decisions = Explanations([one.request for one in call.decisions], state) if state else ()
        log.add(replace(call, snapshot=state, decisions=decisions))
    newest, *_, oldest = log.recent()
    assert newest.snapshot is not None
    assert oldest.snapshot is None
    assert [one.effect for one in oldest.decisions] == [one.effect for one in calls[0].decisions]
