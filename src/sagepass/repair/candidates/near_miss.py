"""An Allow that came close: extend the one element that kept it from matching.

Only the element that differs is touched, and only where nothing else kept the statement from matching.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from sagepass.engine.decision import Difference, NearMiss
from sagepass.policy.caller import CallerKind
from sagepass.policy.conditions.operator import BaseOperator, Operator, parse_operator
from sagepass.policy.match_statement import Part
from sagepass.policy.statement import Statement
from sagepass.repair.option import Grant, Option, Situation
from sagepass.repair.place import edit_of, not_editable, policy_phrase, reach, reach_warning
from sagepass.repair.policy_text import document_value, edited, statement_at
from sagepass.repair.statement_for import action_name, conditions_text, principal_element, resource_for
from sagepass.source.edit import AppendToListOrString, Edit, InsertMember, RemoveElement, ReplaceValue
from sagepass.source.route import Route

_LIST_OPERATORS = frozenset(
    {
        BaseOperator.STRING_EQUALS,
        BaseOperator.STRING_EQUALS_IGNORE_CASE,
        BaseOperator.STRING_LIKE,
        BaseOperator.ARN_EQUALS,
        BaseOperator.ARN_LIKE,
        BaseOperator.IP_ADDRESS,
    }
)
"""Operators where one more value in the list lets exactly that value through."""

_WIDE = 50
_EACH = 5


def near_miss_options(situation: Situation) -> tuple[Option, ...]:
    """One option for each of the nearest statements that a single edit completes."""
    options = [_option(situation, miss) for miss in situation.check.nearest if miss.others == 0]
    return tuple(option for option in options if option is not None)


def _option(situation: Situation, miss: NearMiss) -> Option | None:
    policy, statement = miss.statement.policy, miss.statement.statement
    document = document_value(policy)
    if not_editable(policy) is not None or document is None:
        return None
    edits = _edits(situation, miss)
    after = edited(document, edits) if edits else None
    if after is None:
        return None
    others = reach(situation, policy)
    changed = statement_at(after, statement.index)
    grants, breadth = _grants(situation, miss, others, changed)
    return Option(
        title=f"{_verb(miss)} in {policy_phrase(policy.name)} so that {situation.who} may call {action_name(situation.action)}",
        edits=(edit_of(situation, policy, before=document, after=after, statement=changed),),
        breadth=breadth + 10 * len(others),
        grants=grants,
        warnings=reach_warning(situation, policy, others),
    )


def _verb(miss: NearMiss) -> str:
    match miss.part:
        case Part.ACTION:
            return "correct the action" if miss.difference is Difference.MISSPELLED_ACTION else "add the action"
        case Part.RESOURCE:
            return "add *" if miss.difference is Difference.NEEDS_STAR else "add the exact ARN"
        case Part.CONDITION:
            return f"add the request's value of {miss.key}"
        case Part.PRINCIPAL if miss.difference is Difference.DELETED_PRINCIPAL:
            return f"put the ARN back in the place of {', '.join(miss.expected)}"
        case Part.PRINCIPAL:
            return "name the principal"
        case Part.DEFECT:
            return "repair the statement"
    assert_never(miss.part)


def _edits(situation: Situation, miss: NearMiss) -> tuple[Edit, ...]:
    statement = miss.statement.statement
    match miss.part:
        case Part.ACTION:
            return _action_edits(situation, statement, miss)
        case Part.RESOURCE:
            return _resource_edits(situation, statement, miss)
        case Part.CONDITION:
            return _condition_edits(miss)
        case Part.PRINCIPAL:
            return _principal_edits(situation, statement, miss)
        case Part.DEFECT:
            return ()
    assert_never(miss.part)


def _action_edits(situation: Situation, statement: Statement, miss: NearMiss) -> tuple[Edit, ...]:
    if statement.not_action:
        return _taken_out(miss.route, action_name(situation.action), miss.expected)
    if miss.difference is Difference.MISSPELLED_ACTION:
        return (ReplaceValue(miss.route, action_name(situation.action)),)
    return (AppendToListOrString((*statement.route, "Action"), action_name(situation.action)),)


def _resource_edits(situation: Situation, statement: Statement, miss: NearMiss) -> tuple[Edit, ...]:
    if statement.not_resource:
        return _taken_out(miss.route, situation.resource, miss.expected)
    return (AppendToListOrString((*statement.route, "Resource"), resource_for(situation)),)


def _taken_out(route: Route, wanted: str, expected: tuple[str, ...]) -> tuple[Edit, ...]:
    """An exception that names exactly this action or resource goes; one that covers more stays."""
    exact = len(expected) == 1 and expected[0].lower() == wanted.lower()
    return (RemoveElement(route),) if exact and isinstance(route[-1], int) else ()


def _condition_edits(miss: NearMiss) -> tuple[Edit, ...]:
    operator: Operator | None = parse_operator(miss.operator or "")
    if operator is None or miss.key is None or operator.base not in _LIST_OPERATORS:
        return ()
    if miss.difference not in {
        Difference.VALUE,
        Difference.CASE,
        Difference.PATH,
        Difference.ACCOUNT,
        Difference.NAME,
        Difference.REGION,
    }:
        return ()
    route = _list_route(miss.route)
    missing = [value for value in miss.actual if value not in miss.expected]
    return tuple(AppendToListOrString(route, value) for value in missing)


def _principal_edits(situation: Situation, statement: Statement, miss: NearMiss) -> tuple[Edit, ...]:
    if statement.not_principal:
        return ()
    named = principal_element(situation.caller, situation.principal_arn)
    if not isinstance(named, dict):
        return ()
    form, value = next(iter(named.items()))
    if miss.difference is Difference.DELETED_PRINCIPAL and situation.caller.kind is not CallerKind.SERVICE:
        living = {record.unique_id for record in situation.snapshot.principals()}
        if living.isdisjoint(miss.expected):
            return (ReplaceValue(miss.route, value),)
    route: Route = (*statement.route, "Principal")
    if any(entry.form.value == form for entry in statement.principals or ()):
        return (AppendToListOrString((*route, form), value),)
    if any(entry.form.value == "*" for entry in statement.principals or ()):
        return ()
    return (InsertMember(route, form, value),)


def _list_route(route: Route) -> Route:
    """The route of the list that an entry stands in."""
    while route and isinstance(route[-1], int):
        route = route[:-1]
    return route


def _grants(
    situation: Situation, miss: NearMiss, others: tuple[str, ...], changed: Mapping[str, object] | None
) -> tuple[tuple[Grant, ...], int]:
    """All that the extended statement lets through now, and how much more than the request that is."""
    statement = miss.statement.statement
    actions = [element.value for element in statement.actions] or [situation.action]
    resources = [element.value for element in statement.resources or ()] or [situation.resource]
    if statement.not_action:
        actions = [action_name(situation.action)]
    match miss.part:
        case Part.ACTION:
            actions = [action_name(situation.action)]
        case Part.RESOURCE:
            resources = [resource_for(situation)]
        case Part.CONDITION | Part.PRINCIPAL | Part.DEFECT:
            pass
    breadth = _breadth(actions, situation.action) + _breadth(resources, resource_for(situation))
    conditions = conditions_text(changed) if changed else ""
    own = situation.principal_arn or situation.request.principal
    action_text, resource_text = ", ".join(actions), ", ".join(resources)
    rows = tuple(
        Grant(principal=who, action=action, resource=resource, conditions=conditions)
        for who in (own, *others)
        for action in actions
        for resource in resources
    )
    whom = situation.who if not others else f"{situation.who} and {len(others)} other principals"
    under = f", under {conditions}" if conditions else ""
    sentence = f"{whom} may call {action_text} on {resource_text}{under}"
    return (
        Grant(
            principal=own, action=rows[0].action, resource=rows[0].resource, conditions=conditions, sentence=sentence
        ),
        *rows[1:],
    ), breadth


def _breadth(entries: list[str], wanted: str) -> int:
    extra = [entry for entry in entries if entry.lower() != wanted.lower()]
    return sum(_WIDE if "*" in entry or "?" in entry else _EACH for entry in extra)
