"""The session policy does not allow the request: it was fixed when the session was created.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session
"""

from __future__ import annotations

from sagepass.policy.document import Policy
from sagepass.repair.candidates.near_miss import near_miss_options
from sagepass.repair.option import Option, Situation
from sagepass.repair.place import edit_of
from sagepass.repair.policy_text import document_value, with_statement
from sagepass.repair.statement_for import action_name, allow_statement, exact_grant, wide_notes
from sagepass.source.edit import EditError


def session_policies(situation: Situation) -> tuple[Policy, ...]:
    """The session policies in force, as far as they are known."""
    if situation.request.session_policies is not None:
        return situation.request.session_policies
    layer = situation.snapshot.session_policies(situation.request.principal)
    return layer.policies if layer else ()


def session_options(situation: Situation) -> tuple[Option, ...]:
    """Options in the session's policy; each takes a new session."""
    policies = session_policies(situation)
    documents = [(policy, document) for policy in policies if (document := document_value(policy)) is not None]
    if not documents:
        return (
            Option(
                title=f"start a session of {situation.who} whose session policy allows {action_name(situation.action)}",
                steps=("a session without a session policy has all permissions of its role",),
            ),
        )
    policy, document = documents[0]
    statement = allow_statement(situation)
    try:
        after = with_statement(document, statement)
    except EditError:
        return near_miss_options(situation)
    exact = Option(
        title=f"pass a session policy that allows {action_name(situation.action)}",
        edits=(edit_of(situation, policy, before=document, after=after, statement=statement),),
        grants=(exact_grant(situation, statement, situation.request.principal),),
        warnings=wide_notes(situation),
    )
    return (exact, *near_miss_options(situation))
