"""One request on its way to its answer: the answer alone, or all that the full explanation is computed from."""

from __future__ import annotations

from collections.abc import Hashable
from typing import NamedTuple

from sagepass.engine.caller_side import CallerSide
from sagepass.engine.checks.permissions_boundary import applied_boundary
from sagepass.engine.checks.principal import applied_identity
from sagepass.engine.checks.resource import NamedAs, applied_resource, named_as
from sagepass.engine.checks.resource_control_policy import applied_resource_control
from sagepass.engine.checks.service_control_policy import applied_service_control
from sagepass.engine.checks.session import applied_session
from sagepass.engine.checks.vpc_endpoint import applied_endpoint
from sagepass.engine.combine import Truths
from sagepass.engine.inputs import Inputs
from sagepass.engine.kept_sides import KeptSides, keep
from sagepass.engine.layer_index import NO_IMPACT, ActionPlan, CallerPlan, InPlay, JoinedPlan, ResourcePlan, plan_of
from sagepass.engine.request import Request
from sagepass.engine.request_context import RequestContext
from sagepass.engine.services.kms import grant_facts
from sagepass.engine.services.rules import rules_for
from sagepass.policy.document import Policy
from sagepass.policy.kinds import CheckType, Effect
from sagepass.policy.match_principal import Naming, match_principals, not_principal_applies
from sagepass.policy.match_statement import match_statement
from sagepass.policy.statement import Statement
from sagepass.policy.statement_test import StatementTest
from sagepass.policy.truth import Truth
from sagepass.snapshot.layer import Layer

_SOURCE_VPCE, _SOURCE_VPC = "aws:sourcevpce", "aws:sourcevpc"
_FALSE, _UNKNOWN, _TRUE = Truth.FALSE, Truth.UNKNOWN, Truth.TRUE


class Verdict(NamedTuple):
    """The answer to a request.

    Attributes:
        effect: ALLOW, IMPLICIT_DENY, EXPLICIT_DENY or UNKNOWN.
        decided_by: the checks that decide, in AWS's order.
        policy: of the deciding statement.
        statement: one that denies, or one that allows, of the first check in ``decided_by``; ``None`` where no statement
            decides (an implicit deny, an open question, root, a grant of a key).
    """

    effect: Effect
    decided_by: tuple[CheckType, ...]
    policy: Policy | None = None
    statement: Statement | None = None


