"""One request on its way to its answer: the answer alone, or all that the full explanation is computed from."""

from __future__ import annotations

from sagepass.engine.bounded import keep
from sagepass.engine.caller_side import CallerSide
from sagepass.engine.checks.resource import NamedAs, named_as
from sagepass.engine.checks.vpc_endpoint import applied_endpoint
from sagepass.engine.decision import Explained
from sagepass.engine.inputs import Inputs
from sagepass.engine.kept_sides import KeptSides, site_key
from sagepass.engine.layer_index import NO_IMPACT, ActionPlan, CallerPlan, InPlay, JoinedPlan, ResourcePlan, plan_of
from sagepass.engine.request import Request
from sagepass.engine.request_context import RequestContext
from sagepass.engine.services.kms import grant_facts
from sagepass.engine.site import IDENTITY, Ask, Left
from sagepass.engine.taking import CallerTaking, ResourceTaking, caller_taking, resource_taking
from sagepass.engine.verdict import Verdict
from sagepass.policy.kinds import CheckType, Effect
from sagepass.policy.match_statement import StatementMatch, match_statement
from sagepass.policy.truth import Truth
from sagepass.snapshot.layer import Layer

_SOURCE_VPCE, _SOURCE_VPC = "aws:sourcevpce", "aws:sourcevpc"
_FALSE, _TRUE = Truth.FALSE, Truth.TRUE
_ALLOW = Effect.ALLOW
_NO_ENDPOINT = "the request does not come through a VPC endpoint with a policy of its own"
_NO_SESSION_POLICY = "the role session was created without a session policy"
_ASSUMPTIONS = {
    (True, True): (_NO_ENDPOINT, _NO_SESSION_POLICY),
    (True, False): (_NO_ENDPOINT,),
    (False, True): (_NO_SESSION_POLICY,),
    (False, False): (),
}
_made = tuple.__new__
"""Makes a named tuple without a call of Python; a denial is named with every second decision."""


