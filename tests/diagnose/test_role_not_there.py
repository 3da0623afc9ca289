"""Roles that a call names and the account does not have: which one was meant, and what to do."""

from __future__ import annotations

from tests.repair.worlds import ACCOUNT, allow, policy, trusting

from sagepass.jobs.diagnose import diagnose
from sagepass.jobs.diagnosis import Diagnosis, Verdict
from sagepass.repair.fix import Applicability
from sagepass.snapshot.build import SnapshotBuilder

USER = f"arn:aws:iam::{ACCOUNT}:user/mary"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/service-role/Execution"
WITHOUT_PATH = f"arn:aws:iam::{ACCOUNT}:role/Execution"
SERVICE = {"Service": "sagemaker.amazonaws.com"}


def not_assumed(role: str) -> str:
    """SageMaker's sentence, the same for a role that is not there and for one that does not trust it."""
    return (
        f"An error occurred (ValidationException) when calling the CreateTrainingJob operation: Could not assume role {role}. "
        "Please ensure that the role exists and allows principal 'sagemaker.amazonaws.com' to assume the role."
    )


def not_passed(role: str) -> str:
    """AWS's sentence about iam:PassRole."""
    return (
        f"User: {USER} is not authorized to perform: iam:PassRole on resource: {role} because no identity-based policy "
        "allows the iam:PassRole action"
    )


def explained(text: str, may_pass: str, trust: object = SERVICE) -> Diagnosis:
    """In an account with one role, which a user may pass."""
    builder = SnapshotBuilder().settings(no_organization=True).principal(ROLE, trust=trusting(trust))
    builder.principal(USER, inline={"pass": policy(allow("iam:PassRole", may_pass))})
    return diagnose(text, builder.build())


def test_a_role_at_another_path_is_named_and_tried() -> None:
    """The name is unique in the account, so the ARN with the right path is the way out; it was decided in its place."""
    diagnosis = explained(not_assumed(WITHOUT_PATH), ROLE)
    assert "the role Execution lies at another path" in diagnosis.headline
    assert diagnosis.verdict is Verdict.CONDITIONAL
    (fix,) = diagnosis.fixes
    assert (ROLE in fix.title, fix.applicability) == (True, Applicability.LIKELY)


def test_a_role_that_does_not_trust_the_service_either_needs_both() -> None:
    """The right ARN comes first, and with it the change of the trust policy."""
    diagnosis = explained(not_assumed(WITHOUT_PATH), ROLE, trust={"Service": "ec2.amazonaws.com"})
    first, *others = diagnosis.fixes
    assert first.applicability is Applicability.DISPLAY_ONLY
    assert ROLE in first.steps[0]
    assert any(edit.change.holder == ROLE for fix in others for edit in fix.edits)


def test_a_role_that_is_there_is_no_missing_role() -> None:
    """SageMaker's sentence about a role that exists is about its trust policy."""
    diagnosis = explained(not_assumed(ROLE), ROLE, trust={"Service": "ec2.amazonaws.com"})
    assert diagnosis.verdict is Verdict.DENIED
    assert "has no role" not in diagnosis.headline


def test_a_role_of_no_similar_name_has_to_be_made() -> None:
    """Nothing is guessed: the answer says that the account has no such role, and how one is written."""
    diagnosis = explained(not_assumed(f"arn:aws:iam::{ACCOUNT}:role/zz9"), ROLE)
    assert f"account {ACCOUNT} has no role zz9" in diagnosis.headline
    (fix,) = diagnosis.fixes
    assert "--write-role zz9" in fix.steps[-1]


def test_an_account_that_was_not_collected_has_roles_that_nobody_knows() -> None:
    """Without the list of its roles none is called missing."""
    diagnosis = explained(not_assumed("arn:aws:iam::444455556666:role/x"), ROLE)
    assert "has no role" not in diagnosis.headline


def test_passing_a_role_at_another_path_is_repaired_by_its_name() -> None:
    """The caller may pass the role that was meant: no policy is changed, least of all one about a role that is not there."""
    diagnosis = explained(not_passed(WITHOUT_PATH), ROLE)
    (fix,) = diagnosis.fixes
    assert (ROLE in fix.title, fix.applicability, fix.edits) == (True, Applicability.LIKELY, ())


def test_passing_a_role_at_another_path_that_may_not_be_passed_is_about_the_role_meant() -> None:
    """Where the policy has to change as well, it changes for the role that exists."""
    diagnosis = explained(not_passed(WITHOUT_PATH), f"arn:aws:iam::{ACCOUNT}:role/other")
    assert ROLE in diagnosis.fixes[0].title
    changed = [fix for fix in diagnosis.fixes if fix.edits]
    assert changed
    assert all(row[2] == ROLE for fix in changed for row in fix.grants_data)


def test_from_the_text_alone_the_way_is_to_look_and_to_trust() -> None:
    """The sentence has two causes; the first step tells them apart, the second repairs the trust policy."""
    (fix,) = diagnose(not_assumed(WITHOUT_PATH)).fixes
    assert "aws iam get-role --role-name Execution" in fix.steps[0]
    assert '"Service": "sagemaker.amazonaws.com"' in fix.steps[1]


def test_a_trust_policy_without_set_source_identity_is_named_where_it_allows_the_rest() -> None:
    """The snapshot allows AssumeRole, and Studio was refused: what its domain may have asked for beside it is told."""
    text = f"SageMaker is unable to assume your associated ExecutionRole [{ROLE}]."
    told = [note for note in explained(text, ROLE).identity if "sts:SetSourceIdentity" in note]
    assert len(told) == 1
    builder = SnapshotBuilder().settings(no_organization=True)
    both = trusting(SERVICE, action=["sts:AssumeRole", "sts:SetSourceIdentity"])
    diagnosis = diagnose(text, builder.principal(ROLE, trust=both).build())
    assert not any("sts:SetSourceIdentity" in note for note in diagnosis.identity)
