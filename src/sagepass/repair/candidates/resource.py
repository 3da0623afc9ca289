"""The resource's own policy does not allow the request: bucket, key, repository, model package group, trust policy.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html,
https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html
"""

from __future__ import annotations

from sagepass.catalog.resource_policies import PolicySource, resource_policy_can_matter, resource_policy_support
from sagepass.catalog.resources import type_of_arn
from sagepass.policy.arn import is_role_arn, parse_arn
from sagepass.policy.document import Policy, PolicyForm
from sagepass.policy.kinds import PolicyType
from sagepass.repair.candidates.named_principal import for_caller, repairs_deleted, without_principals
from sagepass.repair.candidates.near_miss import near_miss_options
from sagepass.repair.candidates.trust import meeting_its_conditions, trust_options
from sagepass.repair.fix import Edit
from sagepass.repair.option import Option, Situation, name_of
from sagepass.repair.place import edit_of, new_edit, not_editable, place_phrase
from sagepass.repair.policy_text import document_value, new_document, with_statement
from sagepass.repair.statement_for import action_name, exact_grant, resource_statement, wide_notes
from sagepass.source.edit import EditError

_GRANT_OPERATIONS = frozenset(
    {
        "Decrypt",
        "Encrypt",
        "GenerateDataKey",
        "GenerateDataKeyWithoutPlaintext",
        "ReEncryptFrom",
        "ReEncryptTo",
        "CreateGrant",
        "RetireGrant",
        "DescribeKey",
    }
)
"""Of https://docs.aws.amazon.com/kms/latest/developerguide/grants.html#terms-grant-operations, those SageMaker uses."""


def resource_options(situation: Situation) -> tuple[Option, ...]:
    """Options in the policy of the resource, and advice where the resource can have none."""
    if not _can_have_policy(situation):
        return (_assume_role_instead(situation),)
    near = near_miss_options(situation)
    if repairs_deleted(situation):
        return tuple(meeting_its_conditions(situation, option) for option in near)
    if is_role_arn(situation.resource):
        return (*trust_options(situation), *near_miss_options(without_principals(situation)))
    exact = _new_statement(situation)
    shared = _shared_by_ram(situation)
    return (*((exact,) if exact else ()), *near, *shared, *_kms_grant(situation))


def _can_have_policy(situation: Situation) -> bool:
    if is_role_arn(situation.resource):
        return situation.action.lower().startswith("sts:")
    service = situation.action.partition(":")[0]
    kind = type_of_arn(situation.resource)
    return resource_policy_can_matter(service, kind.name if kind else None)


def _assume_role_instead(situation: Situation) -> Option:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/tutorial_cross-account-with-roles.html."""
    kind = type_of_arn(situation.resource)
    owner = situation.resource_account or "the owning account"
    what = f"a {kind.name}" if kind else situation.resource
    action, trusted = action_name(situation.action), situation.principal_arn or situation.request.principal
    return Option(
        title=f"assume a role in account {owner} and call {action} as that role",
        steps=(
            f"{what} cannot be shared with another account by a policy of its own",
            f"in account {owner}: make a role that allows {action} on {situation.resource} and trusts {trusted}",
            f"in account {situation.caller.account}: allow {situation.who} sts:AssumeRole on that one role",
        ),
    )


def _new_statement(situation: Situation) -> Option | None:
    layer = situation.snapshot.resource_policy(situation.resource)
    if any(not missing.grants_only for missing in layer.missing):
        return None
    policy = next((item for item in layer.policies if item.form is not PolicyForm.RAM_SHARE), None)
    statement = for_caller(situation) if situation.cross_account else resource_statement(situation)
    edit = _extended(situation, policy, statement) if policy else _made(situation, statement)
    if edit is None:
        return None
    return Option(
        title=f"let {place_phrase(edit.where)} allow {action_name(situation.action)} for {situation.who}",
        edits=(edit,),
        grants=(exact_grant(situation, statement, situation.principal_arn or situation.caller.arn),),
        warnings=wide_notes(situation),
    )


def _extended(situation: Situation, policy: Policy, statement: dict[str, object]) -> Edit | None:
    document = None if not_editable(policy) else document_value(policy)
    if document is None:
        return None
    try:
        after = with_statement(document, statement)
    except EditError:
        return None
    return edit_of(situation, policy, before=document, after=after, statement=statement)


def _made(situation: Situation, statement: dict[str, object]) -> Edit | None:
    """A first policy for the resource; a key or a role is never without one, and what RAM makes cannot be written."""
    parts = parse_arn(situation.resource)
    kind = type_of_arn(situation.resource)
    support = resource_policy_support(parts.service, kind.name if kind else None) if parts else ()
    if parts is None or parts.service in {"kms", "iam"} or any(row.source is PolicySource.SHARED for row in support):
        return None
    return new_edit(
        situation,
        holder=situation.snapshot.resource_holder(situation.resource),
        policy_type=PolicyType.RESOURCE_BASED_POLICY,
        form=PolicyForm.RESOURCE,
        name=f"policy of {name_of(situation.resource)}",
        document=new_document(statement),
        statement=statement,
    )


def _shared_by_ram(situation: Situation) -> tuple[Option, ...]:
    """https://docs.aws.amazon.com/ram/latest/userguide/shareable.html."""
    parts, kind = parse_arn(situation.resource), type_of_arn(situation.resource)
    rows = resource_policy_support(parts.service, kind.name if kind else None) if parts else ()
    if not situation.cross_account or not any(row.source is not PolicySource.ATTACHED for row in rows):
        return ()
    holder, owner, guest = rows[0].holder, situation.resource_account, situation.caller.account
    permission = f"a RAM permission that includes {action_name(situation.action)}"
    return (
        Option(
            title=f"share the {holder} with account {guest} through AWS RAM",
            steps=(
                f"in account {owner}: share the {holder} with the principal account {guest}, with {permission}",
                f"in account {guest}: accept the share, unless sharing within the organization is on",
            ),
            breadth=100,
        ),
    )


def _kms_grant(situation: Situation) -> tuple[Option, ...]:
    """https://docs.aws.amazon.com/kms/latest/developerguide/grants.html."""
    service, _, name = action_name(situation.action).partition(":")
    grantee = situation.principal_arn
    if service != "kms" or name not in _GRANT_OPERATIONS or grantee is None:
        return ()
    return (
        Option(
            title=f"make a grant of the key for {situation.who} instead of changing the key policy",
            steps=(
                f"aws kms create-grant --key-id {situation.resource} --grantee-principal {grantee} --operations {name}",
            ),
            breadth=1,
        ),
    )
