"""No service control policy of a level allows the request: add the statement at that level.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
"""

from __future__ import annotations

from sagepass.policy.document import Policy, PolicyForm
from sagepass.policy.kinds import PolicyType
from sagepass.repair.candidates.near_miss import near_miss_options
from sagepass.repair.candidates.principal import policy_name
from sagepass.repair.fits import over_quota
from sagepass.repair.fix import Edit
from sagepass.repair.option import Option, Situation
from sagepass.repair.place import edit_of, new_edit, not_editable
from sagepass.repair.policy_text import document_value, new_document, with_statement
from sagepass.repair.statement_for import action_name, allow_for_principal, exact_grant, wide_notes
from sagepass.source.edit import EditError


def service_control_options(situation: Situation) -> tuple[Option, ...]:
    """Options at the level that does not allow the request."""
    target = situation.check.target
    if target is None:
        return near_miss_options(situation)
    statement = allow_for_principal(situation)
    edits = [edit for policy in _policies(situation, target) if (edit := _extended(situation, policy, statement))]
    edits = [edit for edit in edits if over_quota(edit, situation.snapshot) is None]
    if not edits:
        edits = [
            new_edit(
                situation,
                holder=target,
                policy_type=PolicyType.SERVICE_CONTROL_POLICY,
                form=PolicyForm.ORGANIZATION,
                name=policy_name(situation.action),
                document=new_document(statement),
                statement=statement,
            )
        ]
    exact = Option(
        title=f"let the service control policies of {target} allow {action_name(situation.action)} for {situation.who}",
        edits=(edits[0],),
        grants=(exact_grant(situation, statement),),
        warnings=wide_notes(situation),
    )
    return (exact, *near_miss_options(situation))


def _policies(situation: Situation, target: str) -> tuple[Policy, ...]:
    stored = situation.snapshot.control_policies_on(target, PolicyType.SERVICE_CONTROL_POLICY) or ()
    return tuple(policy.attached_to(target) for policy in stored)


def _extended(situation: Situation, policy: Policy, statement: dict[str, object]) -> Edit | None:
    document = None if not_editable(policy) else document_value(policy)
    if document is None:
        return None
    try:
        after = with_statement(document, statement)
    except EditError:
        return None
    return edit_of(situation, policy, before=document, after=after, statement=statement)
