"""AWS's own messages about actions that take no resource name an ARN; what is said and proposed rests on ``*``."""

from __future__ import annotations

import pytest

from sagepass.engine.decision import Difference
from sagepass.jobs.diagnose import diagnose
from sagepass.jobs.diagnosis import Diagnosis, Verdict
from sagepass.policy.kinds import Effect
from sagepass.repair.fix import Applicability
from sagepass.snapshot.build import SnapshotBuilder

ACCOUNT = "111122223333"
ROLE, SESSION = f"arn:aws:iam::{ACCOUNT}:role/Exec", f"arn:aws:sts::{ACCOUNT}:assumed-role/Exec/job"
DOMAINS, ROLES = f"arn:aws:sagemaker:us-west-2:{ACCOUNT}:domain/*", f"arn:aws:iam::{ACCOUNT}:role/*"
SILENT = "because no identity-based policy allows the {action} action"
DENIED = "with an explicit deny in an identity-based policy"
Statement = dict[str, object]


def said(effect: str, resource: str, action: str = "sagemaker:ListDomains") -> Statement:
    """A statement."""
    return {"Effect": effect, "Action": action, "Resource": resource}


def explained(
    *statements: Statement, tail: str, action: str = "sagemaker:ListDomains", resource: str = DOMAINS
) -> Diagnosis:
    """What is said to AWS's sentence, where the role has these statements."""
    inline = {"p": {"Version": "2012-10-17", "Statement": list(statements)}}
    snapshot = SnapshotBuilder().settings(no_organization=True).principal(ROLE, inline=inline).build()
    text = (
        f"User: {SESSION} is not authorized to perform: {action} on resource: {resource} {tail.format(action=action)}"
    )
    return diagnose(text, snapshot)


@pytest.mark.parametrize(("action", "resource"), [("sagemaker:ListDomains", DOMAINS), ("iam:ListRoles", ROLES)])
def test_allowed_on_the_arn_of_the_message(action: str, resource: str) -> None:
    """The statement on that very ARN comes nearest, grants nothing, and the fix says ``*``."""
    found = explained(said("Allow", resource, action), tail=SILENT, action=action, resource=resource)
    assert found.verdict is Verdict.DENIED
    assert found.decision is not None
    misses = [miss for check in found.decision.checks for miss in check.nearest]
    assert [miss.difference for miss in misses] == [Difference.NEEDS_STAR]
    first = found.fixes[0]
    assert first.edits[0].statement == {"Effect": "Allow", "Action": action, "Resource": "*"}
    assert first.applicability is Applicability.PROVEN


def test_allowed_on_star() -> None:
    """The snapshot allows it now, and the message is older than it."""
    assert explained(said("Allow", "*"), tail=SILENT).verdict is Verdict.ALLOWED_NOW


def test_denied_on_the_arn_of_the_message() -> None:
    """The one Deny that the message can mean is named, though by the documentation it would not count, and an exception offered."""
    found = explained(said("Allow", "*"), said("Deny", DOMAINS), tail=DENIED)
    assert found.verdict is Verdict.CONDITIONAL
    assert "the only one of those supplied that can" in found.headline
    assert "AWS documents that the action takes no resource" in found.headline
    exception = found.fixes[0]
    assert exception.title == "exempt role Exec from the deny in p"
    assert exception.result is not None
    assert exception.result.effect is Effect.ALLOW


def test_denied_on_star() -> None:
    """An exception for one ARN would be none: the whole statement passes the role by, and nothing else gets through."""
    found = explained(said("Allow", "*"), said("Deny", "*"), tail=DENIED)
    assert found.verdict is Verdict.DENIED
    assert [fix.title for fix in found.fixes] == ["exempt role Exec from the deny in p"]
    assert found.fixes[0].applicability is Applicability.PROVEN
