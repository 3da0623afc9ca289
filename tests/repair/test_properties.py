"""Properties of fixes over random accounts."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.repair.holds import DENIED, assert_sound, edits_alone, with_edits
from tests.repair.worlds import BOUNDARY, DESCRIBE, JOB, STRANGER, USER, organized, policy

from sagepass.engine.authorize import authorize
from sagepass.engine.request import Request
from sagepass.policy.kinds import Effect
from sagepass.repair.propose import propose

ACTIONS = st.sampled_from(
    [
        "*",
        "sagemaker:*",
        "sagemaker:Describe*",
        DESCRIBE,
        "sagemaker:StopTrainingJob",
        "s3:*",
        "sagemaker:describetrainingjob",
    ]
)
RESOURCES = st.sampled_from(
    ["*", JOB, f"{JOB}-2", JOB.upper().replace("ARN:AWS:SAGEMAKER", "arn:aws:sagemaker"), f"{JOB[:-6]}*"]
)
CONDITIONS = st.sampled_from(
    [
        None,
        {"StringEquals": {"aws:RequestedRegion": "us-east-1"}},
        {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}},
        {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1"]}},
        {"ArnNotLike": {"aws:PrincipalArn": ["arn:aws:iam::123456789012:role/*"]}},
        {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
        {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
    ]
)


@st.composite
def statements(draw: st.DrawFn) -> dict[str, object]:
    """One statement."""
    inverted = draw(st.integers(0, 7)) == 0
    statement: dict[str, object] = {
        "Effect": draw(st.sampled_from(["Allow", "Allow", "Deny"])),
        "NotAction" if inverted else "Action": draw(ACTIONS),
        "Resource": draw(RESOURCES),
    }
    condition = draw(CONDITIONS)
    return {**statement, "Condition": condition} if condition else statement


DOCUMENTS = st.lists(statements(), min_size=1, max_size=3).map(lambda items: policy(*items))


@settings(max_examples=25, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow])
@given(DOCUMENTS, DOCUMENTS, DOCUMENTS, DOCUMENTS, st.booleans())
def test_fixes_of_random_accounts(
    identity: object, boundary: object, root: object, account: object, bounded: bool
) -> None:
    """Every fix works, no edit can be left out, and a principal without any permission stays outside."""
    builder = organized(root={"R": root}, account={"A": account}).managed_policy(BOUNDARY, boundary)
    builder.principal(USER, inline={"p": identity}, boundary=BOUNDARY if bounded else None)
    nobody = STRANGER.replace("stranger", "nobody")
    snapshot = builder.principal(nobody).build()
    context = {"aws:MultiFactorAuthPresent": "false"}
    request = Request(principal=USER, action=DESCRIBE, resource=JOB, context=context)
    decision = authorize(request, snapshot)
    fixes = propose(request, snapshot, decision, authorize)
    assert bool(fixes) is (decision.effect is not Effect.ALLOW)
    assert_sound(fixes, snapshot)
    if decision.effect in DENIED:
        assert edits_alone(fixes), "there is always an edit that helps here"
    theirs = Request(principal=nobody, action=DESCRIBE, resource=JOB, context=context)
    for fix in edits_alone(fixes):
        assert authorize(theirs, with_edits(snapshot, fix.edits)).effect in DENIED
