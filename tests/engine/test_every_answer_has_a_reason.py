"""No answer but ALLOW comes without a check that says why, whatever is silent, open or missing at the same time."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from sagepass.engine.authorize import authorize
from sagepass.engine.request import Request
from sagepass.policy.kinds import Effect
from sagepass.snapshot.build import SnapshotBuilder
from sagepass.snapshot.snapshot import Snapshot

OWN, OTHER = "123456789012", "444455556666"
KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab"
OPEN = {"StringEquals": {"aws:SourceIdentity": "somebody"}}
"""A condition on a key that these requests leave open."""
SAID: dict[str, list[dict[str, Any]]] = {
    "allows": [{"Effect": "Allow"}],
    "is silent": [],
    "may allow": [{"Effect": "Allow", "Condition": OPEN}],
    "allows and may deny": [{"Effect": "Allow"}, {"Effect": "Deny", "Condition": OPEN}],
    "may allow and may deny": [{"Effect": "Allow", "Condition": OPEN}, {"Effect": "Deny", "Condition": OPEN}],
}
NAMED = ("role", "session", "account", "anyone")
RESOURCES = {
    "kms": ("kms:Decrypt", "arn:aws:kms:us-east-1:{account}:key/" + KEY_ID),
    "s3": ("s3:GetObject", "arn:aws:s3:::bucket/key"),
    "sts": ("sts:AssumeRole", "arn:aws:iam::{account}:role/target"),
}


def document(said: str, **more: object) -> dict[str, Any]:
    """A policy about everything."""
    statements = [{"Action": "*", **more, **statement} for statement in SAID[said]]
    return {"Version": "2012-10-17", "Statement": statements}


def principal(named: str) -> object:
    """The Principal element that names the caller in one of the four ways."""
    role = f"arn:aws:iam::{OWN}:role/caller"
    session = f"arn:aws:sts::{OWN}:assumed-role/caller/s"
    return {"role": {"AWS": role}, "session": {"AWS": session}, "account": {"AWS": OWN}, "anyone": "*"}[named]


def world(  # noqa: PLR0917 - the columns of a table of worlds
    service: str, account: str, own: str, limit: str | None, theirs: str | None, named: str, *, grants: bool
) -> Snapshot:
    """A role, perhaps with a boundary; a resource whose policy is there, or was not collected; perhaps the grants of a key."""
    builder = SnapshotBuilder().settings(no_organization=True)
    boundary = f"arn:aws:iam::{OWN}:policy/limit"
    if limit is not None:
        builder.managed_policy(boundary, document(limit, Resource="*"))
    builder.principal(
        f"arn:aws:iam::{OWN}:role/caller",
        inline={"own": document(own, Resource="*")},
        boundary=boundary if limit is not None else None,
    )
    resource = RESOURCES[service][1].format(account=account)
    if service == "sts" and theirs is not None:
        builder.principal(resource, trust=document(theirs, Principal=principal(named)))
    elif theirs is not None:
        builder.resource_policy(resource, document(theirs, Principal=principal(named), Resource="*"), account=account)
    if grants:
        builder.answer(account, "kms", "list-grants", {"Grants": []}, name=KEY_ID, region="us-east-1")
    return builder.build()


@pytest.mark.parametrize("account", [OWN, OTHER], ids=["one account", "two accounts"])
@pytest.mark.parametrize(
    ("service", "grants"),
    [("kms", False), ("kms", True), ("s3", False), ("sts", False)],
    ids=["key, grants unknown", "key without grants", "object", "role"],
)
def test_every_answer_has_a_reason(service: str, account: str, *, grants: bool) -> None:
    """Each combination: a denial has a check that blocks, and what is unknown has an open check and says what it hangs on."""
    action, template = RESOURCES[service]
    seen = set()
    for own, limit, theirs, named in product(SAID, (None, *SAID), (None, *SAID), NAMED):
        request = Request(
            principal=f"arn:aws:sts::{OWN}:assumed-role/caller/s",
            action=action,
            resource=template.format(account=account),
            resource_account=account,
        )
        decision = authorize(request, world(service, account, own, limit, theirs, named, grants=grants))
        what = f"own policies: {own}, boundary: {limit}, the resource's policy: {theirs}, to the {named}"
        seen.add(decision.effect)
        if decision.effect is Effect.ALLOW:
            continue
        blocking = [check for check in decision.checks if check.effect is decision.effect]
        assert blocking, f"{what}: {decision.effect} without a check that says so"
        assert all(check.reason for check in blocking), what
        if decision.effect is Effect.UNKNOWN:
            assert decision.residual, f"{what}: nothing says what it hangs on"
            assert all(check.undecided for check in blocking), what
    assert {Effect.ALLOW, Effect.UNKNOWN} <= seen
    assert Effect.IMPLICIT_DENY in seen or (service, account, grants) == ("kms", OWN, False)


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("route53:GetHostedZone", "arn:aws:route53:::hostedzone/Z1"),
        ("ec2:RunInstances", "arn:aws:ec2:us-east-1::image/ami-1"),
        ("sagemaker:DescribeModel", "arn:aws:sagemaker:us-east-1:*:model/x"),
    ],
)
def test_an_owner_that_nothing_tells_of_is_named(action: str, resource: str) -> None:
    """In the caller's account its own policy is enough, in another it is not: the answer hangs on the owner, and says so."""
    asked = Request(principal=f"arn:aws:iam::{OWN}:role/caller", action=action, resource=resource)
    found = authorize(asked, world("s3", OWN, "allows", None, None, "role", grants=False))
    assert found.effect is Effect.UNKNOWN
    assert "name its owner with --resource-account" in found.residual[0].text
    settled = {
        authorize(
            replace(asked, resource_account=account), world("s3", OWN, "allows", None, None, "role", grants=False)
        ).effect
        for account in (OWN, OTHER)
    }
    assert settled == {Effect.ALLOW, Effect.IMPLICIT_DENY}
