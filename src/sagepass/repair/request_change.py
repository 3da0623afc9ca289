"""Change the request instead of a policy: the spelling of a name, or a value that a condition looks at.

What sort of value a key holds: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sagepass.engine.decision import Difference, NearMiss
from sagepass.engine.request import Request
from sagepass.policy.conditions.operator import parse_operator
from sagepass.policy.kinds import Effect
from sagepass.policy.match_statement import Part
from sagepass.policy.statement import Condition
from sagepass.repair.instance_type import is_about_instance_types, other_type, patterns_to_avoid
from sagepass.repair.option import Option, Situation
from sagepass.repair.passing_value import Passing, passing_value
from sagepass.repair.statement_for import action_name

_NOT_THE_CALLERS = (
    "aws:principal",
    "aws:userid",
    "aws:username",
    "aws:resourceaccount",
    "aws:resourceorg",
    "aws:resourcetag/",
    "aws:source",
    "aws:calledvia",
    "aws:viaawsservice",
    "aws:currenttime",
    "aws:epochtime",
    "aws:tokenissuetime",
    "aws:federatedprovider",
    "ec2:roledelivery",
)
"""Keys whose values the caller cannot choose with the request: who it is, what the resource is, what time it is."""

_NETWORK = {
    "aws:sourceip": "call from the network address",
    "aws:sourcevpc": "call from inside the VPC, through its endpoint, with",
    "aws:sourcevpce": "call through the VPC endpoint, with",
    "aws:vpcsourceip": "call from the address inside the VPC",
}
_WAYS = {
    "aws:requestedregion": "send the request to another Region:",
    "aws:multifactorauthpresent": "sign in with MFA (aws sts get-session-token --serial-number … --token-code …):",
    "aws:securetransport": "use https:",
    "sts:externalid": "pass the external id:",
    "iam:passedtoservice": "pass the role to the service that the policy names:",
}


def request_options(situation: Situation) -> tuple[Option, ...]:
    """Other requests that might pass this check."""
    if situation.check.effect is Effect.EXPLICIT_DENY:
        return _around_deny(situation)
    return tuple(option for miss in situation.check.nearest if (option := _toward_allow(situation, miss)) is not None)


def may_choose(key: str) -> bool:
    """Whether the caller decides on the value of a key: by the parameters of the call, or by where it comes from."""
    lowered = key.lower()
    if lowered in _NETWORK:
        return True
    own = lowered.partition(":")[2].startswith("resourcetag/") or lowered.endswith((":sub", ":sub_type", ":iss"))
    return not own and not lowered.startswith(_NOT_THE_CALLERS)


def _around_deny(situation: Situation) -> tuple[Option, ...]:
    if not situation.check.matched:
        return ()
    conditions = situation.check.matched[0].statement.conditions
    found = [_with_value(situation, item, wanted=False) for item in conditions if may_choose(item.key)]
    return tuple(option for option in found if option is not None)


def _toward_allow(situation: Situation, miss: NearMiss) -> Option | None:
    if miss.part is Part.RESOURCE and miss.difference is Difference.CASE:
        return _respelled(situation, miss)
    if miss.part is not Part.CONDITION or miss.key is None or not may_choose(miss.key):
        return None
    if miss.difference is Difference.KEY_UNKNOWN:
        return None
    conditions = miss.statement.statement.conditions
    condition = next((c for c in conditions if _is_it(c, miss)), None)
    return _with_value(situation, condition, wanted=True) if condition else None


def _is_it(condition: Condition, miss: NearMiss) -> bool:
    same_operator = miss.operator is None or str(condition.operator) == str(parse_operator(miss.operator))
    return condition.key.lower() == (miss.key or "").lower() and same_operator


def _lead(key: str) -> str:
    """How the value gets into the request, in words."""
    if key.lower().endswith(":aud") and not key.lower().startswith("saml:"):
        return "request the token for the audience that the policy names:"
    return {**_WAYS, **_NETWORK}.get(key.lower(), "send the request with")


def _with_value(situation: Situation, condition: Condition, *, wanted: bool) -> Option | None:
    listed = tuple(element.value for element in condition.values)
    actual = _actual(situation, condition.key)
    if is_about_instance_types(condition) and not _lists_one(condition, listed, wanted=wanted):
        other = other_type(situation, condition, actual, wanted=wanted)
        return other or patterns_to_avoid(situation, condition, wanted=wanted)
    passing = passing_value(condition.operator, condition.key, listed, actual, wanted=wanted)
    if passing is None:
        return None
    title = f"change the request instead: {_lead(condition.key)} {passing.words}"
    steps = (f"{action_name(situation.action)} passes with {passing.words}",)
    if not passing.certain:
        return Option(title=title, steps=steps, placeholder=True)
    return Option(title=title, steps=steps, request=_request_with(situation, condition.key, passing))


def _lists_one(condition: Condition, listed: tuple[str, ...], *, wanted: bool) -> bool:
    """Whether the condition itself names a value that passes."""
    inside_wanted = condition.operator.base.negated is not wanted
    return inside_wanted and any(not set(value) & set("*?$") for value in listed)


def _request_with(situation: Situation, key: str, passing: Passing) -> Request:
    """The request with the key's new value; a Region also stands in the resource's ARN."""
    request = situation.request
    context = {name: value for name, value in request.context.items() if name.lower() != key.lower()}
    values: object = None
    if passing.values:
        many = isinstance(_given(situation, key), list | tuple) or len(passing.values) > 1
        values = list(passing.values) if many else passing.values[0]
    changed = replace(request, context={**context, key: values})
    parts = request.resource.split(":", 5)
    if key.lower() == "aws:requestedregion" and passing.values and len(parts) == 6 and parts[3] not in {"", "*"}:
        parts[3] = passing.values[0]
        changed = replace(changed, resource=":".join(parts))
    return changed


def _given(situation: Situation, key: str) -> object:
    return next((value for name, value in situation.request.context.items() if name.lower() == key.lower()), None)


def _actual(situation: Situation, key: str) -> tuple[str, ...]:
    given = _given(situation, key)
    if isinstance(given, str):
        return (given,)
    if isinstance(given, Sequence):
        return tuple(str(item) for item in given)
    facts = [fact for fact in situation.evaluation.context if fact.key.lower() == key.lower()]
    return facts[0].values or () if facts else ()


def _respelled(situation: Situation, miss: NearMiss) -> Option | None:
    """The resource as the policy spells it; names of resources are compared with regard to case."""
    for entry in miss.expected:
        spelled = respell(situation.request.resource, entry)
        if spelled is not None and spelled != situation.request.resource:
            return Option(
                title=f"spell the name as the policy does: {spelled.rpartition(':')[2]}",
                steps=(
                    f"the policy allows {entry}, the request was for {situation.request.resource}",
                    "if the resource really has the name in the request, change the policy instead",
                ),
                request=replace(situation.request, resource=spelled),
            )
    return None


def respell(resource: str, pattern: str) -> str | None:
    """The resource in the spelling of a pattern with at most one ``*``; ``None`` if it differs by more than case."""
    head, star, tail = pattern.partition("*")
    if "*" in tail or "?" in pattern or "$" in pattern:
        return None
    if len(resource) < len(head) + len(tail):
        return None
    middle = resource[len(head) : len(resource) - len(tail)] if star else ""
    spelled = head + middle + tail
    same_place = spelled.split(":", 5)[:5] == resource.split(":", 5)[:5]
    return spelled if same_place and spelled.lower() == resource.lower() else None
