"""Accounts in which somebody reaches something, each in another way."""

from __future__ import annotations

from collections.abc import Iterable

from tests.repair.worlds import ACCOUNT, OTHER, allow, deny, policy, trusting

from sagepass.jobs.who_can.record import Access, Certainty, WhoCan
from sagepass.jobs.who_can.who_can import who_can
from sagepass.snapshot.build import SnapshotBuilder
from sagepass.snapshot.snapshot import Snapshot

VENDOR = "777788889999"
GET = "s3:GetObject"
BUCKET = "arn:aws:s3:::ml-data"
OBJECT = f"{BUCKET}/train.csv"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1111-aaaa"
GITHUB = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
CORP = f"arn:aws:iam::{ACCOUNT}:saml-provider/Corp"
SUBJECT = "token.actions.githubusercontent.com:sub"


def user(name: str, account: str = ACCOUNT) -> str:
    """The ARN of a user."""
    return f"arn:aws:iam::{account}:user/{name}"


def role(name: str, account: str = ACCOUNT) -> str:
    """The ARN of a role."""
    return f"arn:aws:iam::{account}:role/{name}"


def account(*, bucket: object = None) -> SnapshotBuilder:
    """An account with a bucket and the policy of it, in no organization."""
    return (
        SnapshotBuilder()
        .settings(no_organization=True)
        .account(ACCOUNT)
        .resource_policy(BUCKET, bucket, account=ACCOUNT)
    )


def letting(principal: object, **more: object) -> dict[str, object]:
    """A bucket policy that lets somebody read."""
    return policy({"Effect": "Allow", "Principal": principal, "Action": GET, "Resource": f"{BUCKET}/*", **more})


def reader(builder: SnapshotBuilder, name: str, trust: object, **more: object) -> SnapshotBuilder:
    """A role that may read the bucket."""
    return builder.principal(role(name), inline={"read": policy(allow(GET, f"{BUCKET}/*", **more))}, trust=trust)


def may_assume(*roles: str, **more: object) -> dict[str, object]:
    """A policy to assume roles."""
    return policy(allow("sts:AssumeRole", list(roles), **more))


def asked(snapshot: Snapshot, *, hops: int = 3, **context: object) -> WhoCan:
    """Who can read the object."""
    return who_can(GET, OBJECT, snapshot, max_hops=hops, context={k.replace("_", ":"): v for k, v in context.items()})


def holders(answer: WhoCan, certainty: Certainty | None = None) -> set[str]:
    """Names of those who can, without the root user of the account."""
    return {
        access.holder.name
        for access in answer.access
        if (certainty is None or access.certainty is certainty) and not access.holder.name.endswith(":root")
    }


def access_of(answer: WhoCan, name: str) -> Access:
    """The one access of a holder."""
    (found,) = [access for access in answer.access if access.holder.name == name]
    return found


def path(access: Access) -> list[str]:
    """The roles on the way, by name."""
    return [hop.role.rpartition("/")[2] for hop in access.hops]


def chain(names: Iterable[str]) -> SnapshotBuilder:
    """Roles of which each trusts the one before it; the last one reads."""
    builder, before = account(), role("start")
    builder.principal(before, inline={"go": may_assume(role("*"))}, trust=trusting({"Service": "ec2.amazonaws.com"}))
    names = list(names)
    for name in names[:-1]:
        builder.principal(role(name), inline={"go": may_assume(role("*"))}, trust=trusting({"AWS": before}))
        before = role(name)
    return reader(builder, names[-1], trusting({"AWS": before}))


__all__ = ["ACCOUNT", "OTHER", "allow", "deny", "policy", "trusting"]
