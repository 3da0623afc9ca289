"""Denials between two accounts: which side is missing, what to change on each, and what to ask of a side that is not known."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.diagnose.worlds import (
    ASSUME,
    CI,
    CI_SESSION,
    DENIED,
    MAY,
    ROLE,
    STRANGER,
    USER,
    accounts,
    denied,
    effect,
    explained,
    notes,
    tried,
    trusted,
)
from tests.repair.holds import assert_sound
from tests.repair.worlds import ACCOUNT, OTHER, allow, deny, organized, policy, trusting

from sagepass.jobs.diagnose import diagnose
from sagepass.jobs.diagnosis import Verdict
from sagepass.policy.kinds import CheckType, Effect
from sagepass.repair.fix import Applicability
from sagepass.snapshot.build import SnapshotBuilder
from sagepass.snapshot.snapshot import Snapshot

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "outside-my-account"
JOB = f"arn:aws:sagemaker:us-east-1:{OTHER}:training-job/widget"


def test_both_sides_missing_takes_two_administrators() -> None:
    """Neither account allows it: one fix with an edit in each account; either edit alone leaves it denied."""
    builder = accounts().principal(USER).principal(ROLE, trust=trusting({"AWS": CI}))
    diagnosis, snapshot = explained(denied(), builder)
    assert {cause.check.type for cause in diagnosis.causes if cause.check} == {CheckType.RESOURCE, CheckType.PRINCIPAL}
    assert any(f"{OTHER} in the caller's own policies (does not)" in text for text in diagnosis.identity)
    fix = next(tried(diagnosis))
    assert {edit.account for edit in fix.edits} == {ACCOUNT, OTHER}
    assert_sound(diagnosis.fixes, snapshot)
    assert effect(snapshot, fix, USER) is Effect.ALLOW
    assert effect(snapshot, fix, STRANGER) in DENIED


def test_whole_account_trusted_is_half_the_way() -> None:
    """The trust policy names the account, the caller's policies are silent: the obvious fix, naming the user there, is none."""
    builder = accounts().principal(USER).principal(ROLE, trust=trusting({"AWS": OTHER}))
    diagnosis, snapshot = explained(denied(), builder)
    assert "names account 444455556666 as a whole" in notes(diagnosis)
    fix = next(tried(diagnosis))
    assert [edit.account for edit in fix.edits] == [OTHER]
    assert effect(snapshot, fix, USER) is Effect.ALLOW
    named = accounts().principal(USER).principal(ROLE, trust=trusting({"AWS": USER})).build()
    assert effect(named, None, USER) in DENIED


def test_message_that_names_the_other_side_is_contradicted() -> None:
    """AWS speaks of the identity-based policy, which allows; the trust policy is what is missing."""
    why = f" because no identity-based policy allows the {ASSUME} action"
    diagnosis, _ = explained(denied(why=why), trusted({"AWS": CI}))
    (contradiction,) = diagnosis.contradictions
    assert "names the identity-based policy" in contradiction
    assert "one side's reason only" in contradiction
    assert diagnosis.causes[0].check is not None
    assert diagnosis.causes[0].check.type is CheckType.RESOURCE


def test_message_that_is_right_is_not_contradicted() -> None:
    """The trust policy is named, and it is what is missing."""
    diagnosis, _ = explained(
        denied(why=f" because no role trust policy allows the {ASSUME} action"), trusted({"AWS": CI})
    )
    assert diagnosis.contradictions == ()


def test_control_policy_of_the_callers_organization_stops_what_both_sides_allow() -> None:
    """Both policies allow; a service control policy over the caller's account denies: neither of the two obvious edits helps."""
    builder = organized(
        root={"all": policy(allow("*"))}, account={"all": policy(allow("*")), "no": policy(deny(ASSUME))}
    )
    caller = f"arn:aws:iam::{ACCOUNT}:user/inside"
    target = f"arn:aws:iam::{OTHER}:role/there"
    builder.principal(caller, inline={"go": policy(allow(ASSUME, target))})
    builder.principal(target, trust=trusting({"AWS": ACCOUNT})).parent(OTHER, "r-root")
    diagnosis, _ = explained(denied(caller, resource=target), builder)
    assert diagnosis.causes[0].check is not None
    assert diagnosis.causes[0].check.type is CheckType.SERVICE_CONTROL_POLICY


def test_only_the_callers_side_is_known_and_allows() -> None:
    """What is certain: the caller's account allows it, so the other one denies; the question to it can be sent as it is."""
    diagnosis, _ = explained(denied(), accounts().principal(USER, inline={"go": MAY}))
    assert diagnosis.verdict is Verdict.CONDITIONAL
    assert f"so the denial comes from account {ACCOUNT}, which is not in the snapshot" in diagnosis.headline
    first = diagnosis.fixes[0]
    assert first.applicability is Applicability.DISPLAY_ONLY
    assert "aws iam get-role --role-name partner --query Role.AssumeRolePolicyDocument" in first.steps[0]
    assert USER in first.steps[0]
    assert "RESOURCE_CONTROL_POLICY" in first.steps[1]
    assert any(f"trust policy of {ROLE} allows it [not supplied]" in text for text in diagnosis.limits)


