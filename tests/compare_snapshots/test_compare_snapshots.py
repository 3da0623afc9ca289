"""Who gained or lost what between two snapshots: every way in which a change can let somebody in is told."""

from __future__ import annotations

import json
from random import Random

import pytest
from tests.compare_snapshots.worlds import (
    ACCOUNT,
    ANNA,
    BEN,
    DELETE,
    DESCRIBE,
    GROUP,
    MODEL,
    MODELS,
    OTHER,
    SERVICE,
    VENDOR,
    WORKER,
    allow,
    deny,
    directions,
    policy,
    told,
    trusting,
    world,
)

from sagepass.engine.authorize import authorize
from sagepass.engine.request import Request
from sagepass.jobs.compare_snapshots import differences
from sagepass.jobs.compare_snapshots.compare import compare_snapshots
from sagepass.jobs.compare_snapshots.record import Direction, Verdict
from sagepass.policy.kinds import CheckType, Effect
from sagepass.snapshot.snapshot import Snapshot

READS = policy(allow(DESCRIBE, MODEL))


@pytest.fixture(params=[True, False], ids=["in bulk", "one by one"], autouse=True)
def _with_and_without_numpy(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways of deciding give the same answers."""
    monkeypatch.setattr(differences, "has_bulk", lambda: request.param)


def test_a_new_statement_is_a_gain_with_both_sides() -> None:
    """What allows it now, and what stopped it before."""
    answer = compare_snapshots(world(), world(anna=READS))
    assert told(answer) == {("gained", ANNA, DESCRIBE, MODEL)}
    (group,) = answer.groups
    assert group.before is not None
    assert group.after is not None
    assert group.before.stopped_by == (CheckType.PRINCIPAL,)
    assert [ref.policy.name for ref in group.after.by] == ["own"]
    assert (answer.verdict, answer.changed_principals, answer.principals) == (Verdict.GAINED, 1, 4)


def test_the_other_way_round_it_is_a_loss() -> None:
    """A loss is no gain."""
    answer = compare_snapshots(world(anna=READS), world())
    assert told(answer) == {("lost", ANNA, DESCRIBE, MODEL)}
    assert answer.verdict is Verdict.NOTHING_GAINED


@pytest.mark.parametrize(
    "same",
    [
        policy({**allow(DESCRIBE, MODEL), "Sid": "Named"}),
        policy(allow(DESCRIBE, MODEL), allow(DESCRIBE, MODEL)),
    ],
)
def test_what_says_the_same_is_no_change(same: object) -> None:
    """Names and repetition do not matter to IAM."""
    answer = compare_snapshots(world(anna=READS), world(anna=same))
    assert (answer.groups, answer.changed_principals) == ((), 0)


def test_a_name_becomes_a_pattern() -> None:
    """The pattern is asked as a whole, so that more than the name is seen to be gained."""
    answer = compare_snapshots(world(anna=READS), world(anna=policy(allow(DESCRIBE, MODELS))))
    assert answer.verdict is Verdict.UNDECIDED or (Direction.GAINED in directions(answer))
    assert any(resource == MODELS for _, _, _, resource in told(answer))


def test_a_wider_condition_is_not_passed_over() -> None:
    """Before and after it depends on a tag that nobody knows: not on the same values, so that it is open."""
    narrow = policy(allow(DESCRIBE, MODEL, Condition={"StringEquals": {"aws:ResourceTag/team": "a"}}))
    wide = policy(allow(DESCRIBE, MODEL, Condition={"StringEquals": {"aws:ResourceTag/team": ["a", "b"]}}))
    answer = compare_snapshots(world(anna=narrow), world(anna=wide))
    assert told(answer) == {("open", ANNA, DESCRIBE, MODEL)}
    assert answer.verdict is Verdict.UNDECIDED


def test_an_open_answer_that_stays_is_no_change() -> None:
    """Another statement changed; what depends on the same as before is not told."""
    tagged = allow(DESCRIBE, MODEL, Condition={"StringEquals": {"aws:ResourceTag/team": "a"}})
    answer = compare_snapshots(
        world(anna=policy(tagged)), world(anna=policy(tagged, allow("sagemaker:ListModels", "*")))
    )
    assert told(answer) == {("gained", ANNA, "sagemaker:ListModels", "*")}


def test_a_deny_that_goes_is_a_gain() -> None:
    """The statement that stopped it is named."""
    answer = compare_snapshots(world(anna=policy(allow(DESCRIBE, MODEL), deny(DESCRIBE, MODEL))), world(anna=READS))
    (group,) = answer.groups
    assert group.direction is Direction.GAINED
    assert group.before is not None
    assert [ref.statement.index for ref in group.before.denials] == [1]


def test_a_wider_boundary_is_a_gain() -> None:
    """Not only a principal's own statements count."""
    everything = policy(allow([DESCRIBE, DELETE], MODEL))
    answer = compare_snapshots(
        world(anna=everything, boundary=READS), world(anna=everything, boundary=policy(allow("*", "*")))
    )
    assert ("gained", ANNA, DELETE, MODEL) in told(answer)
    assert not any(action == DESCRIBE and resource == MODEL for _, _, action, resource in told(answer))


def test_a_principal_that_is_new() -> None:
    """It had nothing before, because it was not there."""
    answer = compare_snapshots(world(), world(more=lambda b: b.principal(f"{ANNA}2", inline={"p": READS})))
    assert told(answer) == {("gained", f"{ANNA}2", DESCRIBE, MODEL)}
    assert answer.groups[0].before is not None
    assert not answer.groups[0].before.exists


def test_everything_is_told_by_type() -> None:
    """``*`` stands for each type of resource that the action takes."""
    answer = compare_snapshots(world(), world(anna=policy(allow(DESCRIBE, "*"))))
    assert told(answer) == {("gained", ANNA, DESCRIBE, f"arn:aws:sagemaker:*:{ACCOUNT}:model/*")}


def test_passing_and_assuming_roles() -> None:
    """``*`` means every role of the snapshot; one that trusts the account is gained, one that does not is not."""
    gains = policy(allow(["iam:PassRole", "sts:AssumeRole"], "*"))
    closed = compare_snapshots(world(), world(anna=gains))
    assert ("gained", ANNA, "iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/*") in told(closed)
    assert ("gained", ANNA, "sts:AssumeRole", WORKER) not in told(closed)
    open_trust = trusting({"AWS": ACCOUNT})
    opened = compare_snapshots(world(trust=open_trust), world(trust=open_trust, anna=gains))
    assert ("gained", ANNA, "sts:AssumeRole", WORKER) in told(opened)


def test_a_trust_policy_lets_in_those_of_whom_nothing_changed() -> None:
    """Ben's own policies are the same; the role is what changed."""
    ben = policy(allow("sts:AssumeRole", WORKER))
    answer = compare_snapshots(world(ben=ben), world(ben=ben, trust=trusting({"AWS": ACCOUNT})))
    assert ("gained", BEN, "sts:AssumeRole", WORKER) in told(answer)
    assert answer.changed_resources == (WORKER,)


@pytest.mark.parametrize(
    ("principal", "who"),
    [
        ({"AWS": VENDOR}, VENDOR),
        ({"AWS": "*"}, "*"),
        ({"Service": "lambda.amazonaws.com"}, "lambda.amazonaws.com"),
        ({"AWS": f"arn:aws:iam::{OTHER}:role/reader"}, f"arn:aws:iam::{OTHER}:role/reader"),
    ],
)
def test_a_role_opens_to_somebody_outside(principal: object, who: str) -> None:
    """No user or role of the snapshot gained anything, and still somebody did."""
    answer = compare_snapshots(world(), world(trust=trusting(principal)))
    assert ("gained", who, "sts:AssumeRole", WORKER) in told(answer)
    assert answer.verdict is Verdict.GAINED


def test_identities_of_a_provider_count() -> None:
    """They come by another action than AssumeRole."""
    github = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
    trust = policy({"Effect": "Allow", "Principal": {"Federated": github}, "Action": "sts:AssumeRoleWithWebIdentity"})
    answer = compare_snapshots(world(), world(trust=trust))
    assert ("gained", github, "sts:AssumeRoleWithWebIdentity", WORKER) in told(answer)


def test_a_resource_opens_to_another_account() -> None:
    """A model package group's own policy."""
    shared = policy(
        {
            "Effect": "Allow",
            "Principal": {"AWS": VENDOR},
            "Action": "sagemaker:DescribeModelPackageGroup",
            "Resource": GROUP,
        }
    )
    answer = compare_snapshots(world(), world(group=shared))
    assert told(answer) == {("gained", VENDOR, "sagemaker:DescribeModelPackageGroup", GROUP)}


def test_an_account_that_only_one_snapshot_has_is_not_compared() -> None:
    """What it could do before is not known; that settles nothing."""
    there = f"arn:aws:iam::{OTHER}:user/x"
    answer = compare_snapshots(world(), world(more=lambda b: b.principal(there, inline={"p": READS})))
    assert answer.one_sided == (OTHER,)
    assert answer.verdict is Verdict.UNDECIDED


def test_only_what_was_asked_for() -> None:
    """Actions and resources narrow the question, and the answer says so."""
    both = policy(allow([DESCRIBE, DELETE], "*"))
    answer = compare_snapshots(world(), world(anna=both), actions=["sagemaker:Del*"], resources=[MODEL])
    assert told(answer) == {("gained", ANNA, DELETE, MODEL)}
    assert "other resources than those that were asked about" in answer.limits


def test_same_access_of_several_stands_once() -> None:
    """Two users who gained the same by the same managed policy are one group."""
    shared = f"arn:aws:iam::{ACCOUNT}:policy/shared"

    def both(document: object) -> Snapshot:
        def add(builder: object) -> None:
            builder.managed_policy(shared, document)  # type: ignore[attr-defined]
            for name in ("x", "y"):
                builder.principal(f"{ANNA}{name}", managed=[shared])  # type: ignore[attr-defined]

        return world(more=add)

    answer = compare_snapshots(both(policy(allow("s3:GetObject", "*"))), both(READS))
    (group,) = answer.groups
    assert [holder.name for holder in group.who] == [f"{ANNA}x", f"{ANNA}y"]


def test_what_is_told_is_what_is_decided() -> None:
    """Random changes: on single resources the answer is exactly the difference of the decisions themselves."""
    rng = Random(20261124)
    names = [f"{MODEL}-{letter}" for letter in "abc"]
    actions = [DESCRIBE, DELETE]
    gains = 0
    for _ in range(40):
        before, after = (world(anna=_random(rng, names, actions), ben=_random(rng, names, actions)) for _ in "12")
        answer = compare_snapshots(before, after, actions=actions, resources=names)
        expected = set()
        for who in (ANNA, BEN):
            for action in actions:
                for name in names:
                    request = Request(principal=who, action=action, resource=name)
                    was, now = (authorize(request, snapshot).effect is Effect.ALLOW for snapshot in (before, after))
                    if was is not now:
                        expected.add(("gained" if now else "lost", who, action, name))
        assert told(answer) == expected
        gains += len(expected)
    assert gains > 40


def _random(rng: Random, names: list[str], actions: list[str]) -> object:
    def statement() -> dict[str, object]:
        make = allow if rng.random() < 0.8 else deny
        return make(rng.choice([*actions, "sagemaker:*"]), rng.choice([*names, MODELS, "*"]))

    return policy(*(statement() for _ in range(rng.choice((1, 2, 3)))))


def test_trust_that_says_the_same_is_left_alone() -> None:
    """No changed resource, nothing asked."""
    answer = compare_snapshots(world(), world(trust={**SERVICE, "Id": "other"}))
    assert answer.changed_resources == ()


def test_the_policy_of_the_endpoint_that_was_named_counts() -> None:
    """Nobody's own policies differ; what the endpoint lets through does."""

    def through(action: str) -> Snapshot:
        endpoint = {
            "VpcEndpointId": "vpce-1",
            "PolicyDocument": json.dumps(policy({**allow(action, "*"), "Principal": "*"})),
        }
        return world(
            anna=READS,
            more=lambda b: b.answer(
                ACCOUNT, "ec2", "describe-vpc-endpoints", {"VpcEndpoints": [endpoint]}, region="us-east-1"
            ),
        )

    context = {"aws:SourceVpce": "vpce-1"}
    answer = compare_snapshots(through(DELETE), through(DESCRIBE), resources=[MODEL], context=context)
    assert ("gained", ANNA, DESCRIBE, MODEL) in told(answer)
    assert compare_snapshots(through(DELETE), through(DESCRIBE), resources=[MODEL]).groups == ()


def test_all_of_a_set_is_told_where_only_a_part_is_named_elsewhere() -> None:
    """Anna may do it to every model now, under a condition; that an older statement names one of them hides nothing."""
    older = deny(DESCRIBE, f"{MODEL}-a", Condition={"StringEquals": {"aws:ResourceTag/team": "b"}})
    tagged = allow(DESCRIBE, MODELS, Condition={"StringEquals": {"aws:ResourceTag/team": "a"}})
    answer = compare_snapshots(world(anna=policy(older)), world(anna=policy(older, tagged)))
    assert ("may_gain", ANNA, DESCRIBE, MODELS) in told(answer)
