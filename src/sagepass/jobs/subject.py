"""From a denial to the requests it may stand for: the caller, the action, and every resource it can mean.

What the text leaves open is resolved only where that is certain or harmless: a bare name through the action's resource
types, a missing role through the roles that SageMaker may assume. Everything else stays open and is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sagepass.catalog.actions import find_action
from sagepass.catalog.operations import find_operation
from sagepass.catalog.resources import arn_from_name, resource_types_of
from sagepass.catalog.role_passing import role_passing
from sagepass.denial.record import Denial, DenialKind
from sagepass.engine.request import Request
from sagepass.jobs.assuming_service import SAGEMAKER, assuming_service
from sagepass.jobs.data_names import data_arn, registry_of
from sagepass.jobs.federated_subject import FEDERATED_ACTIONS, federated_requests
from sagepass.jobs.iam_names import arn_of_two_words
from sagepass.policy.arn import account_of, parse_arn
from sagepass.policy.caller import CallerKind, parse_caller
from sagepass.policy.statement import StatementEffect
from sagepass.snapshot.principals import PrincipalKind
from sagepass.snapshot.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One request that the denial may be about; ``label`` tells it from the others."""

    label: str
    request: Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Subjects:
    """The requests a denial stands for.

    ``open_points`` say what had to be resolved or is still open; ``unreadable`` says why there is no request at all;
    ``hidden`` names the principal that stood masked or was left out.
    """

    found: tuple[Subject, ...] = ()
    open_points: tuple[str, ...] = ()
    unreadable: str | None = None


def subjects_of(
    denial: Denial, snapshot: Snapshot | None, region: str | None, resource_account: str | None = None
) -> Subjects:
    """The requests that a denial may be about.

    Args:
        denial: what the text says.
        snapshot: where roles and the default Region come from, if there is one.
        region: what the user stated.
        resource_account: the owner that the user stated, for ARNs that name none.
    """
    action = denial.action or denial.action_inferred
    if action is None:
        return Subjects(unreadable="the text does not say which action was refused")
    known = find_action(action)
    action = known.id if known else action
    notes = [] if known else [f"{action} is not in the catalog of AWS's actions; it is taken as it stands"]
    notes += [
        sentence for field, sentence in denial.basis if field in {"action", "action_inferred", "principal", "resource"}
    ]
    if action.lower() in FEDERATED_ACTIONS:
        return _federated(denial, action, snapshot, notes)
    principal = _principal(denial, action)
    if principal is None:
        return Subjects(unreadable="the text does not say who was refused")
    try:
        caller = parse_caller(principal)
    except ValueError:
        return Subjects(unreadable=f"the caller {principal!r} is masked or shortened")
    place = _Place(
        partition=caller.partition or "aws",
        account=caller.account,
        region=_region(denial, snapshot, region, notes) if _is_regional(action) else None,
    )
    resources = list(_resources(denial, action, place, snapshot, notes))
    if not resources:
        return Subjects(open_points=tuple(notes), unreadable="the resource of the request is not known")
    context: dict[str, object] = {
        key: list(values) if len(values) > 1 else values[0] for key, values in denial.context if values
    }
    if action == "iam:PassRole":
        context.setdefault("iam:PassedToService", _passed_to(denial, notes))
    if action == "kms:CreateGrant" and denial.operation and find_operation("sagemaker", denial.operation) is not None:
        # https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-grant-is-for-aws-resource
        notes.append(f"the grant was to be made by SageMaker for {denial.operation}: kms:GrantIsForAWSResource is true")
        context.setdefault("kms:GrantIsForAWSResource", "true")
    if "sts:RoleSessionName" in context:
        # an event tells the parameters of the call: what is not among them was not passed
        if "sts:ExternalId" not in context:
            notes.append("the event records the parameters of the call, and no external id among them")
        context.setdefault("sts:ExternalId", None)
    base = Request(principal=principal, action=action, resource="*", context=context)
    found = tuple(
        Subject(label=label, request=replace(base, resource=arn, resource_account=account_of(arn) or resource_account))
        for label, arn in resources
    )
    return Subjects(found=found, open_points=tuple(dict.fromkeys(notes)))