def test_only_one_account_without_its_organization_is_the_usual_case() -> None:
    """One saved account and nothing about any organization: what was collected allows it, and no more is claimed."""
    builder = SnapshotBuilder().principal(USER, inline={"go": MAY})
    diagnosis, _ = explained(denied(), builder)
    assert f"as far as was collected account {OTHER} allows it in the caller's own policies" in diagnosis.headline
    assert "so the denial comes from" not in diagnosis.headline
    assert f"account {ACCOUNT}" in diagnosis.fixes[0].title


def test_only_the_callers_side_is_known_and_denies() -> None:
    """The caller's own policies lack it for certain: that is repaired first, and the other side is asked as well."""
    diagnosis, _ = explained(denied(), accounts().principal(USER))
    assert diagnosis.verdict is Verdict.DENIED
    assert diagnosis.fixes[0].edits[0].account == OTHER
    assert f"account {ACCOUNT}" in diagnosis.fixes[-1].title


def test_only_the_roles_side_is_known_and_allows() -> None:
    """The trust policy is fine: the caller's administrators are asked, with the command that answers it."""
    builder = SnapshotBuilder().settings(no_organization=True).principal(ROLE, trust=trusting({"AWS": OTHER}))
    diagnosis, _ = explained(denied(), builder)
    assert f"so the denial comes from account {OTHER}" in diagnosis.headline
    assert f"--policy-source-arn {USER} --action-names {ASSUME} --resource-arns {ROLE}" in diagnosis.fixes[0].steps[0]


def test_only_the_roles_side_is_known_and_denies() -> None:
    """The trust policy names somebody else: that much is certain without the other account."""
    builder = SnapshotBuilder().settings(no_organization=True).principal(ROLE, trust=trusting({"AWS": CI}))
    diagnosis, _ = explained(denied(), builder)
    assert diagnosis.verdict is Verdict.DENIED
    assert diagnosis.causes[0].check is not None
    assert diagnosis.causes[0].check.type is CheckType.RESOURCE


def test_role_chaining_is_explained_to_sessions_only() -> None:
    """A session that opens another is limited to one hour; a user's is not."""
    chained, _ = explained(denied(CI_SESSION), trusted({"AWS": USER}))
    assert any("one hour at most" in text for text in chained.identity)
    plain, _ = explained(denied(USER), trusted({"AWS": CI}))
    assert not any("one hour" in text for text in plain.identity)


def test_root_user_cannot_assume_and_no_policy_is_proposed() -> None:
    """Root of the trusted account: a principal that is named in the trust policy, and still never can."""
    root = f"arn:aws:iam::{OTHER}:root"
    diagnosis, snapshot = explained(denied(root), trusted({"AWS": OTHER}))
    assert not any(fix.edits for fix in diagnosis.fixes)
    assert "the root user cannot" in diagnosis.fixes[0].title
    assert effect(snapshot, None, root) in DENIED


def test_direct_call_misses_both_sides() -> None:
    """Without a role: the policy of the model package group, and the caller's own, each with its administrator."""
    group = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:model-package-group/churn"
    package = group.replace("-group/churn", "/churn/3")
    builder = accounts().principal(USER).resource_policy(group, None)
    builder.answer(ACCOUNT, "ram", "list-resources", {"resources": []}, region="us-east-1")
    diagnosis, _ = explained(denied(action="sagemaker:DescribeModelPackage", resource=package), builder)
    fix = next(tried(diagnosis))
    assert {edit.account for edit in fix.edits} == {ACCOUNT, OTHER}
    assert any("the policy of the resource (does not)" in text for text in diagnosis.identity)


def test_what_cannot_be_shared_is_reached_by_a_role() -> None:
    """A training job has no policy of its own: no edit helps, a role of its account does."""
    job = JOB.replace(OTHER, ACCOUNT)
    everything = policy(allow("*"))
    diagnosis, _ = explained(
        denied(action="sagemaker:DescribeTrainingJob", resource=job),
        accounts().principal(USER, inline={"all": everything}).account(ACCOUNT),
    )
    assert not any(fix.edits for fix in diagnosis.fixes)
    assert any(f"assume a role in account {ACCOUNT}" in fix.title for fix in diagnosis.fixes)


@pytest.mark.parametrize("elsewhere", [True, False])
def test_a_name_means_the_own_account(elsewhere: bool) -> None:
    """DescribeTrainingJob takes a name. If the job is in the other account, a permission in the own one finds nothing."""
    builder = accounts().principal(USER).account(ACCOUNT)
    if elsewhere:
        builder.answer(
            ACCOUNT,
            "sagemaker",
            "describe-training-job",
            {"TrainingJobName": "widget"},
            name="widget",
            region="us-east-1",
        )
    diagnosis, _ = explained(denied(action="sagemaker:DescribeTrainingJob", resource=JOB), builder)
    told = [text for text in diagnosis.identity if "takes a name" in text]
    assert bool(told) is elsewhere
    assert not elsewhere or JOB.replace(OTHER, ACCOUNT) in told[0]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("assume-role.txt", f"{ACCOUNT} in the role's trust policy (does not)"),
        ("model-package.txt", f"{ACCOUNT} in the policy of the resource (does not)"),
    ],
)
def test_the_example_tells_both_sides(name: str, words: str) -> None:
    """The example of a user from outside: her own side allows, the other does not."""
    snapshot = Snapshot.load(EXAMPLE / "snapshot")
    diagnosis = diagnose((EXAMPLE / name).read_text(encoding="utf-8"), snapshot)
    assert any(words in text and "own policies (does)" in text for text in diagnosis.identity)
    assert diagnosis.verdict is Verdict.DENIED
