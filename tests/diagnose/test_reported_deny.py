"""A message that tells of an explicit deny settles what a Deny of that kind of policy came to."""

from __future__ import annotations

import pytest
from tests.repair.worlds import ACCOUNT, ADMIN, FULL, USER, deny, organized, policy

from sagepass.jobs.diagnose import diagnose
from sagepass.jobs.diagnosis import Diagnosis, Verdict

CREATE = "sagemaker:CreateTrainingJob"
JOB = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:training-job/big"
BIG = {"ForAnyValue:StringLike": {"sagemaker:InstanceTypes": ["ml.p4*", "ml.p5*"]}}
ZONE = {"StringEquals": {"sagemaker:VpcSecurityGroupIds": "sg-1"}}


def explained(*statements: dict[str, object], tail: str) -> Diagnosis:
    """The diagnosis of AWS's sentence, where the account's service control policies hold these Deny statements."""
    account = policy(*statements)
    builder = organized(root={"FullAWSAccess": FULL}, account={"FullAWSAccess": FULL, "no-big-instances": account})
    snapshot = builder.principal(USER, inline={"all": ADMIN}).build()
    text = f"User: {USER} is not authorized to perform: {CREATE} on resource: {JOB} {tail}"
    return diagnose(text, snapshot)


SCP = "with an explicit deny in a service control policy"


def test_the_only_deny_that_can_be_meant_is_named() -> None:
    """The headline names the policy, the caret stands under its statement, and another instance type comes first."""
    found = explained(deny(CREATE, Condition=BIG), tail=SCP)
    assert "a service control policy denies it, as the message says; the only one of those supplied" in found.headline
    assert "no-big-instances" in found.headline
    (cause,) = found.causes
    assert cause.statement is not None
    assert cause.statement.policy.name == "no-big-instances"
    assert [fix.title for fix in found.fixes] == [
        "change the request instead: send it with another sagemaker:InstanceTypes than ml.p4* or ml.p5*",
        "if the request has to stay as it is, ask the owner of no-big-instances for an exception",
    ]
    assert found.verdict is Verdict.CONDITIONAL


def test_one_of_several() -> None:
    """Two statements may be meant: both are offered, and neither is called the only one."""
    found = explained(deny(CREATE, Condition=BIG), deny(CREATE, Condition=ZONE), tail=SCP)
    assert "it is one of these" in found.headline
    assert "1 more statement" in found.headline
    assert sum("change the request instead" in fix.title for fix in found.fixes) == 2


@pytest.mark.parametrize("tail", ["", "with an explicit deny in a permissions boundary"])
def test_another_message_settles_nothing(tail: str) -> None:
    """A message without a type, or of another type, leaves the Deny open: what is open has to be settled first."""
    found = explained(deny(CREATE, Condition=BIG), tail=tail)
    assert "as the message says" not in found.headline
    assert [fix.title for fix in found.fixes] == ["settle first what is open; no change can be chosen before that"]


def test_a_key_is_told_as_the_member_of_the_call_that_carries_it() -> None:
    """Whoever writes programs knows ``ResourceConfig.InstanceType``, not the condition key."""
    first, *_ = explained(deny(CREATE, Condition=BIG), tail=SCP).fixes
    assert any("sagemaker:InstanceTypes is ResourceConfig.InstanceType, " in step for step in first.steps)
    (zone, *_) = explained(deny(CREATE, Condition=ZONE), tail=SCP).fixes
    assert (
        zone.steps[-1] == "in a call of CreateTrainingJob, sagemaker:VpcSecurityGroupIds is VpcConfig.SecurityGroupIds"
    )
