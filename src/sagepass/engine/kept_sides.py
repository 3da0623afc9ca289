"""The callers, resources and endpoints of a snapshot, found once and kept for later requests."""

from __future__ import annotations

from collections.abc import Hashable

from sagepass.engine.bounded import keep
from sagepass.engine.caller_side import CallerSide, caller_side
from sagepass.engine.explanations import Explanations
from sagepass.engine.layer_index import ActionPlan, ResourcePlan
from sagepass.engine.request import Request
from sagepass.engine.request_context import ContextSides
from sagepass.engine.resource_side import ResourceSide, resource_side, service_of
from sagepass.engine.site import Left, Site
from sagepass.engine.taking import ResourceTaking
from sagepass.engine.told import Told
from sagepass.snapshot.layer import Layer
from sagepass.snapshot.snapshot import Snapshot

SiteKey = tuple[str, str, str, str | None, str | None, bool]
"""Principal, action, resource, its account as far as it is stated, who federated the principal, and whether nothing is known
of session policies."""


def site_key(request: Request) -> SiteKey:
    """What tells the sites of requests without session policies apart."""
    return (
        request.principal,
        request.action,
        request.resource,
        request.resource_account,
        request.federated_by,
        request.session_policies is None,
    )


class KeptSides:
    """What decisions on one snapshot share. It grows with what is asked, up to a bound.

    Attributes:
        callers: what was found of callers; one object for all snapshots that differ in their resources alone.
        takings: which policies of a resource take part, by the action as it is spelled and the trait of the caller.
        explanations: what is kept of them.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.callers: dict[tuple[str, str | None, bool], CallerSide] = {}
        self.resources: dict[tuple[str, str | None, str, str | None], ResourceSide] = {}
        self._endpoints: dict[str, tuple[Layer, dict[str, ActionPlan]]] = {}
        self.actions: dict[str, tuple[str, str]] = {}
        self._constant_plans: dict[tuple[object, ...], ResourcePlan] = {}
        self.sites: dict[SiteKey, Site] = {}
        self.takings: dict[tuple[ResourceSide, str, str], ResourceTaking] = {}
        self._told_by_action: dict[tuple[Hashable, ...], Told] = {}
        self._lefts: dict[Hashable, Left] = {}
        self.explanations = Explanations()

    def with_other_resources(self, snapshot: Snapshot) -> KeptSides:
        """The same for a snapshot that differs in its resources alone: what was found of callers is shared."""
        other = KeptSides(snapshot)
        other.callers, other._endpoints = self.callers, self._endpoints
        other.actions, other._constant_plans = self.actions, self._constant_plans
        return other

    def caller(self, request: Request) -> CallerSide:
        """The caller's side of a request."""
        if request.session_policies:
            return caller_side(request, self.snapshot)
        key = (request.principal, request.federated_by, request.session_policies is None)
        found = self.callers.get(key)
        if found is None:
            found = keep(self.callers, key, caller_side(request, self.snapshot))
        return found

    def resource(self, request: Request, service: str, caller: CallerSide) -> ResourceSide:
        """The resource's side of a request; ``service`` is the prefix of the action in lower case."""
        key = (request.resource, request.resource_account, service, caller.caller.account)
        found = self.resources.get(key)
        if found is None:
            found = keep(self.resources, key, resource_side(request, caller.caller, self.snapshot))
        return found

    def site(self, request: Request) -> Site:
        """Caller, action and resource of a request; kept where the request says nothing else about the caller."""
        made = self.site_of(self.caller(request), request)
        return made if request.session_policies else keep(self.sites, site_key(request), made)

    def site_of(self, caller: CallerSide, request: Request) -> Site:
        """The same where the caller is known; not kept."""
        action, service = self.actions.get(request.action) or self.action(request.action)
        resource = self.resource(request, service, caller)
        return Site(ContextSides(caller, resource, self.snapshot, told_by_action=self._told_by_action), action)

    def action(self, spelled: str) -> tuple[str, str]:
        """An action in lower case, and its service."""
        found = self.actions.get(spelled)
        if found is None:
            found = keep(self.actions, spelled, (spelled.lower(), service_of(spelled)))
        return found

    def endpoint(self, endpoint_id: str) -> tuple[Layer, dict[str, ActionPlan]]:
        """The policy of a VPC endpoint, and what it can say by action."""
        found = self._endpoints.get(endpoint_id)
        if found is None:
            found = keep(self._endpoints, endpoint_id, (self.snapshot.vpc_endpoint(endpoint_id), {}))
        return found

    def shared_plan(self, plan: ResourcePlan) -> ResourcePlan:
        """The same plan for all resources that say the same because no statement is in play."""
        constant = plan.constant
        if constant is None:
            return plan
        return self._constant_plans.setdefault(constant, plan)

    def shared_left(self, left: Left) -> Left:
        """The same for all sites that leave the same to ask."""
        said = left.said
        return self._lefts.get(said) or keep(self._lefts, said, left)
