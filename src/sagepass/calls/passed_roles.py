"""The roles that a request passes: one ``iam:PassRole`` check for each.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html. PassRole is a permission, not an
API: it shows in no event of its own. Whether the role trusts the service, and what the role may do itself, are separate
questions.
"""

from __future__ import annotations

from sagepass.calls.call import Call, Confidence, Needed, ResourceState, Unsettled
from sagepass.calls.request_paths import Found, find_values
from sagepass.calls.resource_arns import Named
from sagepass.catalog.operations import Operation
from sagepass.catalog.role_passing import RolePassing, role_passing
from sagepass.policy.arn import parse_arn
from sagepass.source.route import render_route

_PASSED_TO = "iam:PassedToService"
_ASSOCIATED = "iam:AssociatedResourceArn"


def passed_roles(call: Call, operation: Operation, resources: tuple[Named, ...]) -> tuple[Needed, ...]:
    """The PassRole checks of a call, in the order of the request's fields; a role passed twice is checked once."""
    needed: dict[tuple[str, tuple[str, ...]], Needed] = {}
    for path in operation.role_paths:
        passing = role_passing(operation.client, operation.name, path)
        for found in find_values(call.params, path):
            one = _pass_role(call, passing, found, resources)
            needed.setdefault((one.resource, passing.services), one)
    return tuple(needed.values())


def _pass_role(call: Call, passing: RolePassing, found: Found, resources: tuple[Named, ...]) -> Needed:
    arn, problem = role_arn(call, found)
    unsettled = []
    if len(passing.services) > 1:
        why = "AWS does not document which service counts as the one the role is passed to"
        unsettled.append(Unsettled(key=_PASSED_TO, choices=tuple((name,) for name in passing.services), why=why))
    if resources and resources[0].state is not ResourceState.UNKNOWN:
        why = "AWS does not document for which operations this key is filled"
        unsettled.append(Unsettled(key=_ASSOCIATED, choices=((resources[0].arn,), None), why=why))
    return Needed(
        action="iam:PassRole",
        resource=arn,
        resource_state=ResourceState.SET if "*" in arn else ResourceState.EXACT,
        context=((_PASSED_TO, passing.services[:1]),),
        unsettled=tuple(unsettled),
        because=found.route,
        confidence=_confidence(passing, problem),
        note="; ".join(part for part in (problem, passing.note, _unlisted(passing)) if part),
    )


def role_arn(call: Call, found: Found) -> tuple[str, str]:
    """The ARN of a role in a request, with what is wrong with it, empty if nothing is."""
    account = call.caller_account or "*"
    if found.text is None:
        return (
            f"arn:{call.partition}:iam::{account}:role/*",
            f"{render_route(found.route)} is not known before the call",
        )
    parsed = parse_arn(found.text)
    if parsed is None:
        arn = f"arn:{call.partition}:iam::{account}:role/*{found.text}"
        return arn, "a role name where the API expects the role's ARN, which also holds its path"
    if parsed.service != "iam" or not parsed.resource.startswith("role/"):
        return found.text, "this ARN is not the ARN of a role"
    if call.caller_account and parsed.account != call.caller_account:
        problem = f"a role of account {parsed.account} cannot be passed: it must be in the account of the resource"
        return found.text, problem
    if parsed.resource.startswith("role/aws-service-role/"):
        return found.text, "a service-linked role cannot serve as an execution role"
    return found.text, ""


def _confidence(passing: RolePassing, problem: str) -> Confidence:
    if not passing.certain:
        return Confidence.POSSIBLE
    return Confidence.DOCUMENTED if passing.listed and not problem else Confidence.INFERRED


def _unlisted(passing: RolePassing) -> str:
    return "" if passing.listed else "AWS's operations table does not list iam:PassRole for this operation"
