"""What a plan says that it grants, written anew as one policy for each document: whom, which actions, on which ARNs.

A document is held against this, so nothing here is taken from the document itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sagepass.catalog.actions import takes_no_resource
from sagepass.catalog.sharing import Mechanism
from sagepass.jobs.share.naming import PartyNaming, assume_actions, name_party
from sagepass.jobs.share.other_side import THEIR_ACCOUNT
from sagepass.jobs.share.plan import NewRole, Piece, Plan, ResourceShare, Side, Statement
from sagepass.jobs.share.subject import Grant, entity_grants, grants_of
from sagepass.policy.arn import parse_arn

_ONE_RESOURCE = frozenset({"kms", "ecr"})
"""Services in whose resource-based policies ``Resource`` says nothing: they are about the key or repository alone.

https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html and
https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
"""


def stated_entry(plan: Plan, piece: Piece) -> list[Statement]:
    """For a document that says who gets in: the party with the actions that the piece is there for."""
    content = piece.content
    namings = [name_party(plan.party, partition=plan.subject.arn.partition, owner=plan.account)]
    if isinstance(content, NewRole):
        return [_allow(assume_actions(plan.party), None, namings[0])]
    grants: Iterable[Grant] = piece.grants
    if isinstance(content, ResourceShare):
        listed = grants_of(content.permission.actions or (), plan.subject)
        return [_allow((grant.action,), grant.resource, namings[0]) for grant in listed]
    holder = parse_arn(content.change.holder)
    governed = holder is not None and holder.service in _ONE_RESOURCE
    besides = content.change.holder != plan.subject.text
    if besides and plan.worker is not None:
        namings.append(PartyNaming(principal={"AWS": plan.worker}))
    if not piece.grants and plan.role is not None:
        grants = [grant for other in plan.pieces for grant in other.grants if grant.action.startswith("kms:")]
        namings = [PartyNaming(principal={"AWS": plan.role.arn})]
    return [
        _allow((grant.action,), "*" if governed else grant.resource, naming) for naming in namings for grant in grants
    ]


def stated_permissions(plan: Plan, piece: Piece) -> list[Statement]:
    """For an identity-based policy: the calls that it is there for."""
    grants: Iterable[Grant] = piece.grants if piece.side is Side.OWNER else _their_calls(plan)
    return [
        {"Effect": "Allow", "Action": item.action, "Resource": "*" if takes_no_resource(item.action) else item.resource}
        for item in grants
    ]


def _their_calls(plan: Plan) -> Iterator[Grant]:
    """What the other side does: assume the role, or call each shared action, and what comes with it there."""
    if plan.mechanism is Mechanism.ROLE:
        if plan.role is not None:
            yield from (Grant(action=action, resource=plan.role.arn) for action in assume_actions(plan.party))
        return
    for piece in plan.pieces:
        yield from piece.grants
    yield from entity_grants(plan.actions, plan.subject)
    if "sagemaker:CreateModel" in plan.actions:
        arn, account = plan.subject.arn, plan.party.account or THEIR_ACCOUNT
        model = f"arn:{arn.partition}:sagemaker:{arn.region}:{account}:model/*"
        yield Grant(action="sagemaker:CreateModel", resource=model)
    if plan.router is not None:
        yield Grant(action="sagemaker:InvokeInferenceRouter", resource=plan.router)
    if any(grant.action.startswith("ecr:") for piece in plan.pieces for grant in piece.grants):
        yield Grant(action="ecr:GetAuthorizationToken", resource="*")


def _allow(actions: tuple[str, ...], resource: str | None, naming: PartyNaming) -> Statement:
    return naming.statement("Stated", actions, resource)
