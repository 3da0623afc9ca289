"""No identity-based policy allows the request: extend the nearest Allow, or add the one statement that does.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_manage-edit.html
"""

from __future__ import annotations

from sagepass.policy.caller import CallerKind
from sagepass.policy.document import PolicyForm
from sagepass.policy.kinds import PolicyType
from sagepass.repair.candidates.near_miss import near_miss_options
from sagepass.repair.fits import over_quota
from sagepass.repair.fix import Edit
from sagepass.repair.option import Option, Situation
from sagepass.repair.place import SSO_INLINE, edit_of, new_edit, not_editable, reach, reach_warning
from sagepass.repair.policy_text import document_value, new_document, with_statement
from sagepass.repair.statement_for import action_name, allow_for_principal, allow_statement, exact_grant, wide_notes
from sagepass.source.edit import EditError


def principal_options(situation: Situation) -> tuple[Option, ...]:
    """Options in the caller's own policies, narrowest first."""
    blocked = _cannot_be_changed(situation)
    if blocked is not None:
        return (blocked,)
    return (*_new_statement(situation), *near_miss_options(situation))


def policy_name(action: str) -> str:
    """The name of a new policy: ``sagepass-sagemaker-DescribeTrainingJob``."""
    service, _, name = action_name(action).partition(":")
    return f"sagepass-{service}-{name.replace('*', 'any')}"[:64]


def _cannot_be_changed(situation: Situation) -> Option | None:
    if situation.caller.kind is CallerKind.ROOT and situation.action.lower() == "sts:assumerole":
        return Option(
            title="assume the role as an IAM user or a role: the root user cannot",
            steps=(
                "no policy changes that (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html)",
                (
                    f"in account {situation.caller.account}: allow an IAM user or a role sts:AssumeRole on {situation.resource}, "
                    "and call with its credentials"
                ),
            ),
        )
    if situation.caller.is_service_linked_role:
        return Option(
            title="let the service itself repair its service-linked role",
            steps=(
                f"{situation.who} is a service-linked role: its permissions belong to the service and cannot be edited",
                "delete and re-create the role through the service, or use a role of your own for this task",
            ),
        )
    if situation.caller.kind is CallerKind.FEDERATED_USER and situation.record is None:
        return Option(
            title="allow the action for the IAM user who called GetFederationToken",
            steps=(
                "a federated session has at most what the IAM user who asked for it may do",
                "find that user and allow the action there and in the session policy that is passed",
            ),
        )
    return None


def _new_statement(situation: Situation) -> tuple[Option, ...]:
    statement = allow_statement(situation)
    edit = _own_place(situation, statement)
    placed: list[Option] = []
    fits = edit is not None and over_quota(edit, situation.snapshot) is None
    if edit is not None and fits:
        placed.append(_option(situation, edit, statement))
    else:
        placed += _other_places(situation, statement)
    if not placed and edit is not None:
        placed.append(_option(situation, edit, statement))
    return tuple(placed)


def _own_place(situation: Situation, statement: dict[str, object]) -> Edit | None:
    """An inline policy of the caller: nobody else is reached."""
    caller = situation.record
    holder = caller.arn if caller else situation.principal_arn
    if holder is None or ":root" in holder:
        return None
    name = policy_name(situation.action)
    if caller is not None and caller.permission_set:
        name = SSO_INLINE
    form = PolicyForm.INLINE_ROLE if situation.caller.is_role else PolicyForm.INLINE_USER
    present = next((p for p in (caller.identity.policies if caller else ()) if p.name == name and p.form is form), None)
    document = document_value(present) if present else None
    if present is None:
        return new_edit(
            situation,
            holder=holder,
            policy_type=PolicyType.IDENTITY_BASED_POLICY,
            form=form,
            name=name,
            document=new_document(statement),
            statement=statement,
        )
    if document is None:
        return None
    try:
        after = with_statement(document, statement)
    except EditError:
        return None
    return edit_of(situation, present, before=document, after=after, statement=statement)


def _other_places(situation: Situation, statement: dict[str, object]) -> list[Option]:
    """Where the inline policies are full: a customer managed policy in force, or a new one."""
    found: list[Option] = []
    policies = situation.record.identity.policies if situation.record else ()
    for policy in policies:
        document = document_value(policy)
        if policy.form is not PolicyForm.CUSTOMER_MANAGED or not_editable(policy) or document is None:
            continue
        others = reach(situation, policy)
        wanted = allow_for_principal(situation) if others else statement
        edit = edit_of(situation, policy, before=document, after=with_statement(document, wanted), statement=wanted)
        if over_quota(edit, situation.snapshot) is None:
            found.append(_option(situation, edit, wanted, warnings=reach_warning(situation, policy, others)))
    if situation.record is not None and not found:
        edit = new_edit(
            situation,
            holder=situation.record.arn,
            policy_type=PolicyType.IDENTITY_BASED_POLICY,
            form=PolicyForm.CUSTOMER_MANAGED,
            name=policy_name(situation.action),
            document=new_document(statement),
            statement=statement,
        )
        if over_quota(edit, situation.snapshot) is None:
            found.append(_option(situation, edit, statement))
    return found


def _option(situation: Situation, edit: Edit, statement: dict[str, object], warnings: tuple[str, ...] = ()) -> Option:
    resource = str(statement["Resource"])
    shared: tuple[str, ...] = ()
    if situation.caller.sso_permission_set:
        name = situation.caller.sso_permission_set
        shared = (f"the permission set {name} gives the same to everyone assigned to it, in all its accounts",)
    return Option(
        title=f"allow {action_name(situation.action)} on {resource} for {situation.who}",
        edits=(edit,),
        grants=(exact_grant(situation, statement),),
        warnings=(*wide_notes(situation), *shared, *warnings),
    )
