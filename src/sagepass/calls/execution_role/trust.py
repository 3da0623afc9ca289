"""Trust: whether the service may assume the role, by the role's own trust policy.

SageMaker names itself and says for whom it acts: ``aws:SourceAccount``, and ``aws:SourceArn`` in the form that AWS documents for
the feature. Where it documents none, a trust policy that compares it leaves the answer open.

Sources: https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html,
https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html and
https://docs.aws.amazon.com/sagemaker/latest/dg/monitor-user-access-how-to.html
"""

from __future__ import annotations

from dataclasses import replace

from sagepass.calls.call import AddedTags, Call, Confidence, Needed, ResourceState, Unsettled, Values, Who
from sagepass.calls.need import Block, CallNeed, Necessity, Needs
from sagepass.calls.resource_arns import resources_of
from sagepass.catalog.operations import find_operation
from sagepass.catalog.role_passing import SAGEMAKER
from sagepass.catalog.source_arns import SOURCE, SourceForm, source_form
from sagepass.policy.arn import account_of
from sagepass.source.route import Route

_SOURCE_ARN, _SOURCE_ACCOUNT = "aws:SourceArn", "aws:SourceAccount"
_TAGGED_SESSIONS = frozenset({"job.sagemaker.amazonaws.com"})
"""Principals that put tags on their sessions, which the trust policy has to allow as well."""


def trust_needed(
    call: Call,
    role: str,
    needs: Needs,
    *,
    services: tuple[str, ...] = (SAGEMAKER,),
    because: Route = (),
    identities: tuple[bool, ...] = (),
) -> None:
    """``sts:AssumeRole`` on the role for the service, with what the service sends.

    Args:
        call: the call that makes the service assume the role.
        role: the role's ARN.
        needs: where the needs go.
        services: what ``iam:PassedToService`` can hold for the role. Where another service than SageMaker stands there, it is
            the one that assumes the role, and its trust counts.
        because: the request field that names the role.
        identities: for each Studio domain that the call may come from, whether its sessions carry a source identity.
    """
    service = trusted_service(services)
    context, unsettled = _sent(call, role) if _is_sagemaker(service) else ({}, _not_documented(service))
    note = f"the role is for {service}, which its trust policy must name" if len(services) > 1 else ""
    actions = ["sts:AssumeRole"]
    if service in _TAGGED_SESSIONS:
        actions.append("sts:TagSession")
    for action in actions:
        needed = Needed(
            action=action,
            resource=role,
            resource_state=ResourceState.SET if "*" in role else ResourceState.EXACT,
            context=tuple(context.items()),
            unsettled=unsettled,
            who=Who.SERVICE,
            because=because,
            confidence=Confidence.INFERRED if note else Confidence.DOCUMENTED,
            note=note,
        )
        needs.add(CallNeed(needed=needed, principal=service, block=Block.TRUST, source=SOURCE))
    if any(identities) and call.added_tags is AddedTags.STUDIO:
        needs.add(_identity(needs.found[-1], certain=all(identities)))


def trusted_service(services: tuple[str, ...]) -> str:
    """The principal that assumes a role: the service the role is for, where it is passed on from SageMaker to another."""
    return next((service for service in reversed(services) if service != SAGEMAKER), SAGEMAKER)


def _is_sagemaker(service: str) -> bool:
    return service == SAGEMAKER or service.endswith(f".{SAGEMAKER}")


def _not_documented(service: str) -> tuple[Unsettled, ...]:
    why = f"AWS does not document what {service} sends when it assumes a role of SageMaker's settings"
    return tuple(Unsettled(key=key, choices=(), why=why) for key in (_SOURCE_ARN, _SOURCE_ACCOUNT))


def _identity(assume: CallNeed, *, certain: bool) -> CallNeed:
    """A domain that puts the user profile's name into sessions: the trust policy has to allow that as well.

    https://docs.aws.amazon.com/sagemaker/latest/dg/monitor-user-access-how-to.html
    """
    why = "it is the name of the user profile"
    identity = Unsettled(key="sts:SourceIdentity", choices=(), why=why)
    needed = replace(
        assume.needed,
        action="sts:SetSourceIdentity",
        unsettled=(*assume.needed.unsettled, identity),
        note="the Studio domain is set to pass on the user profile's name (ExecutionRoleIdentityConfig)"
        + ("" if certain else "; only one of the saved domains is: needed if the call comes from it"),
    )
    return replace(
        assume,
        needed=needed,
        necessity=Necessity.REQUIRED if certain else Necessity.USUAL,
        source="https://docs.aws.amazon.com/sagemaker/latest/dg/monitor-user-access-how-to.html",
    )


def _sent(call: Call, role: str) -> tuple[dict[str, Values], tuple[Unsettled, ...]]:
    account = call.caller_account or account_of(role)
    context: dict[str, Values] = {_SOURCE_ACCOUNT: (account,)} if account else {}
    everything = f"arn:{call.partition}:sagemaker:{call.region or '*'}:{account or '*'}:*"
    match source_form(call.operation):
        case SourceForm.RESOURCE:
            made = _made(call)
            if made is not None and "*" not in made:
                context[_SOURCE_ARN] = (made,)
                return context, ()
            why = "the ARN of what is made needs its name, the Region and the account"
        case SourceForm.REGION:
            if call.region and account:
                context[_SOURCE_ARN] = (everything,)
                return context, ()
            why = "SageMaker sends the Region and the account, which are not known"
        case SourceForm.BELOW:
            why = "SageMaker sends the ARN of the pipeline's execution, whose id does not exist before the call"
        case SourceForm.UNDOCUMENTED:
            why = f"AWS does not document what SageMaker sends for {call.operation}"
    return context, (Unsettled(key=_SOURCE_ARN, choices=(), why=why),)


def _made(call: Call) -> str | None:
    operation = find_operation(call.service, call.operation)
    resources = resources_of(call, operation) if operation else ()
    return resources[0].arn if resources else None
