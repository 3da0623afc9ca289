"""AWS's own account of a refusal: GetRequestAuthorizationDetails, and decoded authorization messages.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied-authorization-id.html and
https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from sagepass.denial.principal import account_of, principal_type
from sagepass.denial.record import Denial, DenialKind
from sagepass.policy.kinds import CheckType, Effect, PolicyType
from sagepass.source.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_TYPES: Final = {
    CheckType.RESOURCE_CONTROL_POLICY: PolicyType.RESOURCE_CONTROL_POLICY,
    CheckType.SERVICE_CONTROL_POLICY: PolicyType.SERVICE_CONTROL_POLICY,
    CheckType.VPC_ENDPOINT: PolicyType.VPC_ENDPOINT_POLICY,
    CheckType.RESOURCE: PolicyType.RESOURCE_BASED_POLICY,
    CheckType.PRINCIPAL: PolicyType.IDENTITY_BASED_POLICY,
    CheckType.PERMISSIONS_BOUNDARY: PolicyType.PERMISSIONS_BOUNDARY,
    CheckType.SESSION: PolicyType.SESSION_POLICY,
}
_SIGNS: Final = ('"evaluatedEffect"', '"explicitDeny"', '\\"explicitDeny\\"')
_TRIES: Final = 50


def read_answers(text: str) -> list[Denial]:
    """The refused evaluations in an answer of either API; an empty list where ``text`` holds no such answer."""
    if not any(sign in text for sign in _SIGNS):
        return []
    found: list[Denial] = []
    for value, span in _objects(text):
        if isinstance(value.get("evaluations"), list):
            found.extend(_evaluations(value, text, span))
        elif isinstance(value.get("DecodedMessage"), str):
            found.extend(_decoded(_parsed(value["DecodedMessage"]), text, span))
        elif "explicitDeny" in value and "context" in value:
            found.extend(_decoded(value, text, span))
    return found


def _objects(text: str) -> Iterator[tuple[dict[str, Any], Span]]:
    """The outermost JSON objects of a text that may also hold a prompt or prose."""
    decoder = json.JSONDecoder()
    position, tries = text.find("{"), 0
    while position >= 0 and tries < _TRIES:
        tries += 1
        try:
            value, end = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            position = text.find("{", position + 1)
            continue
        if isinstance(value, dict):
            yield value, Span(position, end)
        position = text.find("{", end)


def _parsed(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _strings(value: object) -> tuple[str, ...]:
    """A context value: a string, a list, or either of them once more as JSON."""
    if isinstance(value, str) and value[:1] in {"[", '"'}:
        try:
            return _strings(json.loads(value))
        except (ValueError, RecursionError):
            inner = value[1:-1] if value.endswith("]") else value
            return tuple(part.strip().strip('"') for part in inner.split(",") if part.strip())
    if isinstance(value, list):
        return tuple(str(item) for item in value)
    return (str(value),)


def _evaluations(answer: dict[str, Any], text: str, span: Span) -> Iterator[Denial]:
    shared = answer.get("requestContext")
    for item in answer["evaluations"]:
        if not isinstance(item, dict) or item.get("evaluatedEffect") not in {
            Effect.IMPLICIT_DENY,
            Effect.EXPLICIT_DENY,
        }:
            continue
        own = item.get("context")
        merged = {**(shared if isinstance(shared, dict) else {}), **(own if isinstance(own, dict) else {})}
        context = tuple((str(key), _strings(value)) for key, value in merged.items())
        effect = Effect(item["evaluatedEffect"])
        kind, policy = _cause(item.get("checks"), effect)
        ident = answer.get("authorizationId")
        yield _answer(
            text,
            span,
            action=item.get("action"),
            resource=item.get("resource"),
            context=context,
            effect=effect,
            policy_type=kind,
            policy_arn=policy,
            authorization_id=ident if isinstance(ident, str) else None,
        )


def _cause(checks: object, effect: Effect) -> tuple[PolicyType | None, str | None]:
    """The first check, in AWS's order, with the effect of the whole."""
    for check in checks if isinstance(checks, list) else []:
        if not isinstance(check, dict) or check.get("evaluatedEffect") != effect:
            continue
        types = check.get("relevantPolicyTypes")
        named = types[0] if isinstance(types, list) and len(types) == 1 else None
        if named in set(PolicyType):
            kind = PolicyType(named)
        elif check.get("checkType") in set(CheckType):
            kind = _TYPES[CheckType(check["checkType"])]
        else:
            continue
        policies = check.get("matchedPolicies")
        uris = (
            [policy.get("uri") for policy in policies if isinstance(policy, dict)] if isinstance(policies, list) else []
        )
        arn = next((uri for uri in uris if isinstance(uri, str) and uri.startswith("arn:")), None)
        return kind, arn if effect is Effect.EXPLICIT_DENY else None
    return None, None


