"""A decision is worked out as far as somebody reads it, and nobody can tell."""

from __future__ import annotations

import copy
import pickle
from dataclasses import replace

import pytest

from sagepass.engine.asked import Asked
from sagepass.engine.authorize import inputs_of
from sagepass.engine.compiled import Compiled
from sagepass.engine.decide import decide
from sagepass.engine.decision import Decision, Explained
from sagepass.engine.explanations import Explanations
from sagepass.engine.request import Request
from sagepass.policy.kinds import Effect
from sagepass.snapshot.build import SnapshotBuilder
from sagepass.snapshot.snapshot import Snapshot

ACCOUNT = "111122223333"
ANA = f"arn:aws:iam::{ACCOUNT}:user/ana"
JOB = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:training-job/a"
DOCUMENT = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": "sagemaker:*", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestTag/team": "a"}}},
        {"Effect": "Deny", "Action": "sagemaker:Delete*", "Resource": "*"},
    ],
}  # fmt: skip


@pytest.fixture
def world() -> Snapshot:
    """One user, with an Allow that hangs on a tag and a Deny."""
    builder = SnapshotBuilder("later").account(ACCOUNT).settings(no_organization=True)
    return builder.principal(ANA, inline={"own": DOCUMENT}).build()


def _request(action: str = "sagemaker:CreateTrainingJob", **context: object) -> Request:
    return Request(principal=ANA, action=action, resource=JOB, context=context)


REQUESTS = (
    _request(**{"aws:RequestTag/team": "a"}),
    _request(**{"aws:RequestTag/team": "b"}),
    _request(),
    _request("sagemaker:DeleteModel"),
    _request("s3:GetObject"),
)


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda request: f"{request.action} {dict(request.context)}")
def test_same_as_worked_out_at_once(world: Snapshot, request_: Request) -> None:
    """Equality, representation, copies and pickles are those of a decision that was made in full."""
    explain = Compiled(world).explain
    whole = decide(Compiled(world).inputs(request_))

    assert explain(request_) == whole
    assert repr(explain(request_)) == repr(whole)
    assert copy.copy(explain(request_)) == whole
    assert replace(explain(request_), effect=Effect.UNKNOWN).evaluations == whole.evaluations
    assert decide(inputs_of(request_, world)).evaluations[0].checks == whole.evaluations[0].checks


def test_pickles(world: Snapshot) -> None:
    """What was not read yet is worked out before a decision leaves the process."""
    decision = Compiled(world).explain(_request("s3:GetObject"))
    again = pickle.loads(pickle.dumps(replace(decision, evaluations=())))

    assert isinstance(again, Decision)
    assert (again.effect, again.residual, again.evaluations) == (decision.effect, decision.residual, ())


def test_nothing_is_worked_out_before_it_is_read(world: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    """The effect and the deciding checks are there at once; the rest is made once, when it is first read."""
    made: list[Asked] = []
    work_out = Explanations.of

    def counted(kept: Explanations, asked: Asked) -> Explained:
        made.append(asked)
        return work_out(kept, asked)

    monkeypatch.setattr(Explanations, "of", counted)
    decision = Compiled(world).explain(REQUESTS[1])

    assert (decision.effect, [str(kind) for kind in decision.decided_by]) == (Effect.IMPLICIT_DENY, ["PRINCIPAL"])
    assert not made
    assert decision.evaluations is decision.evaluations
    assert decision.assumptions
    assert len(made) == 1


def test_what_was_asked_stays_asked() -> None:
    """Whoever changes the context afterwards, its lists included, changes nothing about the explanation."""
    condition = {"ForAnyValue:StringEquals": {"aws:TagKeys": "a"}}
    document = {"Version": "2012-10-17", "Statement": {**DOCUMENT["Statement"][0], "Condition": condition}}  # type: ignore[dict-item]
    builder = SnapshotBuilder("later").account(ACCOUNT).settings(no_organization=True)
    keys = ["b"]
    context: dict[str, object] = {"aws:TagKeys": keys}
    request = Request(principal=ANA, action="sagemaker:AddTags", resource=JOB, context=context)
    decision = Compiled(builder.principal(ANA, inline={"own": document}).build()).explain(request)
    keys[0] = "a"
    context.clear()

    assert decision.effect is Effect.IMPLICIT_DENY
    assert decision.blocking[0].nearest[0].actual == ("b",)


def test_kept_explanations_keep_the_request_apart(world: Snapshot) -> None:
    """An explanation that another request led to is used for this one, with this request in it."""
    home = Compiled(world)
    first = home.explain(_request(**{"aws:RequestTag/team": "b", "aws:SourceIp": "192.0.2.1"}))
    second = home.explain(_request(**{"aws:RequestTag/team": "b", "aws:SourceIp": "192.0.2.2"}))

    assert first.evaluations is second.evaluations
    assert second.request.context["aws:SourceIp"] == "192.0.2.2"


def test_frozen_and_without_other_names(world: Snapshot) -> None:
    """A field cannot be set, and a name that is no field is an error, before and after the rest is known."""
    decision = Compiled(world).explain(REQUESTS[0])
    for _ in range(2):
        with pytest.raises(AttributeError):
            decision.effect = Effect.ALLOW  # type: ignore[misc]
        with pytest.raises(AttributeError, match="'Decision' object has no attribute 'evaluation'"):
            decision.evaluation  # type: ignore[attr-defined]  # noqa: B018 - reading it is the point
        assert decision.evaluations


@pytest.mark.parametrize("turn", range(3))
def test_what_is_kept_of_explanations_changes_nothing(world: Snapshot, turn: int) -> None:
    """In any order of requests, an explanation from an index that is filled is that of an empty one."""
    home = Compiled(world)
    for request in (*REQUESTS[turn:], *REQUESTS, *REQUESTS[::-1]):
        home.forget_explanations()
        assert home.explain(request) == decide(Compiled(world).inputs(request))
