"""A grid of actions and resources, and what statements and condition keys come to on it.

A set of requests on the grid is an integer: bit ``action * stride + resource``. A set of resources is one of ``stride``
bits; a set of actions is a *spread*: the bits ``action * stride``, so that spread times resources is the set of requests.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sagepass.engine.caller_side import CallerSide
from sagepass.engine.compiled import Compiled
from sagepass.engine.derive_context import KeyScope, scope_of
from sagepass.engine.inputs import Inputs
from sagepass.engine.reading_of import reading_of_named
from sagepass.engine.request import Request
from sagepass.engine.request_context import ContextSides, RequestContext
from sagepass.engine.resource_owner import belongs_to_caller
from sagepass.engine.resource_side import service_of
from sagepass.engine.tags_of_resources import counts_tags, made_by
from sagepass.policy.action_entries import ActionEntries
from sagepass.policy.context import Context, Known, NoValue
from sagepass.policy.glob import Pattern, matches
from sagepass.policy.match_resource import ResourceMatch, fill_entry, has_inner_run, match_resource, within_segments
from sagepass.policy.resource_entries import ResourceEntries, is_set
from sagepass.policy.resource_reading import ResourceReading
from sagepass.policy.truth import Truth

_AFTER_ALL = "\U0010ffff"
_BETWEEN = "\0"


@dataclass(frozen=True, slots=True)
class Masks:
    """For a set of resources or requests: where it certainly holds, and where it holds or is unknown."""

    definite: int
    possible: int


@dataclass(frozen=True, slots=True)
class KeyClass:
    """Actions (a spread) for which a key has the same value on each resource, and the resources of each value."""

    spread: int
    values: tuple[tuple[Known, int], ...]


class Grid:
    """Sorted actions and resources, and the context that all requests on the grid share.

    Attributes:
        home: the compiled snapshot.
        actions: in lower case, sorted, each once; ``spelled`` has them as they were given.
        resources: sorted, each once.
        context: the given keys of every request.
        complete: see :class:`~sagepass.engine.request.Request`.
        owners: the accounts of resources whose ARN does not name them.
        stride: bits per action, a multiple of 8.
    """

    def __init__(
        self,
        home: Compiled,
        actions: Iterable[str],
        resources: Iterable[str],
        context: Mapping[str, object],
        *,
        complete: bool,
        owners: Mapping[str, str] | None = None,
    ) -> None:
        self.home = home
        by_name = {action.lower(): action for action in actions}
        self.actions: Sequence[str] = sorted(by_name)
        self.spelled: Sequence[str] = [by_name[action] for action in self.actions]
        self.resources: Sequence[str] = sorted(set(resources))
        self.context = context
        self.complete = complete
        self.owners = owners or {}
        self.given = frozenset(key.lower() for key in context)
        self.stride = max(8, (len(self.resources) + 7) // 8 * 8)
        self.all_resources = (1 << len(self.resources)) - 1
        self._number = {action: number for number, action in enumerate(self.actions)}
        self._place = {resource: place for place, resource in enumerate(self.resources)}
        self._sets = tuple(place for place, resource in enumerate(self.resources) if is_set(resource))
        self._keys: dict[str, tuple[KeyClass, ...]] = {}

    # sets of actions

    @cached_property
    def _first(self) -> list[int]:
        """The spread of the first ``n`` actions, for each ``n``."""
        found = [0]
        for number in range(len(self.actions)):
            found.append(found[-1] | 1 << number * self.stride)
        return found

    @property
    def all_actions(self) -> int:
        """The spread of all actions."""
        return self._first[-1]

    @cached_property
    def full(self) -> int:
        """All requests."""
        return self.all_actions * self.all_resources

    def spread_of(self, entries: ActionEntries, *, others: bool) -> int:
        """The actions that entries cover, or all ``others``."""
        if entries.everything:
            return 0 if others else self.all_actions
        found = 0
        for literal in entries.literals:
            number = self._number.get(literal)
            if number is not None:
                found |= 1 << number * self.stride
        for prefix in entries.prefixes:
            low, high = _range(self.actions, prefix)
            found |= self._first[high] ^ self._first[low]
        if entries.others:
            for number, action in enumerate(self.actions):
                if any(matches(pattern, action) for pattern in entries.others):
                    found |= 1 << number * self.stride
        return self.all_actions ^ found if others else found

    def spread_where(self, holds: Callable[[str], bool]) -> int:
        """The actions, in lower case, for which something holds."""
        found = 0
        for number, action in enumerate(self.actions):
            if holds(action):
                found |= 1 << number * self.stride
        return found

    @cached_property
    def readings(self) -> dict[ResourceReading, int]:
        """The actions by how a resource that a request names is held against policies."""
        found: dict[ResourceReading, int] = {}
        for action in self.actions:
            reading = reading_of_named(action)
            found[reading] = found.get(reading, 0) | 1 << self._number[action] * self.stride
        return found

    def numbers(self, spread: int) -> Iterator[int]:
        """The positions of the actions of a spread."""
        while spread:
            low = spread & -spread
            yield (low.bit_length() - 1) // self.stride
            spread ^= low

    # sets of resources

    def resources_of(self, entries: ResourceEntries) -> Masks:
        """The resources that the entries without policy variables cover."""
        if entries.everything:
            return Masks(self.all_resources, self.all_resources)
        definite = possible = 0
        for literal in entries.literals:
            place = self._place.get(literal)
            if place is not None:
                definite |= 1 << place
        for prefix in entries.prefixes:
            low, high = _range(self.resources, prefix)
            definite |= (1 << high) - (1 << low)
        for pattern in (*entries.plain, *entries.inner):
            found = self.resources_like(pattern)
            definite |= found.definite
            possible |= found.possible
        possible |= definite
        for place in self._sets:
            truth = entries.truth_of_set_without_variables(self.resources[place])
            definite, possible = set_bit(definite, possible, 1 << place, truth)
        return Masks(definite, possible)

    def resources_like(self, pattern: Pattern) -> Masks:
        """The resources that one pattern covers."""
        loose = self._matching(pattern)
        if not loose or not has_inner_run(pattern):
            return Masks(loose, loose)
        certain = sum(1 << place for place in bits(loose) if within_segments(pattern, self.resources[place]))
        return Masks(certain, loose)

    def resources_of_variable(self, entry: str, context: Context) -> Masks:
        """The resources that an entry with policy variables covers in a context."""
        filled = fill_entry(entry, context, variables=True)
        if isinstance(filled, ResourceMatch):
            certain = self.all_resources if filled.truth is Truth.TRUE else 0
            return Masks(certain, 0 if filled.truth is Truth.FALSE else self.all_resources)
        found = self.resources_like(filled)
        definite, possible = found.definite, found.possible
        for place in self._sets:
            truth = match_resource(entry, self.resources[place], context, variables=True).truth
            definite, possible = set_bit(definite, possible, 1 << place, truth)
        return Masks(definite, possible)

    def _matching(self, pattern: Pattern) -> int:
        found = 0
        for place in self._holding([token for token in pattern if isinstance(token, str)]):
            if matches(pattern, self.resources[place]):
                found |= 1 << place
        return found

    @cached_property
    def _text(self) -> tuple[str, list[int]]:
        """All resources in one text, and where each begins."""
        starts = [0]
        for resource in self.resources:
            starts.append(starts[-1] + len(resource) + len(_BETWEEN))
        return _BETWEEN.join(self.resources), starts

    def _holding(self, literals: list[str]) -> Iterable[int]:
        """The resources that hold the rarest of some literals: most patterns of one team fit none of another's."""
        text, starts = self._text
        if not literals or any(_BETWEEN in literal for literal in literals):
            return range(len(self.resources))
        counts = [text.count(literal) for literal in literals]
        rarest = min(counts)
        if not rarest:
            return ()
        if rarest >= len(self.resources):
            return range(len(self.resources))
        literal = literals[counts.index(rarest)]
        places: dict[int, None] = {}
        at = text.find(literal)
        while at >= 0:
            place = bisect_right(starts, at) - 1
            places[place] = None
            at = text.find(literal, starts[place + 1])
        return places

    # condition keys

    def varies(self, key: str) -> bool:
        """Whether a key, in lower case, has other values for other actions or resources."""
        return key not in self.given and scope_of(key) is not KeyScope.CALLER

    def caller_decides(self, key: str) -> bool:
        """Whether a key has other values for other callers.

        A request without a resource of its own is about the caller's account.
        """
        if key in self.given:
            return False
        scope = scope_of(key)
        if scope in {KeyScope.RESOURCE, KeyScope.RESOURCE_AND_ACTION}:
            return self.names_no_owner
        return scope is not KeyScope.ACTION

    @cached_property
    def names_no_owner(self) -> bool:
        """Whether a resource is none of its own (``*``): the caller's account is then asked."""
        return bool(self.ownerless)

    @cached_property
    def ownerless(self) -> tuple[int, ...]:
        """The places of these resources."""
        return tuple(
            [
                place
                for place, resource in enumerate(self.resources)
                if belongs_to_caller(resource) and resource not in self.owners
            ]
        )

    @cached_property
    def owned(self) -> tuple[int, ...]:
        """The places of all others."""
        without = frozenset(self.ownerless)
        return tuple([place for place in range(len(self.resources)) if place not in without])

    def told(self, key: str, caller: CallerSide, context: RequestContext) -> object:
        """What tells callers apart by a key that they decide: its value, or the account that it follows from."""
        if scope_of(key) is not KeyScope.CALLER:
            return caller.caller.account
        return _name(context.state(key))

    def request(self, caller: CallerSide, action: str, resource: str) -> Request:
        """One request of the grid."""
        return Request(
            principal=caller.caller.arn,
            action=action,
            resource=resource,
            resource_account=self.owners.get(resource),
            context=self.context,
            context_complete=self.complete,
            federated_by=caller.caller.federated_by,
        )

    def cell(self, caller: CallerSide, action: str, resource: str) -> RequestContext:
        """The context of one request of the grid."""
        request = self.request(caller, action, resource)
        side = self.home.sides.resource(request, service_of(action), caller)
        return RequestContext(request, ContextSides(caller, side, self.home.snapshot))

    def inputs(self, caller: CallerSide, action: str, resource: str) -> Inputs:
        """What the decision on one request of the grid is computed from."""
        return self.home.inputs(self.request(caller, action, resource), caller)

    def bit(self, action: str, resource: str) -> int:
        """One request."""
        return 1 << self._number[action] * self.stride + self._place[resource]

    def key_classes(self, key: str, caller: CallerSide) -> tuple[KeyClass, ...]:
        """The values of a key that varies over the grid."""
        name = f"{key} {caller.caller.account}"
        found = self._keys.get(name)
        if found is None:
            found = self._keys[name] = tuple(self._classes(key, caller))
        return found

    def _classes(self, key: str, caller: CallerSide) -> Iterator[KeyClass]:
        for actions in self.action_classes([key], caller):
            values: dict[object, tuple[Known, int]] = {}
            if scope_of(key) is KeyScope.ACTION:
                values[None] = (self.cell(caller, actions[0], self.resources[0]).state(key), self.all_resources)
            else:
                for place, resource in enumerate(self.resources):
                    known = self.cell(caller, actions[0], resource).state(key)
                    name = _name(known)
                    values[name] = (known, values.get(name, (known, 0))[1] | 1 << place)
            yield KeyClass(self.class_spread(actions), tuple(values.values()))

    def action_classes(self, keys: Iterable[str], caller: CallerSide) -> Iterator[list[str]]:
        """The actions in classes that none of some keys tells apart."""
        keys = [key for key in keys if self.varies(key)]
        classes: dict[object, list[str]] = {}
        for action in self.actions:
            classes.setdefault(tuple(self._trait(key, action, caller) for key in keys), []).append(action)
        yield from classes.values()

    def _trait(self, key: str, action: str, caller: CallerSide) -> object:
        """What of an action a key follows from."""
        match scope_of(key):
            case KeyScope.CALLER | KeyScope.RESOURCE:
                return None
            case KeyScope.CALLER_AND_ACTION:
                return service_of(action)
            case KeyScope.RESOURCE_AND_ACTION:
                return service_of(action), made_by(action), action == "iam:passrole", counts_tags(key, action)
            case KeyScope.ACTION:
                return _name(self.cell(caller, action, self.resources[0]).state(key))

    def class_spread(self, actions: Iterable[str]) -> int:
        """The spread of some actions of the grid."""
        return sum(1 << self._number[action] * self.stride for action in actions)


def bits(mask: int) -> Iterator[int]:
    """The positions of the set bits."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def set_bit(definite: int, possible: int, bit: int, truth: Truth) -> tuple[int, int]:
    """The two masks with a truth at a place that they do not have yet."""
    if truth is Truth.TRUE:
        return definite | bit, possible | bit
    if truth is Truth.UNKNOWN:
        return definite & ~bit, possible | bit
    return definite & ~bit, possible & ~bit


def _name(known: Known) -> object:
    return known if isinstance(known, NoValue) else (known.values, known.multivalued)


def _range(texts: Sequence[str], prefix: str) -> tuple[int, int]:
    """Where the sorted texts that begin with a prefix lie."""
    low = bisect_left(texts, prefix)
    return low, bisect_left(texts, prefix + _AFTER_ALL, low)
