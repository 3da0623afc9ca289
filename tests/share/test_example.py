"""The example with two accounts, a vendor and an OIDC provider: each plan of its README, with those who get in and who do not."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from tests.share.asked import BRANCH, MPG, OIDC, OTHER, OWNER, ROLE, VENDOR

from sagepass.catalog.sharing import Mechanism
from sagepass.engine.authorize import authorize
from sagepass.engine.request import Request
from sagepass.jobs.share.approaches import intended, strangers
from sagepass.jobs.share.plan_for import plan_share
from sagepass.jobs.share.question import ShareQuestion
from sagepass.jobs.share.report import ShareReport, ShareVerdict
from sagepass.jobs.share.worlds import real_world
from sagepass.policy.kinds import CheckType, Effect
from sagepass.snapshot.snapshot import Snapshot

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "outside-my-account"
GROUP, VERSIONS = MPG, MPG.replace("model-package-group/churn", "model-package/churn/3")
SCANNER = f"arn:aws:iam::{VENDOR}:role/model-scanner"


@pytest.fixture(scope="module")
def saved() -> Snapshot:
    """The accounts of the example."""
    return Snapshot.load(EXAMPLE / "snapshot")


def carried_out(report: ShareReport, saved: Snapshot) -> Snapshot:
    """The accounts with the plan in place."""
    return real_world(report.plan, intended(report.plan), strangers(report.plan), saved)


def effect(
    world: Snapshot, principal: str, action: str, resource: str, **context: object
) -> tuple[Effect, set[CheckType]]:
    """What becomes of one request, and which checks decide."""
    request = Request(
        principal=principal,
        action=action,
        resource=resource,
        resource_account=OWNER,
        context=context,
        context_complete=True,
    )
    decision = authorize(request, world)
    return decision.effect, set(decision.decided_by)


def test_the_other_account(saved: Snapshot) -> None:
    """Whoever there has the policy describes and deploys version 3 with image, artifacts and key; who has not does not."""
    report = plan_share(ShareQuestion(resource=MPG, who=f"account:{OTHER}"), saved)
    assert (report.verdict, report.plan.mechanism) == (ShareVerdict.READY, Mechanism.POLICY)
    world = carried_out(report, saved)
    theirs = f"arn:aws:iam::{OTHER}:role/example-of-theirs"

    for action, resource in (
        ("sagemaker:CreateModel", VERSIONS),
        ("ecr:BatchGetImage", f"arn:aws:ecr:us-east-1:{OWNER}:repository/churn-inference"),
        ("s3:GetObject", "arn:aws:s3:::example-churn-models/churn/3/model.tar.gz"),
        ("kms:Decrypt", f"arn:aws:kms:us-east-1:{OWNER}:key/0a1b2c3d-1111-2222-3333-444455556666"),
    ):
        assert effect(world, theirs, action, resource)[0] is Effect.ALLOW
        assert effect(saved, f"arn:aws:iam::{OTHER}:user/saanvisarkar", action, resource)[0] is Effect.IMPLICIT_DENY
    assert effect(world, ROLE, "sagemaker:CreateModel", VERSIONS) == (Effect.IMPLICIT_DENY, {CheckType.PRINCIPAL})
    other_key = "arn:aws:s3:::example-churn-models/other/model.tar.gz"
    assert effect(world, theirs, "s3:GetObject", other_key)[0] is Effect.IMPLICIT_DENY


def test_the_vendor(saved: Snapshot) -> None:
    """The scanner, which may assume any role, gets in with the external id alone, and only to the group."""
    report = plan_share(ShareQuestion(resource=MPG, who=f"third-party:{VENDOR}", external_id="own-id-7"), saved)
    assert (report.verdict, report.plan.mechanism) == (ShareVerdict.READY, Mechanism.ROLE)
    world = carried_out(report, saved)
    role = f"arn:aws:iam::{OWNER}:role/share-churn"
    right: dict[str, object] = {"sts:ExternalId": "own-id-7"}

    assert effect(world, SCANNER, "sts:AssumeRole", role, **right)[0] is Effect.ALLOW
    for wrong in ({}, {"sts:ExternalId": "OWN-ID-7"}, {"sts:ExternalId": "another-customer"}):
        assert effect(world, SCANNER, "sts:AssumeRole", role, **wrong) == (Effect.IMPLICIT_DENY, {CheckType.RESOURCE})
    assert effect(world, ROLE, "sts:AssumeRole", role, **right)[0] is Effect.IMPLICIT_DENY
    session = f"arn:aws:sts::{OWNER}:assumed-role/share-churn/scan"
    assert effect(world, session, "sagemaker:DescribeModelPackage", VERSIONS)[0] is Effect.ALLOW
    job = f"arn:aws:sagemaker:us-east-1:{OWNER}:training-job/churn-7"
    assert effect(world, session, "sagemaker:DescribeTrainingJob", job)[0] is Effect.IMPLICIT_DENY
    assert effect(world, session, "sagemaker:DeleteModelPackage", VERSIONS)[0] is Effect.IMPLICIT_DENY


def test_the_oidc_provider(saved: Snapshot) -> None:
    """The workflow of one branch gets in; another branch, another audience and another provider do not."""
    report = plan_share(ShareQuestion(resource=MPG, who=f"oidc:{OIDC}", subject=BRANCH), saved)
    assert (report.verdict, report.plan.mechanism) == (ShareVerdict.READY, Mechanism.ROLE)
    world = carried_out(report, saved)
    role, host = f"arn:aws:iam::{OWNER}:role/share-churn", "token.actions.githubusercontent.com"
    action = "sts:AssumeRoleWithWebIdentity"

    def token(subject: str = BRANCH, audience: str = "sts.amazonaws.com", provider: str = OIDC) -> Effect:
        return effect(world, provider, action, role, **{f"{host}:sub": subject, f"{host}:aud": audience})[0]

    assert token() is Effect.ALLOW
    assert token(subject=BRANCH.replace("main", "feature")) is Effect.IMPLICIT_DENY
    assert token(audience="vault") is Effect.IMPLICIT_DENY
    assert token(provider=OIDC + ".evil") is Effect.IMPLICIT_DENY


def test_one_role_of_the_other_account(saved: Snapshot) -> None:
    """Naming one role is idle while the group's policy lets the whole account in; by a role of ours it is not."""
    directly = plan_share(ShareQuestion(resource=MPG, who=ROLE), saved)
    by_role = plan_share(ShareQuestion(resource=MPG, who=ROLE, mechanism=Mechanism.ROLE), saved)
    assert directly.verdict is ShareVerdict.TOO_OPEN
    assert directly.trial.too_open[0].steps[0].opened_by == "statement PartnerSeesTheGroup of the resource-based policy"
    assert by_role.verdict is ShareVerdict.READY


def test_the_readme_runs(saved: Snapshot) -> None:
    """Every share command of the README comes to what stands beside it there."""
    text = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"^sagepass share ((?:.*\\\n)*.*)$", text, flags=re.MULTILINE)
    told = re.findall(r"`(SHARE_\w+)`", text)
    assert len(commands) == len(told) == 4
    for command, verdict in zip(commands, told, strict=True):
        words = shlex.split(command.replace("\\\n", " "))
        given = dict(zip(words[1::2], words[2::2], strict=True))
        question = ShareQuestion(resource=words[0], who=given["--with"], subject=given.get("--subject"))
        assert given["--snapshot"] == "examples/outside-my-account/snapshot"
        assert plan_share(question, saved).verdict == verdict
