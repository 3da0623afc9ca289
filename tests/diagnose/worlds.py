"""Roles between two accounts, and the errors that people get there."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.repair.worlds import ACCOUNT, OTHER, allow, policy, trusting

from sagepass.engine.authorize import authorize
from sagepass.engine.request import Request
from sagepass.jobs.diagnose import diagnose
from sagepass.jobs.diagnosis import Diagnosis
from sagepass.policy.kinds import Effect
from sagepass.repair.fix import Fix
from sagepass.snapshot.build import SnapshotBuilder
from sagepass.snapshot.snapshot import Snapshot

ROLE = f"arn:aws:iam::{ACCOUNT}:role/partner"
USER = f"arn:aws:iam::{OTHER}:user/saanvi"
STRANGER = f"arn:aws:iam::{OTHER}:user/stranger"
CI = f"arn:aws:iam::{OTHER}:role/ci"
CI_SESSION = f"arn:aws:sts::{OTHER}:assumed-role/ci/build-7"
GITHUB = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
AUDIENCE, SUBJECT = "token.actions.githubusercontent.com:aud", "token.actions.githubusercontent.com:sub"
ASSUME = "sts:AssumeRole"
EXTERNAL_ID = {"StringEquals": {"sts:ExternalId": "Cust-1"}}
MAY = policy(allow([ASSUME, "sts:TagSession", "sts:SetSourceIdentity"], ROLE))


def accounts() -> SnapshotBuilder:
    """Two accounts in no organization; a stranger who may assume everything."""
    return SnapshotBuilder().settings(no_organization=True).principal(STRANGER, inline={"all": policy(allow("*"))})


def trusted(principal: object, **more: object) -> SnapshotBuilder:
    """The role of one account that trusts somebody of the other; Saanvi and the build may assume it."""
    builder = accounts().principal(ROLE, trust=trusting(principal, **more))
    builder.principal(USER, inline={"go": MAY})
    return builder.principal(CI, inline={"go": MAY}, unique_id="AROANEWNEWNEWNEWNEW1")


def denied(who: str = USER, action: str = ASSUME, resource: str = ROLE, why: str = "") -> str:
    """AWS's sentence."""
    return f"User: {who} is not authorized to perform: {action} on resource: {resource}{why}"


def event(who: str = USER, **parameters: str) -> str:
    """A CloudTrail event of AssumeRole, which records the parameters of the call."""
    return json.dumps(
        {
            "eventVersion": "1.08",
            "userIdentity": {"type": "IAMUser", "arn": who, "accountId": OTHER, "userName": "saanvi"},
            "eventSource": "sts.amazonaws.com",
            "eventName": "AssumeRole",
            "awsRegion": "us-east-1",
            "errorCode": "AccessDenied",
            "errorMessage": denied(who),
            "requestParameters": {"roleArn": ROLE, "roleSessionName": "s", **parameters},
        }
    )


def web_identity_event(subject: str, audience: str = "sts.amazonaws.com") -> str:
    """A CloudTrail event of AssumeRoleWithWebIdentity, which records audience and subject of the token."""
    return json.dumps(
        {
            "eventVersion": "1.08",
            "userIdentity": {
                "type": "WebIdentityUser",
                "principalId": f"{GITHUB}:{audience}:{subject}",
                "userName": subject,
                "identityProvider": GITHUB,
            },
            "eventSource": "sts.amazonaws.com",
            "eventName": "AssumeRoleWithWebIdentity",
            "awsRegion": "us-east-1",
            "errorCode": "AccessDenied",
            "errorMessage": "Not authorized to perform sts:AssumeRoleWithWebIdentity",
            "requestParameters": {"roleArn": ROLE, "roleSessionName": "s"},
        }
    )


def explained(text: str, builder: SnapshotBuilder) -> tuple[Diagnosis, Snapshot]:
    """The diagnosis of one error, and the accounts it was made from."""
    snapshot = builder.build()
    return diagnose(text, snapshot), snapshot


def notes(diagnosis: Diagnosis) -> str:
    """The notes of the first cause."""
    return " ".join(diagnosis.causes[0].notes)


def tried(diagnosis: Diagnosis) -> Iterator[Fix]:
    """The fixes that were applied and decided again."""
    return (fix for fix in diagnosis.fixes if fix.result is not None and not fix.optional)


def effect(snapshot: Snapshot, fix: Fix | None, who: str, action: str = ASSUME, **context: object) -> Effect:
    """What a request to the role comes to with a fix made; every key that is not given is absent."""
    changed = snapshot if fix is None else snapshot.with_changes([edit.change for edit in fix.edits])
    values = {key.replace("__", ":"): value for key, value in context.items()}
    request = Request(principal=who, action=action, resource=ROLE, context=values, context_complete=True)
    return authorize(request, changed).effect


DENIED = {Effect.IMPLICIT_DENY, Effect.EXPLICIT_DENY}
