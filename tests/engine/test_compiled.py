"""The short answer: what it names, and that it stays right while it keeps what it worked out."""

from __future__ import annotations

import pytest

import sagepass
from sagepass.engine.authorize import UnknownPrincipal
from sagepass.engine.compiled import Compiled, compiled
from sagepass.engine.request import Request
from sagepass.policy.kinds import CheckType, Effect
from sagepass.snapshot.build import SnapshotBuilder
from sagepass.snapshot.snapshot import Snapshot

ACCOUNT = "111122223333"
ANA = f"arn:aws:iam::{ACCOUNT}:user/ana"
JOB = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:training-job/a"


def _world(document: object, **more: object) -> Snapshot:
    builder = SnapshotBuilder("compiled").account(ACCOUNT).settings(no_organization=True)
    return builder.principal(ANA, inline={"own": document}, **more).build()  # type: ignore[arg-type]


def _statement(effect: str, action: str, sid: str, **more: object) -> dict[str, object]:
    return {"Sid": sid, "Effect": effect, "Action": action, "Resource": "*", **more}


DOCUMENT = {
    "Version": "2012-10-17",
    "Statement": [
        _statement("Allow", "sagemaker:*", "All"),
        _statement("Deny", "sagemaker:Delete*", "Keep"),
        _statement("Deny", "sagemaker:*", "Elsewhere", Condition={"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("action", "resource", "effect", "decided_by", "sid"),
    [
        ("sagemaker:DescribeTrainingJob", JOB, Effect.ALLOW, (CheckType.PRINCIPAL,), "All"),
        ("sagemaker:DeleteTrainingJob", JOB, Effect.EXPLICIT_DENY, (CheckType.PRINCIPAL,), "Keep"),
        ("sagemaker:StopTrainingJob", JOB.replace("eu-west-1", "us-east-1"), Effect.EXPLICIT_DENY, (CheckType.PRINCIPAL,), "Elsewhere"),
        ("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/x", Effect.IMPLICIT_DENY, (CheckType.PRINCIPAL,), None),
    ],
)  # fmt: skip
def test_deciding_statement(
    action: str, resource: str, effect: Effect, decided_by: tuple[CheckType, ...], sid: str | None
) -> None:
    """The effect, the checks that decide, and the statement that does; none for what no statement says."""
    verdict = Compiled(_world(DOCUMENT)).decide(Request(principal=ANA, action=action, resource=resource))

    assert (verdict.effect, verdict.decided_by) == (effect, decided_by)
    assert (verdict.statement.sid if verdict.statement else None) == sid
    assert (verdict.policy.name if verdict.policy else None) == ("own" if sid else None)


def test_open_answer_names_no_statement() -> None:
    """What hangs on an unknown key is UNKNOWN, and nothing decides."""
    document = {"Version": "2012-10-17", "Statement": _statement("Allow", "sagemaker:*", "Team", Condition={"StringEquals": {"aws:RequestTag/team": "a"}})}  # fmt: skip
    verdict = Compiled(_world(document)).decide(
        Request(principal=ANA, action="sagemaker:CreateTrainingJob", resource=JOB)
    )

    assert verdict == (Effect.UNKNOWN, (), None, None)


def test_answers_do_not_mix() -> None:
    """One after the other, in any order, requests that differ in one thing keep their own answers."""
    document = {"Version": "2012-10-17", "Statement": _statement("Allow", "sagemaker:*", "Team", Condition={"StringEquals": {"aws:RequestTag/team": "a"}})}  # fmt: skip
    home = Compiled(_world(document))
    wanted = {"a": Effect.ALLOW, "b": Effect.IMPLICIT_DENY, None: Effect.IMPLICIT_DENY}
    for team in ("a", "b", None, "b", "a", None, "a"):
        context = {"aws:RequestTag/team": team}
        request = Request(principal=ANA, action="sagemaker:AddTags", resource=JOB, context=context)
        assert home.decide(request).effect is wanted[team]


def test_unknown_principal() -> None:
    """Who is not in an account that is known in full is no caller, in either form of the answer."""
    home = Compiled(_world(DOCUMENT))
    request = Request(principal=f"arn:aws:iam::{ACCOUNT}:user/anna", action="sagemaker:AddTags", resource=JOB)
    for ask in (home.decide, home.explain):
        with pytest.raises(UnknownPrincipal, match="did you mean arn:aws:iam::111122223333:user/ana"):
            ask(request)


def test_compiled_once() -> None:
    """A snapshot is compiled once, whoever asks; authorize explains from the same index."""
    snapshot = _world(DOCUMENT)
    request = Request(principal=ANA, action="sagemaker:AddTags", resource=JOB)
    decision = sagepass.authorize(request, snapshot)

    assert compiled(snapshot) is compiled(snapshot)
    assert decision == compiled(snapshot).explain(request)


def test_many_actions_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names that a stranger makes up do not fill the memory: what is kept starts anew at a bound."""
    monkeypatch.setattr("sagepass.engine.bounded.MOST", 50)
    home = Compiled(_world(DOCUMENT))
    for number in range(120):
        home.decide(Request(principal=ANA, action=f"sagemaker:Made{number}", resource=JOB))

    assert len(home.sides.caller(Request(principal=ANA, action="", resource="*")).plans) <= 50
    assert home.decide(Request(principal=ANA, action="sagemaker:AddTags", resource=JOB)).effect is Effect.ALLOW


def test_keys_that_could_decide() -> None:
    """The condition keys of the statements in play, in lower case, and none of statements about other actions."""
    engine = Compiled(_world(DOCUMENT))
    assert engine.keys_asked(Request(principal=ANA, action="sagemaker:ListModels", resource="*")) == (
        "aws:requestedregion",
    )
    assert engine.keys_asked(Request(principal=ANA, action="s3:GetObject", resource="arn:aws:s3:::b/k")) == ()


def test_stated_absence_of_session_policies_is_kept_apart() -> None:
    """A session that is known to have none is not one of which nothing is known, and neither is worked out twice."""
    engine = Compiled(_world(DOCUMENT))
    unknown = Request(principal=ANA, action="sagemaker:ListModels", resource="*")
    stated = Request(principal=ANA, action="sagemaker:ListModels", resource="*", session_policies=())
    sides = [engine.sides.caller(one) for one in (unknown, stated)]
    assert [side.session_is_stated for side in sides] == [False, True]
    assert [engine.sides.caller(one) for one in (unknown, stated)] == sides


def _tagged(team: str) -> Snapshot:
    only = {"StringEquals": {"aws:ResourceTag/team": "churn"}}
    document = {"Version": "2012-10-17", "Statement": [_statement("Allow", "sagemaker:*", "Team", Condition=only)]}
    builder = SnapshotBuilder("compiled").account(ACCOUNT).settings(no_organization=True)
    tags = {"Tags": [{"Key": "team", "Value": team}]}
    builder.principal(ANA, inline={"own": document})
    builder.answer(ACCOUNT, "sagemaker", "list-tags", tags, name="training-job/a", region="eu-west-1")
    return builder.build()


def test_other_resources_leave_callers_as_they_were() -> None:
    """The same identities under other tags: the answer follows the tags, what was found of callers is shared."""
    request = Request(principal=ANA, action="sagemaker:DescribeTrainingJob", resource=JOB)
    before, other = _tagged("churn"), _tagged("other")
    engine = compiled(before)
    assert engine.decide(request).effect is Effect.ALLOW

    after = before.with_resource_answers(other.answers())
    anew = engine.with_other_resources(after)
    assert compiled(after) is anew
    assert anew.decide(request).effect is Effect.IMPLICIT_DENY
    assert anew.explain(request).effect is Effect.IMPLICIT_DENY
    assert anew.sides.caller(request) is engine.sides.caller(request)
    assert engine.decide(request).effect is Effect.ALLOW