def _federated(denial: Denial, action: str, snapshot: Snapshot | None, notes: list[str]) -> Subjects:
    """An identity of a provider: the text names neither it nor, mostly, the role."""
    found = tuple(
        Subject(label=f"{request.resource} by {request.principal}", request=request)
        for request in federated_requests(denial, action, snapshot)
    )
    if not found:
        what = "no role of the snapshot lets anybody" if snapshot else "the text does not name the role, so nobody can"
        return Subjects(open_points=tuple(notes), unreadable=f"{what} {action}")
    if denial.resource is None:
        roles = len({subject.request.resource for subject in found})
        notes.append(
            f"the text does not name the role; {roles} role{'s' if roles > 1 else ''} of the snapshot allow{'' if roles > 1 else 's'} "
            f"{action} to somebody: look at the role ARN of the call that failed"
        )
    return Subjects(found=found, open_points=tuple(dict.fromkeys(notes)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    partition: str
    account: str | None
    region: str | None


def _principal(denial: Denial, action: str) -> str | None:
    if denial.kind is DenialKind.ASSUME_ROLE and denial.principal_type == "service":
        return assuming_service(denial)
    if denial.principal is None and denial.kind is DenialKind.ASSUME_ROLE and action == "sts:AssumeRole":
        return assuming_service(denial) if denial.action is None else None
    return denial.principal


def _is_regional(action: str) -> bool:
    """Whether ARNs of the action's resources name a Region."""
    return any(":${Region}:" in template for kind in resource_types_of(action) for template in kind.arn_templates)


def _region(denial: Denial, snapshot: Snapshot | None, stated: str | None, notes: list[str]) -> str | None:
    """In order: the text, the user, the snapshot's default, the only Region that its policies name."""
    if denial.region:
        return denial.region
    arn = parse_arn(denial.resource) if denial.resource else None
    if arn is not None and arn.region:
        return arn.region
    if stated:
        return stated
    if snapshot is None:
        return None
    if snapshot.default_region:
        if arn is None:
            notes.append(f"the Region {snapshot.default_region} is the snapshot's default; the text names none")
        return snapshot.default_region
    if len(snapshot.regions_named) == 1:
        only = snapshot.regions_named[0]
        notes.append(f"the Region {only} is the only one that the snapshot's policies name; the text names none")
        return only
    return None


def _resources(
    denial: Denial, action: str, place: _Place, snapshot: Snapshot | None, notes: list[str]
) -> Iterator[tuple[str, str]]:
    text = denial.resource
    if text is None:
        yield from _unnamed(denial, action, place, snapshot, notes)
        return
    if text == "*" or parse_arn(text) is not None:
        yield text, text
        return
    data = data_arn(text, denial, place.partition, action)
    if data is not None:
        notes.append(f"{text} is read as {data}")
        yield data, data
        return
    by_kind = arn_of_two_words(text, partition=place.partition, account=place.account, snapshot=snapshot)
    if by_kind is not None:
        told = "; its path is not told" if "*" in by_kind else ""
        notes.append(f"{text} is read as {by_kind}{told}")
        yield by_kind, by_kind
        return
    registry = registry_of(denial)
    yield from _named(text, action, replace(place, account=registry) if registry else place, notes)


def _named(text: str, action: str, place: _Place, notes: list[str]) -> Iterator[tuple[str, str]]:
    """A bare name: the ARNs it can stand for through the action's resource types."""
    kinds = resource_types_of(action)
    candidates = arn_from_name(action, text, partition=place.partition, region=place.region, account=place.account)
    for candidate in candidates:
        extra = f" ({candidate.note})" if candidate.note else ""
        kind = (
            f"a {candidate.resource_type}, the resource type of {action}" if candidate.resource_type else "a resource"
        )
        notes.append(f"{text} is a bare name; it is read as {kind}: {candidate.arn}{extra}")
        yield candidate.arn, candidate.arn
    if candidates and place.region is None and _is_regional(action):
        notes.append("the Region is not known, so the request is decided for any Region; name it with --region")
    if not kinds:
        yield "*", "*"


def _unnamed(
    denial: Denial, action: str, place: _Place, snapshot: Snapshot | None, notes: list[str]
) -> Iterator[tuple[str, str]]:
    if action == "iam:PassRole":
        yield from _passable_roles(denial, place, snapshot, notes)
        return
    kinds = resource_types_of(action)
    if not kinds:
        yield "*", "*"
        return
    for candidate in arn_from_name(action, "*", partition=place.partition, region=place.region, account=place.account):
        notes.append(f"the text names no resource; the request is decided for any {candidate.resource_type}")
        yield candidate.arn, candidate.arn
        return


def _passable_roles(
    denial: Denial, place: _Place, snapshot: Snapshot | None, notes: list[str]
) -> Iterator[tuple[str, str]]:
    """The roles of the caller's account whose trust policy names the service."""
    service = _passed_to(denial, [])
    roles = list(roles_trusting(snapshot, place.account, service)) if snapshot and place.account else []
    if not roles:
        notes.append("the text does not name the role; look at the RoleArn of the call that failed")
        yield "any role of the account", f"arn:{place.partition}:iam::{place.account or '*'}:role/*"
        return
    if len(roles) > 1:
        notes.append(
            f"the text does not name the role; {len(roles)} roles of the account trust {service}: look at the RoleArn "
            "(or ExecutionRoleArn) of the call that failed to see which one it was"
        )
    else:
        notes.append(f"the text does not name the role; {roles[0]} is the only one that trusts {service}")
    yield from ((arn, arn) for arn in roles)


def roles_trusting(snapshot: Snapshot, account: str, service: str) -> Iterator[str]:
    """ARNs of the roles whose trust policy has an Allow that names the service."""
    for record in snapshot.principals(account):
        if record.kind is not PrincipalKind.ROLE or record.path.startswith("/aws-service-role/"):
            continue
        statements = (s for policy in record.trust.policies for s in policy.document.statements)
        if any(
            statement.effect is StatementEffect.ALLOW
            and any(entry.value.lower() == service for entry in statement.principals or ())
            for statement in statements
        ):
            yield record.arn


def _passed_to(denial: Denial, notes: list[str]) -> str:
    """The service that the role is passed to: by the operation, else SageMaker itself, which is said."""
    if denial.operation:
        operation = find_operation("sagemaker", denial.operation)
        if operation is not None and operation.role_paths:
            values = role_passing(operation.client, operation.name, operation.role_paths[0]).services
            if values:
                return values[0]
    notes.append(f"iam:PassedToService is taken to be {SAGEMAKER}; the text does not name the call")
    return SAGEMAKER


def role_left_open(subjects: Subjects) -> bool:
    """Whether a service wanted a role that the text does not name: every role of every account is no question to decide."""
    return all(
        subject.request.action == "sts:AssumeRole"
        and subject.request.resource.endswith(":role/*")
        and not is_person(subject.request)
        for subject in subjects.found
    )


def is_person(request: Request) -> bool:
    """Whether the caller is an identity of an account."""
    return parse_caller(request.principal).kind not in {CallerKind.SERVICE, CallerKind.ANONYMOUS, CallerKind.FEDERATED}
