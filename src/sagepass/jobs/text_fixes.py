"""What to do when only the text of a denial is known: for the kind of policy that it names, the change and who can make it.

Nothing here was decided from policies, so nothing is more than advice, and every piece says so.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html, which explains each kind of message.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import assert_never

from sagepass.catalog.resources import resource_types_of
from sagepass.denial.record import Denial
from sagepass.engine.request import Request
from sagepass.jobs.assuming_service import SAGEMAKER
from sagepass.jobs.refused import Refused
from sagepass.jobs.sdk_default_bucket import another_bucket
from sagepass.jobs.text_hints import where_to_look
from sagepass.policy.arn import is_role_arn, parse_arn
from sagepass.policy.caller import CallerKind, parse_caller
from sagepass.policy.document import PolicyForm
from sagepass.policy.kinds import CheckType, Effect, PolicyType
from sagepass.repair.candidates.principal import policy_name
from sagepass.repair.fix import Applicability, Edit, Fix, Owner
from sagepass.snapshot.changes import PolicyChange
from sagepass.snapshot.policy_holders import find_holder

_WITH_IDENTITY_POLICIES = frozenset({CallerKind.USER, CallerKind.ROLE, CallerKind.ROLE_SESSION})
_TRUST_OR_UNTOLD = frozenset({None, PolicyType.ROLE_TRUST_POLICY})
_ROLE = "<path and name of the role>"
NOTHING_DECIDED = ("nothing was re-evaluated: no policies were supplied",)


def fixes_from_text(denial: Denial, request: Request | None) -> tuple[Fix, ...]:
    """The way out that the text points to; none where it tells too little.

    Args:
        denial: what the text says.
        request: the request it was read as, ``None`` if the text does not tell one.
    """
    if denial.effect is Effect.EXPLICIT_DENY:
        return (_around_deny(denial, request),)
    if request is None:
        return where_to_look(denial)
    refused = Refused(
        request=request,
        caller=parse_caller(request.principal),
        resource=_named(request) if resource_types_of(request.action) else "*",
    )
    if denial.policy_type in _TRUST_OR_UNTOLD and refused.caller.kind is CallerKind.SERVICE:
        return (
            _trust_of_a_service(refused)
            if is_role_arn(refused.resource)
            else _resource(PolicyType.RESOURCE_BASED_POLICY, refused),
        )
    match denial.policy_type:
        case None | PolicyType.IDENTITY_BASED_POLICY:
            own = _identity(refused) if refused.caller.kind in _WITH_IDENTITY_POLICIES else (_elsewhere(refused),)
            trusts = request.action.lower().startswith("sts:") and is_role_arn(refused.resource)
            other_side = denial.policy_type is None and (refused.crosses_accounts or trusts)
            other = another_bucket(request)
            sides = (*own, _resource(PolicyType.RESOURCE_BASED_POLICY, refused)) if other_side else own
            return (*sides, other) if other else sides
        case PolicyType.PERMISSIONS_BOUNDARY:
            return (_boundary(refused),)
        case PolicyType.RESOURCE_BASED_POLICY | PolicyType.ROLE_TRUST_POLICY:
            return (_resource(denial.policy_type, refused),)
        case PolicyType.SESSION_POLICY:
            return (_session(refused),)
        case PolicyType.SERVICE_CONTROL_POLICY | PolicyType.RESOURCE_CONTROL_POLICY:
            return (_organization(denial.policy_type, refused),)
        case PolicyType.VPC_ENDPOINT_POLICY:
            return (_endpoint(refused),)
    assert_never(denial.policy_type)


def _named(request: Request) -> str:
    """The resource; a role that the text leaves out is to be filled in: any role would be far too much to pass."""
    if request.action == "iam:PassRole" and request.resource.endswith(":role/*"):
        return f"{request.resource.removesuffix('*')}{_ROLE}"
    return request.resource


def _text(statement: dict[str, object]) -> str:
    return json.dumps(statement, ensure_ascii=False)


def _advice(title: str, steps: tuple[str, ...], *, grants: tuple[str, ...] = ()) -> Fix:
    return Fix(
        title=title,
        edits=(),
        applicability=Applicability.DISPLAY_ONLY,
        steps=steps,
        grants=grants,
        not_checked=NOTHING_DECIDED,
    )


def _identity(refused: Refused) -> tuple[Fix, ...]:
    """A new inline policy for the caller, which is the one place whose name is certain not to be taken."""
    caller = refused.caller
    holder = caller.role_arn or caller.arn
    if (caller.name or "").startswith("AWSServiceRoleFor"):
        steps = (
            "AWS alone changes the policies of a service-linked role",
            f"pass a role of your own that trusts the service and allows: {_text(refused.statement)}",
        )
        return (_advice(f"name another role in the call than the service-linked role {caller.name}", steps),)
    if caller.sso_permission_set:
        steps = (
            (
                f"in IAM Identity Center open the permission set {caller.sso_permission_set} and add to its inline policy: "
                f"{_text(refused.statement)}"
            ),
            "provision the permission set again to the accounts it is assigned in",
        )
        return (_advice(f"allow {refused.what} in the permission set {caller.sso_permission_set}", steps),)
    name = policy_name(refused.request.action)
    document = {"Version": "2012-10-17", "Statement": [refused.statement]}
    edit = Edit(
        change=PolicyChange(
            holder=holder,
            type=PolicyType.IDENTITY_BASED_POLICY,
            name=name,
            form=PolicyForm.INLINE_USER if caller.kind is CallerKind.USER else PolicyForm.INLINE_ROLE,
            document=document,
        ),
        policy_type=PolicyType.IDENTITY_BASED_POLICY,
        check=CheckType.PRINCIPAL,
        where=f"new inline policy {name} of {refused.who}",
        owner=Owner.ACCOUNT,
        account=caller.account,
        before=None,
        after=document,
        statement=refused.statement,
    )
    return (
        Fix(
            title=f"if no other policy denies it, allow {refused.what} for {refused.who}",
            edits=(edit,),
            applicability=Applicability.PLACEHOLDERS if _ROLE in refused.resource else Applicability.DISPLAY_ONLY,
            grants=_grants(refused),
            not_checked=NOTHING_DECIDED,
        ),
    )


def _elsewhere(refused: Refused) -> Fix:
    """Callers that have no identity-based policies of their own.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
    """
    if refused.caller.kind is not CallerKind.ROOT:
        return _resource(PolicyType.RESOURCE_BASED_POLICY, refused)
    return _advice(
        f"look for what limits the root user: it may do everything in account {refused.caller.account} that no policy denies",
        (
            "service control policies limit it in a member account: an administrator of the organization looks at them",
            f"so may the policy of {refused.resource}; in another account that policy has to allow it",
            "work as a role or an IAM user instead: root is for what nobody else can do",
        ),
    )


def _grants(refused: Refused) -> tuple[str, ...]:
    sentence = f"{refused.who} may call {refused.what}"
    if "*" in refused.resource and refused.resource != "*":
        way = "the path of the name" if ":iam:" in refused.resource else "give --region to narrow a Region"
        return (f"{sentence}: * stands for what the text does not tell ({way})",)
    return (sentence,)


def _boundary(refused: Refused) -> Fix:
    kind = "user" if refused.caller.kind is CallerKind.USER else "role"
    look = f"aws iam get-{kind} --{kind}-name {refused.caller.name} --query {kind.title()}.PermissionsBoundary"
    return _advice(
        f"let the permissions boundary of {refused.who} allow {refused.what}",
        (
            f"find the policy that is the boundary: {look}",
            f"add to that policy, beside what it has: {_text(refused.statement)}",
            "an identity-based policy must allow it too: a boundary only limits, it grants nothing",
        ),
    )


def _resource(kind: PolicyType, refused: Refused) -> Fix:
    trust = kind is PolicyType.ROLE_TRUST_POLICY or refused.request.action.lower().startswith("sts:")
    account = refused.request.resource_account
    owner = f"an administrator of account {account}" if account else "the owner of the resource"
    parts = parse_arn(refused.resource)
    holder = find_holder(parts) if parts else None
    kind_of_policy = "trust" if trust else "key" if parts and parts.service == "kms" else "resource-based"
    named = (
        "the role that the call named"
        if trust and "*" in refused.resource
        else holder.arn
        if holder
        else refused.resource
    )
    place = f"the {kind_of_policy} policy of {named}"
    steps = [f"ask {owner} to add to {place}: {_text(refused.for_principal())}"]
    if refused.crosses_accounts:
        steps.append(
            f"the caller is in account {refused.caller.account}: an identity-based policy there must allow it too: "
            f"{_text(refused.statement)}"
        )
    return _advice(f"let {place} allow {refused.request.action} for {refused.who}", tuple(steps))


def _trust_of_a_service(refused: Refused) -> Fix:
    """A role that a service could not assume: it is not there, or it does not trust the service.

    https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html,
    https://docs.aws.amazon.com/sagemaker/latest/dg/monitor-user-access-how-to.html
    """
    fix = _resource(PolicyType.ROLE_TRUST_POLICY, refused)
    name = refused.resource.rpartition("/")[2].replace("*", "ROLE")
    look = (
        f"see whether the role is there, at that path, and whom it trusts: aws iam get-role --role-name {name} "
        "--query 'Role.[Arn,AssumeRolePolicyDocument]'; another ARN than the call gave is the first thing to repair"
    )
    identity = (
        "where the Studio domain passes on who the user is (ExecutionRoleIdentityConfig USER_PROFILE_NAME), the trust policy has to "
        "allow sts:SetSourceIdentity as well"
    )
    studio = [identity] if refused.caller.arn == SAGEMAKER else []
    again = ["then ask again and name the role: sagepass why ERROR --resource ROLE-ARN --snapshot PATH"]
    return replace(fix, steps=(look, *fix.steps, *(again if name == "ROLE" else []), *studio))


def _session(refused: Refused) -> Fix:
    return _advice(
        f"start the session of {refused.who} with a session policy that allows {refused.what}",
        (
            "look at what opens the session: the Policy and PolicyArns of its AssumeRole or GetFederationToken call",
            f"that policy must hold: {_text(refused.statement)}",
            "the policy of a running session cannot be changed: open a new one",
        ),
    )


def _organization(kind: PolicyType, refused: Refused) -> Fix:
    if kind is PolicyType.RESOURCE_CONTROL_POLICY:
        account, name = refused.request.resource_account, "resource control policies"
    else:
        account, name = refused.caller.account, "service control policies"
    target = account or "ACCOUNT"
    look = f"aws organizations list-policies-for-target --target-id {target} --filter {kind.value}"
    return _advice(
        f"let the {name} of the organization allow {refused.what} in account {target}",
        (
            f"ask an administrator of the organization: {look}, and the same for each unit above it and the root",
            (
                f"at the root, at each unit and at the account itself some policy must allow {refused.request.action}; "
                "the level that does not is the one to change"
            ),
        ),
    )


def _endpoint(refused: Refused) -> Fix:
    service = refused.request.action.partition(":")[0]
    return _advice(
        f"let the policy of the VPC endpoint allow {refused.what} for {refused.who}",
        (
            f"find the endpoint: aws ec2 describe-vpc-endpoints --filters Name=service-name,Values=*{service}*",
            f"ask its owner to add to its policy: {_text(refused.for_principal())}",
        ),
    )


def _around_deny(denial: Denial, request: Request | None) -> Fix:
    """A Deny is not outvoted by any Allow; what the text tells is where to look and what may be changed instead."""
    action = request.action if request else denial.action or denial.action_inferred or "the request"
    if denial.policy_arn:
        look = f"read the policy that the message names: aws iam get-policy --policy-arn {denial.policy_arn}"
        if ":organizations::" in denial.policy_arn:
            policy_id = denial.policy_arn.rpartition("/")[2]
            look = f"an administrator of the organization can read it: aws organizations describe-policy --policy-id {policy_id}"
    else:
        look = "save the policies of the account and ask again with --snapshot: the Deny statement is then shown"
    return _advice(
        f"find the Deny that matches {action}: no further Allow outvotes it",
        (
            look,
            (
                "if the Deny has a Condition, another request may pass it (another instance type, Region or VPC setting, a "
                "tag, MFA); else its owner must narrow it"
            ),
        ),
    )
