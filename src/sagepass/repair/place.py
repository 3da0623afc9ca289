"""Where a change can go: which policies may be edited, who must do it, and how to name the place.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html,
https://docs.aws.amazon.com/singlesignon/latest/userguide/permissionsetsconcept.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from sagepass.policy.arn import parse_arn
from sagepass.policy.document import Policy, PolicyForm
from sagepass.policy.kinds import PolicyType
from sagepass.repair.fix import Edit, Owner
from sagepass.repair.option import Situation, name_of
from sagepass.snapshot.changes import PolicyChange

SSO_INLINE = "AwsSSOInlinePolicy"
"""The name under which IAM Identity Center puts a permission set's inline policy on the roles that it makes."""

_SSO_PATH = "role/aws-reserved/sso.amazonaws.com/"
_LINKED_PATH = "role/aws-service-role/"


def not_editable(policy: Policy) -> str | None:
    """Why nobody can change this policy in place; ``None`` if somebody can."""
    holder = policy.holder or ""
    if policy.form is PolicyForm.AWS_MANAGED:
        return f"{policy.name} is an AWS managed policy, which only AWS changes"
    if policy.form is PolicyForm.RAM_SHARE:
        return f"{policy.name} is made by AWS RAM from a resource share; change the share"
    if policy.form is PolicyForm.ORGANIZATION and _aws_own(policy):
        return f"{policy.name} belongs to AWS and cannot be changed"
    if _LINKED_PATH in holder:
        return f"{name_of(holder)} is a service-linked role, which only its service changes"
    if _SSO_PATH in holder and policy.form is PolicyForm.INLINE_ROLE and policy.name != SSO_INLINE:
        return f"IAM Identity Center manages {name_of(holder)}"
    if _SSO_PATH in holder and policy.type is PolicyType.ROLE_TRUST_POLICY:
        return f"IAM Identity Center manages the trust policy of {name_of(holder)}"
    if not policy.document.readable:
        return f"the document of {policy.name} cannot be read"
    return None


def _aws_own(policy: Policy) -> bool:
    return (policy.arn or "").rpartition("/")[2] in {"p-FullAWSAccess", "p-RCPFullAWSAccess"}


def edit_of(
    situation: Situation,
    policy: Policy,
    *,
    before: Mapping[str, object],
    after: object,
    statement: object | None,
) -> Edit:
    """The edit that gives an existing policy another document."""
    holder = policy.holder or ""
    owner, account = owner_of(situation, policy.type, holder)
    change = PolicyChange(
        holder=holder, type=policy.type, name=policy.name, form=policy.form, document=after, arn=policy.arn
    )
    return Edit(
        change=change,
        policy_type=policy.type,
        check=situation.check.type,
        where=where(policy.type, policy.form, policy.name, holder, situation),
        owner=owner,
        account=account,
        before=before,
        after=after,
        statement=statement,
    )


def new_edit(
    situation: Situation,
    *,
    holder: str,
    policy_type: PolicyType,
    form: PolicyForm,
    name: str,
    document: Mapping[str, object],
    statement: object,
) -> Edit:
    """The edit that makes a new policy."""
    owner, account = owner_of(situation, policy_type, holder)
    change = PolicyChange(holder=holder, type=policy_type, name=name, form=form, document=document)
    return Edit(
        change=change,
        policy_type=policy_type,
        check=situation.check.type,
        where=where(policy_type, form, name, holder, situation, new=True),
        owner=owner,
        account=account,
        before=None,
        after=document,
        statement=statement,
    )


def owner_of(situation: Situation, policy_type: PolicyType, holder: str) -> tuple[Owner, str | None]:
    """Who must make a change, and in which account."""
    parts = parse_arn(holder)
    account = parts.account if parts and parts.account else None
    match policy_type:
        case PolicyType.SERVICE_CONTROL_POLICY | PolicyType.RESOURCE_CONTROL_POLICY:
            return Owner.ORGANIZATION, situation.snapshot.management_account
        case PolicyType.VPC_ENDPOINT_POLICY:
            endpoints = {item.endpoint_id: item.account for item in situation.snapshot.vpc_endpoints()}
            return Owner.ENDPOINT, endpoints.get(holder)
        case PolicyType.SESSION_POLICY:
            return Owner.CALLER, situation.caller.account
        case PolicyType.ROLE_TRUST_POLICY | PolicyType.RESOURCE_BASED_POLICY:
            if parts is not None and parts.service == "kms":
                return Owner.KEY, account
            return Owner.RESOURCE_ACCOUNT, account or situation.resource_account
        case PolicyType.IDENTITY_BASED_POLICY | PolicyType.PERMISSIONS_BOUNDARY:
            if _SSO_PATH in holder:
                found = situation.record and situation.snapshot.permission_set(situation.record)
                return Owner.PERMISSION_SET, (found.account if found else None) or situation.snapshot.management_account
            return Owner.ACCOUNT, account
    assert_never(policy_type)


