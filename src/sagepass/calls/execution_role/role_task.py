"""One role, and one piece of work that a call gives it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sagepass.calls.call import Call, Confidence, Needed, ResourceState, Unsettled, Values, Who
from sagepass.calls.need import Block, CallNeed, Necessity
from sagepass.calls.request_paths import Found, find_values
from sagepass.calls.surroundings import Surroundings
from sagepass.catalog.role_work_record import RoleWork
from sagepass.source.route import Route


@dataclass(frozen=True, kw_only=True, eq=False)
class RoleTask:
    """What a role is asked to do.

    Attributes:
        role: the role's ARN.
        call: the call that asks for it.
        work: which members say what is to be done.
        params: the structure that has those members: a part of the request, or a stored description.
        base: where that structure lies in the request.
        stored_in: the field of the request that names the stored resource, if the structure is a description of it.
        surroundings: what else is known.
    """

    role: str
    call: Call
    work: RoleWork
    params: Mapping[str, object]
    base: Route = ()
    stored_in: Route | None = None
    surroundings: Surroundings

    def find(self, path: str) -> Iterator[Found]:
        """The values at a path of the structure, with their routes in the request.

        No id, ARN or address holds a wildcard: one that does counts as not known, so that nothing is granted on a pattern.
        """
        for found in find_values(self.params, path):
            text = None if found.text is not None and set(found.text) & set("*?") else found.text
            yield Found(route=self.route(found.route), text=text)

    def value(self, route: Route) -> object:
        """The member at a route of the structure itself."""
        value: object = self.params
        for step in route:
            if isinstance(value, Mapping) and isinstance(step, str):
                value = value.get(step)
            elif isinstance(value, list | tuple) and isinstance(step, int) and step < len(value):
                value = value[step]
            else:
                return None
        return value

    def route(self, inner: Route) -> Route:
        """A route of the structure as a route of the request."""
        return self.stored_in if self.stored_in is not None else (*self.base, *inner)

    def need(
        self,
        action: str,
        resource: str,
        *,
        block: Block,
        because: Route = (),
        necessity: Necessity = Necessity.REQUIRED,
        context: Mapping[str, Values] | None = None,
        absent: tuple[str, ...] = (),
        unsettled: tuple[Unsettled, ...] = (),
        source: str = "",
        note: str = "",
        confidence: Confidence = Confidence.DOCUMENTED,
        instead: CallNeed | None = None,
    ) -> CallNeed:
        """One authorization of the role."""
        state = ResourceState.SET if "*" in resource else ResourceState.EXACT
        needed = Needed(
            action=action,
            resource=resource,
            resource_state=ResourceState.NONE if resource == "*" else state,
            context=tuple((context or {}).items()),
            absent=absent,
            unsettled=unsettled,
            who=Who.EXECUTION_ROLE,
            because=because,
            confidence=confidence,
            note=note,
        )
        return CallNeed(
            needed=needed,
            principal=self.role,
            block=block,
            necessity=necessity,
            source=source or self.work.source,
            instead=instead,
        )
