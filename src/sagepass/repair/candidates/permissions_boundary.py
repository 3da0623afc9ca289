"""The permissions boundary does not allow the request: add the statement to the boundary's policy.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
"""

from __future__ import annotations

from sagepass.repair.candidates.near_miss import near_miss_options
from sagepass.repair.option import Option, Situation
from sagepass.repair.place import edit_of, not_editable, reach, reach_warning
from sagepass.repair.policy_text import document_value, with_statement
from sagepass.repair.statement_for import (
    action_name,
    allow_for_principal,
    allow_statement,
    exact_grant,
    wide_notes,
)
from sagepass.source.edit import EditError


def boundary_options(situation: Situation) -> tuple[Option, ...]:
    """Options in the policy that serves as the boundary, narrowest first."""
    record = situation.record
    boundary = next(iter(record.boundary.policies), None) if record else None
    if boundary is None:
        return ()
    why = not_editable(boundary)
    if why is not None:
        return (
            Option(
                title=f"give {situation.who} another permissions boundary",
                steps=(
                    why,
                    f"set a customer managed copy of it as the boundary that also allows {action_name(situation.action)}",
                ),
            ),
        )
    document = document_value(boundary)
    if document is None:
        return ()
    others = reach(situation, boundary)
    statement = allow_for_principal(situation) if others else allow_statement(situation)
    try:
        after = with_statement(document, statement)
    except EditError:
        return near_miss_options(situation)
    exact = Option(
        title=f"let the permissions boundary {boundary.name} allow {action_name(situation.action)} for {situation.who}",
        edits=(edit_of(situation, boundary, before=document, after=after, statement=statement),),
        grants=(exact_grant(situation, statement),),
        warnings=(*wide_notes(situation), *reach_warning(situation, boundary, others)),
    )
    return (exact, *near_miss_options(situation))
