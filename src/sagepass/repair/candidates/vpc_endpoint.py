"""The policy of the VPC endpoint does not allow the request.

Its statement names everyone and singles the caller out by condition, the form that AWS recommends for endpoints:
https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
"""

from __future__ import annotations

from sagepass.policy.document import Policy
from sagepass.repair.candidates.near_miss import near_miss_options
from sagepass.repair.option import Option, Situation
from sagepass.repair.place import edit_of
from sagepass.repair.policy_text import document_value, with_statement
from sagepass.repair.statement_for import action_name, allow_for_principal, exact_grant, wide_notes
from sagepass.source.edit import EditError


def vpc_endpoint_options(situation: Situation) -> tuple[Option, ...]:
    """Options in the policy of the endpoint that the request came through."""
    policy = _policy(situation)
    document = document_value(policy) if policy else None
    if policy is None or document is None:
        return ()
    statement = {"Effect": "Allow", "Principal": "*", **_without_effect(allow_for_principal(situation))}
    try:
        after = with_statement(document, statement)
    except EditError:
        return near_miss_options(situation)
    exact = Option(
        title=f"let the VPC endpoint {policy.holder} pass {action_name(situation.action)} of {situation.who}",
        edits=(edit_of(situation, policy, before=document, after=after, statement=statement),),
        grants=(exact_grant(situation, statement),),
        warnings=wide_notes(situation),
    )
    return (exact, *near_miss_options(situation))


def _without_effect(statement: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in statement.items() if key != "Effect"}


def _policy(situation: Situation) -> Policy | None:
    named = [item.statement.policy for item in situation.check.nearest]
    if named:
        return named[0]
    for key, value in situation.request.context.items():
        if key.lower() == "aws:sourcevpce" and isinstance(value, str):
            return next(iter(situation.snapshot.vpc_endpoint(value).policies), None)
    return None
