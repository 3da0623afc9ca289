"""One need with values that the request leaves open: allowed with all of them, denied with none, or not settled."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.preflight.world import ACCOUNT

from sagepass.calls.call import Needed, ResourceState, Unsettled, Values
from sagepass.calls.need import Block, CallNeed
from sagepass.jobs.preflight.decide import decide_need, requests_of
from sagepass.policy.kinds import Effect
from sagepass.snapshot.build import SnapshotBuilder
from sagepass.snapshot.snapshot import Snapshot

USER = f"arn:aws:iam::{ACCOUNT}:user/mateojackson"
MODEL = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:model/churn"


def account(**condition: object) -> Snapshot:
    """A user who may create models under a condition."""
    statement = {"Effect": "Allow", "Action": "sagemaker:CreateModel", "Resource": "*", "Condition": condition}
    builder = SnapshotBuilder().settings(no_organization=True)
    return builder.principal(USER, inline={"models": {"Version": "2012-10-17", "Statement": [statement]}}).build()


def need(*choices: Values | None, absent: tuple[str, ...] = (), **context: Values) -> CallNeed:
    """CreateModel, with possible values of ``sagemaker:NetworkIsolation``."""
    unsettled = (Unsettled(key="sagemaker:NetworkIsolation", choices=choices, why="not documented"),) if choices else ()
    needed = Needed(
        action="sagemaker:CreateModel",
        resource=MODEL,
        resource_state=ResourceState.EXACT,
        context=tuple(context.items()),
        absent=absent,
        unsettled=unsettled,
    )
    return CallNeed(needed=needed, principal=USER, block=Block.CALL)


ISOLATED = {"Bool": {"sagemaker:NetworkIsolation": "true"}}
CASES = {
    "all values pass": ((("true",), ("true",)), Effect.ALLOW),
    "no value passes": ((("false",), None), Effect.IMPLICIT_DENY),
    "one of two passes": ((("true",), None), Effect.UNKNOWN),
}


@pytest.mark.parametrize("name", CASES)
def test_each_possible_value_is_decided(name: str) -> None:
    """The answer holds for every value that the key may have; where it does not, the key and the reason are named."""
    choices, effect = CASES[name]
    found = decide_need(need(*choices), account(**ISOLATED))
    assert found.effect is effect
    assert len(found.decisions) == 2
    if effect is Effect.UNKNOWN:
        assert found.reason == "it depends on sagemaker:NetworkIsolation: not documented"


def test_a_key_without_any_known_value_stays_open() -> None:
    """No choices: the value is not known at all."""
    open_key = Unsettled(key="aws:RequestTag/team", choices=(), why="the tag is set later")
    base = need()
    asked = CallNeed(
        needed=Needed(
            action=base.needed.action, resource=MODEL, resource_state=ResourceState.EXACT, unsettled=(open_key,)
        ),
        principal=USER,
        block=Block.CALL,
    )
    found = decide_need(asked, account(StringEquals={"aws:RequestTag/team": "churn"}))
    assert found.effect is Effect.UNKNOWN
    assert found.decision is not None
    assert any("aws:RequestTag/team" in item.keys for item in found.decision.residual)


def test_a_family_that_the_request_does_not_carry_is_absent() -> None:
    """No tags in the request: every ``aws:RequestTag/…`` is absent, whatever the policy calls it."""
    condition = {"StringEquals": {"aws:RequestTag/team": "churn"}}
    assert decide_need(need(), account(**condition)).effect is Effect.UNKNOWN
    known = need(absent=("aws:RequestTag/${TagKey}",))
    assert decide_need(known, account(**condition)).effect is Effect.IMPLICIT_DENY
    assert decide_need(known, account(StringNotEquals={"aws:RequestTag/team": "x"})).effect is Effect.ALLOW


def test_too_many_possible_values_are_never_an_allow() -> None:
    """Where more is possible than can be tried, the answer stays open even if all that was tried passes."""
    many: tuple[Values, ...] = tuple((f"v{index}",) for index in range(40))
    assert len(requests_of(need(*many))[0]) == 32
    assert decide_need(need(*many), account(Null={"sagemaker:NetworkIsolation": "false"})).effect is Effect.UNKNOWN


@given(st.lists(st.sampled_from([("true",), ("false",), None]), min_size=1, max_size=4))
def test_allowed_only_if_allowed_with_each(choices: list[Values | None]) -> None:
    """Property: ALLOW exactly if every choice alone is allowed; a denial exactly if every choice alone is denied."""
    world = account(**ISOLATED)
    alone = {decide_need(need(choice), world).effect for choice in choices}
    together = decide_need(need(*choices), world).effect
    assert (together is Effect.ALLOW) == (alone == {Effect.ALLOW})
    assert (together is Effect.IMPLICIT_DENY) == (alone == {Effect.IMPLICIT_DENY})
