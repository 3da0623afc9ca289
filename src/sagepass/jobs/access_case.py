"""Access cases: one request with its policies and the expected outcome, as a team writes them for its own CI.

A case is a JSON object: ``request`` (principal, action, resource, ``resource_account``, ``context``), ``policies`` by kind,
and for a test ``expect`` with ``effect`` and ``decided_by``. The context is complete: what is neither given nor derivable
is absent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sagepass.calls.call import Call
from sagepass.calls.operation import authorizations_of
from sagepass.engine.decide import decide
from sagepass.engine.decision import Decision
from sagepass.engine.derive_context import derive_context
from sagepass.engine.inputs import Inputs
from sagepass.engine.request import Request
from sagepass.engine.resource_owner import owner_of
from sagepass.policy.caller import Caller, parse_caller
from sagepass.policy.document import Policy, PolicyForm
from sagepass.policy.kinds import CheckType, Effect, PolicyType
from sagepass.policy.parse import parse_document
from sagepass.snapshot.layer import GuardrailLayer, Layer, Level
from sagepass.source.origin import Origin

_KINDS = {
    "identity": (PolicyType.IDENTITY_BASED_POLICY, PolicyForm.INLINE_ROLE),
    "permissions_boundary": (PolicyType.PERMISSIONS_BOUNDARY, PolicyForm.CUSTOMER_MANAGED),
    "session": (PolicyType.SESSION_POLICY, PolicyForm.SESSION),
    "resource": (PolicyType.RESOURCE_BASED_POLICY, PolicyForm.RESOURCE),
    "vpc_endpoint": (PolicyType.VPC_ENDPOINT_POLICY, PolicyForm.VPC_ENDPOINT),
    "service_control": (PolicyType.SERVICE_CONTROL_POLICY, PolicyForm.ORGANIZATION),
    "resource_control": (PolicyType.RESOURCE_CONTROL_POLICY, PolicyForm.ORGANIZATION),
}
_SEVERITY = (Effect.EXPLICIT_DENY, Effect.IMPLICIT_DENY, Effect.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a case comes to.

    ``authorizations`` holds one decision per authorization of a case with an ``operation``; for a plain case the one
    decision. ``effect`` and ``decided_by`` are those of the first authorization that is not allowed.
    """

    effect: Effect
    decided_by: tuple[CheckType, ...]
    decision: Decision
    authorizations: tuple[Decision, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """How a case with an expectation came out; ``message`` says what differs."""

    id: str
    passed: bool
    message: str
    outcome: Outcome | None = None


class CaseError(ValueError):
    """A case that cannot be run; the message names the case and the member."""


def run_case(case: Mapping[str, Any]) -> Outcome:
    """Decide one access case.

    Raises:
        CaseError: the case lacks a member or holds a value of the wrong kind.
    """
    label = f"case {case.get('id', '(without id)')}"
    request = _member(case, "request", label)
    policies = case.get("policies") or {}
    if not isinstance(policies, Mapping):
        raise CaseError(f"{label}: policies is no object; give lists of policies by kind")
    unknown = set(policies) - set(_KINDS)
    if unknown:
        raise CaseError(f"{label}: no kind of policy is called {min(unknown)!r}; use {', '.join(_KINDS)}")
    decisions = [decide(_inputs(case, one, policies, label)) for one in _requests(case, request, label)]
    worst = next((d for effect in _SEVERITY for d in decisions if d.effect is effect), decisions[0])
    return Outcome(effect=worst.effect, decided_by=worst.decided_by, decision=worst, authorizations=tuple(decisions))


def check_case(case: Mapping[str, Any]) -> CaseResult:
    """Run a case and compare it with its ``expect``."""
    name = str(case.get("id", "(without id)"))
    expect = case.get("expect")
    if not isinstance(expect, Mapping) or "effect" not in expect:
        return CaseResult(id=name, passed=False, message="the case has no expect.effect; say what should happen")
    try:
        outcome = run_case(case)
    except CaseError as error:
        return CaseResult(id=name, passed=False, message=str(error))
    problems = []
    if outcome.effect != expect["effect"]:
        problems.append(f"expected {expect['effect']}, got {outcome.effect}")
    wanted = expect.get("decided_by")
    if wanted is not None and set(wanted) != set(outcome.decided_by):
        got = ", ".join(outcome.decided_by) or "nothing"
        problems.append(f"expected to be decided by {', '.join(wanted)}, got {got}")
    problems.extend(_compare_authorizations(expect.get("authorizations"), outcome))
    return CaseResult(id=name, passed=not problems, message="; ".join(problems), outcome=outcome)


def _compare_authorizations(wanted: object, outcome: Outcome) -> list[str]:
    if not isinstance(wanted, list):
        return []
    got = [(d.request.action, d.request.resource, d.effect.value) for d in outcome.authorizations]
    expected = [(item["action"], item["resource"], item["effect"]) for item in wanted]
    return [] if got == expected else [f"expected the authorizations {expected}, got {got}"]


def _member(case: Mapping[str, Any], name: str, label: str) -> Mapping[str, Any]:
    value = case.get(name)
    if not isinstance(value, Mapping):
        raise CaseError(f"{label}: {name} is missing or no object")
    return value


def _requests(case: Mapping[str, Any], request: Mapping[str, Any], label: str) -> list[Request]:
    context = dict(request.get("context") or {})
    for name in ("principal", "action", "resource"):
        if not isinstance(request.get(name), str):
            raise CaseError(f"{label}: request.{name} is missing or no string")
    plain = Request(
        principal=request["principal"],
        action=request["action"],
        resource=request["resource"],
        resource_account=request.get("resource_account"),
        context=context,
        context_complete=True,
        federated_by=case.get("federated_by"),
    )
    operation = case.get("operation")
    if not isinstance(operation, Mapping):
        return [plain]
    return _operation_requests(plain, operation)


def _operation_requests(plain: Request, operation: Mapping[str, Any]) -> list[Request]:
    """One request per authorization of the operation; the case's own context goes to the request it describes."""
    parts = plain.resource.split(":")
    caller = parse_caller(plain.principal)
    call = Call(
        service=str(operation.get("service", "sagemaker")),
        operation=str(operation.get("name", "")),
        params=operation.get("params") or {},
        caller_account=caller.account or "",
        partition=caller.partition or "aws",
        region=parts[3] if len(parts) > 3 and parts[3] else str(operation.get("region") or "us-east-1"),
    )
    shared = {key: value for key, value in plain.context.items() if key.lower().startswith("aws:principal")}
    requests = []
    for needed in authorizations_of(call):
        own = {key: (list(values) if len(values) != 1 else values[0]) for key, values in needed.context}
        same = (needed.action, needed.resource) == (plain.action, plain.resource)
        context = {**shared, **_typed(own), **(plain.context if same else {})}
        account = plain.resource_account if same else None
        requests.append(
            Request(
                principal=plain.principal,
                action=needed.action,
                resource=needed.resource,
                resource_account=account,
                context=context,
                context_complete=True,
                federated_by=plain.federated_by,
            )
        )
    return requests or [plain]


def _typed(context: Mapping[str, object]) -> dict[str, object]:
    """A multivalued key holds a list even for a single value."""
    from sagepass.catalog.condition_keys import condition_key  # noqa: PLC0415 - the tables are read for operations only

    typed: dict[str, object] = {}
    for key, value in context.items():
        known = condition_key(key)
        many = known is not None and known.multivalued
        typed[key] = [value] if many and not isinstance(value, list) else value
    return typed


def _inputs(case: Mapping[str, Any], request: Request, policies: Mapping[str, Any], label: str) -> Inputs:
    try:
        caller = parse_caller(request.principal, federated_by=request.federated_by)
    except ValueError as error:
        raise CaseError(f"{label}: request.principal: {error}") from None
    account = request.resource_account or owner_of(request.resource, caller)
    caller = _with_path(caller, request.context)
    management = (case.get("organization") or {}).get("management_account")
    return Inputs(
        request=request,
        caller=caller,
        action=request.action,
        resource=request.resource,
        resource_account=account,
        context=derive_context(request, caller, account, None),
        identity=_layer("identity", policies, label, request),
        boundary=_layer("permissions_boundary", policies, label, request),
        session=_layer("session", policies, label, request),
        resource_policy=_layer("resource", policies, label, request),
        vpc_endpoint=_layer("vpc_endpoint", policies, label, request),
        service_control=_levels("service_control", policies, label, exempt=_is(management, caller.account)),
        resource_control=_levels("resource_control", policies, label, exempt=_is(management, account)),
    )


def _with_path(caller: Caller, context: Mapping[str, object]) -> Caller:
    """A role session's path, as the given ``aws:PrincipalArn`` tells it."""
    return caller.with_role_path(next((v for k, v in context.items() if k.lower() == "aws:principalarn"), None))


def _is(management: object, account: str | None) -> str | None:
    if management is not None and management == account:
        return "service and resource control policies do not affect the management account"
    return None


def _layer(kind: str, policies: Mapping[str, Any], label: str, request: Request) -> Layer:
    given = policies.get(kind) or []
    parsed = tuple(_policy(kind, index, item, label, request) for index, item in enumerate(_list(given, kind, label)))
    return Layer(policies=parsed, exists=bool(parsed))


def _levels(kind: str, policies: Mapping[str, Any], label: str, *, exempt: str | None) -> GuardrailLayer:
    levels = []
    for level in _list(policies.get(kind) or [], kind, label):
        if not isinstance(level, Mapping):
            raise CaseError(f"{label}: policies.{kind} holds a level that is no object")
        target = str(level.get("target", ""))
        parsed = tuple(
            _policy(kind, index, item, label, None)
            for index, item in enumerate(_list(level.get("policies") or [], kind, label))
        )
        levels.append(Level(target=target, policies=parsed))
    return GuardrailLayer(levels=tuple(levels), exempt=exempt)


def _list(value: object, kind: str, label: str) -> list[Any]:
    if not isinstance(value, list):
        raise CaseError(f"{label}: policies.{kind} is no list")
    return value


def _policy(kind: str, index: int, item: object, label: str, request: Request | None) -> Policy:
    if not isinstance(item, Mapping) or "document" not in item:
        raise CaseError(f"{label}: policies.{kind}[{index}] has no document")
    policy_type, form = _KINDS[kind]
    if kind == "resource" and request is not None and request.action.lower().startswith("sts:"):
        policy_type, form = PolicyType.ROLE_TRUST_POLICY, PolicyForm.TRUST
    name = str(item.get("name", f"{kind}[{index}]"))
    origin = Origin(name=f"{label}, {kind} policy {name}", value=item["document"])
    document = parse_document(item["document"], origin=origin, policy_type=policy_type)
    return Policy(name=name, type=policy_type, form=form, document=document)
