"""The context of one request, worked out key by key as statements ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from sagepass.engine.caller_side import CallerSide, session_may_bring_tags
from sagepass.engine.derive_context import STATED_KEYS, Derived, KeyScope, Origins, derive_key, scope_of
from sagepass.engine.request import Request
from sagepass.engine.resource_side import ResourceSide
from sagepass.policy.context import GIVEN_AS_ABSENT, Context, KeyValue, Known, NoValue, given_value, text_value
from sagepass.snapshot.snapshot import Snapshot


class RequestContext(Context):
    """A context that derives a key when it is first asked for; the given keys win.

    A key that no statement in play asks for costs nothing. What follows from the caller alone, or from the resource and
    the action, is kept with them for later requests.
    """

    __slots__ = ("_caller", "_found", "_request", "_resource", "_snapshot", "given")
    __setattr__ = object.__setattr__  # the base is frozen, and its way of setting a field is slow

    def __init__(self, request: Request, caller: CallerSide, resource: ResourceSide, snapshot: Snapshot) -> None:
        self._request = request
        self._caller = caller
        self._resource = resource
        self._snapshot = snapshot
        self._found: dict[str, Known] = {}
        self.given = _spellings(tuple(request.context))

    def state(self, lowered: str) -> Known:
        """What is known of a key, which is given in lower case."""
        found = self._found.get(lowered)
        if found is None:
            spelled = self.given.get(lowered)
            raw = self._request.context[spelled] if spelled is not None else None
            # most given keys hold one text, and every statement in play asks here
            found = (
                text_value(spelled, raw) if spelled is not None and isinstance(raw, str) else self._work_out(lowered)
            )
            self._found[lowered] = found
        return found

    def text(self, lowered: str) -> str | None:
        """The one text that the request itself gives a key; ``None`` if it gives none, or something else."""
        spelled = self.given.get(lowered)
        raw = self._request.context[spelled] if spelled is not None else None
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
        given = self.given.get(lowered)
        if given is not None:
            value = given_value(given, self._request.context[given])
            return value if value is not None and value.values else NoValue.ABSENT
        found = self._derived(lowered)
        if isinstance(found, NoValue):
            return found
        if isinstance(found, KeyValue):
            return NoValue.UNKNOWN if self._may_be_overridden(lowered) else found
        return NoValue.ABSENT if found is not None or self._request.context_complete else NoValue.UNKNOWN

    def _may_be_overridden(self, lowered: str) -> bool:
        """A session tag, which only the whole request tells, overrides a tag of the role."""
        if self._request.context_complete or not lowered.startswith("aws:principaltag/"):
            return False
        return session_may_bring_tags(self._caller.caller, self._caller.tagged)

    def _derived(self, lowered: str) -> Derived:
        if scope_of(lowered) is KeyScope.CALLER:
            kept, key = self._caller.keys, lowered
        else:
            kept, key = self._resource.keys, f"{lowered} {self._request.action}"
        if key not in kept:
            kept[key] = derive_key(lowered, self._origins())
        return kept[key]

    def _origins(self) -> Origins:
        return Origins(
            caller=self._caller.caller,
            record=self._caller.tagged,
            action=self._request.action,
            resource=self._request.resource,
            resource_account=self._resource.account,
            snapshot=self._snapshot,
        )


@lru_cache(maxsize=4096)
def _spellings(keys: tuple[str, ...]) -> Mapping[str, str]:
    """The given keys by their lower case; requests of one kind give the same keys."""
    return MappingProxyType({key.lower(): key for key in keys})
