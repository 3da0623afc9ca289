"""The questions that the package offers as functions: small and stable, whatever becomes of the jobs behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sagepass.calls.call import Call
from sagepass.calls.read.record import ReadCall
from sagepass.jobs.can_what.can_what import can_what as _can_what
from sagepass.jobs.can_what.record import CanWhat
from sagepass.jobs.preflight.record import Preflight
from sagepass.jobs.preflight.run import preflight as _preflight
from sagepass.jobs.share.plan_for import plan_share
from sagepass.jobs.share.question import ShareQuestion
from sagepass.jobs.share.report import ShareReport
from sagepass.jobs.who_can.record import WhoCan
from sagepass.jobs.who_can.who_can import DEFAULT_MAX_HOPS
from sagepass.jobs.who_can.who_can import who_can as _who_can
from sagepass.snapshot.snapshot import Snapshot
from sagepass.source.origin import Origin


def preflight(
    operation: str,
    parameters: Mapping[str, object],
    snapshot: Snapshot,
    *,
    caller: str,
    service: str = "sagemaker",
    region: str | None = None,
) -> Preflight:
    """Everything that one API call takes, from everybody involved, before it is made; and what to change so that it passes.

    Args:
        operation: the API: ``CreateTrainingJob`` or ``create_training_job``.
        parameters: as boto3 takes them.
        snapshot: the saved policies and resources.
        caller: ARN of the user, role or session that makes the call.
        service: the client, as boto3 names it.
        region: where the call goes; the snapshot's default, or the only one that its policies name, if ``None``.

    Raises:
        ValueError: the caller is no principal, or the operation is none of the service's.
    """
    spelled = operation.replace("_", "-")
    call = Call(service=service, operation=spelled, params=parameters, region=region)
    origin = Origin(name=f"the parameters of {operation}", value=dict(parameters))
    return _preflight([ReadCall(call=call, label=operation, origin=origin)], snapshot, caller=caller)


def who_can(
    action: str,
    resource: str,
    snapshot: Snapshot,
    *,
    max_hops: int = DEFAULT_MAX_HOPS,
    context: Mapping[str, object] | None = None,
) -> WhoCan:
    """Everyone who can perform an action on a resource: directly or through roles, from inside or outside.

    Args:
        action: ``service:Name``.
        resource: an ARN, or ``*`` for an action without a resource.
        snapshot: the saved accounts.
        max_hops: roles on the way, at most; 0 asks for direct access only.
        context: condition keys of the request.

    Raises:
        ValueError: ``max_hops`` is not 0 to 10.
    """
    return _who_can(action, resource, snapshot, max_hops=max_hops, context=context)


def can_what(
    principal: str,
    snapshot: Snapshot,
    *,
    service: str | None = None,
    resource: str | None = None,
    context: Mapping[str, object] | None = None,
) -> CanWhat:
    """Everything that a principal may do.

    Args:
        principal: ARN of a user, a role, a session of one, or the root user.
        snapshot: the saved accounts.
        service: only the actions of this service prefix.
        resource: only this resource; every action on it is then decided as well.
        context: condition keys of the requests on ``resource``.

    Raises:
        ValueError: the principal is none or has no permissions of its own, or the service is none of AWS's.
        UnknownPrincipal: the snapshot does not have it (a :class:`LookupError`).
    """
    return _can_what(principal, snapshot, service=service, resource=resource, context=context)


def share(
    resource: str,
    who: str,
    snapshot: Snapshot | None = None,
    *,
    actions: Sequence[str] = (),
    external_id: str | None = None,
    subject: str | None = None,
    audience: str | None = None,
) -> ShareReport:
    """A plan that lets somebody outside the account reach a SageMaker resource, tried on those who should and should not.

    Args:
        resource: ARN of the resource.
        who: ``account:ID``, the ARN of a user or role, ``third-party:ID``, ``org``, ``ou:ID``, ``saml:ARN``, ``oidc:ARN``,
            ``sso:PERMISSION-SET@ACCOUNT``, ``cognito:POOL-ID`` or ``service:NAME``.
        snapshot: the saved accounts; without one the plan is tried in a world of its own only.
        actions: what they may do; what the type of resource is used for if empty.
        external_id: of a third party; made up if ``None``.
        subject: the ``sub`` of OIDC tokens that are let in.
        audience: of SAML assertions and OIDC tokens.

    Raises:
        ShareError: it cannot be shared in this way; ``remedy`` says how else.
        WhoError: nobody is named, or a claim singles nobody out.
    """
    question = ShareQuestion(
        resource=resource,
        who=who,
        actions=actions,
        external_id=external_id,
        subject=subject,
        audience=audience,
    )
    return plan_share(question, snapshot)
