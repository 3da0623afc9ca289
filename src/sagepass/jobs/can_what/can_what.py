"""``can_what``: the effective permissions of one principal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sagepass.catalog.actions import known_service, service_actions
from sagepass.catalog.dates import catalog_date
from sagepass.catalog.resources import types_of_arn
from sagepass.engine.authorize import UnknownPrincipal
from sagepass.jobs.can_what.action_sets import Actions, ActionSets
from sagepass.jobs.can_what.compose import Composer
from sagepass.jobs.can_what.layers import gather, is_plain
from sagepass.jobs.can_what.record import CanWhat, Clause, OnResource
from sagepass.jobs.decide_in_bulk import decide_by_size
from sagepass.jobs.decide_many import DecideMany, Progress, decision_of
from sagepass.jobs.who_can.basis import basis_of
from sagepass.policy.arn import parse_arn
from sagepass.policy.caller import Caller, CallerKind, parse_caller
from sagepass.policy.glob import overlaps, read_pattern
from sagepass.policy.statement import StatementEffect
from sagepass.repair.option import name_of
from sagepass.snapshot.layer import Layer
from sagepass.snapshot.snapshot import Snapshot


def can_what(
    principal: str,
    snapshot: Snapshot,
    *,
    service: str | None = None,
    resource: str | None = None,
    context: Mapping[str, object] | None = None,
    decide_many: DecideMany = decide_by_size,
    progress: Progress | None = None,
) -> CanWhat:
    """Find everything that a principal may do.

    Args:
        principal: ARN of a user, a role, a session of one, or the root user of an account (or the account's id).
        snapshot: the saved accounts.
        service: only the actions of this service prefix.
        resource: only this resource; every action on it is then decided as well.
        context: condition keys of the requests on ``resource``.
        decide_many: the engine for these requests.
        progress: told how many of them are done.

    Raises:
        ValueError: the principal is none, or has no permissions of its own (a service, a provider); the service is
            none of AWS's.
        UnknownPrincipal: the snapshot does not have it.
    """
    caller = parse_caller(principal)
    if caller.kind is CallerKind.FEDERATED_USER:
        raise ValueError(
            f"{principal} is a session of GetFederationToken, which has what its session policy and its IAM user both have; "
            "ask for that user"
        )
    if not is_plain(caller):
        raise ValueError(f"{principal} has no permissions of its own; who-can tells where it is let in")
    parts = parse_arn(resource) if resource else None
    service = (service or (parts.service if parts else None) or "").lower() or None
    if service is not None and not known_service(service):
        raise ValueError(
            f"{service!r} is no service prefix that AWS defines; write it as actions do, for example sagemaker"
        )
    record = snapshot.principal(caller.arn)
    if record is None and not (caller.kind is CallerKind.ROOT and snapshot.has_account(caller.account or "")):
        raise UnknownPrincipal(f"the snapshot does not have {principal}")
    if record is not None:
        caller = caller.known_as(path=record.path, unique_id=record.unique_id or None)
    session = snapshot.session_policies(caller.arn) if caller.kind is CallerKind.ROLE_SESSION else None
    layers = gather(caller, record, session, snapshot)
    sets = ActionSets((part.ref.statement for part in layers.every()), service)
    composer = Composer(layers, sets, caller.account or "")
    clauses = composer.clauses if resource is None else tuple(_touching(composer.clauses, resource))
    return CanWhat(
        principal=caller.arn,
        label=name_of(caller.arn),
        service=service,
        resource=resource,
        clauses=clauses,
        idle=tuple(composer.idle) if resource is None else (),
        on_resource=_on_resource(caller.arn, snapshot, resource, service, context or {}, decide_many, progress),
        levels=sets.levels(composer.allowed) if service else (),
        inexact=(*composer.inexact, *_beyond_the_identity(composer.allowed)),
        depends=tuple(dict.fromkeys(f"{gap.what}" for gap in layers.missing)),
        assumptions=tuple(_assumptions(caller, session)),
    )


def _touching(clauses: tuple[Clause, ...], resource: str) -> Iterator[Clause]:
    """The clauses that can be about a resource."""
    target = read_pattern(resource)
    for clause in clauses:
        if clause.not_resource or any("${" in e or overlaps(read_pattern(e), target) for e in clause.resources):
            yield clause


def _on_resource(  # noqa: PLR0917 - what the engine is asked, in its order
    principal: str,
    snapshot: Snapshot,
    resource: str | None,
    service: str | None,
    context: Mapping[str, object],
    decide_many: DecideMany,
    progress: Progress | None,
) -> tuple[OnResource, ...]:
    """Every action of the service that is authorized on this type of resource, decided."""
    if resource is None or service is None:
        return ()
    types = {kind.name for kind in types_of_arn(resource)}
    actions = [
        action.id for action in service_actions(service) if any(use.type in types for use in action.resource_types)
    ]
    found: list[OnResource] = []
    for cell in decide_many(snapshot, [principal], actions, [resource], context, progress=progress):
        basis = basis_of(decision_of(cell, snapshot, context))
        found.append(
            OnResource(action=cell.action, effect=cell.effect, conditions=basis.conditions, grants=basis.grants)
        )
    return tuple(found)


def _beyond_the_identity(allowed: Actions) -> Iterator[str]:
    """Where an identity-based policy alone never decides, so that no document of one can.

    https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html,
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
    """
    if any(action.startswith("kms:") for action in allowed):
        yield "use of a KMS key also takes its key policy, or a grant of the key"
    if any(action.startswith(("sts:Assume", "sts:Tag", "sts:SetSource")) for action in allowed):
        yield "to assume a role also takes the role's trust policy"


def _assumptions(caller: Caller, session: Layer | None) -> Iterator[str]:
    yield "requests do not come through a VPC endpoint with a policy of its own"
    if caller.is_role and session is None:
        yield "sessions of the role are created without a session policy"
    yield "on resources of other accounts their owner's policy has to allow as well"
    yield f"patterns of actions mean the actions that AWS's tables had on {catalog_date()}"


def allow_clauses(answer: CanWhat) -> tuple[Clause, ...]:
    """The clauses that allow."""
    return tuple(clause for clause in answer.clauses if clause.effect is StatementEffect.ALLOW)


def deny_clauses(answer: CanWhat) -> tuple[Clause, ...]:
    """The clauses that take away again."""
    return tuple(clause for clause in answer.clauses if clause.effect is StatementEffect.DENY)
