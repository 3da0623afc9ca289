"""The two worlds in which a plan is tried: one with nothing in it but the plan, and a copy of the saved accounts.

In the bare world nothing else can grant or deny, so what happens there is the work of the documents alone. The copy shows
what the accounts' own policies make of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sagepass.jobs.share.approaches import Approach
from sagepass.jobs.share.other_side import EXECUTION_ROLE, principal_arn
from sagepass.jobs.share.plan import NewRole, Piece, Plan, ResourceShare, Side, documents_of
from sagepass.policy.arn import parse_arn
from sagepass.policy.caller import CallerKind, parse_caller
from sagepass.policy.document import PolicyForm
from sagepass.policy.kinds import PolicyType
from sagepass.repair.fix import Edit
from sagepass.snapshot.added import AddedPrincipal
from sagepass.snapshot.build import SnapshotBuilder
from sagepass.snapshot.changes import PolicyChange
from sagepass.snapshot.errors import SnapshotError
from sagepass.snapshot.snapshot import Snapshot

_ADMINISTRATOR = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def bare_world(plan: Plan, own: Approach, strangers: Iterable[Approach]) -> Snapshot:
    """The plan alone: the documents of both sides, the party with nothing else, the strangers as administrators."""
    builder = SnapshotBuilder("the plan alone").settings(no_organization=True).account(plan.account)
    for principal in _principals(plan, own, strangers):
        builder.principal(principal.arn, inline=principal.inline, trust=principal.trust)
    carried = {holder: document for piece in plan.pieces for holder, document in _resource_documents(piece)}
    for holder in {*carried, *_others(plan, carried)}:
        _put(builder, holder, carried.get(holder), plan)
    return builder.build()


def real_world(plan: Plan, own: Approach, strangers: Iterable[Approach], saved: Snapshot) -> Snapshot:
    """A copy of the saved accounts with the plan carried out, and with those who try."""
    tried = tuple(strangers)
    outsiders = {_account(approach) for approach in tried} - {plan.party.account, plan.account, _account(own)}
    known = {
        arn for arn in (*map(_held, (own, *tried)), own.worker) if arn is not None and saved.principal(arn) is not None
    }
    added = [principal for principal in _principals(plan, own, tried) if principal.arn not in known]
    changed = saved.with_principals(added, outsiders=sorted(account for account in outsiders if account))
    changes = [change for piece in plan.pieces for change in _changes(piece, known)]
    return changed.with_changes(changes)


def _changes(piece: Piece, known: set[str]) -> Iterator[PolicyChange]:
    """The changes of policies; what a new principal holds came with it."""
    content = piece.content
    if isinstance(content, Edit):
        if piece.side is Side.OWNER or content.change.holder in known:
            yield content.change
    elif isinstance(content, ResourceShare):
        yield PolicyChange(
            holder=content.resource,
            type=PolicyType.RESOURCE_BASED_POLICY,
            name=f"policy made by AWS RAM from {content.name}",
            form=PolicyForm.RAM_SHARE,
            document=content.policy,
        )


def _principals(plan: Plan, own: Approach, strangers: Iterable[Approach]) -> list[AddedPrincipal]:
    """The role of the plan, the party with the documents of its side, and the strangers, each ARN once."""
    found: dict[str, AddedPrincipal] = {}
    for approach in strangers:
        arn = _held(approach)
        if arn is not None:
            found[arn] = AddedPrincipal(arn=arn, inline={"administrator": _ADMINISTRATOR})
    arn = _held(own)
    if arn is not None:
        found[arn] = AddedPrincipal(arn=arn, inline=_documents_for(plan, callers=True))
    if own.worker is not None:
        found[own.worker] = AddedPrincipal(arn=own.worker, inline=_documents_for(plan, callers=False))
    role = plan.role
    if role is not None:
        found[role.arn] = AddedPrincipal(arn=role.arn, inline={role.policy_name: role.permissions}, trust=role.trust)
    return list(found.values())


def _documents_for(plan: Plan, *, callers: bool) -> dict[str, object]:
    """The identity-based policies of the other side: the callers' and, if another role reads the data, that one's."""
    return {
        piece.name: piece.content.after
        for piece in plan.pieces
        if isinstance(piece.content, Edit)
        and piece.side is Side.OTHER
        and (plan.worker is None or callers is (piece.name != EXECUTION_ROLE))
    }


def _held(approach: Approach) -> str | None:
    """The user or role behind an attempt, if it has one."""
    caller = parse_caller(approach.principal)
    if caller.kind not in {CallerKind.USER, CallerKind.ROLE, CallerKind.ROLE_SESSION}:
        return None
    return principal_arn(approach.principal)


def _account(approach: Approach) -> str | None:
    return parse_caller(approach.principal).account


def _resource_documents(piece: Piece) -> Iterator[tuple[str, object]]:
    content = piece.content
    if isinstance(content, NewRole) or piece.side is not Side.OWNER:
        return
    holder = content.resource if isinstance(content, ResourceShare) else content.change.holder
    for _, document in documents_of(piece):
        yield holder, document


def _others(plan: Plan, carried: Iterable[str]) -> Iterator[str]:
    """What the plan uses and puts no policy on: in the bare world those have none."""
    known = set(carried)
    for piece in plan.pieces:
        for grant in piece.grants:
            arn = parse_arn(grant.resource)
            if arn is None or arn.service == "iam":
                continue
            holder = (
                f"arn:{arn.partition}:s3:::{arn.resource.partition('/')[0]}" if arn.service == "s3" else grant.resource
            )
            if holder not in known and not (arn.service == "sagemaker" and plan.subject.text in known):
                yield holder


def _put(builder: SnapshotBuilder, holder: str, document: object, plan: Plan) -> None:
    """A resource's policy in the bare world; a key always has one, which leaves its owner in charge."""
    arn = parse_arn(holder)
    if arn is None:
        return
    if arn.service == "kms":
        document = _with_default_key_policy(document, plan)
        builder.answer(
            plan.account, "kms", "list-grants", {"Grants": []}, name=arn.resource.partition("/")[2], region=arn.region
        )
    if arn.service == "sagemaker":
        builder.answer(plan.account, "ram", "list-resources", {"resources": []}, region=arn.region)
    try:
        builder.resource_policy(holder, document, account=plan.account)
    except SnapshotError:
        return  # a type that carries no policy


def _with_default_key_policy(document: object, plan: Plan) -> object:
    owner = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:{plan.subject.arn.partition}:iam::{plan.account}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    statements = document["Statement"] if isinstance(document, dict) else []
    return {
        "Version": "2012-10-17",
        "Statement": [owner, *(statements if isinstance(statements, list) else [statements])],
    }
