"""The one statement that allows one request and nothing more.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html,
https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html and
https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from sagepass.catalog.actions import find_action, takes_no_resource
from sagepass.catalog.role_passing import SAGEMAKER
from sagepass.engine.request import Request
from sagepass.policy.arn import parse_arn
from sagepass.policy.caller import Caller, CallerKind
from sagepass.repair.option import Grant, Situation, name_of

_PASSING = "iam:passrole"
_GRANTING = "kms:creategrant"
_SOURCE_KEYS = ("aws:sourceaccount", "aws:sourcearn")


def action_name(action: str) -> str:
    """The action as AWS spells it."""
    found = find_action(action)
    return found.id if found else action


def resource_for(situation: Situation) -> str:
    """The Resource of the statement: the exact ARN, or ``*`` for an action without resource types."""
    return "*" if takes_no_resource(situation.action) or not situation.resource else situation.resource


def allow_statement(situation: Situation) -> dict[str, object]:
    """The statement for a policy that is attached to an identity."""
    statement: dict[str, object] = {
        "Effect": "Allow",
        "Action": action_name(situation.action),
        "Resource": resource_for(situation),
    }
    held = held_to_its_use(situation.request)
    return {**statement, "Condition": held} if held else statement


def held_to_its_use(request: Request) -> dict[str, dict[str, str]]:
    """Conditions without which the Allow would be good for more than this use of the action; none for most actions.

    A passed role goes to one service; a grant that a service makes for its resource is no grant to whomever the caller likes.
    Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html and
    https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-grant-is-for-aws-resource
    """
    action = request.action.lower()
    if action == _PASSING:
        return {"StringEquals": {"iam:PassedToService": passed_to(request)}}
    given = {key.lower(): value for key, value in request.context.items()}
    if action == _GRANTING and given.get("kms:grantisforawsresource") == "true":
        return {"Bool": {"kms:GrantIsForAWSResource": "true"}}
    return {}


def allow_for_principal(situation: Situation) -> dict[str, object]:
    """The same, limited to the caller: for policies that reach others as well."""
    statement = allow_statement(situation)
    spared = caller_condition(situation)
    if spared is None:
        return statement
    operator, key, value = spared
    block = statement.get("Condition")
    conditions = dict(block) if isinstance(block, dict) else {}
    same = conditions.get(operator)
    conditions[operator] = {**(same if isinstance(same, dict) else {}), key: value}
    return {**statement, "Condition": conditions}


def caller_condition(situation: Situation) -> tuple[str, str, str] | None:
    """Operator, key and value that single the caller out; ``None`` for an anonymous caller.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
    """
    if situation.caller.kind is CallerKind.SERVICE:
        return "StringEquals", "aws:PrincipalServiceName", situation.caller.arn
    if situation.principal_arn is None:
        return None
    return "ArnEquals", "aws:PrincipalArn", situation.principal_arn


def passed_to(request: Request) -> str:
    """The value for ``iam:PassedToService``: from the request, else SageMaker's own service principal."""
    for key, value in request.context.items():
        if key.lower() == "iam:passedtoservice" and isinstance(value, str) and value:
            return value
    return SAGEMAKER


def resource_statement(situation: Situation) -> dict[str, object]:
    """The statement for the resource's own policy, with the caller as its principal."""
    statement: dict[str, object] = {
        "Effect": "Allow",
        "Principal": principal_element(situation.caller, situation.principal_arn),
        "Action": action_name(situation.action),
    }
    resource = resource_in_own_policy(situation.action, situation.resource)
    if resource is not None:
        statement["Resource"] = resource
    conditions: dict[str, object] = {**held_to_its_use(situation.request)}
    of_principal = _principal_conditions(situation)
    if of_principal:
        conditions["StringEquals"] = of_principal
    return {**statement, "Condition": conditions} if conditions else statement


def resource_in_own_policy(action: str, resource: str) -> str | None:
    """What stands as Resource: a trust policy and a repository policy have none, a key policy has ``*`` for the key."""
    parts = parse_arn(resource)
    service = parts.service if parts else action.partition(":")[0].lower()
    if service in {"iam", "sts", "ecr"}:
        return None
    return "*" if service == "kms" else resource


def principal_element(caller: Caller, principal_arn: str | None) -> dict[str, str] | str:
    """The Principal element that names the caller: a role by its own ARN, so that every session of it is meant."""
    match caller.kind:
        case CallerKind.SERVICE:
            return {"Service": caller.arn}
        case CallerKind.FEDERATED:
            return {"Federated": caller.arn}
        case CallerKind.ANONYMOUS:
            return "*"
        case _:
            return {"AWS": principal_arn or caller.arn}


def _principal_conditions(situation: Situation) -> dict[str, object]:
    """What a careful trust or resource policy asks of this kind of principal, as far as the request carries it.

    A service is held to the account it acts for, or else to the resource
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html), a third party to its external id, a
    federated identity to its audience.
    """
    given = {key.lower(): (key, value) for key, value in situation.request.context.items() if isinstance(value, str)}
    wanted: list[str] = []
    kind = situation.caller.kind
    if kind is CallerKind.SERVICE:
        wanted = [key for key in _SOURCE_KEYS if key in given][:1]
    elif kind is CallerKind.FEDERATED:
        wanted = [key for key in given if key.endswith((":aud", ":sub"))]
    elif situation.action.lower() == "sts:assumerole":
        wanted = ["sts:externalid"]
    return {given[key][0]: given[key][1] for key in wanted if key in given}


def conditions_text(statement: Mapping[str, object]) -> str:
    """The conditions of a statement as JSON text; empty if there are none."""
    return json.dumps(statement["Condition"], sort_keys=True) if statement.get("Condition") else ""


def exact_grant(situation: Situation, statement: Mapping[str, object], principal: str | None = None) -> Grant:
    """The grant of a statement made here, for one principal."""
    who = principal or situation.principal_arn or situation.request.principal
    resource = str(statement.get("Resource", situation.resource))
    conditions = conditions_text(statement)
    own_key = resource == "*" and "Principal" in statement and ":kms:" in situation.resource
    where = situation.resource if own_key else resource
    suffix = ""
    if situation.action.lower() == _PASSING:
        suffix = f", to {passed_to(situation.request)} only"
    return Grant(
        principal=who,
        action=str(statement.get("Action", situation.action)),
        resource=resource,
        conditions=conditions,
        sentence=f"{name_of(who)} may call {statement.get('Action')} on {where}{suffix}",
    )


def wide_notes(situation: Situation) -> tuple[str, ...]:
    """What has to be said where the statement cannot be as narrow as one resource."""
    if takes_no_resource(situation.action):
        return (f'{action_name(situation.action)} takes no resource, so only "Resource": "*" works',)
    if "*" in situation.resource and situation.resource != "*":
        return (f"a part of the resource is not known, so the statement covers all of {situation.resource}",)
    return ()
