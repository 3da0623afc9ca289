"""What a trust policy can miss the caller by: ids, names, hashes, sessions, tags; and fixes that keep its guards."""

from __future__ import annotations

import pytest
from tests.diagnose.worlds import (
    ASSUME,
    CI,
    CI_SESSION,
    DENIED,
    EXTERNAL_ID,
    MAY,
    ROLE,
    STRANGER,
    USER,
    accounts,
    denied,
    effect,
    event,
    explained,
    notes,
    tried,
    trusted,
)
from tests.repair.worlds import ACCOUNT, OTHER, allow, policy, trusting

from sagepass.engine.authorize import authorize
from sagepass.engine.decision import Difference
from sagepass.engine.request import Request
from sagepass.jobs.diagnosis import Verdict
from sagepass.policy.kinds import Effect

SSO_PATH = f"arn:aws:iam::{OTHER}:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_"
OLD_HASH, NEW_HASH, NEXT_HASH = "fedcba9876543210", "0123456789abcdef", "aaaabbbbccccdddd"


def sso_session(name: str, code: str) -> str:
    """A session of a permission set."""
    return f"arn:aws:sts::{OTHER}:assumed-role/AWSReservedSSO_{name}_{code}/jane"


def test_external_id_that_the_error_does_not_tell_is_deduced() -> None:
    """Everything else allows it, so the id was missing or wrong; the way out is to pass it, not to open the trust policy."""
    diagnosis, snapshot = explained(denied(), trusted({"AWS": OTHER}, Condition=EXTERNAL_ID))
    assert diagnosis.verdict is Verdict.CONDITIONAL
    assert "the one condition that is left was not met: sts:ExternalId" in diagnosis.headline
    assert diagnosis.causes[0].near is not None
    assert diagnosis.causes[0].near.expected == ("Cust-1",)
    first = diagnosis.fixes[0]
    assert "--external-id Cust-1" in first.steps[0]
    assert not any(fix.edits for fix in diagnosis.fixes)
    assert effect(snapshot, None, USER, sts__ExternalId="Cust-1") is Effect.ALLOW


@pytest.mark.parametrize(
    ("given", "difference"),
    [({}, Difference.KEY_ABSENT), ({"externalId": "cust-1"}, Difference.CASE), ({"externalId": "X"}, Difference.VALUE)],
)
def test_external_id_of_an_event_is_compared(given: dict[str, str], difference: Difference) -> None:
    """An event records the parameters: left out, another case, another value are told apart, and the request is changed."""
    diagnosis, _ = explained(event(**given), trusted({"AWS": OTHER}, Condition=EXTERNAL_ID))
    assert diagnosis.verdict is Verdict.DENIED
    near = diagnosis.causes[0].near
    assert near is not None
    assert (near.key, near.difference) == ("sts:ExternalId", difference)
    assert "with regard to case" in notes(diagnosis)
    assert any("no external id among them" in text for text in diagnosis.evidence) is not bool(given)
    first = diagnosis.fixes[0]
    assert not first.edits
    assert first.result is not None
    assert first.result.effect is Effect.ALLOW


def test_new_principal_gets_the_guards_of_its_account() -> None:
    """The policy asks an external id of one role of that account: whoever is added is asked for it too."""
    diagnosis, snapshot = explained(denied(), trusted({"AWS": CI}, Condition=EXTERNAL_ID))
    fix = next(tried(diagnosis))
    assert effect(snapshot, fix, USER, sts__ExternalId="Cust-1") is Effect.ALLOW
    assert effect(snapshot, fix, USER) in DENIED
    assert effect(snapshot, fix, STRANGER, sts__ExternalId="Cust-1") in DENIED
    assert any("--external-id Cust-1" in step for step in fix.steps)