class Asked:
    """One request on its way to its answer.

    Attributes:
        kept: what it shares with others.
        request: it.
        site: its caller, action and resource.
        context: what is known of condition keys.
        answer: the short answer that is explained, once it is known.
    """

    __slots__ = ("answer", "context", "kept", "request", "site")

    def __init__(self, home: KeptSides, request: Request, caller: CallerSide | None = None) -> None:
        self.kept = home
        self.request = request
        if caller is not None:
            site = home.site_of(caller, request)
        elif request.session_policies:
            site = home.site(request)
        else:
            site = home.sites.get(site_key(request)) or home.site(request)
        self.site = site
        self.context = RequestContext(request, site.sides)
        self.answer: Verdict | None = None

    # with everything that led to it

    def inputs(self) -> Inputs:
        """Everything that the decision is computed from."""
        request, caller, resource = self.request, self.site.caller, self.site.resource
        endpoint = self.endpoint_id()
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
            assumptions=self.assumptions(),
        )

    def assumptions(self) -> tuple[str, ...]:
        """What is taken for granted."""
        caller = self.site.caller
        without_session_policy = caller.caller.is_session and not caller.session_is_stated
        return _ASSUMPTIONS[self.endpoint_id() is None, without_session_policy]

    def explained(self) -> Explained:
        """What the full decision says beside its effect and the deciding checks."""
        return self.kept.explanations.of(self)

    @property
    def stands_alone(self) -> bool:
        """Whether other requests tell nothing of the explanation of this one.

        Session policies come with the request; the constraints of a key's grants ask for keys of the context by values of their own.
        """
        return bool(self.request.session_policies or self.site.resource.grants or self.site.resource.grants_missing)

    def _from_a_vpc(self) -> bool:
        return _SOURCE_VPCE in self.context.given or _SOURCE_VPC in self.context.given

    def keys(self) -> tuple[str, ...]:
        """The condition keys that any statement in play asks for, in lower case."""
        return self._left().plan.needs

    def endpoint_id(self) -> str | None:
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
        given = self.context.given
        left = self.site.left if _SOURCE_VPCE not in given and _SOURCE_VPC not in given else None
        if left is None:
            left = self._left()
        if left.verdict is not None:
            return left.verdict
        answers = left.answers.copy()
        denier: InPlay | None = None
        for place, lowest, asks in left.denies:
            answers[place], found = self._strongest(asks, lowest)
            denier = denier or found
        if denier is not None:
            verdict = self._denied(left, answers, denier)
        elif left.by_answers is None:
            verdict = self._allowed(left, answers)
        else:
            known = tuple(answers)
            verdict = left.by_answers.get(known) or self._allowed(left, answers)
            left.by_answers[known] = verdict
        if left.settled:
            left.verdict = verdict
        return verdict

    def _denied(self, left: Left, answers: list[Truth], denier: InPlay) -> Verdict:
        known = tuple(answers)  # those for an Allow are not asked, and do not count
        outcome = left.plan.outcomes.get(known) or left.plan.outcome(known)
        if outcome.effect is Effect.EXPLICIT_DENY:
            return _made(Verdict, (outcome.effect, outcome.decided_by, denier.policy, denier.statement))
        return Verdict(outcome.effect, outcome.decided_by)

    def _allowed(self, left: Left, answers: list[Truth]) -> Verdict:
        plan = left.plan
        by_identity, by_resource = left.allowed_by, None
        for place, slot, groups in left.allows:
            lowest = _TRUE
            for least, asks in groups:
                truth, found = self._strongest(asks, least)
                lowest = min(lowest, truth)
            answers[place] = lowest
            if slot == IDENTITY:
                by_identity = found
        if plan.asks_resource:
            ways, by_resource = self._resource_allows(left)
            answers += ways
        known = tuple(answers)
        outcome = plan.outcomes.get(known) or plan.outcome(known)
        if outcome.effect is _ALLOW:
            entry = by_identity if outcome.decided_by[0] is CheckType.PRINCIPAL else by_resource
            if entry is not None:
                return Verdict(_ALLOW, outcome.decided_by, entry.policy, entry.statement)
        return Verdict(outcome.effect, outcome.decided_by)

    def _strongest(self, asks: tuple[Ask, ...], lowest: Truth) -> tuple[Truth, InPlay | None]:
        """The highest truth of some statements, at least ``lowest``; with the statement if that is certain."""
        context = self.context
        spelled, given = context.given.get, context.raw.get
        for entry, truth, conditions, whole, _ in asks:
            if whole:
                truth = self._whole(entry, truth)  # noqa: PLW2901 - the loop unpacks what it starts from
            else:
                for condition in conditions:
                    # most conditions ask for one given text that they were asked about before: no call is made for those
                    text = given(spelled(condition.key, ""))
                    found = condition.kept_texts.get(text) if type(text) is str else None
                    if found is None:
                        found = condition.truth(context)
                    if found < truth:
                        truth = found  # noqa: PLW2901 - the same
                        if truth is _FALSE:
                            break
            if truth > lowest:
                if truth is _TRUE:
                    return truth, entry
                lowest = truth
        return lowest, None

    def _whole(self, entry: InPlay, most: Truth) -> Truth:
        """The truth of a statement with policy variables in its resources, or with a defect."""
        if entry.test.defective:
            return self._defective(entry).truth
        resource = self.site.resource
        return min(most, entry.test.truth(resource.resource, resource.is_set, self.site.reading, self.context))

    def _defective(self, entry: InPlay) -> StatementMatch:
        return match_statement(entry.statement, self.inputs().match_request, variables=entry.test.variables)

    def _resource_allows(self, left: Left) -> tuple[tuple[Truth, Truth, Truth, Truth], InPlay | None]:
        """What the resource's policy and the grants of a key allow, by how they name the caller."""
        direct = role = anyone = account = left.plan.resource_allow
        by: InPlay | None = None
        for ask in left.ways:
            entry, _, _, _, way = ask
            if entry.test.defective:
                match = self._defective(entry)
                by_arn = entry.test.names_principal_arn and self.site.caller.by_arn
                truth, way = match.truth, named_as(match.naming, names_principal_arn=by_arn)
            else:
                truth, _ = self._strongest((ask,), _FALSE)
            if truth is _FALSE:
                continue
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
        if left.plan.asks_grants:
            grants = grant_facts(self.inputs())
            direct, role = max(direct, grants.direct), max(role, grants.role)
        return (direct, role, anyone, account), by

    # what an action leaves in play

    def _left(self) -> Left:
        """What the plan leaves to ask at this site; made when the first request gets here."""
        site = self.site
        if not self._from_a_vpc():
            if site.left is None:
                site.left = self.kept.shared_left(Left(self._plan(NO_IMPACT), site))
            return site.left
        endpoint = self._endpoint_plan()
        found = site.through.get(endpoint)
        if found is None:
            made = Left(self._plan(endpoint), site)
            found = keep(site.through, endpoint, self.kept.shared_left(made))
        return found

    def _plan(self, endpoint: ActionPlan) -> JoinedPlan:
        own = self.site.caller.plans.get(self.site.action) or self._caller_plan()
        theirs = self.site.resource.plans.get((self.site.action, self.site.caller.trait)) or self._resource_plan()
        found = own.joined.get((theirs, endpoint))
        if found is None:
            made = JoinedPlan(own, theirs, endpoint, has_own_policies=self.site.caller.has_own_policies)
            found = keep(own.joined, (theirs, endpoint), made)
        return found

    def _caller_plan(self) -> CallerPlan:
        taking, action = caller_taking(self.inputs()), self.site.action
        found = CallerPlan(
            taking=taking,
            levels=tuple(plan_of(level, action) for level in taking.service_control),
            identity=plan_of(taking.principal, action),
            boundary=plan_of(taking.boundary, action),
            session=plan_of(taking.session, action),
        )
        return keep(self.site.caller.plans, action, found)

    def _resource_plan(self) -> ResourcePlan:
        key = (self.site.action, self.site.caller.trait)
        found = self.site.resource.plans.get(key)
        if found is None:
            inputs, action = self.inputs(), self.site.action
            taking = self._resource_taking(inputs)
            rules = taking.rules
            made = ResourcePlan(
                levels=tuple(plan_of(level, action) for level in taking.resource_control),
                policy=plan_of(taking.resource, action),
                counts=rules.resource_policy_counts,
                must_allow=rules.resource_must_allow,
                never=rules.never[0] if rules.never is not None else None,
                free=rules.needs_no_permission is not None,
                same_account=inputs.same_account,
                has_grants=bool(inputs.grants or inputs.grants_missing),
            )
            found = keep(self.site.resource.plans, key, self.kept.shared_plan(made))
        return found

    def caller_taking(self) -> CallerTaking:
        """Which policies of the caller's side take part."""
        return (self.site.caller.plans.get(self.site.action) or self._caller_plan()).taking

    def resource_taking(self) -> ResourceTaking:
        """Which policies of the resource's side take part; it may say the action as the request spells it."""
        key = (self.site.resource, self.request.action, self.site.caller.trait)
        return self.kept.takings.get(key) or self._resource_taking(self.inputs())

    def _resource_taking(self, inputs: Inputs) -> ResourceTaking:
        key = (self.site.resource, self.request.action, self.site.caller.trait)
        return keep(self.kept.takings, key, resource_taking(inputs))

    def _endpoint_plan(self) -> ActionPlan:
        endpoint = self.endpoint_id()
        if endpoint is None:
            return NO_IMPACT
        _, plans = self.kept.endpoint(endpoint)
        found = plans.get(self.site.action)
        if found is None:
            found = keep(plans, self.site.action, plan_of(applied_endpoint(self.inputs()), self.site.action))
        return found
