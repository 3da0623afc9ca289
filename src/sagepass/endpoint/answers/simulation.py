"""One evaluation of a simulation, decided by the engine from the policies of the request alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sagepass.endpoint.answers.context_keys import keys_of_statement
from sagepass.engine.decide import decide
from sagepass.engine.decision import Decision
from sagepass.engine.derive_context import derive_context
from sagepass.engine.inputs import Inputs
from sagepass.engine.request import Request
from sagepass.policy.arn import account_of
from sagepass.policy.caller import Caller, CallerKind, parse_caller
from sagepass.policy.context import Context, KeyValue, context_from
from sagepass.policy.document import Policy
from sagepass.policy.kinds import Evidence
from sagepass.policy.match_action import action_matches
from sagepass.policy.statement import Statement
from sagepass.snapshot.layer import GuardrailLayer, Layer


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """What stays the same from action to action and from resource to resource.

    ``caller`` is ``None`` where the request names none: its policies then hold for nobody in particular, and no key about
    the caller has a value. ``boundary`` is ``None`` where there is no permissions boundary.
    """

    caller: str | None
    account: str
    identity: tuple[Policy, ...]
    boundary: tuple[Policy, ...] | None
    resource_policy: Policy | None
    resource_owner: str | None
    service_control: GuardrailLayer
    context: Mapping[str, object]
    tags: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """One action on one resource: the decision, the keys that were not given, and whether two accounts are involved."""

    resource: str
    decision: Decision
    missing: tuple[str, ...]
    cross_account: bool
    has_boundary: bool
    has_organization: bool


def simulate(simulation: Simulation, action: str, resource: str) -> Evaluated:
    """Decide one action on one resource."""
    caller = _caller(simulation)
    owner = account_of(resource) or simulation.resource_owner or simulation.account
    request = Request(
        principal=caller.arn,
        action=action,
        resource=resource,
        resource_account=owner,
        context=simulation.context,
        context_complete=True,
    )
    context = _context(simulation, request, caller, owner)
    resource_policies = (simulation.resource_policy,) if simulation.resource_policy else ()
    organization = simulation.service_control
    inputs = Inputs(
        request=request,
        caller=caller,
        action=action,
        resource=resource,
        resource_account=owner,
        context=context,
        identity=Layer(policies=simulation.identity, exists=True),
        boundary=Layer(policies=simulation.boundary or (), exists=simulation.boundary is not None),
        resource_policy=Layer(policies=resource_policies, exists=bool(resource_policies)),
        service_control=organization,
    )
    return Evaluated(
        resource=resource,
        decision=decide(inputs),
        missing=tuple(_missing((*simulation.identity, *resource_policies), action, context)),
        cross_account=owner != simulation.account,
        has_boundary=simulation.boundary is not None,
        has_organization=bool(organization.levels or organization.missing) and organization.exempt is None,
    )


def _caller(simulation: Simulation) -> Caller:
    if simulation.caller is not None:
        return parse_caller(simulation.caller)
    arn = f"arn:aws:iam::{simulation.account}:user/nobody-in-particular"
    return Caller(arn=arn, kind=CallerKind.USER, partition="aws", account=simulation.account)


def _context(simulation: Simulation, request: Request, caller: Caller, owner: str) -> Context:
    """The given keys and what a named caller itself implies: its ARN, account, name and tags."""
    if simulation.caller is None:
        return context_from(simulation.context, complete=True)
    context = derive_context(request, caller, owner, None)
    given = {key.lower() for key in simulation.context}
    tags = (
        KeyValue(f"aws:PrincipalTag/{key}", (value,), evidence=Evidence.COMPUTED, note=f"tag of {caller.arn}")
        for key, value in simulation.tags
        if f"aws:principaltag/{key}".lower() not in given
    )
    return context.with_values(tags)


def _missing(policies: tuple[Policy, ...], action: str, context: Context) -> Iterator[str]:
    """The keys that the statements about an action refer to and that have no value, each once."""
    seen: set[str] = set()
    for policy in policies:
        for statement in policy.document.statements:
            if not _is_about(statement, action):
                continue
            for key in keys_of_statement(statement, variables=policy.document.variables_enabled):
                if key.lower() not in seen and context.get(key) is None:
                    seen.add(key.lower())
                    yield key


def _is_about(statement: Statement, action: str) -> bool:
    return any(action_matches(element.value, action) for element in statement.actions) is not statement.not_action