def test_guards_about_the_caller_are_not_taken_over() -> None:
    """A condition on aws:PrincipalArn is about the others; it would keep the new principal out."""
    pattern = {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{OTHER}:role/etl-*"}, **EXTERNAL_ID}
    diagnosis, snapshot = explained(event(externalId="Cust-1"), trusted({"AWS": OTHER}, Condition=pattern))
    fix = next(tried(diagnosis))
    assert effect(snapshot, fix, USER, sts__ExternalId="Cust-1") is Effect.ALLOW
    assert effect(snapshot, fix, USER) in DENIED
    assert effect(snapshot, fix, STRANGER, sts__ExternalId="Cust-1") in DENIED
    assert any("asks others of account 444455556666 for aws:PrincipalArn" in warning for warning in fix.warnings)


def test_id_of_a_deleted_role_gets_its_arn_back() -> None:
    """AROA… stands where a role was deleted: making the role again does not help, putting the ARN back does."""
    diagnosis, snapshot = explained(denied(CI_SESSION), trusted({"AWS": "AROAOLDOLDOLDOLDOLD1"}))
    assert "whose id that was cannot be told" in notes(diagnosis)
    assert "deleted" in (diagnosis.causes[0].near.sentence if diagnosis.causes[0].near else "")
    assert effect(snapshot, None, CI) in DENIED
    fix = next(tried(diagnosis))
    assert fix.title.startswith("put the ARN back in the place of AROAOLDOLDOLDOLDOLD1")
    assert "AROAOLD" not in str(fix.edits[0].after)
    assert effect(snapshot, fix, CI) is Effect.ALLOW
    assert effect(snapshot, fix, USER) in DENIED


def test_id_of_a_deleted_user_under_an_external_id() -> None:
    """AIDA… and a condition: the ARN comes back, the condition stays, and the request has to meet it."""
    diagnosis, snapshot = explained(denied(), trusted({"AWS": "AIDAOLDOLDOLDOLDOLD1"}, Condition=EXTERNAL_ID))
    fix = next(tried(diagnosis))
    assert "AIDAOLD" not in str(fix.edits[0].after)
    assert effect(snapshot, fix, USER, sts__ExternalId="Cust-1") is Effect.ALLOW
    assert effect(snapshot, fix, USER) in DENIED
    assert any("--external-id Cust-1" in step for step in fix.steps)


def test_id_of_somebody_who_lives_is_left_alone() -> None:
    """A unique id that belongs to another role was written on purpose: the caller is added, nobody is put out."""
    living = f"arn:aws:iam::{OTHER}:role/living"
    builder = trusted({"AWS": "AROALIVINGLIVINGLIV1"}).principal(
        living, inline={"go": MAY}, unique_id="AROALIVINGLIVINGLIV1"
    )
    diagnosis, snapshot = explained(denied(CI_SESSION), builder)
    fix = next(tried(diagnosis))
    assert effect(snapshot, fix, CI) is Effect.ALLOW
    assert effect(snapshot, fix, living) is Effect.ALLOW


def test_id_of_somebody_who_lives_is_left_alone_in_a_bucket() -> None:
    """The same for any policy of a resource: no fix takes the access of the one who is meant."""
    bucket, living = "arn:aws:s3:::partner-data", f"arn:aws:iam::{OTHER}:role/living"
    named = {
        "Effect": "Allow",
        "Principal": {"AWS": "AROALIVINGLIVINGLIV1"},
        "Action": "s3:GetObject",
        "Resource": f"{bucket}/*",
    }
    builder = accounts().resource_policy(bucket, policy(named), account=ACCOUNT)
    read = policy(allow("s3:GetObject"))
    builder.principal(living, inline={"r": read}, unique_id="AROALIVINGLIVINGLIV1").principal(CI, inline={"r": read})
    diagnosis, snapshot = explained(denied(CI_SESSION, action="s3:GetObject", resource=f"{bucket}/x"), builder)
    fixes = list(tried(diagnosis))
    assert fixes
    for fix in fixes:
        changed = snapshot.with_changes([edit.change for edit in fix.edits])
        for who in (living, CI):
            request = Request(principal=who, action="s3:GetObject", resource=f"{bucket}/x")
            assert authorize(request, changed).effect is Effect.ALLOW, fix.title


def test_permission_set_is_trusted_by_its_pattern() -> None:
    """The hash of the role changed. Naming the new role would last until the next change: the pattern outlives it.

    It lets no other permission set in, not even one whose name begins with the same words.
    """
    builder = accounts().principal(ROLE, trust=trusting({"AWS": f"{SSO_PATH}DataScientist_{OLD_HASH}"}))
    for name, code in (("DataScientist", NEW_HASH), ("DataScientist", NEXT_HASH), ("DataScientist_Lead", NEW_HASH)):
        builder.principal(f"{SSO_PATH}{name}_{code}", inline={"AwsSSOInlinePolicy": MAY})
    diagnosis, snapshot = explained(denied(sso_session("DataScientist", NEW_HASH)), builder)
    assert "another hash" in notes(diagnosis)
    fix = next(tried(diagnosis))
    for name, code, expected in (
        ("DataScientist", NEW_HASH, {Effect.ALLOW}),
        ("DataScientist", NEXT_HASH, {Effect.ALLOW}),
        ("DataScientist_Lead", NEW_HASH, DENIED),
    ):
        assert effect(snapshot, fix, sso_session(name, code)) in expected
    assert effect(snapshot, fix, STRANGER) in DENIED
    assert "every session of the permission set DataScientist" in fix.grants[0]


def test_one_session_that_is_named_is_not_the_role() -> None:
    """The trust policy names the session build-6; the caller is build-7."""
    named = CI_SESSION.replace("build-7", "build-6")
    diagnosis, snapshot = explained(denied(CI_SESSION), trusted({"AWS": named}))
    assert "it names the one session build-6 of the role" in notes(diagnosis)
    fix = next(tried(diagnosis))
    assert effect(snapshot, fix, CI_SESSION.replace("build-7", "build-8")) is Effect.ALLOW
    assert effect(snapshot, fix, USER) in DENIED


def test_session_name_that_the_trust_policy_asks_for() -> None:
    """sts:RoleSessionName is chosen by the caller: the request is changed."""
    wanted = {"StringEquals": {"sts:RoleSessionName": "audit"}}
    diagnosis, _ = explained(denied(), trusted({"AWS": OTHER}, Condition=wanted))
    assert "--role-session-name audit" in diagnosis.fixes[0].steps[0]
    assert not diagnosis.fixes[0].edits


@pytest.mark.parametrize("action", ["sts:TagSession", "sts:SetSourceIdentity"])
def test_actions_that_come_with_assume_role(action: str) -> None:
    """The role may be assumed, and the call also passes tags or a source identity: the trust policy has to allow that too."""
    diagnosis, snapshot = explained(denied(CI_SESSION, action=action), trusted({"AWS": CI}))
    assert effect(snapshot, None, CI) is Effect.ALLOW
    assert effect(snapshot, None, CI, action=action) in DENIED
    assert any(
        ("session tags" if action.endswith("TagSession") else "source identity") in t for t in diagnosis.identity
    )
    fix = next(tried(diagnosis))
    assert effect(snapshot, fix, CI, action=action) is Effect.ALLOW
    assert effect(snapshot, fix, USER, action=action) in DENIED


def test_source_identity_needs_the_callers_policies_too() -> None:
    """When chaining, the caller's own policies have to allow sts:SetSourceIdentity: the trust policy alone is not enough."""
    trust = policy(*trusting({"AWS": CI}, action=[ASSUME, "sts:SetSourceIdentity"])["Statement"])  # type: ignore[misc]
    builder = accounts().principal(ROLE, trust=trust).principal(CI, inline={"go": policy(allow(ASSUME, ROLE))})
    diagnosis, snapshot = explained(denied(CI_SESSION, action="sts:SetSourceIdentity"), builder)
    fix = next(tried(diagnosis))
    assert [edit.account for edit in fix.edits] == [OTHER]
    assert effect(snapshot, fix, CI, action="sts:SetSourceIdentity") is Effect.ALLOW


def test_mfa_of_a_chained_session_is_explained() -> None:
    """A session of a role never carries MFA: the note says who can."""
    diagnosis, _ = explained(
        denied(), trusted({"AWS": OTHER}, Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})
    )
    assert "carries nothing about MFA" in notes(diagnosis)
