"""The identity-based policies of the other account: whoever is let in there has to be allowed by their own side as well.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sagepass.catalog.sharing import Mechanism
from sagepass.jobs.share.naming import assume_actions
from sagepass.jobs.share.party import PartyKind
from sagepass.jobs.share.plan import Piece, Side, Statement
from sagepass.jobs.share.statements import identity_statements, one_or_list
from sagepass.jobs.share.subject import Grant, entity_grants, grants_of
from sagepass.jobs.share.wanted import Wanted
from sagepass.policy.document import PolicyForm
from sagepass.policy.kinds import CheckType, PolicyType
from sagepass.repair.fix import Edit, Owner
from sagepass.repair.policy_text import new_document
from sagepass.snapshot.changes import PolicyChange

THEIR_ROLE = "<their-role>"
THEIR_ACCOUNT = "<their-account>"
EXECUTION_ROLE = "identity-execution-role"
"""The piece with what an execution role of theirs needs."""


def other_side(wanted: Wanted) -> Iterator[Piece]:
    """The identity-based policies of the other account; identities of a provider and services have none."""
    party, subject = wanted.party, wanted.subject
    if party.federated or party.kind is PartyKind.SERVICE:
        return
    if wanted.mechanism is Mechanism.ROLE:
        assume: Statement = {
            "Effect": "Allow",
            "Action": one_or_list(assume_actions(party)),
            "Resource": wanted.role_arn,
        }
        yield _identity(wanted, [assume], "callers", "they have to be allowed to assume the role on their side as well")
        return
    own = _own_models(wanted)
    router = [Grant(action="sagemaker:InvokeInferenceRouter", resource=wanted.router)] if wanted.router else []
    grants = (*grants_of(wanted.actions, subject), *entity_grants(wanted.actions, subject), *own, *router)
    beside = tuple(grant for item in wanted.beside for grant in item.grants)
    token = [Grant(action="ecr:GetAuthorizationToken", resource="*")] if any("ecr:" in g.action for g in beside) else []
    apart = bool(own) and bool(beside) and (wanted.worker is not None or party.kind is not PartyKind.PRINCIPAL)
    keys = tuple(grant for grant in beside if grant.action.startswith("kms:"))
    callers = (*grants, *keys) if apart else (*grants, *beside, *token)
    why = "across accounts a policy of the resource is not enough: the caller's own account has to allow as well"
    yield _identity(wanted, identity_statements(callers), "callers", why)
    if apart:
        why = "the execution role that they pass to CreateModel reads the artifacts and pulls the image"
        yield _identity(wanted, identity_statements((*beside, *token)), "execution-role", why)


def _own_models(wanted: Wanted) -> list[Grant]:
    """CreateModel makes a model of theirs from the shared version: it is checked on both."""
    if "sagemaker:CreateModel" not in wanted.actions:
        return []
    account = wanted.party.account or THEIR_ACCOUNT
    arn = wanted.subject.arn
    return [
        Grant(action="sagemaker:CreateModel", resource=f"arn:{arn.partition}:sagemaker:{arn.region}:{account}:model/*")
    ]


def _identity(wanted: Wanted, statements: Sequence[Statement], name: str, why: str) -> Piece:
    party, partition = wanted.party, wanted.subject.arn.partition
    account = party.account or THEIR_ACCOUNT
    holder = f"arn:{partition}:iam::{account}:role/{THEIR_ROLE}"
    form, title = PolicyForm.CUSTOMER_MANAGED, "for whoever there shall use it"
    exact = wanted.worker if name == "execution-role" else None
    if party.kind is PartyKind.PRINCIPAL or exact:
        holder = exact or principal_arn(party.value)
        form = PolicyForm.INLINE_USER if ":user/" in holder else PolicyForm.INLINE_ROLE
        title = f"of {holder.rpartition('/')[2]}"
    elif party.kind is PartyKind.SSO:
        title = f"inline policy of the permission set {party.value}"
    document = new_document(*statements)
    policy_name = f"{'run' if name == 'execution-role' else 'use'}-{wanted.subject.name}"
    where = f"identity-based policy {policy_name} {title}"
    edit = Edit(
        change=PolicyChange(
            holder=holder, type=PolicyType.IDENTITY_BASED_POLICY, name=policy_name, form=form, document=document
        ),
        policy_type=PolicyType.IDENTITY_BASED_POLICY,
        check=CheckType.PRINCIPAL,
        where=where,
        owner=Owner.PERMISSION_SET if party.kind is PartyKind.SSO else Owner.ACCOUNT,
        account=party.account,
        before=None,
        after=document,
        statement=document["Statement"],
    )
    warnings: tuple[str, ...] = ()
    if party.kind is PartyKind.SSO:
        warnings = (
            f"IAM Identity Center manages these roles: put it into the permission set {party.value}, not on the role",
        )
    return Piece(
        name=f"identity-{name}",
        side=Side.OTHER,
        account=party.account,
        title=f"{where} ({name.replace('-', ' ')})",
        why=why,
        content=edit,
        warnings=warnings,
    )


def principal_arn(arn: str) -> str:
    """The IAM ARN that holds policies: of a role session the role's."""
    if ":assumed-role/" not in arn:
        return arn
    head, _, rest = arn.partition(":assumed-role/")
    return f"{head.replace(':sts:', ':iam:')}:role/{rest.partition('/')[0]}"