def where(
    policy_type: PolicyType, form: PolicyForm, name: str, holder: str, situation: Situation, *, new: bool = False
) -> str:
    """The place in words."""
    start = "new " if new else ""
    match policy_type:
        case PolicyType.SERVICE_CONTROL_POLICY:
            return f"{start}service control policy {name} on {holder}"
        case PolicyType.RESOURCE_CONTROL_POLICY:
            return f"{start}resource control policy {name} on {holder}"
        case PolicyType.VPC_ENDPOINT_POLICY:
            return f"policy of the VPC endpoint {holder}"
        case PolicyType.SESSION_POLICY:
            return f"session policy {name} of the session {holder}"
        case PolicyType.ROLE_TRUST_POLICY:
            return f"trust policy of {name_of(holder)}"
        case PolicyType.RESOURCE_BASED_POLICY:
            return f"{start}key policy of {holder}" if ":kms:" in holder else f"{start}policy of {holder}"
        case PolicyType.PERMISSIONS_BOUNDARY:
            return f"permissions boundary {name}"
        case PolicyType.IDENTITY_BASED_POLICY:
            return _identity_place(start, form, name, holder, situation)
    assert_never(policy_type)


def place_phrase(place: str) -> str:
    """The place with its article: ``the trust policy of role r``, ``a new policy of …``."""
    return f"a {place}" if place.startswith("new ") else f"the {place}"


def policy_phrase(name: str) -> str:
    """A policy in a sentence: ``the policy train``, or ``the bucket policy``, which is no name of its own."""
    return f"the {name}" if name.endswith(" policy") else f"the policy {name}"


def _identity_place(start: str, form: PolicyForm, name: str, holder: str, situation: Situation) -> str:
    if _SSO_PATH in holder and form is PolicyForm.INLINE_ROLE:
        title = situation.record.permission_set if situation.record else None
        return f"inline policy of the permission set {title or name_of(holder)}"
    if form is PolicyForm.CUSTOMER_MANAGED:
        return f"{start}customer managed policy {name}"
    return f"{start}inline policy {name} of {name_of(holder)}"


def reach(situation: Situation, policy: Policy) -> tuple[str, ...]:
    """The principals besides the caller that a policy reaches: a group's members, all that a managed policy is on."""
    holder = policy.holder or ""
    own = situation.record.arn if situation.record else situation.request.principal
    parts = parse_arn(policy.arn or holder)
    found: dict[str, None] = {}
    if policy.type is PolicyType.PERMISSIONS_BOUNDARY and policy.arn and parts:
        identities = situation.snapshot.identities(parts.account)
        bounded = identities.principals.values() if identities else ()
        found.update(dict.fromkeys(item.arn for item in bounded if item.boundary == policy.arn))
    elif policy.form is PolicyForm.CUSTOMER_MANAGED and policy.arn and parts:
        for arn in situation.snapshot.attached_to(policy.arn, parts.account):
            found.update(dict.fromkeys(_members(situation, arn)))
    elif policy.form is PolicyForm.INLINE_GROUP:
        found.update(dict.fromkeys(_members(situation, holder)))
    return tuple(arn for arn in found if arn != own)


def _members(situation: Situation, arn: str) -> tuple[str, ...]:
    return situation.snapshot.group_members(arn) if ":group/" in arn else (arn,)


def reach_warning(situation: Situation, policy: Policy, others: tuple[str, ...]) -> tuple[str, ...]:
    """What to say of a policy that reaches others as well."""
    if not others:
        return ()
    shown = ", ".join(name_of(arn) for arn in others[:5]) + (f" and {len(others) - 5} more" if len(others) > 5 else "")
    verb = "is also the boundary of" if policy.type is PolicyType.PERMISSIONS_BOUNDARY else "also reaches"
    plural = "principal" if len(others) == 1 else "principals"
    return (f"{policy.name} {verb} {len(others)} {plural} beside {situation.who}: {shown}",)
