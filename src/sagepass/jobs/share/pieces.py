"""Writes the documents of a plan, the owner's side first.

Sources: those of :mod:`~sagepass.jobs.share.naming` and :mod:`~sagepass.jobs.share.beside`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sagepass.catalog.sharing import Mechanism
from sagepass.jobs.share.beside import Beside, BesideKind, by_holder
from sagepass.jobs.share.naming import PartyNaming, assume_actions
from sagepass.jobs.share.other_side import other_side
from sagepass.jobs.share.party import Party, PartyKind
from sagepass.jobs.share.plan import NewRole, Piece, ResourceShare, Side
from sagepass.jobs.share.resource_edit import resource_edit
from sagepass.jobs.share.statements import by_resource, identity_statements
from sagepass.jobs.share.subject import Grant, ShareError, grants_of, identity_grants
from sagepass.jobs.share.wanted import Wanted
from sagepass.repair.policy_text import new_document

_ROUTED = frozenset({"sagemaker:invokeendpoint", "sagemaker:invokeendpointasync"})
"""The actions that carry ``sagemaker:SourceInferenceRouterArn``."""


def write_pieces(wanted: Wanted) -> tuple[Piece, ...]:
    """All documents, the owner's side first."""
    match wanted.mechanism:
        case Mechanism.ROLE:
            pieces = [_role(wanted)]
        case Mechanism.POLICY:
            pieces = [_resource_policy(wanted), *_beside_pieces(wanted)]
        case Mechanism.RAM:
            pieces = [_share(wanted), *_beside_pieces(wanted)]
    return (*pieces, *other_side(wanted))


def _role(wanted: Wanted) -> Piece:
    subject, party = wanted.subject, wanted.party
    trust = wanted.naming.statement("TheOtherParty", assume_actions(party), None)
    grants = (*identity_grants(wanted.actions, subject), *(grant for item in wanted.beside for grant in item.grants))
    role = NewRole(
        arn=wanted.role_arn,
        name=wanted.role_name,
        trust=new_document(trust),
        policy_name="shared",
        permissions=new_document(*identity_statements(grants)),
    )
    return Piece(
        name=f"role-{wanted.role_name}",
        side=Side.OWNER,
        account=subject.arn.account,
        title=f"role {wanted.role_name}: trust policy and permissions",
        why=f"the trust policy says who may assume it, the permissions what {subject.words} is used for",
        content=role,
        grants=grants,
    )


def _resource_policy(wanted: Wanted) -> Piece:
    subject = wanted.subject
    grants = grants_of(wanted.actions, subject)
    statements = [
        _named(wanted, resource, actions).statement(_sid("Shared", index), actions, resource)
        for index, (resource, actions) in enumerate(_split_routed(wanted, grants))
    ]
    edit, warnings = resource_edit(subject.text, statements, account=subject.arn.account, snapshot=wanted.snapshot)
    return Piece(
        name=f"policy-{subject.name}",
        side=Side.OWNER,
        account=subject.arn.account,
        title=f"policy of the {subject.words}",
        why="it lets the other party in; without it the other account's own policies have nothing to stand on",
        content=edit,
        grants=grants,
        warnings=warnings,
    )


