"""Whether a fix hands the caller a role that can do more than the caller can.

Who may pass a role to a service, or assume it, has what the role has
(https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html). A role outranks the caller if it is
allowed something weighty that the caller is denied.
"""

from __future__ import annotations

from sagepass.engine.request import Request
from sagepass.policy.arn import parse_arn
from sagepass.policy.kinds import CheckType, Effect
from sagepass.repair.option import name_of
from sagepass.repair.verify import Authorize
from sagepass.snapshot.snapshot import Snapshot

_PROBES: tuple[tuple[str, str, str], ...] = (
    ("iam:AttachRolePolicy", "arn:{partition}:iam::{account}:role/*", "change the permissions of roles"),
    ("iam:AttachUserPolicy", "arn:{partition}:iam::{account}:user/*", "change the permissions of users"),
    ("iam:CreatePolicyVersion", "arn:{partition}:iam::{account}:policy/*", "rewrite managed policies"),
    ("iam:PutRolePolicy", "arn:{partition}:iam::{account}:role/*", "write policies into roles"),
    ("iam:PassRole", "arn:{partition}:iam::{account}:role/*", "pass every role"),
    ("sts:AssumeRole", "arn:{partition}:iam::{account}:role/*", "assume roles"),
    ("iam:CreateAccessKey", "arn:{partition}:iam::{account}:user/*", "make access keys of users"),
    ("s3:GetObject", "arn:{partition}:s3:::*/*", "read every S3 object"),
    ("s3:DeleteObject", "arn:{partition}:s3:::*/*", "delete every S3 object"),
    ("kms:Decrypt", "arn:{partition}:kms:*:{account}:key/*", "decrypt with every key"),
    ("secretsmanager:GetSecretValue", "arn:{partition}:secretsmanager:*:{account}:secret:*", "read every secret"),
    ("lambda:CreateFunction", "arn:{partition}:lambda:*:{account}:function:*", "make functions"),
    ("ec2:TerminateInstances", "arn:{partition}:ec2:*:{account}:instance/*", "terminate instances"),
)
"""Action, resource, and what it means: rights with which one gets further rights, all data, or does great harm."""

_HANDS_OVER = {"iam:passrole": "pass", "sts:assumerole": "assume"}


def outranking(request: Request, snapshot: Snapshot, authorize: Authorize) -> tuple[str, ...]:
    """A warning if the request is to pass or assume a role that may do more than the caller; else nothing."""
    verb = _HANDS_OVER.get(request.action.lower())
    role = snapshot.principal(request.resource) if verb else None
    parts = parse_arn(request.resource)
    if verb is None or role is None or parts is None:
        return ()
    more = []
    for action, template, meaning in _PROBES:
        resource = template.format(partition=parts.partition, account=parts.account)
        asked = Request(principal=role.arn, action=action, resource=resource, resource_account=parts.account)
        if _identity_allows(asked, snapshot, authorize):
            own = Request(
                principal=request.principal,
                action=action,
                resource=resource,
                resource_account=parts.account,
                session_policies=request.session_policies,
            )
            if not _identity_allows(own, snapshot, authorize):
                more.append(meaning)
    if not more:
        return ()
    shown = ", ".join(more[:4]) + (f" and {len(more) - 4} more" if len(more) > 4 else "")
    return (
        f"{name_of(role.arn)} outranks {name_of(request.principal)}: who may {verb} it can {shown}, which the caller cannot",
    )


def _identity_allows(request: Request, snapshot: Snapshot, authorize: Authorize) -> bool:
    """Whether nothing certainly stops the request and an identity policy speaks for it."""
    decision = authorize(request, snapshot)
    if decision.blocking:
        return False
    return any(check.type is CheckType.PRINCIPAL and check.effect is Effect.ALLOW for check in decision.checks)
