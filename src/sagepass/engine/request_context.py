"""The context of one request, worked out key by key as statements ask."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from sagepass.engine.bounded import keep
from sagepass.engine.caller_side import CallerSide, session_may_bring_tags
from sagepass.engine.derive_context import STATED_KEYS, Derived, KeyScope, Origins, derive_key, scope_of
from sagepass.engine.request import Request
from sagepass.engine.resource_side import ResourceSide
from sagepass.engine.told import Told
from sagepass.policy.context import GIVEN_AS_ABSENT, Context, KeyValue, Known, NoValue, given_value
from sagepass.snapshot.snapshot import Snapshot

_ONLY_TEXT = {str}


@dataclass(slots=True, eq=False)
class ContextSides:
    """Where the keys come from that a request does not give itself; the same for all requests by one caller for one thing.

    Attributes:
        caller: its side.
        resource: its side, with the action.
        snapshot: where both come from.
        complete: what is known of keys, as far as they were asked for, where the context of the request is complete.
        open: the same where it is not.
        told_complete: what explanations can say of keys, where the context of the request is complete.
        told_open: the same where it is not.
        told_by_action: the same of keys that follow from the action alone; one for all sides of a snapshot.
    """

    caller: CallerSide
    resource: ResourceSide
    snapshot: Snapshot
    complete: dict[str, Known] = field(default_factory=dict)
    open: dict[str, Known] = field(default_factory=dict)
    told_complete: dict[str, Told] = field(default_factory=dict)
    told_open: dict[str, Told] = field(default_factory=dict)
    told_by_action: dict[tuple[Hashable, ...], Told] = field(default_factory=dict)


class RequestContext(Context):
    """A context that derives a key when it is first asked for; the given keys win.

    A key that no statement in play asks for costs nothing. What follows from the caller alone, or from the resource and
    the action, is kept with them for later requests.
    """

    __slots__ = ("_found", "_known", "_request", "_sides", "given", "raw")
    __setattr__ = object.__setattr__  # the base is frozen, and its way of setting a field is slow

    def __init__(self, request: Request, sides: ContextSides) -> None:
        raw = request.context
        self._request = request
        self._sides = sides
        self.raw = raw
        self._known = sides.complete if request.context_complete else sides.open
        self._found: dict[str, Known] = {}
        self.given = _spellings(tuple(raw))

    def hold(self) -> None:
        """Keep the given values as they are now: whoever passed them may change the mapping later."""
        raw = dict(self.raw)
        for key, value in raw.items():
            if type(value) is not str and isinstance(value, list | set):
                raw[key] = tuple(value) if isinstance(value, list) else frozenset(value)
        self.raw = raw

    def state(self, lowered: str) -> Known:
        """What is known of a key, which is given in lower case."""
        found = self._found.get(lowered)
        if found is None:
            spelled = self.given.get(lowered)
            if spelled is not None:
                value = given_value(spelled, self.raw[spelled])
                found = value if value is not None and value.values else NoValue.ABSENT
            else:
                found = self._known.get(lowered) or self._work_out(lowered)
            self._found[lowered] = found
        return found

    def told(self, keys: Iterable[str]) -> tuple[Hashable, ...]:
        """All that an explanation can say of some keys, which are given in lower case; equal where it can say the same.

        A given text stands for itself, and so do texts once they are held. Of anything else it is what is known, and how: values,
        evidence, note, or why there is none.
        """
        spelled, raw = self.given.get, self.raw
        told: list[Hashable] = []
        for key in keys:
            name = spelled(key)
            if name is None:
                told.append(self._told(key))
            else:
                given = raw[name]
                plain = type(given) is str or (type(given) is tuple and {*map(type, given)} == _ONLY_TEXT)
                told.append(given if plain else (self.state(key), GIVEN_AS_ABSENT))
        return tuple(told)

    def _told(self, lowered: str) -> Told:
        """The same of a key that is not given, kept with the sides, and with the caller or for the action where it follows from it."""
        sides, complete = self._sides, self._request.context_complete
        known = sides.told_complete if complete else sides.told_open
        found = known.get(lowered)
        if found is None:
            scope = scope_of(lowered)
            if scope is KeyScope.CALLER:
                found = self._shared_told(sides.caller.told, (lowered, complete))
            elif scope is KeyScope.ACTION:
                found = self._shared_told(sides.told_by_action, (lowered, complete, self._request.action))
            else:
                found = self._work_out_told(lowered)
            keep(known, lowered, found)
        return found

    def _shared_told(self, kept: dict[tuple[Hashable, ...], Told], key: tuple[str, *tuple[Hashable, ...]]) -> Told:
        return kept.get(key) or keep(kept, key, self._work_out_told(key[0]))

    def _work_out_told(self, lowered: str) -> Told:
        reason = self._derived(lowered)
        return Told(self.state(lowered), reason if isinstance(reason, str) else None)

    def text(self, lowered: str) -> str | None:
        """The one text that the request itself gives a key; ``None`` if it gives none, or something else."""
        spelled = self.given.get(lowered)
        if spelled is None:
            return None
        raw = self.raw[spelled]
        return raw if isinstance(raw, str) else None

    def given_values(self, lowered: str) -> tuple[str, ...]:
        """The values that the request itself gives a key, if any."""
        if lowered not in self.given:
            return ()
        found = self.state(lowered)
        return () if isinstance(found, NoValue) else found.values

    @property
    def values(self) -> Mapping[str, KeyValue]:
        """The given keys and those that were asked for, as far as they have a value."""
        keys = (*self.given, *self._found)
        known = {key: self.state(key) for key in keys}
        return MappingProxyType({key: found for key, found in known.items() if not isinstance(found, NoValue)})

    @property
    def absent(self) -> Mapping[str, str]:
        """The keys that were asked for and are certainly absent, each with the reason."""
        reasons: dict[str, str] = {}
        for key, found in self._found.items():
            if found is NoValue.ABSENT:
                reason = GIVEN_AS_ABSENT if key in self.given else self._derived(key)
                if isinstance(reason, str):
                    reasons[key] = reason
        return MappingProxyType(reasons)

    @property
    def complete(self) -> bool:
        """Whether every key that is neither given nor derivable is absent."""
        return self._request.context_complete

    def settled(self, keys: Iterable[str]) -> Context:
        """A plain context: the given keys, those that follow from the request alone, and some others in lower case."""
        for key in (*STATED_KEYS, *keys):
            self.state(key)
        return Context(values=self.values, absent=self.absent, complete=self.complete)

    def _work_out(self, lowered: str) -> Known:
        """A key that is not given: the same for all requests of these sides with a context that is complete, or is not."""
        derived = self._derived(lowered)
        found: Known
        if isinstance(derived, NoValue):
            found = derived
        elif isinstance(derived, KeyValue):
            found = NoValue.UNKNOWN if self._may_be_overridden(lowered) else derived
        else:
            settled = derived is not None or self._request.context_complete
            found = NoValue.ABSENT if settled else NoValue.UNKNOWN
        return keep(self._known, lowered, found)

    def _may_be_overridden(self, lowered: str) -> bool:
        """A session tag, which only the whole request tells, overrides a tag of the role."""
        if self._request.context_complete or not lowered.startswith("aws:principaltag/"):
            return False
        return session_may_bring_tags(self._sides.caller.caller, self._sides.caller.tagged)

    def _derived(self, lowered: str) -> Derived:
        sides = self._sides
        if scope_of(lowered) is KeyScope.CALLER:
            kept, key = sides.caller.keys, lowered
        else:
            kept, key = sides.resource.keys, f"{lowered} {self._request.action}"
        if key not in kept:
            kept[key] = derive_key(lowered, self._origins())
        return kept[key]

    def _origins(self) -> Origins:
        sides = self._sides
        return Origins(
            caller=sides.caller.caller,
            record=sides.caller.tagged,
            action=self._request.action,
            resource=self._request.resource,
            resource_account=sides.resource.account,
            snapshot=sides.snapshot,
        )


@lru_cache(maxsize=4096)
def _spellings(keys: tuple[str, ...]) -> Mapping[str, str]:
    """The given keys by their lower case; requests of one kind give the same keys."""
    return MappingProxyType({key.lower(): key for key in keys})