def _split_routed(wanted: Wanted, grants: Iterable[Grant]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """By ARN; calls that come through a router apart from those that do not carry its key."""
    for resource, actions in by_resource(grants).items():
        routed = tuple(action for action in actions if wanted.router and action.lower() in _ROUTED)
        rest = tuple(action for action in actions if action not in routed)
        yield from ((resource, group) for group in (routed, rest) if group)


def _named(wanted: Wanted, resource: str, actions: tuple[str, ...]) -> PartyNaming:
    if wanted.router and resource == wanted.subject.text and actions[0].lower() in _ROUTED:
        return wanted.naming.also("ArnEquals", "sagemaker:SourceInferenceRouterArn", wanted.router)
    return wanted.naming


def _share(wanted: Wanted) -> Piece:
    subject, party = wanted.subject, wanted.party
    permission = subject.row.permission_for(wanted.actions)
    if permission is None:
        raise ShareError(f"no managed permission of AWS RAM fits {', '.join(wanted.actions)}")
    grants = grants_of(permission.actions or (), subject)
    naming = wanted.naming
    statements = [
        naming.statement(_sid("MadeByRam", index), actions, resource)
        for index, (resource, actions) in enumerate(by_resource(grants).items())
    ]
    more = [action for action in permission.actions or () if action not in wanted.actions]
    share = ResourceShare(
        name=f"share-{subject.name}",
        resource=subject.text,
        principals=(_ram_principal(wanted),),
        permission=permission,
        outside=party.kind is PartyKind.ACCOUNT,
        policy=new_document(*statements),
    )
    warnings = [f"the managed permission also allows {', '.join(more)}"] if more else []
    warnings.append(_before_sharing(party))
    return Piece(
        name=f"share-{subject.name}",
        side=Side.OWNER,
        account=subject.arn.account,
        title=f"resource share of the {subject.words} ({permission.name or 'the default permission'})",
        why="AWS RAM writes the policy of the resource from it",
        content=share,
        grants=grants_of(wanted.actions, subject),
        warnings=tuple(warnings),
    )


def _before_sharing(party: Party) -> str:
    """https://docs.aws.amazon.com/ram/latest/userguide/getting-started-sharing.html."""
    if party.kind is PartyKind.ACCOUNT:
        return "they have to accept the invitation, unless both accounts are in one organization that shares without"
    return "sharing with AWS Organizations has to be enabled first: aws ram enable-sharing-with-aws-organization"


def _ram_principal(wanted: Wanted) -> str:
    """An account id, or the ARN of an organization or unit.

    https://docs.aws.amazon.com/ram/latest/APIReference/API_CreateResourceShare.html
    """
    party, partition = wanted.party, wanted.subject.arn.partition
    if party.kind is PartyKind.ACCOUNT:
        return party.account or ""
    management = wanted.snapshot.management_account if wanted.snapshot else None
    start = f"arn:{partition}:organizations::{management or '<management-account>'}"
    if party.kind is PartyKind.ORGANIZATION:
        return f"{start}:organization/{party.value}"
    organization, unit = party.value.partition("/")[0], party.value.rstrip("/").rpartition("/")[2]
    return f"{start}:ou/{organization}/{unit}"


def _beside_pieces(wanted: Wanted) -> Iterator[Piece]:
    """The policies of the bucket, the repository and the key.

    A key can encrypt the artifacts and what the registry holds of a version, so whoever calls needs it as well as the
    role that reads the artifacts (https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ModelPackageSecurityConfig.html).
    """
    worker = PartyNaming(principal={"AWS": wanted.worker}) if wanted.worker is not None else None
    for holder, items in by_holder(wanted.beside).items():
        first = items[0]
        namings = [worker or wanted.naming]
        if worker is not None and first.kind is BesideKind.KEY:
            namings = [wanted.naming, worker]
        named = [(naming, item) for naming in namings for item in items]
        statements = [
            naming.statement(_sid("Shared", index), item.actions, _in_own_policy(item))
            for index, (naming, item) in enumerate(named)
        ]
        edit, warnings = resource_edit(holder, statements, account=wanted.subject.arn.account, snapshot=wanted.snapshot)
        yield Piece(
            name=f"{first.kind}-policy-{first.name}".replace("/", "-"),
            side=Side.OWNER,
            account=wanted.subject.arn.account,
            title=f"policy of the {first.words}",
            why=_why_beside(first),
            content=edit,
            grants=tuple(grant for item in items for grant in item.grants),
            warnings=warnings,
        )


def _why_beside(item: Beside) -> str:
    match item.kind:
        case BesideKind.DATA:
            return "the artifacts lie there; a shared model package without them cannot be deployed"
        case BesideKind.IMAGE:
            return "the container is pulled from there"
        case BesideKind.KEY:
            return "artifacts, or what the registry holds of them, are encrypted with it; the default key aws/s3 could not be shared"


def _in_own_policy(item: Beside) -> str | None:
    """What stands as Resource: nothing in a repository's policy, ``*`` (this key) in a key's."""
    return {BesideKind.DATA: item.resource, BesideKind.IMAGE: None, BesideKind.KEY: "*"}[item.kind]


def key_piece(wanted: Wanted, key: str, actions: tuple[str, ...]) -> Piece:
    """The statement of a key's policy for the role of the plan, where the key does not leave that to IAM policies.

    https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
    """
    statement = PartyNaming(principal={"AWS": wanted.role_arn}).statement("TheSharedRole", actions, "*")
    edit, warnings = resource_edit(key, [statement], account=wanted.subject.arn.account, snapshot=wanted.snapshot)
    return Piece(
        name=f"kms-policy-{key.rpartition('/')[2]}",
        side=Side.OWNER,
        account=wanted.subject.arn.account,
        title=f"policy of the key {key.rpartition('/')[2]}",
        why="the key does not leave it to IAM policies who uses it, so its own policy has to name the role",
        content=edit,
        warnings=warnings,
    )


def _sid(word: str, index: int) -> str:
    return word if index == 0 else f"{word}{index + 1}"
