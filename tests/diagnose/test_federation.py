"""Denials of AssumeRoleWithWebIdentity and AssumeRoleWithSAML, and the errors of STS that no policy decides."""

from __future__ import annotations

import pytest
from tests.diagnose.worlds import (
    AUDIENCE,
    DENIED,
    GITHUB,
    ROLE,
    SUBJECT,
    accounts,
    effect,
    explained,
    notes,
    tried,
    web_identity_event,
)
from tests.repair.worlds import ACCOUNT, policy, trusting

from sagepass.engine.decision import Difference
from sagepass.jobs.diagnose import diagnose
from sagepass.jobs.diagnosis import Verdict
from sagepass.policy.kinds import Effect
from sagepass.snapshot.build import SnapshotBuilder

WEB, SAML = "sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML"
CONDITIONS = {"StringEquals": {AUDIENCE: "sts.amazonaws.com"}, "StringLike": {SUBJECT: "repo:acme/ml:*"}}
CORP = f"arn:aws:iam::{ACCOUNT}:saml-provider/Corp"


def refused(action: str) -> str:
    """AWS's sentence, which names neither the caller nor the role."""
    name = action.partition(":")[2]
    return f"An error occurred (AccessDenied) when calling the {name} operation: Not authorized to perform {action}"


def deploying(**conditions: object) -> SnapshotBuilder:
    """A role that workflows of GitHub may assume."""
    return accounts().principal(
        ROLE, trust=trusting({"Federated": GITHUB}, action=WEB, Condition=conditions or CONDITIONS)
    )


def test_bare_message_leads_to_the_role_and_its_conditions() -> None:
    """The only role that trusts a provider: what its conditions ask of the token is what was not met."""
    diagnosis, _ = explained(refused(WEB), deploying())
    assert diagnosis.decision is not None
    assert diagnosis.decision.request.resource == ROLE
    assert diagnosis.decision.request.principal == GITHUB
    assert "one of the conditions was not met" in diagnosis.headline
    assert any("the text does not name the role" in text for text in diagnosis.evidence)
    (first, *_) = diagnosis.fixes
    assert first.title.startswith("compare the token with")
    assert f"{SUBJECT} has to satisfy StringLike repo:acme/ml:*" in first.steps
    assert not any(fix.edits for fix in diagnosis.fixes)


def test_several_roles_are_told_apart() -> None:
    """Two roles trust providers for this call: each is decided, and the text cannot say which."""
    builder = deploying().principal(f"{ROLE}-2", trust=trusting({"Federated": GITHUB}, action=WEB))
    diagnosis, _ = explained(refused(WEB), builder)
    assert {candidate.decision.effect for candidate in diagnosis.candidates} == {Effect.UNKNOWN, Effect.ALLOW}


def test_no_role_allows_the_call_at_all() -> None:
    """Nobody in the snapshot is let in by SAML: said, and nothing decided."""
    diagnosis, _ = explained(refused(SAML), deploying())
    assert diagnosis.verdict is Verdict.REPORTED
    assert any(f"no role of the snapshot lets anybody {SAML}" in limit for limit in diagnosis.limits)


def test_wrong_subject_of_an_event() -> None:
    """Another repository: the exact subject is added, and no other subject gets in by that."""
    other = "repo:acme/web:ref:refs/heads/main"
    diagnosis, snapshot = explained(web_identity_event(other), deploying())
    near = diagnosis.causes[0].near
    assert near is not None
    assert (near.key, near.actual) == (SUBJECT, (other,))
    assert "repository" in notes(diagnosis)
    fix = next(tried(diagnosis))
    assert fix.edits
    token = {"sts__x": None, AUDIENCE: "sts.amazonaws.com"}
    assert effect(snapshot, fix, GITHUB, action=WEB, **{**token, SUBJECT: other}) is Effect.ALLOW
    assert effect(snapshot, fix, GITHUB, action=WEB, **{**token, SUBJECT: "repo:mallory/web:ref:x"}) in DENIED
    assert effect(snapshot, fix, GITHUB, action=WEB, **{SUBJECT: other, AUDIENCE: "other"}) in DENIED


def test_subject_that_differs_by_case_only() -> None:
    """GitHub writes the organization as it is spelled: a policy in small letters does not match it."""
    equal = {"StringEquals": {AUDIENCE: "sts.amazonaws.com", SUBJECT: "repo:acme/ml:ref:refs/heads/main"}}
    diagnosis, _ = explained(web_identity_event("repo:Acme/ml:ref:refs/heads/main"), deploying(**equal))
    near = diagnosis.causes[0].near
    assert near is not None
    assert near.difference is Difference.CASE