class Asked:
    """One request on its way to its answer."""

    __slots__ = ("action", "caller", "context", "kept", "request", "resource")

    def __init__(self, home: KeptSides, request: Request, caller: CallerSide | None = None) -> None:
        self.kept = home
        self.request = request
        found = home.actions.get(request.action) or home.action(request.action)
        self.action = found[0]
        self.caller = caller or home.caller(request)
        key = (request.resource, request.resource_account, found[1], self.caller.account)
        self.resource = home.resources.get(key) or home.resource(request, found[1], self.caller)
        self.context = RequestContext(request, self.caller, self.resource, home.snapshot)

    # with everything that led to it

    def inputs(self) -> Inputs:
        """Everything that the decision is computed from."""
        request, caller, resource = self.request, self.caller, self.resource
        endpoint = self._endpoint_id()
        assumptions = []
        if endpoint is None:
            assumptions.append("the request does not come through a VPC endpoint with a policy of its own")
        is_session = caller.caller.is_session
        if is_session and not caller.session_is_stated:
            assumptions.append("the role session was created without a session policy")
        return Inputs(
            request=request,
            caller=caller.caller,
            action=request.action,
            resource=request.resource,
            resource_account=resource.account,
            context=self.context,
            identity=caller.identity,
            boundary=caller.boundary,
            session=caller.session,
            resource_policy=resource.policy,
            vpc_endpoint=Layer() if endpoint is None else self.kept.endpoint(endpoint)[0],
            service_control=caller.service_control,
            resource_control=resource.resource_control,
            grants=resource.grants,
            grants_missing=resource.grants_missing,
            assumptions=tuple(assumptions),
        )

    def explanation_key(self) -> Hashable:
        """All that the explanation follows from; ``None`` where that cannot be told beforehand.

        The constraints of a key's grants ask for keys of the context by values of their own.
        """
        if self.request.session_policies or self.resource.grants or self.resource.grants_missing:
            return None
        plan, request = self._plan(), self.request
        states = tuple([self.context.state(key) for key in plan.needs])
        named = (request.action, request.context_complete, self._endpoint_id())
        return plan, self.caller, self.resource, named, states

    def keys(self) -> tuple[str, ...]:
        """The condition keys that any statement in play asks for, in lower case."""
        return self._plan().needs

    def _endpoint_id(self) -> str | None:
        """The VPC endpoint that the request comes through; a request from a VPC comes through one that is not named.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourcevpc
        """
        if _SOURCE_VPCE in self.context.given:
            values = self.context.given_values(_SOURCE_VPCE)
            return values[0] if values else None
        if _SOURCE_VPC in self.context.given and not self.request.context_complete:
            values = self.context.given_values(_SOURCE_VPC)
            return f"in {values[0]}" if values else None
        return None

    # the answer alone

    def verdict(self) -> Verdict:
        """First whether anything denies; only if nothing does, who allows."""
        plan = self._plan()
        answers: list[Truth] = []
        denier: InPlay | None = None
        for question in plan.denies:
            lowest, entries = question.groups[0]
            truth, found = self._strongest(entries, lowest)
            answers.append(truth)
            denier = denier or found
        if denier is not None:
            known = tuple(answers)
            outcome = plan.outcomes.get(known) or plan.outcome(known)
            if outcome.effect is Effect.EXPLICIT_DENY:
                return Verdict(outcome.effect, outcome.decided_by, denier.policy, denier.statement)
            return Verdict(outcome.effect, outcome.decided_by)
        return self._allowed(plan, answers)

    def _allowed(self, plan: JoinedPlan, answers: list[Truth]) -> Verdict:
        by_identity, by_resource = plan.allowed_by, None
        for question in plan.allows:
            lowest = _TRUE
            for least, entries in question.groups:
                truth, found = self._strongest(entries, least)
                lowest = min(lowest, truth)
            answers.append(lowest)
            if question.slot == _IDENTITY:
                by_identity = found
        if plan.asks_resource:
            ways, by_resource = self._resource_allows()
            answers += ways
        known = tuple(answers)
        outcome = plan.outcomes.get(known) or plan.outcome(known)
        if outcome.effect is Effect.ALLOW:
            entry = by_identity if outcome.decided_by[0] is CheckType.PRINCIPAL else by_resource
            if entry is not None:
                return Verdict(outcome.effect, outcome.decided_by, entry.policy, entry.statement)
        return Verdict(outcome.effect, outcome.decided_by)

    def _strongest(self, entries: tuple[InPlay, ...], lowest: Truth) -> tuple[Truth, InPlay | None]:
        """The highest truth of some statements, at least ``lowest``; with the statement if that is certain."""
        resource, is_set, context = self.resource.resource, self.resource.is_set, self.context
        for entry in entries:
            if entry.plain:
                truth = entry.test.truth(resource, is_set, context)
            else:
                truth, _ = self._with_principal(entry)
            if truth > lowest:
                if truth is _TRUE:
                    return truth, entry
                lowest = truth
        return lowest, None

    def _with_principal(self, entry: InPlay) -> tuple[Truth, Naming]:
        """The truth of a statement that names principals or has a defect, and how it names the caller."""
        if entry.test.defective:
            request = self.inputs().match_request
            match = match_statement(entry.statement, request, variables=entry.test.variables)
            return match.truth, match.naming
        naming, fits = self._naming(entry.test)
        if fits is _FALSE:
            return fits, naming
        truth = entry.test.truth(self.resource.resource, self.resource.is_set, self.context)
        return (min(fits, truth)), naming

    def _naming(self, test: StatementTest) -> tuple[Naming, Truth]:
        found = self.caller.namings.get(test)
        if found is None:
            found = keep(self.caller.namings, test, name_by(test, self.caller))
        return found

    def _resource_allows(self) -> tuple[tuple[Truth, Truth, Truth, Truth], InPlay | None]:
        """What the resource's policy and the grants of a key allow, by how they name the caller."""
        policy = self._resource_plan().policy
        direct = role = anyone = account = policy.allow if policy.allowed_by is None else _FALSE
        by: InPlay | None = None
        for entry in policy.allows:
            truth, naming = self._with_principal(entry)
            if truth is _FALSE:
                continue
            way = named_as(naming, names_principal_arn=entry.test.names_principal_arn)
            if way is NamedAs.DIRECT:
                direct = max(direct, truth)
            elif way is NamedAs.ROLE:
                role = max(role, truth)
            elif way is NamedAs.ANYONE:
                anyone = max(anyone, truth)
            elif way is NamedAs.ACCOUNT:
                account = max(account, truth)
            if truth is _TRUE and way is not None and (by is None or way is not NamedAs.ACCOUNT):
                by = entry
        if self.resource.grants or self.resource.grants_missing:
            grants = grant_facts(self.inputs())
            direct, role = max(direct, grants.direct), max(role, grants.role)
        return (direct, role, anyone, account), by

    # what an action leaves in play

    def _plan(self) -> JoinedPlan:
        own = self.caller.plans.get(self.action) or self._caller_plan()
        theirs = self.resource.plans.get((self.action, self.caller.trait)) or self._resource_plan()
        given = self.context.given
        endpoint = self._endpoint_plan() if _SOURCE_VPCE in given or _SOURCE_VPC in given else NO_IMPACT
        found = own.joined.get((theirs, endpoint))
        if found is None:
            made = JoinedPlan(own, theirs, endpoint, has_own_policies=self.caller.has_own_policies)
            found = keep(own.joined, (theirs, endpoint), made)
        return found

    def _caller_plan(self) -> CallerPlan:
        inputs, action = self.inputs(), self.action
        found = CallerPlan(
            levels=tuple(plan_of(level, action) for level in applied_service_control(inputs)),
            identity=plan_of(applied_identity(inputs), action),
            boundary=plan_of(applied_boundary(inputs), action),
            session=plan_of(applied_session(inputs), action),
        )
        return keep(self.caller.plans, action, found)

    def _resource_plan(self) -> ResourcePlan:
        key = (self.action, self.caller.trait)
        found = self.resource.plans.get(key)
        if found is None:
            inputs, action = self.inputs(), self.action
            rules = rules_for(inputs)
            made = ResourcePlan(
                levels=tuple(plan_of(level, action) for level in applied_resource_control(inputs)),
                policy=plan_of(applied_resource(inputs, rules), action),
                counts=rules.resource_policy_counts,
                must_allow=rules.resource_must_allow,
                never=rules.never[0] if rules.never is not None else None,
                free=rules.needs_no_permission is not None,
                same_account=inputs.same_account,
                has_grants=bool(inputs.grants or inputs.grants_missing),
            )
            found = keep(self.resource.plans, key, self.kept.shared_plan(made))
        return found

    def _endpoint_plan(self) -> ActionPlan:
        endpoint = self._endpoint_id()
        if endpoint is None:
            return NO_IMPACT
        _, plans = self.kept.endpoint(endpoint)
        found = plans.get(self.action)
        if found is None:
            found = keep(plans, self.action, plan_of(applied_endpoint(self.inputs()), self.action))
        return found


_IDENTITY = Truths._fields.index("identity_allow")


def name_by(test: StatementTest, caller: CallerSide) -> tuple[Naming, Truth]:
    """How the Principal element of a statement names a caller, and whether it fits; see :mod:`sagepass.policy.match_statement`."""
    statement = test.statement
    if statement.principals is None:
        return Naming.EXACT, _TRUE
    if statement.not_principal:
        fits = not_principal_applies(statement.principals, caller.caller, has_boundary=caller.has_boundary)
        return Naming.ANYONE, fits
    found = match_principals(statement.principals, caller.caller)
    if found.naming is Naming.NOT_AT_ALL:
        return found.naming, _FALSE if found.undecided is None else _UNKNOWN
    return found.naming, _TRUE