def _decoded(message: dict[str, Any], text: str, span: Span) -> Iterator[Denial]:
    context = message.get("context")
    if message.get("allowed") is not False or not isinstance(context, dict):
        return
    items = context.get("conditions")
    pairs = tuple(_condition(item) for item in _items(items))
    principal = context.get("principal")
    arn = principal.get("arn") if isinstance(principal, dict) else None
    if isinstance(arn, str) and not any(key == "aws:PrincipalArn" for key, _ in pairs):
        pairs = (("aws:PrincipalArn", (arn,)), *pairs)
    effect = Effect.EXPLICIT_DENY if message.get("explicitDeny") is True else Effect.IMPLICIT_DENY
    yield _answer(
        text, span, action=context.get("action"), resource=context.get("resource"), context=pairs, effect=effect
    )


def _items(value: object) -> list[dict[str, Any]]:
    items = value.get("items") if isinstance(value, dict) else None
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _condition(item: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    return str(item.get("key")), tuple(str(value.get("value")) for value in _items(item.get("values")))


def _answer(
    text: str,
    span: Span,
    *,
    action: object,
    resource: object,
    context: tuple[tuple[str, tuple[str, ...]], ...],
    effect: Effect,
    policy_type: PolicyType | None = None,
    policy_arn: str | None = None,
    authorization_id: str | None = None,
) -> Denial:
    keys = {key.lower(): values for key, values in context}
    caller = next(iter(keys.get("aws:principalarn", ())), None)
    name = action if isinstance(action, str) else None
    lowered = (name or "").lower()
    kind = (
        DenialKind.PASS_ROLE
        if lowered == "iam:passrole"
        else DenialKind.ASSUME_ROLE
        if lowered.startswith("sts:assumerole")
        else DenialKind.IAM_DENIAL
    )
    values = {
        "principal": caller,
        "action": name,
        "resource": resource if isinstance(resource, str) else None,
        "policy_arn": policy_arn,
    }
    return Denial(
        kind=kind,
        text=text[span.start : span.end],
        span=span,
        principal=caller,
        principal_type=principal_type(caller) if caller else None,
        account=account_of(caller) if caller else None,
        action=name,
        resource=values["resource"],
        policy_type=policy_type,
        effect=effect,
        service=lowered.partition(":")[0] or None,
        policy_arn=policy_arn,
        authorization_id=authorization_id,
        region=next(iter(keys.get("aws:requestedregion", ())), None),
        context=context,
        basis=(("principal", "aws:PrincipalArn of the request's context"),) if caller else (),
        places=_places(text, span, values),
    )


def _places(text: str, span: Span, values: dict[str, str | None]) -> tuple[tuple[str, Span], ...]:
    found = []
    for name, value in values.items():
        at = text.find(f'"{value}', span.start, span.end) if value else -1
        if value and at >= 0:
            found.append((name, Span(at + 1, at + 1 + len(value))))
    return tuple(found)