def test_wrong_audience_of_an_event_is_changed_in_the_request() -> None:
    """The subject fits, the audience does not: the token is to be requested for the audience that the policy names."""
    diagnosis, _ = explained(web_identity_event("repo:acme/ml:ref:x", audience="https://github.com/acme"), deploying())
    assert diagnosis.causes[0].near is not None
    assert diagnosis.causes[0].near.key == AUDIENCE
    first = diagnosis.fixes[0]
    assert "request the token for the audience" in first.title
    assert not first.edits


def test_provider_that_the_trust_policy_does_not_name() -> None:
    """A role that trusts SAML only, asked by GitHub: the provider is what is missing, and its subject is kept in the fix."""
    builder = accounts().principal(ROLE, trust=trusting({"Federated": CORP}, action=SAML))
    diagnosis, snapshot = explained(web_identity_event("repo:acme/ml:ref:x"), builder)
    assert diagnosis.verdict is Verdict.DENIED
    fix = next(tried(diagnosis))
    inside = {AUDIENCE: "sts.amazonaws.com", SUBJECT: "repo:acme/ml:ref:x"}
    assert effect(snapshot, fix, GITHUB, action=WEB, **inside) is Effect.ALLOW
    assert effect(snapshot, fix, GITHUB, action=WEB, **{**inside, SUBJECT: "repo:mallory/x:ref:x"}) in DENIED


def test_saml_role_by_its_conditions() -> None:
    """A role for SAML with an audience: what the assertion has to say, and where to look."""
    conditions = {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}
    builder = accounts().principal(ROLE, trust=trusting({"Federated": CORP}, action=SAML, Condition=conditions))
    diagnosis, _ = explained(refused(SAML), builder)
    assert diagnosis.fixes[0].title.startswith("compare the assertion with")
    assert any("SAML:aud has to satisfy" in step for step in diagnosis.fixes[0].steps)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            (
                "An error occurred (ValidationError) when calling the AssumeRole operation: The requested DurationSeconds "
                "exceeds the 1 hour session limit for roles assumed by role chaining."
            ),
            "one hour at most",
        ),
        (
            (
                "An error occurred (ValidationError) when calling the AssumeRole operation: The requested DurationSeconds "
                "exceeds the MaxSessionDuration set for this role."
            ),
            "MaxSessionDuration",
        ),
        (
            "An error occurred (AccessDenied) when calling the AssumeRole operation: Roles may not be assumed by root accounts.",
            "the root user cannot call AssumeRole",
        ),
        (
            (
                "An error occurred (InvalidIdentityToken) when calling the AssumeRoleWithWebIdentity operation: Incorrect token "
                "audience"
            ),
            "audience",
        ),
        (
            (
                "An error occurred (InvalidIdentityToken) when calling the AssumeRoleWithWebIdentity operation: No "
                "OpenIDConnect provider found in your account for https://token.actions.githubusercontent.com"
            ),
            "create the identity provider",
        ),
    ],
)
@pytest.mark.parametrize("with_snapshot", [True, False])
def test_errors_that_no_policy_decides(text: str, words: str, *, with_snapshot: bool) -> None:
    """STS says what is wrong: the way out is told, and no policy is blamed or changed."""
    snapshot = deploying().build() if with_snapshot else None
    diagnosis = diagnose(text, snapshot)
    (fix,) = diagnosis.fixes
    assert words in fix.title
    assert not fix.edits
    assert diagnosis.decision is None


@pytest.mark.parametrize("action", [WEB, SAML])
def test_without_policies_the_text_leads_to_the_trust_policy(action: str) -> None:
    """Nothing but the message: where the two halves lie that have to fit, and how to see them."""
    (fix,) = diagnose(refused(action)).fixes
    assert "aws iam get-role" in fix.steps[0]
    assert ("SAML:aud" if action == SAML else "repo:ORG/REPO") in fix.steps[1]


def test_provider_and_role_can_be_stated() -> None:
    """What the text leaves out can be said beside it: the role, and the provider that issued the token."""
    other = f"arn:aws:iam::{ACCOUNT}:oidc-provider/gitlab.com"
    diagnosis = diagnose(refused(WEB), deploying().build(), caller=other, resource=ROLE)
    assert diagnosis.decision is not None
    assert (diagnosis.decision.request.principal, diagnosis.decision.request.resource) == (other, ROLE)
    assert diagnosis.verdict is Verdict.DENIED


def test_policy_without_a_provider_is_no_trust() -> None:
    """A user that may do everything, and a role that trusts the account: neither makes a federated identity fit."""
    builder = accounts().principal(ROLE, trust=policy(*trusting({"AWS": ACCOUNT}, action="sts:*")["Statement"]))  # type: ignore[misc]
    diagnosis, _ = explained(web_identity_event("repo:acme/ml:ref:x"), builder)
    assert diagnosis.verdict is Verdict.DENIED
